"""The time machine: a count as it stood at an earlier version or moment."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from cachetools import LRUCache
from msgspec import Struct

from api.http.answers import CURRENT, PAST
from api.http.making import Makings
from api.http.visitors import visitor_address
from api.http.workers import Workers, check_wanted
from api.live.count import LiveCount
from api.story.lead_changes import AreaTurn, LeadChanges
from api.story.lead_following import FollowedLeads
from api.story.queues import Queues
from api.story.trails import LogExtent, Trails
from tally import moments
from tally.changes import Entry
from tally.errors import InvalidInput, NotFound
from tally.keys import NATION, Level
from tally.storage.store import CountInfo, Store
from tally.view import View

# Keys of all kept views together: a view of all districts and provinces has 2,100.
_KEPT_KEYS = 10_000
_KEPT_VERSIONS = 4096
_AT_ONCE = 100
# A count may be stored that much later than the moment it says, and another one's already stand in the table.
_LATE = timedelta(minutes=1)
# How far the clock of whoever asks may be ahead of ours.
_CLOCKS_APART = timedelta(minutes=1)


class Version(Struct, frozen=True):
    """A version somebody asks for; `seq` 0 is the time before the first number. `cache` says how long it stays true.

    at: when we published it. source_at: the stamp of the source's own figures of the whole in it, if they have one.
    """

    seq: int
    at: str
    cache: str
    is_past: bool
    source_at: str | None


def is_to_come(live: LiveCount, moment: datetime) -> bool:
    """Whether nobody can know yet how the count stands at that moment."""
    return is_later_than_now(moment, live.view.as_of)


def is_later_than_now(moment: datetime, as_of: str | None) -> bool:
    """Whether a moment lies after our own time and after the newest version."""
    newest = [] if as_of is None else [moments.read(as_of)]
    return moment > max(moments.utc_now(), *newest) + _CLOCKS_APART


def read_common_moment(at: str, as_of: str | None) -> tuple[str, bool]:
    """A moment of several counts, whose newest version is of `as_of`, and whether nothing of it can change any more.

    Raises: InvalidInput: not a moment, or one still to come.
    """
    asked = read_moment(at)
    if is_later_than_now(asked, as_of):
        raise InvalidInput(f"at={moments.write(asked)} is still to come")
    return moments.write(asked), as_of is not None and asked + _LATE < moments.read(as_of)


def now(live: LiveCount) -> Version:
    """The present version."""
    return Version(live.seq, live.view.as_of, CURRENT, False, source_time(live.view.entries.get(NATION)))


class _Stamped(Struct):
    source_at: str | None = None


class _Whole(Struct):
    """Of a whole's value the source's figures alone, and of them their stamp."""

    published: _Stamped | None = None


_whole = msgspec.json.Decoder(_Whole)


def source_time(whole: Entry | None) -> str | None:
    """When the source says that its figures of a contest's whole are of."""
    published = None if whole is None else _whole.decode(whole.change.data).published
    return None if published is None else published.source_at


# Its number, when it was published, and the source's stamp.
_Found = tuple[int, str, str | None]


class Past:
    """Earlier states, the newest asked for kept. A state that is the present one is the live view itself."""

    def __init__(self, store: Store, workers: Workers) -> None:
        self._store, self._workers = store, workers
        self.trails, self.queues, self._lead_changes = Trails(store), Queues(store), LeadChanges(store)
        self._leads = dict[tuple[int, Level], FollowedLeads]()
        self._views = Makings[View](workers, _KEPT_KEYS, lambda view: len(view.entries) + 1)
        # Which version stood at a moment is asked by everybody who asks for a moment, and is found at once.
        self._finders = Workers(1, 200)
        self._versions: LRUCache[Hashable, _Found | None] = LRUCache(_KEPT_VERSIONS)

    async def version(self, live: LiveCount, at: str | None) -> Version:
        """The version that stood at a moment, ISO 8601; None is now.

        Raises: InvalidInput: not a moment, or one still to come. StoreUnavailable. AtCapacity.
        """
        if at is None:
            return now(live)
        asked = read_moment(at)
        moment = moments.write(asked)
        if is_to_come(live, asked):
            raise InvalidInput(f"at={moment} is still to come")
        # What is older than the newest version can never change; what is not may be overtaken.
        is_settled = moment < live.view.as_of
        found = await self._version(live, moment, is_settled=is_settled)
        seq, stamp, source_at = found or (0, live.info.created_at, None)
        return Version(seq, stamp, PAST if is_settled else CURRENT, True, source_at)

    async def view_of(self, live: LiveCount, version: Version, keys: Sequence[str]) -> View:
        """Those keys as they stood at a version; the live view if that is now. Mesas stand where they lie today.

        Raises: StoreUnavailable. AtCapacity. Departed.
        """
        if version.seq == live.seq:
            return live.view
        if version.seq == 0:
            return View(live.info)
        wanted = tuple(sorted(set(keys)))
        kept = (live.info.id, live.epoch, version.seq, wanted)
        return await self._views.get(kept, partial(self._read, live.info, version, wanted))

    async def at_version(self, live: LiveCount, seq: int) -> Version:
        """That version.

        Raises: NotFound: there is no such version. StoreUnavailable. AtCapacity.
        """
        found = None
        if 0 < seq <= live.seq:
            find = partial(self._find, live.info.id, seq=seq)
            found = await self._finders.run(find, visitor_address())
        if found is None or found[0] != seq:
            raise NotFound(f"there is no version {seq} of this count; the newest is {live.seq}")
        return Version(*found[:2], CURRENT, True, found[2])

    def clocks(self, info: CountInfo, seq: int) -> tuple[str, str | None]:
        """When a version was published, and the source's stamp of its figures of the whole in it; for a worker.

        Raises: StoreUnavailable.
        """
        found = self._find(info.id, seq=seq)
        return (info.created_at, None) if found is None else found[1:]

    async def lead_turns(self, history: LogExtent, level: Level, until: int) -> list[AreaTurn]:
        """See `LeadChanges.of`; the first reading of a long log takes seconds.

        Raises: StoreUnavailable. AtCapacity.
        """
        return await self._workers.run(partial(self._lead_changes.of, history, level, until), visitor_address())

    async def followed_leads(self, live: LiveCount, level: Level) -> FollowedLeads:
        """The lead changes of a level for those who follow them, read up to now.

        Raises: StoreUnavailable. AtCapacity.
        """
        found = self._leads.get((live.info.id, level))
        if found is None or found.live is not live:
            found = self._leads[live.info.id, level] = FollowedLeads(live, level, self.lead_turns)
        await found.look()
        return found

    def pieces(self, info: CountInfo, seq: int, keys: Sequence[str]) -> Iterator[list[Entry]]:
        """The values of those keys at a version, piece by piece, for as long as somebody waits for them."""
        for start in range(0, len(keys), _AT_ONCE):
            check_wanted()
            yield self._store.latest_of(info.id, keys[start : start + _AT_ONCE], seq)

    def _read(self, info: CountInfo, version: Version, keys: Sequence[str]) -> View:
        entries = (entry for piece in self.pieces(info, version.seq, keys) for entry in piece)
        return View.of_entries(info, (version.seq, version.at), entries)

    def _find(self, count_id: int, **wanted: Any) -> _Found | None:
        found = self._store.version(count_id, **wanted)
        if found is None:
            return None
        whole = self._store.latest_of(count_id, [NATION], found[0])
        return *found, source_time(whole[0] if whole else None)

    async def _version(self, live: LiveCount, moment: str, *, is_settled: bool) -> _Found | None:
        kept = (live.info.id, live.epoch, moment)
        if is_settled and kept in self._versions:
            return self._versions[kept]
        found = await self._finders.run(partial(self._find, live.info.id, at=moment), visitor_address())
        if is_settled:
            self._versions[kept] = found
        return found


def read_moment(at: str) -> datetime:
    """A moment: to the second it is the end of that second, with milliseconds, as `as_of` has them, just then.

    Raises: InvalidInput: not a moment.
    """
    try:
        return moments.read_asked(at)
    except ValueError as error:
        raise InvalidInput(f"at={at[:40]!r} is not a moment like 2026-06-13T19:05:18Z") from error
