"""Twenty-five races through one `escrutinio run`, at the pace of a real source: every figure, one archive, `verify`.

A small country: the governors' contests with all their lists, two districts of each region and a few mesas in each.
Once with the actas open, once with every question about them challenged from the first call on; then the whole country.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.country import served
from bench.reliability import SoakSection
from geo.ubigeo import load_catalogue
from ingest.archive import Archive
from ingest.log import Attempt
from ingest.proof.verification import Trust, verify
from ingest.registry import feed_of, known_elections
from ingest.rehearsal.areas import NATION_ROW
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.order import read_order
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import Application, FeedApp, build_feed
from ingest.rehearsal.ubigeos import text_of
from tally.catalogue import Catalogue
from tally.election import Election, Official, OfficialArea
from tally.keys import AREA_LEVELS, NATION, Level, area_key, level_of, prefix_of, start_of
from tally.model import AreaCount, AreaState
from tally.moments import read
from tally.storage.store import Store

NAME = "races"
ELECTION, CHALLENGE = "2026-10-04-governor", "acta-challenge"
DISTRICTS = 2
MESAS = 4
RATE, READINGS = 2.0, 5
_PATIENCE_S = 3000.0
_LOOK_S = 10.0
_ROLL, _CAST, _VALID = 280, 200, 170


Country = Callable[[Election], tuple[Election, Catalogue]]


class Followed(Struct, frozen=True):
    """What one run came to."""

    seconds: float
    requests: int
    most_in_ten_seconds: int
    contests: int
    areas: int
    mesas: int
    differences: list[str]
    archives: int
    faults: list[str]
    memory_mb: float


def small_country(election: Election, districts: int = DISTRICTS, mesas: int = MESAS) -> tuple[Election, Catalogue]:
    """The election over so many districts of each of its areas, with so many mesas in each, and shares as published."""
    assert election.official is not None
    catalogue = load_catalogue(election.date.year)
    chosen: list[str] = []
    areas = []
    for area in election.official.areas:
        within = catalogue.prefixes(Level.DISTRICT, area_key(area.ubigeo))
        own = [ubigeo for ubigeo in within if not ubigeo.startswith(area.without)]
        # One at the beginning and one at the end: of two provinces, where there are two.
        chosen += [own[round(n * (len(own) - 1) / max(1, districts - 1))] for n in range(districts)]
        areas.append(_scaled(area, districts * mesas))
    official = Official(election.official.source, tuple(areas))
    few = Catalogue(catalogue.districts[ubigeo] for ubigeo in sorted(set(chosen)))
    return msgspec.structs.replace(election, official=official), few


def _scaled(area: OfficialArea, mesas: int) -> OfficialArea:
    valid = _VALID * mesas
    votes = [valid * own // sum(area.votes) for own in area.votes]
    votes[votes.index(max(votes))] += valid - sum(votes)
    figures = {"mesas": mesas, "registered": _ROLL * mesas, "cast": _CAST * mesas, "votes": tuple(votes)}
    return msgspec.structs.replace(area, **figures, at_jee=1 if area.at_jee else 0, pending=0)


def whole_country(election: Election) -> tuple[Election, Catalogue]:
    """All its districts and mesas."""
    return election, load_catalogue(election.date.year)


def differences(app: FeedApp, store: Store) -> list[str]:
    """Where what is published of some area of some contest is not what the feed says of it."""
    held = {info.contest_id: info for info in store.counts()}
    found = []
    for race in app.feed.races:
        info = held.get(race.contest.id)
        entries = {} if info is None else store.latest(info.id, prefixes=map(start_of, AREA_LEVELS))
        states = {key: msgspec.json.decode(entry.change.data, type=AreaState) for key, entry in entries.items()}
        truth = {NATION: race.cut().area(NATION_ROW)}
        for ubigeo, row in race.count.index.row_of.items():
            truth[_key(ubigeo)] = race.cut().area(row)
        for key, figures in truth.items():
            state = states.get(key)
            published = None if state is None else state.published
            if figures is not None and not _is_same(figures, published):
                found.append(f"{race.contest.id}: {key} is {published}, the feed says {figures}")
            if state is not None and state.held is not msgspec.UNSET:
                found.append(f"{race.contest.id}: {key} is held")
    return found


def unread(app: FeedApp, store: Store) -> list[str]:
    """Where our own sum of the counted actas is not yet what the feed says of a contest as a whole."""
    found = []
    for race in app.feed.races:
        info, whole = store.info(race.election.id, race.contest.id), race.cut().area(NATION_ROW)
        state = msgspec.json.decode(store.latest(info.id, prefixes=[NATION])[NATION].change.data, type=AreaState)
        if whole is not None and (state.computed.counted, state.computed.votes) != (whole.counted, whole.votes):
            found.append(f"{race.contest.id}: {state.computed.counted} of {whole.counted} actas")
    return found


def _key(ubigeo: int) -> str:
    text = text_of(ubigeo)
    return area_key(prefix_of(text, level_of(area_key(text))))


def _is_same(figures: AreaFigures, published: AreaCount | None) -> bool:
    if published is None:
        return False
    ours = (published.total, published.counted, published.at_jee, published.pending, published.cast, published.votes)
    return ours == (figures.total, figures.counted, figures.at_jee, figures.pending, figures.cast, figures.votes)


def follow(folder: Path, seed: int, country: Country, faults: Sequence[str], options: Sequence[str] = ()) -> Followed:
    """Run it in a folder until every figure is the feed's and nothing is left to read, then stop and verify."""
    app = build_feed(*country(known_elections()[ELECTION]), FeedPlan(seed=seed))
    source: Application = FaultyFeed(app, [read_order(fault) for fault in faults], seed) if faults else app
    database = f"sqlite:///{folder / 'count.db'}"
    command = [sys.executable, "-m", "api.cli", "run", "--election", ELECTION, "--port", "0", *options]
    began = time.monotonic()
    with served(source) as url:
        where = ["--feed", url, "--database", database, "--archive", str(folder / "archive")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*command, *where], stdout=log, stderr=log, cwd=Path(__file__).parents[2])
        try:
            left = _wait(app, database, began, is_areas_only=bool(faults))
            seconds, memory_mb = time.monotonic() - began, _memory_mb(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
    with closing(Store.open(database)) as store:
        verdict = verify(store, folder / "archive", feed_of, Trust())
        counts = len(store.counts())
    attempts = Archive(folder / "archive").attempts()
    return Followed(
        seconds=seconds,
        requests=len(attempts),
        most_in_ten_seconds=_busiest(attempts),
        contests=counts,
        areas=sum(len(race.count.index.row_of) + 1 for race in app.feed.races),
        mesas=sum(0 if race.mesas is None else len(race.mesas.table.mesa) for race in app.feed.races),
        differences=left,
        archives=len(list(folder.glob("**/checkpoints"))),
        faults=verdict.faults,
        memory_mb=memory_mb,
    )


def _wait(app: FeedApp, database: str, began: float, *, is_areas_only: bool) -> list[str]:
    left = ["nothing was read"]
    while left and time.monotonic() < began + _PATIENCE_S:
        time.sleep(_LOOK_S)
        with closing(Store.open(database)) as store:
            left = differences(app, store)
            if not left and not is_areas_only:
                left = unread(app, store)
    return left


def _busiest(attempts: Sequence[Attempt]) -> int:
    times = sorted(read(attempt.at).timestamp() for attempt in attempts)
    begins, most = 0, 0
    for ends, moment in enumerate(times):
        while times[begins] <= moment - 10.0:
            begins += 1
        most = max(most, ends - begins + 1)
    return most


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main(seed: int) -> SoakSection:
    """The soak."""
    lines = [
        f"The governors' contests of all {len(known_elections()[ELECTION].contests)} regions with all their lists,",
        f"{DISTRICTS} districts of each and {MESAS} mesas in each district, through one `escrutinio run` at",
        f"{RATE:g} requests a second together; and all districts and mesas of the country with its actas challenged.",
        "",
        "| what | bar | actas open | actas challenged from the first call | the whole country, challenged |",
        "|---|---|---|---|---|",
    ]
    runs = []
    for country, faults in ((small_country, []), (small_country, [CHALLENGE]), (whole_country, [CHALLENGE])):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(follow(Path(folder), seed, country, faults))
    rows = [
        ("contests in one archive", "25 in 1", [f"{run.contests} in {run.archives}" for run in runs]),
        (
            "areas of all levels that differ from the feed's",
            "0",
            [f"{len(run.differences)} of {run.areas}" for run in runs],
        ),
        ("what `verify` finds wrong", "0", [str(len(run.faults)) for run in runs]),
        ("requests a second, mean", f"{RATE:g}", [f"{run.requests / run.seconds:.2f}" for run in runs]),
        # After a stall those leave at once that had their moment meanwhile: as many as are under way.
        ("most requests in ten seconds", f"{RATE * 10 + READINGS:.0f}", [str(run.most_in_ten_seconds) for run in runs]),
        ("requests", "–", [str(run.requests) for run in runs]),
        ("seconds until every figure was right", "–", [f"{run.seconds:.0f}" for run in runs]),
        ("memory of poller and server, MB", "–", [f"{run.memory_mb:.0f}" for run in runs]),
    ]
    lines += [f"| {what} | {bar} | {' | '.join(measured)} |" for what, bar, measured in rows]
    return SoakSection(NAME, "Many races", seed, lines)
