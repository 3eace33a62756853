"""The table of contests as it is followed: whole at first, then the rows that changed, each once and as it is now."""

import asyncio
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Literal

import msgspec
from cachetools import LRUCache
from msgspec import Struct

from api.live.contests import BEFORE_ALL, ContestTable, LiveContests
from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.following import OwedFrames, Position, Wish
from api.live.frames import Frame
from api.live.subscription import VERSION, FeedTimes, feed_times
from api.options import ServeOptions
from api.tables.contest_rows import ContestRow
from tally import moments
from tally.catalogue import Catalogue
from tally.election import Election
from tally.errors import InvalidInput, NotFound
from tally.outcome.standing import ContestState

# A larger table is read over HTTP, where it is compressed once for all.
_INLINE_BYTES = 128 * 1024
_KEPT_FRAMES = 64
# As many ids as a message may hold.
_MOST_CONTESTS = 64
# Rows that change within that time are told together.
_REST_S = 0.2


class FollowContests(Wish, rename={"from_version": "from"}):
    """The client's message `sub`: of which contests (None: of all), and the table it has, if it has one."""

    contests: list[str] | None = None
    epoch: str | None = None
    from_version: int | None = None


class _SomeMessage(Struct):
    t: str


class _TableHello(Struct, tag_field="t", tag="hello"):
    v: int
    epoch: str
    version: int
    hb: float
    is_test: bool


class _WholeTable(Struct, tag_field="t", tag="snapshot"):
    why: str
    table: ContestTable


class _TableElsewhere(Struct, tag_field="t", tag="fetch"):
    why: str
    version: int
    url: str


class _ChangedRows(Struct, tag_field="t", tag="rows"):
    version: int
    prev: int
    as_of: str | None
    counts: dict[ContestState, int]
    rows: list[ContestRow]


class _TableHeartbeat(Struct, tag_field="t", tag="hb"):
    version: int
    now: str
    feed: FeedTimes


class FollowedContests:
    """The table of one election as audiences follow it; see `Followed`. Of a position's topics none means all."""

    def __init__(self, contests: LiveContests, options: ServeOptions) -> None:
        self.contests, self.options = contests, options
        self._frames: LRUCache[Hashable, Frame] = LRUCache(_KEPT_FRAMES)

    @property
    def listeners(self) -> set[asyncio.Event]:
        """Whoever waits for news of any count."""
        return self.contests.counts.listeners

    @property
    def _first(self) -> LiveCount:
        return self.contests.counts.live(self.contests.election.id)

    @property
    def standing(self) -> object:
        """How the source of the election's first contest is read: one poller reads those of all."""
        return self._first.standing

    def delivered(self, number: int) -> None:
        """So many messages were handed on; they count as the election's first contest's."""
        self._first.deliveries += number

    async def refresh(self, *, is_beat: bool) -> None:
        """Make the rows that are due, after a while in which more of them may come."""
        if not is_beat:
            await asyncio.sleep(_REST_S)
        await self.contests.look()

    def read(self, data: bytes) -> FollowContests | None:
        """A client's message.

        Raises: InvalidInput: not a message. NotFound: there is no such contest.
        """
        try:
            if msgspec.json.decode(data, type=_SomeMessage).t != "sub":
                return None
            wish = msgspec.json.decode(data, type=FollowContests)
        except msgspec.MsgspecError as error:
            raise InvalidInput(f"not a message of this protocol: {error}") from error
        return self.check(wish)

    def check(self, wish: FollowContests) -> FollowContests:
        """The wish, its contests sorted and once each.

        Raises: InvalidInput: too many. NotFound: there is no such contest.
        """
        if wish.contests is None:
            return msgspec.structs.replace(wish, ticket=None)
        chosen = sorted(set(wish.contests))
        if not 0 < len(chosen) <= _MOST_CONTESTS:
            raise InvalidInput(f"a subscription has all contests, or 1 to {_MOST_CONTESTS} of them, not {len(chosen)}")
        election = self.contests.election
        unknown = set(chosen).difference(contest.id for contest in election.contests)
        if unknown:
            raise NotFound(f"election {election.id} has no contest {min(unknown)[:40]!r}")
        return FollowContests(chosen, wish.epoch, wish.from_version)

    def begin(self, request: FollowContests) -> OwedFrames:
        """Hello, then the whole table, or what is newer than the one the client has."""
        table, topics = self.contests, tuple(request.contests or ())
        is_own = request.epoch == table.epoch and request.from_version is not None
        if is_own and 0 <= (request.from_version or 0) <= table.version:
            step = self.advance(Position(topics, table.epoch, request.from_version or 0, request.from_version or 0))
            return OwedFrames((self._hello(), *step.frames), step.position)
        why: Literal["start", "epoch"] = "start" if request.epoch in (None, table.epoch) else "epoch"
        key = ("snapshot", why, topics, table.version)
        frame = self._frame(key, lambda: self._write_snapshot(topics, why))
        return OwedFrames((self._hello(), frame), Position(topics, table.epoch, table.version, table.version))

    def advance(self, position: Position) -> OwedFrames:
        """The rows that changed since that position, each once."""
        topics, version = position.topics, self.contests.version
        if position.seen == version:
            return OwedFrames((), position)
        found = self.contests.since(position.seen, topics or None)
        reached = msgspec.structs.replace(position, seen=version)
        if not found.rows:
            return OwedFrames((), reached)
        key = ("rows", topics, position.seen, position.told, version)
        told = _ChangedRows(version, position.told, found.as_of, found.counts, found.rows)
        frame = self._frame(key, lambda: Frame(msgspec.json.encode(told)))
        return OwedFrames((frame,), msgspec.structs.replace(reached, told=version))

    def beat(self, position: Position, now: datetime, *, with_hash: bool) -> Frame:
        """The sign of life."""
        at = moments.write(now.replace(microsecond=0))
        beat = _TableHeartbeat(position.told, at, feed_times(self._first, now))
        return Frame(msgspec.json.encode(beat))

    def _hello(self) -> Frame:
        table = self.contests
        hello = _TableHello(VERSION, table.epoch, table.version, self.options.heartbeat_s, table.is_test)
        return Frame(msgspec.json.encode(hello))

    def _write_snapshot(self, topics: tuple[str, ...], why: str) -> Frame:
        data = msgspec.json.encode(_WholeTable(why, self.contests.since(BEFORE_ALL, topics or None)))
        if len(data) <= _INLINE_BYTES:
            return Frame(data)
        fetch = _TableElsewhere(why, self.contests.version, self.contests.path)
        return Frame(msgspec.json.encode(fetch))

    def _frame(self, key: Hashable, build: Callable[[], Frame]) -> Frame:
        """The frame of that key, built if it is not remembered."""
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = build()
        return frame


class ElectionContests:
    """The tables of all elections, each made when somebody first asks for it."""

    def __init__(self, counts: Counts, catalogue_of: Callable[[Election], Catalogue], options: ServeOptions) -> None:
        self._counts, self._catalogue_of, self._options = counts, catalogue_of, options
        self._known: dict[str, FollowedContests] = {}

    async def of(self, election_id: str) -> FollowedContests:
        """The table of an election, with all that its counts say by now.

        Raises: UnknownElection, NotFound, StoreUnavailable: as where its first count is asked for.
        """
        found = self._known.get(election_id)
        if found is None:
            election = self._counts.live(election_id).election
            table = LiveContests(election, self._counts, self._catalogue_of(election), self._options.heartbeat_s)
            found = self._known[election_id] = FollowedContests(table, self._options)
        await found.contests.look()
        return found
