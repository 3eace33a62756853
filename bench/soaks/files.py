"""The soak of files: the whole run-off of 2026 replayed while its files are made, and DuckDB asked about them by HTTP.

With actas two installations follow the same cuts side by side, one with the maker and one without: what else the
machine does slows both alike, so their pollers' processor times may be compared. Once with the recorded totals, for
what the source said at its moments. It needs the reference data, and an hour.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import httpx
import msgspec

from api.tables.sets.index import PublishedSet, SetIndex
from bench.country import served, wait_until_serving
from bench.reliability import SoakSection
from bench.runoff import REFERENCE
from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.clock import milliseconds
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.feed import closing as closing_time
from ingest.rehearsal.server import FeedApp, build_feed
from tally import moments
from tally.keys import NATION
from tally.model import AreaState
from tally.storage.store import Store

NAME, TITLE = "files", "Files of the whole run-off of 2026, made while it is polled"
MOST_MORE = 0.05
_ELECTION = "2026-06-07-president-runoff"
_MESAS, _TIMELINE = "eg2026_round2_tables.csv.gz", "timeline_2026_round2.csv"
# Hours after the polls closed: at half of the actas, three quarters, …; batches come back from the juries; all.
_CUTS_H = (9.0, 12.5, 16.0, 31.0, 60.0, 141.1, 200.0, 230.0, 260.0, 300.0, 340.0, 600.0)
_SCREEN, _ON_SCREEN = "2026-06-13T19:05:18Z", 1487
_PATIENCE_S, _LOOK_S = 3600.0, 1.0
_NEVER_MS = 1 << 62
_OF_NATION = """
SELECT published_fuerza_popular, published_juntos_por_el_peru, published_blank, published_null, published_cast
FROM 'SETareas.parquet' WHERE key = 'nation'
"""
_OF_MESAS = """
SELECT sum(published_fuerza_popular), sum(published_juntos_por_el_peru), sum(published_blank), sum(published_null),
       sum(published_cast)
FROM 'SETmesas.parquet' WHERE state = 'counted'
"""


class _Run:
    """Poller, replica and (if wished for) maker, each a process of its own, on a feed that is moved from cut to cut."""

    def __init__(self, folder: Path, app: FeedApp, url: str, *, has_maker: bool) -> None:
        self.folder, self._app, self._has_maker = folder, app, has_maker
        database = f"sqlite:///{folder / 'count.db'}"
        self._settings = {**os.environ, "ESCRUTINIO_DATABASE_URL": database, "ESCRUTINIO_ELECTION": _ELECTION}
        self._url = url
        self._processes = dict[str, subprocess.Popen[bytes]]()
        self.home = ""

    def start(self) -> None:
        """Start all of them."""
        Store.open(self._settings["ESCRUTINIO_DATABASE_URL"]).close()
        self._begin("poll", "--feed", self._url, "--unlimited", "--cycle", "1")
        self._begin("serve", "--port", "0")
        wait_until_serving(self._processes["serve"], self.folder / "serve.log")
        self.home = next(word for word in (self.folder / "serve.log").read_text().split() if word.startswith("http://"))
        if self._has_maker:
            self._begin("files")

    def follow(self, until: Callable[[AreaState], bool]) -> None:
        """Return once the whole stands as it should."""
        ends = time.monotonic() + _PATIENCE_S
        while time.monotonic() < ends:
            with closing(Store.open(self._settings["ESCRUTINIO_DATABASE_URL"])) as store:
                for info in store.counts():
                    entry = store.latest(info.id, prefixes=[NATION]).get(NATION)
                    if entry is not None and until(msgspec.json.decode(entry.change.data, type=AreaState)):
                        return
            time.sleep(_LOOK_S)
        raise RuntimeError("the count did not come to where the feed stands")

    def read_cpu(self) -> dict[str, float]:
        """What each process has used so far (s)."""
        return {name: _seconds(process.pid) for name, process in self._processes.items()}

    def finish(self) -> None:
        """Let the rest of the files be made, of the newest version too."""
        if self._has_maker:
            self._end("files")
            command = [sys.executable, "-m", "api.cli", "files", "--once"]
            subprocess.run(command, env=self._settings, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def index(self) -> list[PublishedSet]:
        """All sets, oldest first."""
        answer = httpx.get(f"{self.home}/data/index.json")
        found = msgspec.json.decode(answer.content, type=SetIndex)
        return list(reversed(found.elections[0].contests[0].sets))

    def stop(self) -> None:
        """End whoever is left."""
        for name in list(self._processes):
            self._end(name)

    def _begin(self, name: str, *options: str) -> None:
        command = [sys.executable, "-u", "-m", "api.cli", name, *options]
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                command, env=self._settings, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )

    def _end(self, name: str) -> None:
        process = self._processes.pop(name)
        process.terminate()
        process.wait()


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _running(plan: FeedPlan, *, has_maker: bool) -> Iterator[tuple[_Run, FeedApp]]:
    election = known_elections()[_ELECTION]
    app = build_feed(election, load_catalogue(election.date.year), plan)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="escrutinio-soak-")))
        app.step_to(closing_time(election))
        run = _Run(folder, app, stack.enter_context(served(app)), has_maker=has_maker)
        stack.callback(run.stop)
        run.start()
        yield run, app


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Replay it three times, two of them side by side, and print what came out."""
    rows = ["| | found | bar |", "|---|---|---|", *_recorded(say), *_with_actas(say)]
    section = SoakSection(NAME, TITLE, seed, rows)
    say(section.text())
    return section


def _recorded(say: Callable[[str], None]) -> Iterator[str]:
    """The source's own totals, cut by cut."""
    plan = FeedPlan(timeline=REFERENCE / "data" / _TIMELINE)
    with _running(plan, has_maker=True) as (run, app):
        for at in _recorded_cuts():
            app.step_to(at)
            cut = moments.write(at)
            run.follow(lambda whole, cut=cut: _stamp(whole) == cut)
        run.finish()
        sets = run.index()
        say(f"recorded totals: {', '.join(str(one.checkpoint) for one in sets)}")
        screen = next(one for one in sets if one.progress is not None and one.progress.at_jee == _ON_SCREEN)
        with _duckdb() as ask:
            waiting = ask(run, screen, "SELECT published_at_jee FROM 'SETareas.parquet' WHERE key = 'nation'")
        yield f"| recorded totals: checkpoints with files | {_checkpoints(sets)} | 10 |"
        found = f"{waiting[0][0]:,} at `{screen.checkpoint}`"
        yield f"| actas at the juries on 13 June 2026, 14:05 in Lima, by DuckDB | {found} | {_ON_SCREEN:,} |"


def _recorded_cuts() -> list[datetime]:
    """Every eighth national cut, that of the screen, and the last."""
    text = (REFERENCE / "data" / _TIMELINE).read_text().splitlines()[1:]
    stamps = sorted({line.split(",")[0] for line in text if line.split(",")[1] == "000000"})
    chosen = sorted({*stamps[::8], _SCREEN, stamps[-1]} & set(stamps))
    return [moments.read(one) for one in chosen]


def _with_actas(say: Callable[[str], None]) -> Iterator[str]:
    election = known_elections()[_ELECTION]
    plan = FeedPlan(mesas=REFERENCE / "data" / _MESAS, arrivals="primera_vista_utc")
    steps = list[list[dict[str, float]]]()
    with _running(plan, has_maker=True) as (made, first), _running(plan, has_maker=False) as (plain, second):
        pair = ((made, first), (plain, second))
        for hours in _CUTS_H:
            before = [run.read_cpu() for run, _ in pair]
            for _, app in pair:
                app.step_to(closing_time(election) + timedelta(hours=hours))
            with ThreadPoolExecutor() as both:
                list(both.map(lambda one: one[0].follow(_is_whole(one[1])), pair))
            # Once both have all of it: whoever has it first goes on asking as often as the other.
            after = [run.read_cpu() for run, _ in pair]
            steps.append([{name: b[name] - a[name] for name in a} for a, b in zip(before, after, strict=True)])
            say(f"{hours} h after closing: {steps[-1]}")
        made.finish()
        yield from _asked(made)
    for name, told in (("poll", "the poller"), ("serve", "a replica")):
        yield f"| CPU of {told}'s process, with the maker and without | {_compared(steps, name)} | ≤ {MOST_MORE:.0%} |"
    makers = sum(made["files"] for made, _ in steps)
    yield f"| CPU of the maker, a process of its own, while cuts were read | {makers:.0f} s | |"


def _compared(steps: list[list[dict[str, float]]], name: str) -> str:
    """The time of both over all cuts, and the median over the cuts of what the first took more."""
    times = [(made[name], plain[name]) for made, plain in steps]
    first, second = (sum(one) for one in zip(*times, strict=True))
    middle = median(one / other - 1 for one, other in times if other)
    return f"{first:.0f} s, {second:.0f} s: {first / second - 1:+.1%}; median of {len(steps)} cuts {middle:+.1%}"


def _is_whole(app: FeedApp) -> Callable[[AreaState], bool]:
    """Whether totals and actas of the whole are those of the feed's present cut."""
    assert app.feed.mesas is not None
    at, arrivals = app.feed.mesas.cut_at(milliseconds(app.feed.clock.at()), _NEVER_MS).at_ms, app.feed.mesas.arrivals
    counted = int((arrivals.counted <= at).sum())
    wanted = counted, int((arrivals.received <= at).sum()) - counted

    def check(whole: AreaState) -> bool:
        ours, stated = whole.computed, whole.published
        is_stated = stated is not None and (stated.counted, stated.at_jee) == wanted
        return is_stated and (ours.counted, ours.at_jee) == wanted

    return check


def _asked(run: _Run) -> Iterator[str]:
    sets = run.index()
    official = known_elections()[_ELECTION].official_final
    assert official is not None
    with _duckdb() as ask:
        [last] = ask(run, sets[-1], _OF_NATION)
        [mesas] = ask(run, sets[-1], _OF_MESAS)
        waiting = [
            ask(run, one, "SELECT (SELECT count(*) FROM 'SETqueue.parquet' WHERE state = 'open'), computed_at_jee "
                "FROM 'SETareas.parquet' WHERE key = 'nation'")[0]
            for one in sets if one.checkpoint is not None
        ]  # fmt: skip
    wanted = (*official.votes, official.blank, official.null, official.cast)
    equal = sum(ours == stated for ours, stated in waiting)
    yield f"| with 92,766 actas: checkpoints with files | {_checkpoints(sets)} | 10 |"
    yield f"| the last set, by DuckDB over HTTP: totals | {_told(last)} | {_told(wanted)} |"
    yield f"| the last set: sums of its counted mesas | {_told(mesas)} | {_told(wanted)} |"
    yield f"| checkpoints whose queue has as many open actas as our own sum of the country | {equal} | {len(waiting)} |"
    sizes = [one.bytes / 1e6 for one in sets]
    yield f"| MB of the largest set; of all {len(sets)} | {max(sizes):.0f}; {sum(sizes):,.0f} | |"


def _told(figures: Any) -> str:
    return " · ".join(f"{figure:,}" for figure in figures)


def _stamp(whole: AreaState) -> str | None:
    return None if whole.published is None else whole.published.source_at


def _checkpoints(sets: list[PublishedSet]) -> int:
    return sum(one.checkpoint is not None for one in sets)


@contextmanager
def _duckdb() -> Iterator[Callable[[_Run, PublishedSet, str], Any]]:
    """What asks about a set over HTTP; SET stands for its address."""
    extension = files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    with duckdb.connect() as database:
        database.execute(f"LOAD '{extension}'")
        yield lambda run, one, text: database.execute(text.replace("SET", f"{run.home}{one.address}")).fetchall()
