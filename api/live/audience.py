"""All sockets that follow one thing: what happened is written to them in slices, so that the loop serves others too."""

import asyncio
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime

from api.http.workers import pushing
from api.live.following import Followed, OwedFrames, Position, Wish
from api.live.frames import Frame
from api.live.ranks import SLICE, FollowerRank, RankMember
from api.live.sockets import HubProtocol
from api.live.tasks import end_tasks
from tally import moments

# Takes a socket over; the last is called when it is gone.
Ticketed = Callable[[HubProtocol, Wish, Callable[[], None]], None]


class Audience:
    """The followers of a count, or of the table of contests; its task runs while there are any.

    `ticketed` takes over whoever comes with a ticket. `now` is the wall clock.
    """

    def __init__(
        self, followed: Followed, ticketed: Ticketed | None = None, now: Callable[[], datetime] = moments.utc_now
    ) -> None:
        self.followed, self.ticketed = followed, ticketed
        self._now = now
        self._members: dict[RankMember, None] = {}
        self._ranks: dict[Hashable, FollowerRank] = {}
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def join(self, member: RankMember) -> None:
        """Tell this one too."""
        self._members[member] = None
        if self._task is None:
            self.followed.listeners.add(self._news)
            self._task = asyncio.get_running_loop().create_task(self._run())

    def leave(self, member: RankMember) -> None:
        """Tell this one no more."""
        self._members.pop(member, None)
        self.take_out(member)

    def enter(self, member: RankMember, position: Position) -> None:
        """Write to this one, who stands there and reads."""
        rank = FollowerRank(position, is_packed=member.wire.is_packed)
        self._ranks.setdefault(rank.place, rank).add(member)

    def take_out(self, member: RankMember) -> Position | None:
        """Write nothing to this one until it enters again. Returns: where it stands, if it was written to."""
        rank = member.rank
        if rank is None:
            return None
        position = rank.position_of(member)
        rank.remove(member)
        return position

    async def stop(self) -> None:
        """Tell nobody any more."""
        task, self._task = self._task, None
        self.followed.listeners.discard(self._news)
        await end_tasks(task)

    @property
    def is_telling(self) -> bool:
        """Whether somebody joined and is told."""
        return self._task is not None and not self._task.done()

    def step(self, position: Position) -> OwedFrames:
        """What is owed at a position."""
        return self.followed.advance(position)

    async def _run(self) -> None:
        clock, options = asyncio.get_running_loop().time, self.followed.options
        due, beats, standing = clock() + options.heartbeat_s, 0, self.followed.standing
        while self._members:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), max(0.0, due - clock()))
            self._news.clear()
            is_beat = clock() >= due or self.followed.standing != standing
            await self.followed.refresh(is_beat=is_beat)
            if not is_beat:
                await self._tell(self.step)
            else:
                beats, standing = beats + 1, self.followed.standing
                due = clock() + options.heartbeat_s
                await self._tell(_Beat(self, self._now(), with_hash=beats % options.hash_every == 0))
        # No step aside from here on: who joins now begins another task.
        self._task = None
        self.followed.listeners.discard(self._news)

    async def _tell(self, make: Callable[[Position], OwedFrames]) -> None:
        """Bring everybody that reads to the present. A step is made once for all who stand at one place."""
        written = 0
        with pushing:
            for rank in tuple(self._ranks.values()):
                step = make(rank.position)
                for number in rank.tell(step):
                    self.followed.delivered(number * len(step.frames))
                    written += number
                    if written >= SLICE:
                        written = 0
                        await asyncio.sleep(0)
                written += 1  # a rank that is owed nothing costs something too
        self._meet()

    def _meet(self) -> None:
        """Make one of the ranks that have come to the same place, and forget those that are empty."""
        ranks, self._ranks = self._ranks, {}
        for rank in sorted(filter(len, ranks.values()), key=len, reverse=True):
            met = self._ranks.setdefault(rank.place, rank)
            if met is not rank:
                met.absorb(rank)

    def members(self) -> tuple[RankMember, ...]:
        """Who follows."""
        return tuple(self._members)


class _Beat:
    """Makes steps that end with a heartbeat. The hash is of the newest state: whatever leads there goes first."""

    def __init__(self, audience: Audience, now: datetime, *, with_hash: bool) -> None:
        self._audience, self._at, self._with_hash = audience, now, with_hash
        self._frames: dict[tuple[object, ...], Frame] = {}

    def __call__(self, position: Position) -> OwedFrames:
        step = self._audience.step(position)
        at = step.position
        key = (at.topics, at.epoch, at.seen, at.told)
        beat = self._frames.get(key)
        if beat is None:
            beat = self._frames[key] = self._audience.followed.beat(at, self._at, with_hash=self._with_hash)
        return OwedFrames((*step.frames, beat), at)
