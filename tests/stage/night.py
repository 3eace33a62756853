"""A night of the count on stage: the whole country under way, and the program that follows it and serves it.

The feed stands still except where the stage moves it, so that whoever looks decides what there is to see.
"""

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from ingest.fetch import Question
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.catalogue import FAULTS
from ingest.rehearsal.faults.exchange import FaultReply
from ingest.rehearsal.faults.order import Order
from ingest.rehearsal.faults.times import Decrease
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.server import DRILL, FeedApp
from tally.storage.store import Store
from tests.acceptance.stack import program, served
from tests.stage.country import CLOSING, ELECTION, build_country
from tests.stage.past import Past

CUT = timedelta(minutes=10)
# The first actas come late, most of them within the first half day: cuts of half an hour, then of a whole one.
_FIRST_H, _DENSE_H = 1.5, 12.0
_PATIENCE_S = 600
_TICK_S = 0.5
HURRIED: tuple[str, ...] = ("--unlimited", "--cycle", "0.5")
# What takes an hour in a mission takes a minute here.
_SETTINGS = {"ESCRUTINIO_INCIDENT_DELAY_MINUTES": "1", "ESCRUTINIO_INCIDENT_STEP_MINUTES": "1"}
# One of the large areas goes back by an acta, and a few are told with the whole country's figures.
_TROUBLE = (Order("decrease", 1.0, 1.0, 1.0), Order("echo", 0.04, 1.0, 1.0))


class _LargeDecrease(Decrease):
    """A decrease of a department or a continent."""

    def see(self, question: Question, reply: FaultReply) -> None:
        """See Fault."""
        if question.query.get("tipoFiltro") == "ubigeo_nivel_01":
            super().see(question, reply)


class Drill:
    """The clock of the feed's faults: trouble begins at 1 and is over at 2."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Night:
    """A rehearsal under way: the program's `url`, `folder`, `pid`, and the mesas typed with two columns exchanged."""

    def __init__(self, feed: FaultyFeed, drill: Drill, swapped: Sequence[str]) -> None:
        self._feed, self._drill, self.swapped = feed, drill, swapped
        self.source, self.url, self.folder, self.pid = "", "", Path(), 0

    @property
    def api(self) -> str:
        """The count's part of the API."""
        return f"{self.url}/api/v1/elections/{ELECTION.id}"

    def go_on(self) -> None:
        """Move the feed to its next cut, and return once the large areas have been read there."""
        self._feed.step_to(self._feed.feed.clock.at() + CUT)
        cut = get(f"{self.source}{DRILL}")["cut"]
        wait(lambda: all(stamp >= cut for stamp in self._stamps()), f"the cut of {cut}")

    def have_trouble(self) -> None:
        """A cut at which something goes back and something impossible is told; the next one is sound again.

        The large areas are asked for at every cut, so that what one of them lost is soon seen again.
        """
        self._drill.now = 1.5
        self._feed.step_to(self._feed.feed.clock.at() + CUT)
        wait(lambda: all(self._told(kind) for kind in ("correction", "hold")), "a correction and a hold")
        self._drill.now = 3.0
        self.go_on()

    @contextmanager
    def moving(self, speed: float) -> Iterator[None]:
        """Meanwhile the count goes on, so many times faster than a real one."""
        clock, over = self._feed.feed.clock, threading.Event()

        def move() -> None:
            began, start = time.monotonic(), clock.at()
            while not over.wait(_TICK_S):
                clock.step_to(start + timedelta(seconds=(time.monotonic() - began) * speed))

        mover = threading.Thread(target=move)
        mover.start()
        try:
            yield
        finally:
            over.set()
            mover.join()

    def _told(self, kind: str) -> bool:
        return bool(get(f"{self.api}/corrections?kind={kind}")["corrections"])

    def _stamps(self) -> list[str]:
        rows = get(f"{self.api}/state?topic=nation")["state"]
        return [row["published"]["source_at"] for key, row in rows.items() if not key.startswith("district/")]


@contextmanager
def night(
    hours: float, seed: int, say: Callable[[str], None], pace: tuple[str, ...] = HURRIED, **settings: str
) -> Iterator[Night]:
    """A night so many hours after the polls closed, read down to the mesas, and now followed over HTTP.

    `pace`: how the program asks the source; empty: as on the night. `settings`: environment variables of the program.
    """
    folder = Path(tempfile.mkdtemp(prefix="escrutinio-night-"))
    try:
        say("drawing the mesas of a country")
        feed, swapped = build_country(seed)
        _write_past(folder, feed, hours, say)
        drill = Drill()
        faulty = FaultyFeed(FeedApp(feed), _TROUBLE, seed, drill, FAULTS | {"decrease": _LargeDecrease})
        found = Night(faulty, drill, swapped)
        with (
            served(faulty) as source,
            program(source, folder, "--election", ELECTION.id, *pace, **_SETTINGS, **settings) as (url, pid),
        ):
            found.source, found.url, found.folder, found.pid = source, url, folder, pid
            wait(lambda: get(found.api)["feed"]["state"] == "ok", "the first reading")
            say(f"the program follows it on {url}")
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_past(folder: Path, feed: RehearsalFeed, hours: float, say: Callable[[str], None]) -> None:
    (folder / "var").mkdir()
    store = Store.open(f"sqlite:///{folder / 'var' / 'escrutinio.db'}")
    steps = [_FIRST_H + 0.5 * n for n in range(int((_DENSE_H - _FIRST_H) * 2))]
    steps += [_DENSE_H + n for n in range(int(max(0.0, hours - _DENSE_H)) + 1)]
    cuts = [CLOSING + timedelta(hours=step) for step in (*(step for step in steps if step < hours), hours)]
    Past(feed, store, say).write(cuts)
    store.close()


def wait(what: Callable[[], Any], name: str) -> Any:
    """What is asked for, as soon as it is there."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            found = what()
        except OSError:
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise SystemExit(f"{name}: not there after {_PATIENCE_S} s")
        time.sleep(0.25)


def get(url: str) -> Any:
    """The decoded JSON of an address."""
    with urlopen(url, timeout=60) as answer:
        return json.load(answer)
