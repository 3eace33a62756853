"""The control of the mutations: honest countries, polled whole, come through exactly at every level.

Both run-offs as they were tallied (the reference data are needed), and a country of 38 lists drawn from the seed; each
stands still when half is counted and at its end, and is read until nothing is left to read.
"""

import csv
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from msgspec import Struct

from bench.country import make_feed_app, newest_election, poll, served
from bench.reliability import SoakSection
from bench.runoff import REFERENCE
from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.areas import NATION_ROW, SCOPE_ROWS
from ingest.rehearsal.feed import FeedPlan, RehearsalFeed, closing
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import MesaTable
from ingest.rehearsal.server import build_feed
from ingest.rehearsal.ubigeos import text_of
from tally.board import Board
from tally.election import Election
from tally.keys import ABROAD, DOMESTIC, NATION, is_area, mesa_key, ubigeo_of
from tally.model import ActaState
from tally.rules.reconcile import compare
from tally.storage.store import Store

NAME = "control"
_LONG = timedelta(days=60)
_AT_ONCE = 3  # a country waits for answers more than it computes
_ROWS = {NATION: NATION_ROW, DOMESTIC: SCOPE_ROWS[1], ABROAD: SCOPE_ROWS[2]}
# Of a mesa: what its acta says, in the order of the table's columns.
_FIGURES = ("cast", "blank", "null", "challenged")


class Control(Struct, frozen=True):
    """One country at one moment. `wrong_areas`, `wrong_mesas`: that do not say what the source says."""

    country: str
    counted: int
    total: int
    areas: int
    wrong_areas: int
    unlike_sums: int
    wrong_mesas: int
    held: dict[str, int]
    flagged: dict[str, int]
    minutes: float

    @property
    def is_exact(self) -> bool:
        """Whether all is as the source has it, and nothing is held."""
        return not (self.wrong_areas or self.unlike_sums or self.wrong_mesas or self.held)


def countries(folder: Path, seed: int) -> Iterator[tuple[str, Election, Path]]:
    """Name, election and file of mesas of each."""
    elections = known_elections()
    for name, file in (
        ("2021-06-06-president-runoff", "eg2021_round2_tables.csv.gz"),
        ("2026-06-07-president-runoff", "eg2026_round2_tables.csv.gz"),
    ):
        yield f"{name}, as it was tallied", elections[name], REFERENCE / "data" / file
    widest = max(elections.values(), key=lambda one: len(one.contest().lists))
    path = write_wide(folder / "wide.csv", widest, seed)
    yield f"{len(widest.contest().lists)} lists on the rolls of a rehearsal, drawn", widest, path


def write_wide(path: Path, election: Election, seed: int) -> Path:
    """The mesas of a rehearsal, the valid votes of each drawn anew over all lists of another election."""
    newest = newest_election()
    table = mesas_of(build_feed(newest, load_catalogue(newest.date.year), FeedPlan(seed=seed)).feed)
    # A source gives a withdrawn list no votes.
    random, lists = (
        np.random.default_rng(seed),
        [entry.id for entry in election.contest().lists if not entry.is_withdrawn],
    )
    shares = random.dirichlet(np.full(len(lists), 0.6), size=len(table.mesa))
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        columns = ["mesa", "ubigeo_onpe", "electores", "emitidos", *lists, "blancos", "nulos", "impugnados"]
        writer.writerow([*columns, "cod_local", "local"])
        for row, mesa in enumerate(table.mesa):
            place = table.places[table.place[row]]
            votes = random.multinomial(int(table.votes[row].sum()), shares[row])
            parts = (table.blank[row], table.null[row], table.challenged[row])
            head = [f"{mesa:06}", text_of(int(table.ubigeo[row])), table.registered[row], table.cast[row]]
            writer.writerow([*head, *votes, *parts, place.code, place.name])
    return path


def mesas_of(feed: RehearsalFeed) -> MesaTable:
    """What the feed counts, mesa by mesa."""
    assert isinstance(feed.count, MesaCount)
    return feed.count.table


def follow(country: tuple[str, Election, Path]) -> list[Control]:
    """Poll the country when half of it is counted, and at its end."""
    (name, election, path), found = country, list[Control]()
    app = make_feed_app(path, election)
    with tempfile.TemporaryDirectory() as folder, served(app) as url:
        for at in (_half(app.feed), closing(election) + _LONG):
            app.step_to(at)
            began = time.monotonic()
            poll(url, Path(folder), election)
            found.append(_compare(name, app.feed, Path(folder), (time.monotonic() - began) / 60))
    return found


def _half(feed: RehearsalFeed) -> datetime:
    """The first hour at which half of the actas are counted."""
    at = closing(feed.election)
    while True:
        at += timedelta(hours=1)
        feed.step_to(at)
        nation = feed.cut().area(NATION_ROW)
        if nation is not None and 2 * nation.counted >= nation.total:
            return at


def _compare(name: str, feed: RehearsalFeed, folder: Path, minutes: float) -> Control:
    election = feed.election
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    try:
        board = Board(len(election.contest().lists), election.contest().scope, election.largest)
        latest = store.latest(store.info(election.id).id)
        board.restore((key, found.change.data) for key, found in latest.items())
    finally:
        store.close()
    nation = board.published[NATION]
    areas = {key: count for key, count in board.published.items() if is_area(key)}
    return Control(
        name,
        nation.counted,
        nation.total,
        len(areas),
        sum(_said(feed, key) != (count.counted, count.cast, count.votes) for key, count in areas.items()),
        sum(bool(compare(count, board.sums.of(key))) for key, count in areas.items()),
        _wrong_mesas(mesas_of(feed), board),
        dict(Counter(issue.rule for issues in board.held.values() for issue in issues)),
        dict(Counter(issue.rule for acta in board.actas.values() for issue in (acta.flags or ()))),
        minutes,
    )


def _said(feed: RehearsalFeed, key: str) -> tuple[int, int, tuple[int, ...]] | None:
    ubigeo = ubigeo_of(key)
    row = _ROWS[key] if ubigeo is None else feed.count.index.row_of[int(ubigeo)]
    figures = feed.cut().area(row)
    return None if figures is None else (figures.counted, figures.cast, figures.votes)


def _wrong_mesas(table: MesaTable, board: Board) -> int:
    """Counted actas whose figures are not those of the table, and mesas that are not there."""
    wrong = 0
    for row, number in enumerate(table.mesa):
        acta = board.actas.get(mesa_key(f"{number:06}"))
        if acta is None:
            wrong += 1
        elif acta.state is ActaState.COUNTED and acta.votes is not None:
            told = [getattr(acta, figure) for figure in _FIGURES]
            wrong += told != [int(getattr(table, figure)[row]) for figure in _FIGURES] or list(acta.votes) != list(
                table.votes[row]
            )
    return wrong


def main(seed: int) -> SoakSection:
    """All countries. Raises where one is not exact."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(_AT_ONCE) as pool:
        found = [control for some in pool.map(follow, countries(Path(folder), seed)) for control in some]
    if not all(control.is_exact for control in found):
        raise AssertionError(f"{found}")
    lines = [
        "Honest countries, polled whole with one question after another: every area's figures and every acta's are the",
        "source's own, every sum of actas equals what is published, nothing is held.",
        "",
        "| country | actas counted | areas | other than the source | unlike their sums | actas other than the source "
        "| held | flagged actas | minutes |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {one.country} | {one.counted:,} of {one.total:,} | {one.areas:,} | {one.wrong_areas} "
            f"| {one.unlike_sums} | {one.wrong_mesas} | {sum(one.held.values())} | {_told(one.flagged)} "
            f"| {one.minutes:.1f} |"
            for one in found
        ),
    ]
    return SoakSection(NAME, "Honest countries", seed, lines)


def _told(flagged: dict[str, int]) -> str:
    return ", ".join(f"{rule} {number:,}" for rule, number in sorted(flagged.items())) or "0"
