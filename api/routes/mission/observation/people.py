"""The mission's people for who runs it: the list, their codes as cards, suspensions, and a sample spread over them."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from msgspec.structs import asdict
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.cards import Qr, card_address, draw_qr
from api.mission.case import Case
from api.mission.stations import ListedStations, StationFinder
from api.routes.mission.coverage import MOST_AT_ONCE
from api.routes.mission.observation.quick_counts import GivenRoom
from api.serving.access import GivenCase, Services, Serving
from api.serving.viewer import Viewing
from mission.people.devices import Invitation, invite_many
from mission.people.directory import Person, read_directory
from mission.people.roles import Role
from mission.people.spreading import spread
from mission.people.suspensions import end_suspension, suspend
from mission.people.teams import Membership
from mission.stations import Posting, posted
from mission.thresholds import THRESHOLDS
from tally import moments

router = Router(tags=["mission"])
_MOST_BYTES = 1024 * 1024
_Pseudonym = Annotated[str, Meta(max_length=100)]
_Key = Annotated[str, Meta(max_length=64)]
_Several = Annotated[list[_Pseudonym], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class _Cards(Struct, forbid_unknown_fields=True):
    """`people`: observers' pseudonyms; `ends_devices`: what they came in with until now lets them in no more."""

    people: Annotated[list[_Pseudonym], Meta(min_length=1, max_length=THRESHOLDS.cards.most_at_once)]
    ends_devices: bool = False


class _Spread(Struct, forbid_unknown_fields=True):
    """`places`: keys of a sample's mesas, polling places or districts; `observers`: pseudonyms."""

    places: Annotated[list[_Key], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    observers: _Several


class _Suspend(Struct, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=THRESHOLDS.reports.longest_decision)]


class PersonLine(Struct, frozen=True):
    """One of the mission's people. `name` is for who runs the mission; a number is for nobody.

    `key`: where they are assigned; `last_seen`: when they last asked or did anything (ISO UTC).
    """

    pseudonym: str
    role: Role
    name: str | None
    team: str | None
    is_lead: bool
    tags: tuple[str, ...]
    region: str | None
    is_suspended: bool
    has_phone: bool
    has_device: bool
    is_invited: bool
    key: str | None
    place: str | None
    last_seen: str | None


class People(Struct, frozen=True):
    """Everybody, in the order in which they came, and the teams there are."""

    people: list[PersonLine]
    teams: tuple[str, ...]


class Card(Struct, frozen=True):
    """One code, told once, good until then (ISO UTC); `qr` opens the mission's page with it."""

    pseudonym: str
    name: str | None
    team: str | None
    place: str | None
    code: str
    expires_at: str
    qr: Qr


class Cards(Struct, frozen=True):
    """In the order that was asked for; `address` is where a code is typed."""

    cards: list[Card]
    address: str


class Proposal(Struct, frozen=True):
    """Somebody who would be assigned there; `was`: the name of where they are now."""

    observer: str
    key: str
    name: str | None
    was: str | None


class SpreadTable(Struct, frozen=True):
    """What would be assigned, the places (names, or keys) nobody is left for, and how many are left over."""

    orders: list[Proposal]
    uncovered: list[str]
    idle: int


class Suspension(Struct, frozen=True):
    """Whether somebody may come in."""

    pseudonym: str
    is_suspended: bool


@router.get("/mission/people")
async def read_people(request: Request, services: Serving, case: GivenCase) -> Reply[People]:
    """Everybody who may come in, with team and assignment."""
    return reply(request, People(await _read_lines(services, case), (await case.read_teams()).names))


@router.post("/mission/people/cards", status_code=201, responses={404: {}, 409: {}}, openapi_extra=takes(_Cards))
async def make_cards(request: Request, services: Serving, case: GivenCase, viewer: Viewing) -> Reply[Cards]:
    """New codes for observers, told once; codes that were given earlier and not used end."""
    form = await read_json(request, _Cards, _MOST_BYTES)
    # Who asks with a cookie names the page, which was found to be ours.
    page = request.headers.get("origin", "")
    home = services.home(page) or page
    lines = {line.pseudonym: line for line in await _read_lines(services, case)}
    call = partial(invite_many, services.store.engine, form.people, viewer.actor, moments.utc_now())
    invited = await to_thread.run_sync(partial(call, ends_devices=form.ends_devices))
    cards = await to_thread.run_sync(lambda: [_card(one, lines[one.pseudonym], home) for one in invited])
    return reply(request, Cards(cards, f"{home}/mission"), status=201)


@router.post("/mission/people/spread", openapi_extra=takes(_Spread))
async def spread_sample(request: Request, case: GivenCase, room: GivenRoom) -> Reply[SpreadTable]:
    """Who would go to which place of a sample, the nearest first; nothing is entered: `POST /mission/postings` does."""
    form = await read_json(request, _Spread, _MOST_BYTES)
    finder = StationFinder(case.live.view, case.live.names, ListedStations((await room.given()).newest))
    places = await to_thread.run_sync(lambda: dict(map(finder.station, form.places)))
    where, names = posted((await case.read_log()).postings), case.live.names.names
    observers = [
        (one, where[one].key if one in where else None, where[one].prefix if one in where else None)
        for one in dict.fromkeys(form.observers)
    ]
    found = await to_thread.run_sync(spread, list(places.items()), observers)
    orders = [Proposal(one, key, names.get(key), _named(where.get(one), names)) for one, key in found.orders]
    return reply(request, SpreadTable(orders, [names.get(key, key) for key in found.uncovered], len(found.idle)))


@router.post("/mission/people/{name}/suspension", responses={404: {}, 409: {}}, openapi_extra=takes(_Suspend))
async def post_suspension(request: Request, services: Serving, viewer: Viewing, name: str) -> Reply[Suspension]:
    """What they came in with lets them in no more, until that is taken back. Of observers only, unless by an admin."""
    form = await read_json(request, _Suspend)
    now = moments.utc_now()
    await to_thread.run_sync(suspend, services.store.engine, name, form.reason, viewer.account, now)
    return reply(request, Suspension(name, is_suspended=True))


@router.delete("/mission/people/{name}/suspension", responses={404: {}, 409: {}})
async def delete_suspension(request: Request, services: Serving, viewer: Viewing, name: str) -> Reply[Suspension]:
    """They come in again with what they had."""
    await to_thread.run_sync(end_suspension, services.store.engine, name, viewer.account, moments.utc_now())
    return reply(request, Suspension(name, is_suspended=False))


async def _read_lines(services: Services, case: Case) -> list[PersonLine]:
    teams, where = await case.read_teams(), posted((await case.read_log()).postings)
    now, names = moments.utc_now(), case.live.names.names
    found = await to_thread.run_sync(read_directory, services.store.engine, case.live.election.id, now)
    return [_line(one, teams.of(one.account.pseudonym), where.get(one.account.pseudonym), names) for one in found]


def _line(one: Person, membership: Membership, posting: Posting | None, names: Mapping[str, str]) -> PersonLine:
    return PersonLine(
        one.account.pseudonym,
        one.account.role,
        one.contact.name,
        **asdict(membership),
        is_suspended=one.is_suspended,
        has_phone=one.contact.phone is not None,
        has_device=one.has_device,
        is_invited=one.is_invited,
        key=None if posting is None else posting.key,
        place=_named(posting, names),
        last_seen=one.last_seen,
    )


def _card(invitation: Invitation, line: PersonLine, home: str) -> Card:
    qr = draw_qr(card_address(home, invitation.code))
    return Card(line.pseudonym, line.name, line.team, line.place, invitation.code, invitation.expires_at, qr)


def _named(posting: Posting | None, names: Mapping[str, str]) -> str | None:
    return None if posting is None or posting.key is None else names.get(posting.key, posting.key)
