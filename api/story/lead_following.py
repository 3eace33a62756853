"""Lead changes as they are followed: the newest at first, then each as it happens. All replicas of a log say the same.

They are the fold of the whole log, read by a worker; who follows is told of a version once that was read up to it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

import msgspec
from cachetools import LRUCache
from msgspec import Struct

from api.http.errors import AtCapacity
from api.live.count import LiveCount
from api.live.following import OwedFrames, Position, Wish
from api.live.frames import Frame
from api.live.subscription import VERSION, FeedTimes, OfCount, feed_times
from api.story.lead_changes import AreaTurn, LeadChange, tell_turn
from api.story.trails import LogExtent, history_of
from tally import moments
from tally.errors import InvalidInput, NotFound, StoreUnavailable
from tally.keys import Level, is_area, is_within

# As many as are told at once; more are read over HTTP, page by page.
_MOST = 100
_KEPT_FRAMES = 64
# Versions that come within that time are told together.
_REST_S = 0.2

ReadTurns = Callable[[LogExtent, Level, int], Awaitable[list[AreaTurn]]]


class FollowLeads(Wish, rename={"from_seq": "from"}):
    """The client's message `sub`: of which area (None: of all), and up to which version it was told."""

    within: str | None = None
    epoch: str | None = None
    from_seq: int | None = None


class _LeadMessage(Struct):
    t: str


class _LeadHello(Struct, tag_field="t", tag="hello"):
    v: int
    epoch: str
    seq: int
    hb: float
    is_test: bool
    level: Level
    lists: list[str]


class _NewestLeads(Struct, tag_field="t", tag="newest"):
    """`earlier`: how many there are before those of `changes`, which are the newest, oldest first."""

    why: str
    seq: int
    earlier: int
    changes: list[LeadChange]


class _NewLeads(Struct, tag_field="t", tag="leads"):
    seq: int
    prev: int
    changes: list[LeadChange]


class _LeadHeartbeat(Struct, tag_field="t", tag="hb"):
    seq: int
    now: str
    feed: FeedTimes


class FollowedLeads(OfCount):
    """The lead changes of a count's areas of one level as audiences follow them.

    A position's topics are the area that is followed, none for all.
    """

    def __init__(self, live: LiveCount, level: Level, read: ReadTurns) -> None:
        self.live, self.level, self._read = live, level, read
        self.epoch, self.reached = "", 0
        self._turns: list[AreaTurn] = []
        self._looking = asyncio.Lock()
        self._frames: LRUCache[Hashable, Frame] = LRUCache(_KEPT_FRAMES)

    async def refresh(self, *, is_beat: bool) -> None:
        """Read on, after a while in which more versions may come; while the store is away nothing is new."""
        if not is_beat:
            await asyncio.sleep(_REST_S)
        with suppress(StoreUnavailable, AtCapacity):
            await self.look()

    async def look(self) -> None:
        """Read the log up to the count's newest version.

        Raises: StoreUnavailable, AtCapacity.
        """
        async with self._looking:
            history = history_of(self.live)
            if (self.epoch, self.reached) == (history.epoch, history.newest):
                return
            turns = await self._read(history, self.level, history.newest)
            self.epoch, self.reached, self._turns = history.epoch, history.newest, turns

    def read(self, data: bytes) -> FollowLeads | None:
        """A client's message.

        Raises: InvalidInput: not a message. NotFound: there is no such area.
        """
        try:
            if msgspec.json.decode(data, type=_LeadMessage).t != "sub":
                return None
            wish = msgspec.json.decode(data, type=FollowLeads)
        except msgspec.MsgspecError as error:
            raise InvalidInput(f"not a message of this protocol: {error}") from error
        return self.check(wish)

    def check(self, wish: FollowLeads) -> FollowLeads:
        """The wish, if it can be.

        Raises: NotFound: there is no such area.
        """
        if wish.within is not None and (wish.within not in self.live.view.entries or not is_area(wish.within)):
            raise NotFound(f"there is no area {wish.within[:40]!r} in this count")
        return FollowLeads(wish.within, wish.epoch, wish.from_seq)

    def begin(self, request: FollowLeads) -> OwedFrames:
        """Hello, then the newest lead changes, or what the client was not told yet."""
        topics = () if request.within is None else (request.within,)
        since = request.from_seq
        if request.epoch != self.epoch or since is None:
            return self._newest(topics, "start" if request.epoch in (None, self.epoch) else "epoch")
        if since > self.reached or len(self._since(since, topics)) > _MOST:
            return self._newest(topics, "gap")
        step = self.advance(Position(topics, self.epoch, since, since))
        return OwedFrames((self._hello(), *step.frames), step.position)

    def advance(self, position: Position) -> OwedFrames:
        """What turned since that position."""
        topics, seen = position.topics, position.seen
        if position.epoch != self.epoch or seen > self.reached:
            return self._newest(topics, "epoch")
        if seen == self.reached:
            return OwedFrames((), position)
        found = self._since(seen, topics)
        if len(found) > _MOST:
            return self._newest(topics, "gap")
        reached = msgspec.structs.replace(position, seen=self.reached)
        if not found:
            return OwedFrames((), reached)
        key = ("leads", self.epoch, topics, position.told, seen, self.reached)
        frame = self._frame(key, lambda: _NewLeads(self.reached, position.told, self._told(found)))
        return OwedFrames((frame,), msgspec.structs.replace(reached, told=self.reached))

    def beat(self, position: Position, now: datetime, *, with_hash: bool) -> Frame:
        """The sign of life."""
        at = moments.write(now.replace(microsecond=0))
        return Frame(msgspec.json.encode(_LeadHeartbeat(position.told, at, feed_times(self.live, now))))

    def _newest(self, topics: tuple[str, ...], why: Literal["start", "epoch", "gap"]) -> OwedFrames:
        own = self._since(0, topics)
        key = ("newest", self.epoch, topics, why, self.reached)
        newest = own[-_MOST:]
        told = self._frame(key, lambda: _NewestLeads(why, self.reached, len(own) - len(newest), self._told(newest)))
        return OwedFrames((self._hello(), told), Position(topics, self.epoch, self.reached, self.reached))

    def _since(self, seq: int, topics: tuple[str, ...]) -> list[AreaTurn]:
        return [one for one in self._turns if one.turn.seq > seq and all(is_within(one.key, area) for area in topics)]

    def _told(self, turns: Sequence[AreaTurn]) -> list[LeadChange]:
        names = self.live.names.names
        return [tell_turn(one, names.get(one.key)) for one in turns]

    def _hello(self) -> Frame:
        live, lists = self.live, [entry.id for entry in self.live.contest.lists]
        beat_s, is_test = live.options.heartbeat_s, live.info.is_test
        return Frame(
            msgspec.json.encode(_LeadHello(VERSION, self.epoch, self.reached, beat_s, is_test, self.level, lists))
        )

    def _frame(self, key: Hashable, build: Callable[[], Struct]) -> Frame:
        """The frame of that key, built if it is not remembered."""
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = Frame(msgspec.json.encode(build()))
        return frame
