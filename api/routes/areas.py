"""One area, polling place or mesa with everything known of it."""

from contextlib import suppress
from functools import partial
from typing import Any

from anyio import to_thread
from msgspec import UNSET, Struct
from starlette.requests import Request

from api.http.answers import Reply, Representation, Router, mark_of, respond
from api.http.components import Beside, raw
from api.http.errors import AtCapacity
from api.http.visitors import visitor_address
from api.live.count import LiveCount
from api.live.feed import times_of
from api.routes.asked import AtQuery
from api.serving.access import Live, Services, Serving
from api.story.past import Version
from api.tables.rows import NamedKey, join, parents_of, select_keys
from geo.places import PlacePosition
from tally import moments
from tally.changes import Entry, Kind
from tally.errors import NotFound, StoreUnavailable
from tally.keys import CHILD_LEVEL, UBIGEO_LEVELS, Level, code_of, is_area, level_of, mesa_key, place_key
from tally.model import Acta, AreaState, PlaceState
from tally.storage.readings import UnitTimes
from tally.view import View

router = Router(tags=["areas"], responses={404: {}})


class _Keyed(Struct, frozen=True, kw_only=True):
    """A key, all that it lies in (the nation first), and its last change, also one of our own sum.

    as_of: our clock, when the version asked about was published.
    answer: of what the source says of it; null at a moment of the past, of which that is not kept.
    """

    key: str
    parents: list[NamedKey]
    changed_at: str
    changed_seq: int
    as_of: str
    is_test: bool
    answer: UnitTimes | None


class AreaDetail(_Keyed, frozen=True, kw_only=True):
    """An area; `children_level`: what may be asked for below it.

    source_at: the source's clock, of its figures of the whole; of the area's own it stands in `published`.
    """

    source_at: str | None
    level: Level
    children_level: Level | None
    own: Beside[AreaState] = UNSET


class MesaLine(Struct, frozen=True):
    """A mesa of a polling place."""

    key: str
    mesa: str
    changed_at: str
    own: Beside[Acta] = UNSET


class PlaceDetail(_Keyed, frozen=True, kw_only=True):
    """A polling place. source_at: the source's clock, of its figures of the whole; of places it has none."""

    source_at: str | None
    position: PlacePosition | None
    mesas: list[MesaLine]
    own: Beside[PlaceState] = UNSET


class PastActa(Struct, frozen=True):
    """What an acta said from version `seq` on."""

    seq: int
    at: str
    kind: Kind
    d: Acta
    src: str | None


class MesaDetail(_Keyed, frozen=True, kw_only=True):
    """A mesa with all its values, oldest first. The source's clock stands in its value: `source_at` of the acta."""

    mesa: str
    history: list[PastActa]
    own: Beside[Acta] = UNSET


@router.get("/areas/{key:path}")
async def read_area(request: Request, live: Live, services: Serving, key: str, at: AtQuery = None) -> Reply[AreaDetail]:
    """One area, from the nation to a district."""
    if not is_area(key):
        raise NotFound(f"there is no area {key[:40]!r} in this count")
    then = await _at(live, services, key, at)
    source_at, below = then.version.source_at, _children(live, key)
    head = AreaDetail(source_at=source_at, level=level_of(key), children_level=below, **_keyed(live, then))
    return then.answer(request, head)


@router.get("/places/{code}")
async def read_place(
    request: Request, live: Live, services: Serving, code: str, at: AtQuery = None
) -> Reply[PlaceDetail]:
    """One polling place with its mesas and where it is drawn."""
    key = place_key(code)
    then = await _at(live, services, key, at)
    positions = await to_thread.run_sync(services.positions.of, live.view, [key])
    mesas = sorted(mesa for mesa in live.view.keys([key]) if mesa != key and mesa in then.view.entries)
    found = ((mesa, then.view.entries[mesa]) for mesa in mesas)
    lines = [raw(join(MesaLine(mesa, code_of(mesa), entry.at), entry.change.data)) for mesa, entry in found]
    head = PlaceDetail(source_at=then.version.source_at, position=positions.get(key), mesas=lines, **_keyed(live, then))
    return then.answer(request, head)


@router.get("/mesas/{mesa}")
async def read_mesa(
    request: Request, live: Live, services: Serving, mesa: str, at: AtQuery = None
) -> Reply[MesaDetail]:
    """One mesa with every value it ever had, up to the moment asked about."""
    key = mesa_key(mesa)
    then = await _at(live, services, key, at)
    read = partial(services.store.history, live.info.id, key)
    history = await services.answers.readers.run(read, visitor_address())
    past = [
        PastActa(value.seq, value.at, value.change.kind, raw(value.change.data), value.change.src)
        for value in history
        if value.seq <= then.version.seq
    ]
    head = MesaDetail(mesa=mesa, history=past, **_keyed(live, then))
    return then.answer(request, head)


class _Then(Struct, frozen=True):
    """One key, and what belongs to it, at the version that was asked for."""

    epoch: str
    version: Version
    view: View
    entry: Entry
    times: UnitTimes | None

    def answer(self, request: Request, head: Struct) -> Reply[Any]:
        """The answer, fresh for as long as it can stay true."""
        body = join(head, self.entry.change.data)
        etag = mark_of(f"{self.epoch}-{self.version.seq}", body)
        return respond(request, Representation(body, None, etag), self.version.cache)


async def _at(live: LiveCount, services: Services, key: str, at: str | None) -> _Then:
    """A key at a moment, None for now.

    Raises: NotFound: it was not known then.
    """
    version = await services.past.version(live, at)
    keys = [key, *live.view.keys([key])] if level_of(key) is Level.POLLING_PLACE else [key]
    view = await services.past.view_of(live, version, keys)
    entry = view.entries.get(key)
    if entry is None:
        raise NotFound(f"there is no {key[:60]!r} in this count{'' if at is None else ' at that moment'}")
    times = None if version.is_past else await _times(live, services, key)
    return _Then(live.epoch, version, view, entry, times)


async def _times(live: LiveCount, services: Services, key: str) -> UnitTimes | None:
    """When it was last read; a server knows that of areas, and of others asks the store, if that answers."""
    if not is_area(key):
        with suppress(StoreUnavailable, AtCapacity):
            read = partial(services.store.readings.of, live.info.id, [key])
            found = await services.answers.readers.run(read, visitor_address())
            live.readings.put(found)
    return times_of(live, key, moments.utc_now())


def _keyed(live: LiveCount, then: _Then) -> dict[str, Any]:
    key, entry = then.entry.change.key, then.entry
    parents = [NamedKey(parent, live.names.names.get(parent)) for parent in parents_of(live.view, key)]
    times = {"changed_at": entry.at, "changed_seq": entry.seq, "as_of": then.version.at, "answer": then.times}
    return {"key": key, "parents": parents, "is_test": live.info.is_test, **times}


def _children(live: LiveCount, key: str) -> Level | None:
    """The level below an area, as far as the count goes down; a district may list places, mesas or nothing yet."""
    next_one = CHILD_LEVEL[level_of(key)]
    below = (next_one,) if next_one in UBIGEO_LEVELS else (next_one, CHILD_LEVEL[next_one])
    return next((level for level in below if select_keys(live.view, level, key)), None)
