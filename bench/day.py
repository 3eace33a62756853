"""A whole election day: a feed of 1,915 races, which overlap as in October 2026, and the one program that follows it.

Every district has a few mesas, each with the ballots of its region, its province and, but in a capital, its district.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing as closing_of
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from api.http.listening import bind
from bench.country import wait_until_serving
from bench.races import make_election
from geo.ubigeo import load_catalogue
from ingest.drafting.writing import write_election
from ingest.rehearsal.arrivals import draw_arrivals
from ingest.rehearsal.feed import FeedPlan, RehearsalFeed, closing, make_clock
from ingest.rehearsal.generations import generation_of
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import MesaPlace, MesaTable
from ingest.rehearsal.server import FeedApp
from tally.catalogue import Catalogue
from tally.election import Contest, Election
from tally.keys import DOMESTIC, Level

MESAS = 1
_ROLL, _VALID, _BLANK, _NULL = 280, 180, 8, 12


def make_day() -> tuple[Election, FeedApp]:
    """The election, and a feed of it that stands at the end of its count."""
    catalogue = load_catalogue(2026)
    election = make_election(catalogue)
    return election, _feed(election, catalogue)


def _feed(election: Election, catalogue: Catalogue) -> FeedApp:
    districts = catalogue.prefixes(Level.DISTRICT, DOMESTIC)
    cadence = generation_of(election.generation).cadence
    counts = []
    for number, contest in enumerate(election.contests):
        table = _table(contest, districts, np.random.default_rng([2026, number]))
        counts.append(MesaCount(table, draw_arrivals(table, closing(election), number), cadence))
    clock = make_clock(election, FeedPlan(), counts, cadence, lambda: closing(election))
    make = partial(RehearsalFeed, election, catalogue, is_test=True)
    others = [
        make(count, clock, contest=contest) for count, contest in zip(counts[1:], election.contests[1:], strict=True)
    ]
    return FeedApp(make(counts[0], clock, others=others))


def _table(contest: Contest, districts: list[str], drawn: np.random.Generator) -> MesaTable:
    rows = [(n, int(one)) for n, one in enumerate(districts) if one.startswith(contest.scope)]
    mesa = np.array([n * MESAS + k + 1 for n, _ in rows for k in range(MESAS)], dtype=np.int64)
    ubigeo = np.array([code for _, code in rows for _ in range(MESAS)], dtype=np.int64)
    strength = drawn.dirichlet(np.full(len(contest.lists), 1.5))
    votes = drawn.multinomial(_VALID, strength, size=len(mesa)).astype(np.int64)
    full = partial(np.full, len(mesa), dtype=np.int64)
    places = tuple(MesaPlace(name=f"IE {code}", code=f"{code:06}01"[:10], ubigeo=code) for _, code in rows)
    return MesaTable(
        mesa=mesa, ubigeo=ubigeo, place=np.repeat(np.arange(len(rows)), MESAS), places=places,
        populated_place=full(0), populated_places=("",), registered=full(_ROLL),
        cast=full(_VALID + _BLANK + _NULL), blank=full(_BLANK), null=full(_NULL), challenged=full(0), votes=votes,
        installed=np.ones(len(mesa), dtype=bool), known=np.ones(len(mesa), dtype=bool),
    )  # fmt: skip


@contextmanager
def followed(folder: Path, election: Election, feed: str) -> Iterator[tuple[str, int]]:
    """`escrutinio run` over that feed, without a budget: the address of its pages, and its process."""
    (folder / "elections").mkdir()
    (folder / "elections" / f"{election.id}.toml").write_text(write_election(election))
    port = _free_port()
    command = [sys.executable, "-m", "api.cli", "run", "--unlimited", "--election", election.id, "--feed", feed]
    where = ["--database", f"sqlite:///{folder}/count.db", "--archive", f"{folder}/archive", "--port", str(port)]
    own = os.environ | {"ESCRUTINIO_ELECTIONS": str(folder / "elections")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, *where], stdout=log, stderr=log, env=own, cwd=Path(__file__).parents[1])
    try:
        wait_until_serving(process, folder / "log")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _free_port() -> int:
    with closing_of(bind("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def memory_mb(pid: int) -> float:
    """What a program and all it started hold, at the most each."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(memory_mb(int(child)) for child in children)
