"""Every way a line can fail, on the whole wire: a real socket, the fetcher, the poller and a store, one after another.

One poller lives through all of them. Each lasts two cycles, while the source goes on counting; then it is over, and the
time is taken until the newest totals are published.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Struct

from bench.country import make_feed_app, newest_election, write_mesas
from bench.mutations.unwell.line import HARMLESS, LINES, LONG_WISH, Failing, Part, sound
from bench.reliability import SoakSection
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.fetch import Fetcher, FetchLimits
from ingest.followed import ContestFeed
from ingest.health import FeedHealth
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from ingest.registry import make_feed
from ingest.rehearsal.feed import closing
from ingest.rehearsal.onpe2026.contract import Contract2026
from tally.board import Board
from tally.keys import NATION
from tally.model import FeedState
from tally.storage.store import Store
from tally.storage.writer import Writer

NAME = "line"
MOST_CYCLES = 3.0
_MESAS, _CYCLE_S, _REAL_CYCLE_S = 400, 1.0, 60.0
_LASTS, _LONGEST_WISH_S = 2.0, 600.0
_FIRST_HOUR, _GROWTH = 2.0, 1.02
_DEADLINE_S, _GIVE_UP_CYCLES = 1.0, 60.0
_TOTALS = "/presentacion-backend/resumen-general/totales"
_AT = "2026-06-08T00:00:00Z"


class Recovery(Struct):
    """What one failing line led to; `cycles`: until the newest totals were published, None if they never were."""

    name: str
    cycles: float | None
    is_alive: bool = True
    is_told: bool = True
    is_wrong: bool = False


class Line:
    """A server that answers as the rehearsal does, over a line that may fail."""

    def __init__(self, folder: Path) -> None:
        self.election = newest_election()
        self._app = make_feed_app(write_mesas(folder / "mesas.csv", _MESAS, self.election), self.election)
        self._contract = Contract2026(self._app.feed)
        self._hours = _FIRST_HOUR
        self.failing: Failing | None = None
        self._app.step_to(closing(self.election) + timedelta(hours=self._hours))

    @property
    def counted(self) -> int:
        """How many actas the source has counted."""
        body = self._contract.answer(_TOTALS, {"idEleccion": "10", "tipoFiltro": "eleccion"}).body
        return int(msgspec.json.decode(body)["data"]["contabilizadas"])

    def step(self) -> None:
        """A later cut with more actas; after the last one nothing is new any more."""
        before = self.counted
        while self.counted == before and before < _MESAS:
            self._hours *= _GROWTH
            self._app.step_to(closing(self.election) + timedelta(hours=self._hours))

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                url = urlsplit(head.split(b" ", 2)[1].decode())
                body = self._contract.answer(url.path, dict(parse_qsl(url.query))).body
                parts: Any = [sound(body)] if self.failing is None else self.failing(body)
                if not await _send(writer, parts):
                    break
        writer.close()


async def _send(writer: asyncio.StreamWriter, parts: Sequence[Part]) -> bool:
    """Whether the connection goes on."""
    for part in parts:
        if part is None:
            return False
        if isinstance(part, bytes):
            writer.write(part)
            await writer.drain()
        else:
            await asyncio.sleep(part)
    return True


class Following:
    """A poller behind that line, its store, and what it shows."""

    def __init__(self, source: Line, folder: Path, port: int) -> None:
        contest, scale = source.election.contest(), _REAL_CYCLE_S / _CYCLE_S
        feed = make_feed(source.election, contest)
        self.store = Store.open(f"sqlite:///{folder / 'count.db'}")
        archive = Archive(folder / "archive")
        # A cycle of a second stands for one of a minute: the pauses of the budget are as much shorter.
        budget = Budget(None, lambda: time.monotonic() * scale, 1, lambda s: asyncio.sleep(s / scale), _LONGEST_WISH_S)
        base = f"http://127.0.0.1:{port}{feed.base_path}"
        limits = FetchLimits(total_s=_DEADLINE_S)
        self.fetcher = Fetcher(base, archive, budget, user_agent="soak", limits=limits)
        writer = Writer.acquire(self.store, source.election.id, contest.id, is_test=True, at=_AT)
        self.health = FeedHealth(_CYCLE_S)
        self.publisher = Publisher(Board(len(contest.lists)), writer, archive, linger_s=0.01, health=self.health)
        pace = Pace(_CYCLE_S, 8, rechecks=Rechecks(recheck_s=900 / scale, confirm_s=5 / scale, retry_s=20 / scale))
        self.poller = Poller([ContestFeed(feed, self.publisher)], self.fetcher, pace)

    @property
    def counted(self) -> int | None:
        """How many actas are shown as counted."""
        nation = self.publisher.board.published.get(NATION)
        return None if nation is None else nation.counted

    @property
    def is_told(self) -> bool:
        """Whether screens are told that something is wrong."""
        status = self.health.status(None)
        return status.state is not FeedState.OK or status.note is not None


@asynccontextmanager
async def _following(source: Line, folder: Path) -> AsyncIterator[tuple[Following, "asyncio.Task[None]"]]:
    server = await asyncio.start_server(source, "127.0.0.1", 0, limit=2**20)
    following = Following(source, folder, server.sockets[0].getsockname()[1])
    polling = asyncio.create_task(following.poller.run())
    try:
        yield following, polling
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await polling
        await following.fetcher.close()
        following.store.close()
        server.close()


async def _fail(source: Line, following: Following, polling: "asyncio.Task[None]", name: str) -> Recovery:
    before = following.counted
    source.failing = LINES[name]
    source.step()
    truths = {before, source.counted}
    await asyncio.sleep(_LASTS * _CYCLE_S)
    is_told = following.is_told or name in HARMLESS
    is_wrong = following.counted not in truths
    source.failing = None
    source.step()
    took = await _until_shown(source, following, polling)
    if took is not None and name == LONG_WISH:  # a wish that is granted is a part of the failure
        took = max(0.0, took + _LASTS - _LONGEST_WISH_S / _REAL_CYCLE_S)
    return Recovery(name, took, not polling.done(), is_told, is_wrong)


async def _until_shown(source: Line, following: Following, polling: "asyncio.Task[None]") -> float | None:
    """Cycles until the newest totals are published and all is told to be well."""
    began = time.monotonic()
    while following.counted != source.counted or following.health.status(None).state is not FeedState.OK:
        if polling.done() or time.monotonic() - began > _GIVE_UP_CYCLES * _CYCLE_S:
            return None
        await asyncio.sleep(0.02)
    return (time.monotonic() - began) / _CYCLE_S


async def _run(names: Sequence[str]) -> list[Recovery]:
    with tempfile.TemporaryDirectory() as folder:
        source = Line(Path(folder))
        async with _following(source, Path(folder)) as (following, polling):
            if await _until_shown(source, following, polling) is None:
                return [Recovery("a sound line", None)]
            return [await _fail(source, following, polling, name) for name in names]


def run(names: Sequence[str] | None = None) -> list[Recovery]:
    """How the poller came through those failing lines, or through all."""
    return asyncio.run(_run(sorted(LINES) if names is None else names))


def main(seed: int) -> SoakSection:
    """The soak. Nothing in it is drawn by lot."""
    return SoakSection(NAME, "A line that fails", seed, _describe(run()))


def _describe(found: Sequence[Recovery]) -> list[str]:
    slow = [one for one in found if one.cycles is None or one.cycles > MOST_CYCLES]
    longest = max((one.cycles for one in found if one.cycles is not None), default=0.0)
    return [
        f"{len(found)} ways in which what stands between us and the source changes its answers (statuses, headers,",
        f"encodings, silence, halves), {len(HARMLESS)} of them harmless: each for two cycles over a real socket, one",
        "poller through all of them. A cycle took a second and stands for a minute; pauses are shortened likewise.",
        "A wish to be left alone that was granted is a part of the failure.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| pollers that ended | 0 | {sum(not one.is_alive for one in found)} |",
        f"| not told within two cycles | 0 | {_names([one for one in found if not one.is_told])} |",
        f"| wrong totals published | 0 | {_names([one for one in found if one.is_wrong])} |",
        f"| not recovered within {MOST_CYCLES:.0f} cycles | 0 | {_names(slow)} |",
        f"| longest recovery | {MOST_CYCLES:.0f} cycles | {longest:.1f} |",
    ]


def _names(found: Sequence[Recovery]) -> str:
    return "0" if not found else f"{len(found)}: {', '.join(one.name for one in found)}"
