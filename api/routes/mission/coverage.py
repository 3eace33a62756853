"""Where somebody looked: who is assigned where, and which places and regions were reported from."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from msgspec.structs import asdict
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.case import Case
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewing
from api.tables.rows import select_keys
from mission.coverage import SILENT_AFTER, Coverage, Region, cover
from mission.people.accounts import Account, list_accounts, stamp
from mission.people.roles import Role
from mission.posting import assign_observers
from mission.stations import Posting, posted
from tally import moments
from tally.errors import InvalidInput, NotFound
from tally.keys import UBIGEO_LEVELS, Level, area_key, code_of, is_area, level_of, prefix_of
from tally.view import View

router = Router(tags=["mission"])
# Observers that are assigned, or given codes, with one request; and of how many bytes it may be.
MOST_AT_ONCE, _MOST_BYTES = 5000, 1024 * 1024


class _Posting(Struct, forbid_unknown_fields=True):
    """`observer`: a pseudonym; `key`: of a polling place, district, province or department; null: nowhere."""

    observer: Annotated[str, Meta(max_length=100)]
    key: Annotated[str, Meta(max_length=64)] | None


class _Postings(Struct, forbid_unknown_fields=True):
    postings: Annotated[list[_Posting], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class NamedRegion(Region, frozen=True):
    """A region with its name."""

    name: str | None


class CoverageTable(Struct, frozen=True):
    """How much was visited at `as_of`; a region is silent after so many hours without a report."""

    as_of: str
    silent_after_hours: int
    places_visited: int
    places: int
    observers: int
    regions: list[NamedRegion]


class PostingLine(Struct, frozen=True):
    """Where an observer is assigned, since when."""

    observer: str
    key: str
    name: str | None
    at: str


class PostingTable(Struct, frozen=True):
    """Who is assigned where, by pseudonym, and which observers are nowhere."""

    postings: list[PostingLine]
    unassigned: list[str]


class NamedPlace(Struct, frozen=True):
    """A polling place and its name."""

    key: str
    name: str | None


class OwnPosting(Struct, frozen=True):
    """Where whoever asks is assigned, since when, in which district if it is a place, and the polling places there."""

    key: str
    name: str | None
    district: str | None
    at: str
    places: list[NamedPlace]


class Assigned(Struct, frozen=True):
    """Where whoever asks is assigned; null: nowhere."""

    posting: OwnPosting | None


@router.get("/mission/assignment")
async def read_assignment(request: Request, case: GivenCase, viewer: Viewing) -> Reply[Assigned]:
    """Where whoever asks is assigned: their own, and nobody else's."""
    own = posted((await case.read_log()).postings).get(viewer.pseudonym)
    if own is None or own.key is None:
        return reply(request, Assigned(None))
    names, view = case.live.names.names, case.live.view
    is_place = level_of(own.key) is Level.POLLING_PLACE
    keys = [own.key] if is_place else select_keys(view, Level.POLLING_PLACE, own.key)
    district = names.get(area_key(own.prefix)) if is_place and own.prefix else None
    places = [NamedPlace(key, names.get(key)) for key in keys]
    return reply(request, Assigned(OwnPosting(own.key, names.get(own.key), district, own.at, places)))


@router.get("/mission/coverage")
async def read_coverage(request: Request, case: GivenCase) -> Reply[CoverageTable]:
    """Places that were visited, and every region with its observers and its last report."""
    coverage, names = await find_coverage(case), case.live.names.names
    regions = [NamedRegion(**asdict(region), name=names.get(region.key)) for region in coverage.regions]
    hours, now = int(SILENT_AFTER.total_seconds() // 3600), stamp(moments.utc_now())
    body = CoverageTable(now, hours, coverage.visited, coverage.places, coverage.observers, regions)
    return reply(request, body)


@router.get("/mission/postings")
async def read_postings(request: Request, services: Serving, case: GivenCase) -> Reply[PostingTable]:
    """Who is assigned where, now, and which observers are nowhere."""
    book, accounts = await case.read(), await to_thread.run_sync(list_accounts, services.store.engine)
    return reply(request, _told(book.postings, accounts, case))


@router.post("/mission/postings", status_code=201, openapi_extra=takes(_Postings))
async def assign(request: Request, services: Serving, case: GivenCase, viewer: Viewing) -> Reply[PostingTable]:
    """Assign observers. How many are assigned where decides what the public may be told about it."""
    form = await read_json(request, _Postings, _MOST_BYTES)
    accounts = await to_thread.run_sync(list_accounts, services.store.engine)
    known = {account.pseudonym for account in accounts if account.revoked_at is None}
    orders = []
    for one in form.postings:
        if one.observer not in known:
            raise NotFound(f"nobody of the mission is called {one.observer[:40]!r}")
        orders.append((one.observer, one.key, None if one.key is None else _prefix(one.key, case.live.view)))
    book = await to_thread.run_sync(assign_observers, case.casebook, viewer.member, orders, moments.utc_now())
    return reply(request, _told(book.postings, accounts, case), status=201)


async def find_coverage(case: Case) -> Coverage:
    """The coverage of the observed count now."""
    places = _count_places(case.live.view)
    book = await case.read()
    return cover(places, book.standing, book.postings, moments.utc_now())


def _told(postings: Iterable[Posting], accounts: Iterable[Account], case: Case) -> PostingTable:
    now, names = posted(postings), case.live.names.names
    observers = {one.pseudonym for one in accounts if one.role is Role.OBSERVER and one.revoked_at is None}
    lines = [
        PostingLine(observer, one.key, names.get(one.key), one.at)
        for observer, one in sorted(now.items())
        if one.key is not None
    ]
    return PostingTable(lines, sorted(observers - now.keys()))


def _count_places(view: View) -> dict[str, int]:
    places: Counter[str] = Counter()
    for key in view.entries:
        level = level_of(key)
        if level is Level.POLLING_PLACE:
            places[prefix_of(code_of(view.topics(key)[0]), Level.DEPARTMENT)] += 1
        elif level is Level.DEPARTMENT:
            places[code_of(key)] += 0
    return dict(places)


def _prefix(key: str, view: View) -> str:
    if key not in view.entries or level_of(key) not in (Level.POLLING_PLACE, *UBIGEO_LEVELS):
        raise InvalidInput(f"key={key[:40]!r} is no polling place, district, province or department of this count")
    return code_of(key if is_area(key) else view.topics(key)[0])
