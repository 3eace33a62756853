"""The frames that a mission gave, as its team reads them, each beside the mesas that the count names by now."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Annotated

from anyio import to_thread
from cachetools import LRUCache
from fastapi import Depends
from msgspec import Struct
from starlette.requests import HTTPConnection

from api.live.count import LiveCount
from api.live.outlook import area_state
from api.mission.places import is_whole
from mission.quickcount.frame import stratum_of
from mission.quickcount.frames.beside import FrameDifferences, set_beside
from mission.quickcount.frames.given import FrameNote, FrameOrigin, GivenFrame
from mission.quickcount.frames.listing import ListedMesa, Listing, make_listing
from mission.quickcount.frames.reading import ReadListing, load_format
from mission.quickcount.limits import LIMITS
from mission.spreadsheet import Fault
from tally.keys import NATION, Level, area_key, code_of, is_key, start_of
from tally.view import View

_PAUSE_S, _SETTLED_S = LIMITS.beside.pause_s, LIMITS.beside.settled_s
_KEPT = 4
Name = Callable[[str], str | None]


class FrameStanding(Struct, frozen=True):
    """A given list beside the count's mesas at version `seq`, as of `as_of`: how many are equal, missing from the list,
    unknown to the count, in another district, or at another place of theirs; and the first of each kind that differs.

    named: mesas of the count; is_whole: these are all that its source speaks of, and what is unknown then is no mesa.
    is_same: what is named is what was given.
    """

    as_of: str
    seq: int
    is_whole: bool
    is_same: bool
    given: int
    named: int
    equal: int
    missing: int
    unknown: int
    other_district: int
    other_place: int
    examples: dict[str, tuple[str, ...]]

    @property
    def apart(self) -> int:
        """Of how many mesas the two say something else; what the count has not named yet is none of them."""
        return sum(getattr(self, kind) for kind in self.examples)


class GivenFrameHead(Struct, frozen=True, kw_only=True):
    """A frame that was given: by whom, when, from a file or from `other`, a count ("election/contest")."""

    id: str
    given_at: str
    given_by: str
    origin: FrameOrigin
    other: str
    mesas: int
    digest: str
    beside: FrameStanding | None


class DrawnFrame(Struct, frozen=True, kw_only=True):
    """The given frame that a sample was drawn from, beside the count, and the sample's own mesas likewise."""

    id: str
    given_at: str
    given_by: str
    origin: FrameOrigin
    other: str
    beside: FrameStanding
    sampled: FrameStanding


class FrameArea(Struct, frozen=True):
    """A department, or all that is abroad, and its mesas in the list."""

    key: str
    name: str
    mesas: int


class FramePreview(Struct, frozen=True, kw_only=True):
    """What a file says. `digest` names it, for the request that enters it; is_new: it is not the one that stands.

    `columns`: what was read, by the field, as its head says; `ignored`: heads of columns nobody reads. faulty: lines;
    `faults` are the first of theirs. places, registered: mesas with a place, and with their electors; named: polling
    places with a name.
    strange: districts, by ubigeo, of which the count knows none so called, if it knows any.
    """

    digest: str
    is_new: bool
    encoding: str
    separator: str
    columns: dict[str, str]
    ignored: tuple[str, ...]
    mesas: int
    places: int
    registered: int
    named: int
    faulty: int
    faults: tuple[Fault, ...]
    areas: list[FrameArea]
    strange: tuple[str, ...]
    beside: FrameStanding


class _Compared(Struct, frozen=True):
    epoch: str
    named: tuple[int, bool]
    at: float
    standing: FrameStanding
    differences: FrameDifferences

    def is_good(self, live: LiveCount, named: tuple[int, bool], now: float) -> bool:
        """Whether it is told still: it is of this very version, or has not been for long."""
        if self.epoch != live.epoch:  # another history: what it says is of none
            return False
        return self.standing.seq == live.seq or now - self.at < (_SETTLED_S if self.named == named else _PAUSE_S)


class FrameComparisons:
    """Given frames beside the counts in service, compared once for all who ask and not anew at each change, since every
    version of a count that is being read names more mesas: what is told says as of which. Lives on the loop.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[int, str], _Compared] = LRUCache(_KEPT)
        self._lock = asyncio.Lock()

    async def head(self, live: LiveCount, frame: GivenFrame) -> GivenFrameHead:
        """A frame that was given, beside the count now."""
        compared = await self._compare(live, frame)
        return tell_head(frame, compared.standing)

    async def drawn(self, live: LiveCount, frame: GivenFrame, note: FrameNote, mesas: list[str]) -> DrawnFrame:
        """The frame that those mesas were drawn from, and they, beside the count now."""
        found = await self._compare(live, frame)
        own = found.differences.of(mesas)
        sampled = _told(own, found.standing.as_of, found.standing.seq)
        return DrawnFrame(
            id=note.id,
            given_at=note.at,
            given_by=note.by,
            origin=note.origin,
            other=note.other,
            beside=found.standing,
            sampled=sampled,
        )

    async def _compare(self, live: LiveCount, frame: GivenFrame) -> _Compared:
        key = live.info.id, frame.id
        async with self._lock:  # of several requests one compares
            named, epoch = (len(live.view.entries), is_whole(live.view)), live.epoch
            kept = self._kept.get(key)
            if kept is not None and kept.is_good(live, named, time.monotonic()):
                return kept
            view = live.view.frozen(())

            def compare() -> FrameDifferences:
                return set_beside(frame.read(), list_named(view), is_whole=named[1])

            found = await to_thread.run_sync(compare)
            self._kept[key] = _Compared(epoch, named, time.monotonic(), tell_standing(found, view), found)
            return self._kept[key]


async def find_comparisons(connection: HTTPConnection) -> FrameComparisons:
    """The application's."""
    found: FrameComparisons = connection.app.state.frames
    return found


GivenComparisons = Annotated[FrameComparisons, Depends(find_comparisons)]


def known_mesas(view: View) -> int:
    """How many mesas a count names."""
    nation = area_state(view, NATION)
    return 0 if nation is None else nation.computed.total


def list_named(view: View) -> Listing:
    """The mesas that a count names, as far as its keys tell: without their electors."""
    start = start_of(Level.MESA)
    return make_listing(_listed(key, view.topics(key)) for key in view.entries if key.startswith(start))


def _listed(key: str, topics: tuple[str, ...]) -> ListedMesa:
    places = [topic for topic in topics[1:-1] if is_key(topic, Level.POLLING_PLACE)]
    return ListedMesa(code_of(key), code_of(topics[0]), code_of(places[0]) if places else None)


def tell_head(frame: GivenFrame, beside: FrameStanding | None) -> GivenFrameHead:
    """A frame that was given."""
    return GivenFrameHead(
        id=frame.id,
        given_at=frame.at,
        given_by=frame.by,
        origin=frame.origin,
        other=frame.other,
        mesas=frame.mesas,
        digest=frame.digest,
        beside=beside,
    )


def tell_standing(found: FrameDifferences, view: View) -> FrameStanding:
    """What differs of that view, in numbers, and the first mesas of each kind."""
    return _told(found, view.as_of, view.seq)


def _told(found: FrameDifferences, as_of: str, seq: int) -> FrameStanding:
    most = load_format().limits.most_examples
    kinds = {name: getattr(found, name) for name in ("missing", "unknown", "other_district", "other_place")}
    return FrameStanding(
        as_of=as_of,
        seq=seq,
        is_whole=found.is_whole,
        is_same=found.is_same,
        given=found.given,
        named=found.named,
        equal=found.equal,
        **{name: len(mesas) for name, mesas in kinds.items()},
        # While the count still names mesas, those that it has not named are no news.
        examples={name: mesas[:most] for name, mesas in kinds.items() if found.is_whole or name != "unknown"},
    )


def tell_preview(read: ReadListing, newest: GivenFrame | None, view: View, name: Name) -> FramePreview:
    """What a file says, and what of it the count says otherwise; `view`: a frozen one."""
    listing, limits = read.listing, load_format().limits
    areas = Counter(stratum_of(one.ubigeo) for one in listing.mesas)
    known = {code_of(key) for key in view.entries if key.startswith(start_of(Level.DISTRICT))}
    strange = {one.ubigeo for one in listing.mesas if known and area_key(one.ubigeo) not in view.entries}
    found = set_beside(listing, list_named(view), is_whole=is_whole(view))
    digest = listing.digest
    columns: Mapping[str, str] = read.sheet.heads
    return FramePreview(
        digest=digest,
        is_new=newest is None or newest.lists != digest,
        encoding=read.sheet.encoding,
        separator=read.sheet.separator,
        columns=dict(columns),
        ignored=read.sheet.ignored,
        mesas=len(listing.mesas),
        places=sum(one.place is not None for one in listing.mesas),
        registered=sum(one.registered is not None for one in listing.mesas),
        named=len(listing.names),
        faulty=len({fault.line for fault in read.faults}),
        faults=read.faults[: limits.most_told],
        areas=[FrameArea(area, name(area) or area, number) for area, number in sorted(areas.items())],
        strange=tuple(sorted(strange))[: limits.most_examples],
        beside=tell_standing(found, view),
    )
