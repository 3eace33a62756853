"""What is promised of a source that says what nobody should: real `run` and `poll` against a served answer.

The values are those on which the count once ended; each is restated here.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.server import build_feed
from tally.storage.store import Store
from tests.api.commands.unwell import (
    LISTS,
    TOTALS,
    Program,
    Said,
    Unwell,
    changed,
    eventually,
    get,
    instead,
    read,
    served,
    started,
)
from tests.ingest.rig import a_small_country

ELECTION = known_elections()["2026-06-07-president-runoff"]
API = f"/api/v1/elections/{ELECTION.id}"

Spoiling = Callable[[str, bytes], Said | None]


def retry_after(wish: bytes) -> Said:
    return Said(429, ((b"retry-after", wish),))


def doubled(url: str, body: bytes) -> Said | None:
    """One field twice, the second with a blank before its colon."""
    text = body.replace(b'"contabilizadas":', b'"contabilizadas":1,"contabilizadas" :')
    return Said(body=text) if url == TOTALS else None


def fullwidth(url: str, body: bytes) -> Said | None:
    """Every mesa of a list in full-width digits."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    text = re.sub(r'"codigoMesa":"\d+"', lambda found: found.group().translate(wide), body.decode())
    return Said(body=text.encode()) if url.startswith(LISTS) else None


# The source's slip, and what is told of it.
SLIPS: dict[str, tuple[Spoiling, str]] = {
    "01 a turnout of 1e306": (changed(participacionCiudadana="1e306"), "unread"),
    "01b a stamp of the year 1": (changed(fechaActualizacion='"0001-01-01T00:00:00+05:00"'), "unread"),
    "a stamp of the year 9999": (changed(fechaActualizacion='"9999-12-31T23:59:59-05:00"'), "unread"),
    "a number without end": (changed(totalVotosEmitidos="9" * 5000), "unread"),
    "half a surrogate": (changed(fechaActualizacion='"\\ud800"'), "unread"),
    "04 a thousand million pages": (changed(LISTS, totalPaginas="1000000000"), "some_unread"),
    "11 a field twice": (doubled, "unread"),
    "12 mesas in full-width digits": (fullwidth, "some_unread"),
    "gzip that is none": (instead(Said(headers=((b"content-encoding", b"gzip"),), body=b"{}")), "unread"),
    "an empty 200": (instead(Said()), "unread"),
    "404": (instead(Said(404)), "unread"),
}


class Stage:
    """A source at an early cut, and where its followers keep what they read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mesas = a_small_country(folder / "mesas.csv", ELECTION)
        app = build_feed(ELECTION, load_catalogue(ELECTION.date.year), FeedPlan(mesas=mesas, speed=None))
        self.source, self._hours = Unwell(app), 3.0
        self.source.sound.step_to(closing(ELECTION) + timedelta(hours=self._hours))
        self.step()

    @property
    def archive(self) -> Path:
        return self.folder / "count.archive"

    def step(self) -> int:
        """A later cut with more actas; how many it has."""
        before = self.counted()
        while self.counted() == before:
            self._hours *= 1.05
            assert self._hours < 1000, "all is counted"
            self.source.sound.step_to(closing(ELECTION) + timedelta(hours=self._hours))
        return self.counted()

    def finish(self) -> int:
        """All actas are counted; how many there are."""
        self.source.sound.step_to(closing(ELECTION) + timedelta(days=90))
        return self.counted()

    def counted(self) -> int:
        """How many actas the source has counted."""

        async def ask() -> int:
            transport = httpx.ASGITransport(app=self.source.sound)
            async with httpx.AsyncClient(transport=transport, base_url="http://source") as client:
                return int((await client.get(TOTALS)).json()["data"]["contabilizadas"])

        return asyncio.run(ask())

    def break_archive(self) -> None:
        """The disk takes no more bytes."""
        (self.archive / "objects").rename(self.archive / "away")
        (self.archive / "objects").write_text("in the way")

    def mend_archive(self) -> None:
        """It does again."""
        (self.archive / "objects").unlink()
        (self.archive / "away").rename(self.archive / "objects")

    def stored(self) -> int | None:
        """How many actas the database says are counted."""
        store = Store.open(f"sqlite:///{self.folder / 'count.db'}")
        try:
            counts = store.counts()
            entry = store.latest(counts[0].id).get("nation") if counts else None
            published = json.loads(entry.change.data)["published"] if entry else None
            return published and int(published["counted"])
        finally:
            store.close()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def options(url: str) -> tuple[object, ...]:
    return ("--feed", url, "--database", "sqlite:///count.db", "--unlimited", "--cycle", 1)


@pytest.fixture
def running(stage: Stage) -> Iterator[Program]:
    """`run`, once it shows what the source has."""
    with served(stage.source) as url, started("run", *options(url), "--port", 0, folder=stage.folder) as program:
        eventually(lambda: shown(program), lambda counted: counted == stage.counted())
        yield program


def shown(program: Program) -> int | None:
    """How many actas the website says are counted."""
    rows = get(f"{program.url}{API}/results?level=nation")["rows"] if is_loaded(program) else []
    published = rows[0]["published"] if rows else None
    return published and int(published["counted"])


def is_loaded(program: Program) -> bool:
    try:
        return bool(get(f"{program.url}/readyz"))
    except OSError:
        return False


def told(program: Program) -> dict[str, Any]:
    """The feed's state, its note and figures."""
    return dict(get(f"{program.url}{API}")["feed"])


def test_nothing_a_source_says_ends_run_or_is_shown_and_all_goes_on_when_it_is_over(
    stage: Stage, running: Program
) -> None:
    for name, (spoil, note) in SLIPS.items():
        before = shown(running)
        stage.source.spoil = spoil
        after = stage.step()
        eventually(lambda name=name: (name, told(running)), lambda seen, note=note: seen[1]["note"] == note)
        assert running.process.poll() is None, name
        if note == "unread":
            assert shown(running) == before, name
        stage.source.spoil = lambda url, body: None
        eventually(lambda: shown(running), lambda counted, after=after: counted == after)
    assert "Traceback" not in running.log
    assert running.end() == 0


@pytest.mark.parametrize(
    ("wish", "told_minutes"), [(b"Fri, 31 Dec 9999 23:59:59 GMT", True), (b"\xb2", False)], ids=["09", "01c"]
)
def test_a_refusal_is_told_with_its_wish_and_when_we_ask_again(
    stage: Stage, running: Program, wish: bytes, told_minutes: bool
) -> None:
    stage.source.spoil = lambda url, body: retry_after(wish)
    feed = eventually(lambda: told(running), lambda feed: feed["note"] in ("refused", "asked_to_wait"))
    assert feed["state"] == "down"
    assert ("minutes" in feed["figures"]) == told_minutes
    said = page(running)
    assert ("La fuente pidió que esperemos" in said) == told_minutes
    assert "volvemos a preguntar a las" in said
    [pause] = re.findall(r"we stop asking for (\d+) s", running.log)
    assert float(pause) == 600 if told_minutes else float(pause) <= 60
    assert running.end() == 0


def page(program: Program) -> str:
    """The text of the front page, blanks as blanks."""
    return read(f"{program.url}/").replace("\xa0", " ")


def test_a_poller_that_stops_is_said_on_screen_and_begun_again_while_all_is_served(
    stage: Stage, running: Program
) -> None:
    before = shown(running)
    stage.break_archive()
    after = stage.step()
    feed = eventually(lambda: told(running), lambda feed: feed["note"] == "stopped")
    assert feed["state"] == "down"
    assert re.search(r"La lectura se detuvo a las [^<]*\d\d:\d\d", page(running))
    assert shown(running) == before
    stage.mend_archive()
    eventually(lambda: shown(running), lambda counted: counted == after)
    eventually(lambda: told(running), lambda feed: (feed["state"], feed["note"]) == ("ok", None))
    assert running.log.count("polling stopped") == running.log.count("polling again") == 1
    assert running.end() == 0


@pytest.mark.parametrize("command", ["run", "poll"])
def test_an_archive_that_cannot_be_written_holds_up_no_stop(stage: Stage, command: str) -> None:
    port = ("--port", 0) if command == "run" else ()
    with served(stage.source) as url, started(command, *options(url), *port, folder=stage.folder) as program:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        stage.break_archive()
        stage.step()
        eventually(lambda: program.log, lambda log: "polling stopped" in log)
        assert program.end(10.0) == 0
        stage.mend_archive()
    assert "another process is writing" not in again(stage)


def again(stage: Stage) -> str:
    """What `poll --until-final` says on stderr; the lease was given back."""
    with served(stage.source) as url:
        with started("poll", *options(url), "--until-final", folder=stage.folder) as program:
            assert program.process.wait(60) == 0, program.log
        return program.log


def test_a_full_disk_is_waited_out_by_poll_and_nothing_is_lost(stage: Stage) -> None:
    with served(stage.source) as url, started("poll", *options(url), folder=stage.folder) as program:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        stage.break_archive()
        after = stage.step()
        eventually(lambda: program.log, lambda log: "polling stopped" in log)
        stage.mend_archive()
        eventually(stage.stored, lambda counted: counted == after)
        assert program.end() == 0
    again(stage)
    store = Store.open(f"sqlite:///{stage.folder / 'count.db'}")
    latest = store.latest(store.counts()[0].id)
    store.close()
    assert sum(key.startswith("mesa/") for key in latest) == 60


def test_poll_goes_on_after_whatever_the_source_says(stage: Stage) -> None:
    with served(stage.source) as url, started("poll", *options(url), folder=stage.folder) as program:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        stage.source.spoil = lambda url, body: next(
            (said for spoil, _ in SLIPS.values() if (said := spoil(url, body)) is not None), None
        )
        stage.step()
        asked = len(stage.source.asked)
        eventually(lambda: len(stage.source.asked), lambda number: number > asked + 5)
        assert program.process.poll() is None, program.log
        stage.source.spoil = lambda url, body: None
        eventually(stage.stored, lambda counted: counted == stage.counted())
        assert program.end() == 0
    assert "Traceback" not in program.log
