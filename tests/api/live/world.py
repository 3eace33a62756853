"""A poller, a server and clients of every transport on one loop, where anything may go wrong between any two steps."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import msgspec

from api.http.answers import Representation
from api.http.making import AnswerCache
from api.http.workers import Workers
from api.live.audience import Audience
from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.hub import Hub
from api.live.subscription import FollowedCount
from api.main import create_app
from api.options import ServeOptions
from api.serving.ready_answers import ReadyAnswers, ReadyAnswersFront
from api.story.past import Past
from tally.changes import digest, snapshot
from tests.api.conftest import ELECTIONS
from tests.api.country import ELECTION
from tests.api.live.source import History, Source
from tests.api.live.travellers import TOPICS, PollTraveller, SocketTraveller, StreamTraveller, Traveller
from tests.api.standing import AtOnce, StandingLoop, get

STATE_TOPICS = TOPICS[:-1]
_HEARTBEAT_S, _HASH_EVERY, _RING_S, _RING_CHANGES = 10.0, 2, 20.0, 60
Connected = SocketTraveller | StreamTraveller


# How often each step is taken on a long walk.
STEPS = {
    "publish": 9.0,
    "correct": 3.0,
    "hold": 1.5,
    "flood": 0.03,
    "tail": 9.0,
    "deliver": 38.0,
    "poll": 5.0,
    "stall": 9.0,
    "drop": 6.0,
    "wait": 10.0,
    "restart": 0.5,
    "back_up": 0.2,
    "restore": 0.25,
    "check": 1.5,
}


class _Answers(AnswerCache):
    """Builds on the loop: what happens in which order is the seed's choice, not that of threads."""

    async def get(self, key: Hashable, build: Callable[[], Representation]) -> Representation:
        """The answer of that key."""
        known = self._made.get(key)
        if known is None:
            known = self._made[key] = build()
        return known


class World:
    """Every method is one step; `check` brings all clients to rest and compares client, server and fold of the log."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._seed = random.Random(seed)
        self._loop = StandingLoop()
        self._compared = 0
        self._source = Source(folder, self._seed)
        self._store = self._source.store
        self._options = ServeOptions(
            poll_s=1e9,
            heartbeat_s=_HEARTBEAT_S,
            hash_every=_HASH_EVERY,
            ring_s=_RING_S,
            ring_changes=_RING_CHANGES,
            inline_bytes=self._seed.choice((2048, 1 << 20)),
        )
        self._app = create_app(self._store, ELECTIONS, options=self._options)
        self._serve()
        self.socket = SocketTraveller(self._seed, self._ask)
        self.stream = StreamTraveller(self._seed, self._ask)
        self.poller = PollTraveller(self._seed, self._ask)

    @property
    def travellers(self) -> tuple[Traveller, ...]:
        return self.socket, self.stream, self.poller

    async def _ask(self, address: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return await get(self._front, address, headers)

    def _run(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)

    # --- the server ---

    def _serve(self) -> None:
        self._counts = Counts(self._store, ELECTIONS, self._options)
        self._counts._thread = cast(ThreadPoolExecutor, AtOnce())
        self._hub = Hub(self._options)
        services = self._app.state.services = msgspec.structs.replace(
            self._app.state.services,
            counts=self._counts,
            hub=self._hub,
            past=Past(self._store, Workers(1)),
            answers=_Answers(),
            ready_answers=ReadyAnswers(is_https=False),
        )
        self._front = ReadyAnswersFront(self._app, services.ready_answers)

        async def start() -> None:
            self._counts.start()
            while not self._counts.is_ready:
                await asyncio.sleep(0)

        self._run(start())
        self._audience = Audience(FollowedCount(self.live))

    @property
    def live(self) -> LiveCount:
        """The count as it is served."""
        return self._counts.live(ELECTION.id)

    def restart(self) -> None:
        """The server starts anew from its database; sometimes it says goodbye to streams first."""
        if self._seed.random() < 0.5:
            self._hub.stopping.set()
            self._loop.settle()
        else:
            self.stream.drop()
        self.socket.drop()
        self._loop.settle()
        self._run(self._audience.stop())
        self._run(self._counts.stop())
        self._serve()

    def tail(self) -> None:
        """The server reads what the log has gained, or finds another history there."""
        newest = self._source.version

        async def follow() -> None:
            news = asyncio.Event()
            self.live.listeners.add(news)
            self._counts.wake()
            await news.wait()
            self.live.listeners.discard(news)

        while (self.live.epoch, self.live.seq) != newest:
            self._run(follow())
        self._loop.settle()

    # --- the poller ---

    def publish(self) -> None:
        """Some mesas are counted, or counted again."""
        self._source.publish()

    def correct(self) -> None:
        """What was counted goes down."""
        self._source.correct()

    def hold(self) -> None:
        """The source says what cannot be."""
        self._source.hold()

    def flood(self) -> None:
        """So much happens that the ring lets go of all it may, and one answer of `/changes` does not hold it."""
        self._source.publish_much()
        self.tail()
        self._loop.pass_time(_RING_S + 1)
        self._source.correct()
        self.tail()

    def back_up(self) -> None:
        """Copy the database while it is in use."""
        self._source.back_up()

    def restore(self) -> None:
        """Put a copy back, as another history; the server may look before that was given its new name."""
        self._source.put_back()
        if self._seed.random() < 0.5:
            self.tail()
        self._source.rename()

    # --- the clients ---

    def deliver(self, fault: str | None) -> None:
        """Who follows reads what has come, and whoever was let go comes back."""

        async def read() -> None:
            await self.socket.read(fault)
            await self.stream.read(fault)
            if self.socket.is_gone:
                self.socket.connect(self._audience)
            if self.stream.is_gone:
                self.stream.connect(self._front)

        self._run(read())
        self._loop.settle()

    def _arrive(self) -> None:
        self.deliver(None)
        for traveller in self.travellers:
            self._run(traveller.heal())

    def poll(self, fault: str | None) -> None:
        """Who has no connection asks."""
        self._run(self.poller.poll(fault))

    def stall(self, traveller: Connected | None = None) -> None:
        """One of the connections is no longer read, or is read again."""
        (traveller or self._seed.choice((self.socket, self.stream))).stall()
        self._loop.settle()

    def drop(self, traveller: Connected | None = None) -> None:
        """A connection breaks with all that was under way."""
        (traveller or self._seed.choice((self.socket, self.stream))).drop()
        self._loop.settle()

    def wait(self, seconds: float | None = None) -> None:
        """Some seconds pass: heartbeats, old changes, the patience of the server."""
        self._loop.pass_time(seconds or self._seed.choice((1, 3, 7, 12)))

    def check(self) -> None:
        """Nothing is under way: every client has what the server has, and what the log adds up to."""
        self.tail()
        for traveller in (self.socket, self.stream):
            traveller.resume()
        self._loop.settle()
        for _ in range(_HASH_EVERY + 1):  # what was lost last shows at a heartbeat
            self._arrive()
            self._loop.pass_time(_HEARTBEAT_S)
        self._arrive()
        self.poll(None)
        assert self._counts.is_ready
        assert self._audience.is_telling
        self._compare()
        self._compared += 1

    def _compare(self) -> None:
        known = len(self._source.history.corrections)
        self._source.history.read(self._store)
        served = self.live.snapshot(STATE_TOPICS)
        keys = msgspec.json.decode(served.state)
        assert snapshot(self._source.history.state, keys) == served.state
        for traveller in self.travellers:
            replica = traveller.replica
            assert (replica.epoch, replica.hash) == (served.epoch, served.hash)
            assert digest(served.state) == served.hash
            news = self._source.history.corrections[known:]
            unheard = [one for one in news if one[0] > traveller.began and one[1] not in traveller.heard]
            assert not unheard, (type(traveller).__name__, unheard, traveller.began)
            assert traveller.heard <= self._source.history.every
            traveller.heard.clear()

    def counted(self) -> Counter[str]:
        """What happened on the way: comparisons, questions of clients, goodbyes."""
        found = Counter({"compared": self._compared, "bye": self.socket.byes})
        for traveller in (self.socket, self.stream):
            found += traveller.asked
        return found

    def close(self) -> None:
        """End everything; the log folded in one piece is the same as piece by piece."""
        whole = History()
        whole.read(self._store)
        assert whole.state == self._source.history.state or whole.seq > self._source.history.seq
        self.socket.drop()
        self.stream.drop()
        self._loop.settle()
        self._run(self._audience.stop())
        self._run(self._counts.stop())
        self._run(self._loop.shutdown_default_executor())
        self._loop.close()
        self._store.close()
