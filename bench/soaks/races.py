"""Twenty-five races through one `escrutinio run`, at the pace of a real source: every figure, one archive, `verify`.

The governors' contests with all their lists, over a small country (two districts a region, a few mesas in each) and
over the whole one; each once with the actas open, once with every question about them challenged from the first call
on. At that pace all areas of the whole country are read in about an hour, and all its actas in half a day: there the
areas must all be right, and whatever acta was read meanwhile.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.country import served, wait_until_serving
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
from tally.keys import AREA_LEVELS, NATION, Level, area_key, code_of, level_of, prefix_of, start_of
from tally.model import Acta, ActaState, AreaCount, AreaState
from tally.moments import read
from tally.storage.store import Store

NAME = "races"
ELECTION, CHALLENGE = "2026-10-04-governor", "acta-challenge"
DISTRICTS = 2
MESAS = 4
RATE, READINGS = 2.0, 5
_PATIENCE_S = 5400.0
_LOOK_S = 10.0
_ROLL, _CAST, _VALID = 280, 200, 170

Country = Callable[[Election], tuple[Election, Catalogue]]


class Trial(Struct, frozen=True):
    """One run: over which country, with which faults, and whether it goes on until all actas are read."""

    name: str
    country: Country
    faults: tuple[str, ...] = ()
    reads_all: bool = False


class Followed(Struct, frozen=True):
    """What one run came to."""

    seconds: float
    requests: int
    most_in_ten_seconds: int
    contests: int
    areas: int
    differences: list[str]
    actas: int
    actas_apart: list[str]
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
        entries = {} if info is None else store.latest(info.id, prefixes=[start_of(level) for level in AREA_LEVELS])
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
    held = {info.contest_id: info for info in store.counts()}
    for race in app.feed.races:
        info, whole = held[race.contest.id], race.cut().area(NATION_ROW)
        state = msgspec.json.decode(store.latest(info.id, prefixes=[NATION])[NATION].change.data, type=AreaState)
        if whole is not None and (state.computed.counted, state.computed.votes) != (whole.counted, whole.votes):
            found.append(f"{race.contest.id}: {state.computed.counted} of {whole.counted} actas")
    return found


def read_actas(app: FeedApp, store: Store) -> tuple[int, list[str]]:
    """How many counted actas were read, and those that are not what the feed says."""
    read, found = 0, []
    held = {info.contest_id: info for info in store.counts()}
    for race in app.feed.races:
        assert race.mesas is not None
        info, table = held[race.contest.id], race.mesas.table
        for key, entry in store.latest(info.id, prefixes=[start_of(Level.MESA)]).items():
            acta = msgspec.json.decode(entry.change.data, type=Acta)
            if acta.state is not ActaState.COUNTED:
                continue
            read += 1
            row = table.row(int(code_of(key)))
            if row is None or (acta.cast, acta.votes) != (int(table.cast[row]), tuple(table.votes[row].tolist())):
                found.append(f"{race.contest.id}: {key} is {acta}")
    return read, found


def _key(ubigeo: int) -> str:
    text = text_of(ubigeo)
    return area_key(prefix_of(text, level_of(area_key(text))))


def _is_same(figures: AreaFigures, published: AreaCount | None) -> bool:
    if published is None:
        return False
    ours = (published.total, published.counted, published.at_jee, published.pending, published.cast, published.votes)
    return ours == (figures.total, figures.counted, figures.at_jee, figures.pending, figures.cast, figures.votes)


def follow(folder: Path, seed: int, trial: Trial) -> Followed:
    """Run it in a folder until every figure is the feed's and nothing more is to be read, then stop and verify."""
    app = build_feed(*trial.country(known_elections()[ELECTION]), FeedPlan(seed=seed))
    faults = [read_order(fault) for fault in trial.faults]
    source: Application = FaultyFeed(app, faults, seed) if faults else app
    database = f"sqlite:///{folder / 'count.db'}"
    command = [sys.executable, "-m", "api.cli", "run", "--election", ELECTION, "--port", "0"]
    began = time.monotonic()
    with served(source) as url:
        where = ["--feed", url, "--database", database, "--archive", str(folder / "archive")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*command, *where], stdout=log, stderr=log, cwd=Path(__file__).parents[2])
        try:
            wait_until_serving(process, folder / "log")
            left = _wait(app, database, began, reads_all=trial.reads_all)
            seconds, memory_mb = time.monotonic() - began, _memory_mb(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
    return find(app, folder, left, seconds, memory_mb)


def find(app: FeedApp, folder: Path, left: list[str], seconds: float, memory_mb: float) -> Followed:
    """What stands in the folder of a run that has ended, held against its feed, and what `verify` says of it."""
    with closing(Store.open(f"sqlite:///{folder / 'count.db'}")) as store:
        verdict = verify(store, folder / "archive", feed_of, Trust())
        counts, (actas, apart) = len(store.counts()), read_actas(app, store)
    attempts = Archive(folder / "archive").attempts()
    return Followed(
        seconds=seconds,
        requests=len(attempts),
        most_in_ten_seconds=_busiest(attempts),
        contests=counts,
        areas=sum(len(race.count.index.row_of) + 1 for race in app.feed.races),
        differences=left,
        actas=actas,
        actas_apart=apart,
        archives=len(list(folder.glob("**/checkpoints"))),
        faults=verdict.faults,
        memory_mb=memory_mb,
    )


def _wait(app: FeedApp, database: str, began: float, *, reads_all: bool) -> list[str]:
    left = ["nothing was read"]
    while left and time.monotonic() < began + _PATIENCE_S:
        time.sleep(_LOOK_S)
        with closing(Store.open(database)) as store:
            left = differences(app, store)
            if not left and reads_all:
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


TRIALS = (
    Trial("small, actas open", small_country, reads_all=True),
    Trial("small, challenged", small_country, (CHALLENGE,)),
    Trial("whole, actas open", whole_country),
    Trial("whole, challenged", whole_country, (CHALLENGE,)),
)


def main(seed: int) -> SoakSection:
    """The soak: all trials beside each other, since at that pace each of them mostly waits."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(TRIALS)) as pool:
        return tell(seed, list(pool.map(lambda trial: _follow_in(Path(folder), seed, trial), TRIALS)))


def tell(seed: int, runs: Sequence[Followed]) -> SoakSection:
    """The section of those runs, one for each of the trials."""
    rows = [
        ("contests in one archive", "25 in 1", [f"{run.contests} in {run.archives}" for run in runs]),
        (
            "areas of all levels that differ from the feed's",
            "0",
            [f"{len(run.differences)} of {run.areas:,}" for run in runs],
        ),
        ("actas read that differ from the feed's", "0", [f"{len(run.actas_apart)} of {run.actas:,}" for run in runs]),
        ("what `verify` finds wrong", "0", [str(len(run.faults)) for run in runs]),
        ("requests a second, mean", f"{RATE:g}", [f"{run.requests / run.seconds:.2f}" for run in runs]),
        # After a stall those leave at once that had their moment meanwhile: as many as are under way.
        ("most requests in ten seconds", f"{RATE * 10 + READINGS:.0f}", [str(run.most_in_ten_seconds) for run in runs]),
        ("requests", "–", [f"{run.requests:,}" for run in runs]),
        ("seconds until every figure was right", "–", [f"{run.seconds:,.0f}" for run in runs]),
        ("memory of poller and server, MB", "–", [f"{run.memory_mb:.0f}" for run in runs]),
    ]
    lines = [
        f"The governors' contests of all {len(known_elections()[ELECTION].contests)} regions with all their lists",
        f"through one `escrutinio run` at {RATE:g} requests a second together: over a small country of {DISTRICTS}",
        f"districts a region, {MESAS} mesas in each, until all is read; over the whole one until every area is right;",
        "with the actas open, and challenged from the first call on. The four ran beside each other on one machine.",
        "",
        f"| what | bar | {' | '.join(trial.name for trial in TRIALS)} |",
        f"|---|---|{'---|' * len(TRIALS)}",
        *(f"| {what} | {bar} | {' | '.join(measured)} |" for what, bar, measured in rows),
    ]
    return SoakSection(NAME, "Many races", seed, lines)


def _follow_in(folder: Path, seed: int, trial: Trial) -> Followed:
    own = folder / trial.name
    own.mkdir()
    return follow(own, seed, trial)
