"""The roster of the mission's people: a CSV looked at before it is entered, and entered as it was looked at."""

from typing import Annotated

from anyio import to_thread
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import TABLE, read_bytes
from api.mission.case import Case
from api.mission.quickcount.rooms import QuickCountRoom
from api.mission.stations import ListedStations, StationFinder
from api.routes.mission.observation.quick_counts import GivenRoom
from api.serving.access import GivenCase, Services, Serving
from api.serving.viewer import Viewer, Viewing
from mission.people.roles import Role
from mission.people.roster.entering import Rooms, RosterOrder, enter_roster, preview_roster
from mission.people.roster.format import load_format, read_roster
from mission.people.roster.planning import Desk, PhonesAfter, RosterPlan, Standing
from mission.spreadsheet import Fault, Sheet
from tally import moments

router = Router(tags=["mission"])
_MOST_BYTES = load_format().limits.most_bytes


class PreviewedPerson(Struct, frozen=True):
    """What one line would do: the pseudonym of whom it is about (null: somebody new), and which fields it changes."""

    line: int
    standing: Standing
    name: str | None
    pseudonym: str | None
    role: Role
    team: str | None
    place: str | None
    changes: tuple[str, ...]


class RosterNumbers(Struct, frozen=True):
    """People by what becomes of them, and of their numbers. `absent`: observers whom the file does not name; they stay
    as they are.
    """

    new: int
    changed: int
    unchanged: int
    faulty: int
    absent: int
    phones: PhonesAfter


class RosterPreview(Struct, frozen=True):
    """What a file would change. `digest` names it, for the request that enters it.

    `columns`: what was read, by the field, as its head says; `ignored`: heads of columns nobody reads. `knows_senders`:
    whether people with a number are known when they send a text message.
    """

    digest: str
    encoding: str
    separator: str
    columns: dict[str, str]
    ignored: tuple[str, ...]
    knows_senders: bool
    numbers: RosterNumbers
    faults: tuple[Fault, ...]
    people: list[PreviewedPerson]


@router.post("/mission/roster/preview", openapi_extra=TABLE)
async def preview(
    request: Request, services: Serving, case: GivenCase, room: GivenRoom, viewer: Viewing
) -> Reply[RosterPreview]:
    """What that CSV would change, and every fault of it by line and column; nothing is entered."""
    sheet = await _read_sheet(request)
    desk = await _desk(services, case, room, viewer)
    plan = await to_thread.run_sync(preview_roster, _rooms(services, case), sheet, desk)
    return reply(request, _told(plan, sheet, case, knows_senders=desk.key is not None))


@router.post("/mission/roster", status_code=201, responses={409: {}}, openapi_extra=TABLE)
async def enter(
    request: Request,
    services: Serving,
    case: GivenCase,
    room: GivenRoom,
    viewer: Viewing,
    digest: Annotated[str, Query(max_length=64)] = "",
    without_faulty: bool = False,
) -> Reply[RosterNumbers]:
    """Enter the CSV as its preview said, all of it in one transaction; 409 if by now it would change something else.

    Nothing is entered while a line is at fault, unless those are to be left out. The same file again changes nothing.
    """
    desk = await _desk(services, case, room, viewer)
    order = RosterOrder(await _read_sheet(request), desk, digest, without_faulty)
    rooms, now = _rooms(services, case), moments.utc_now()
    return reply(
        request, _numbers(await to_thread.run_sync(enter_roster, rooms, order, viewer.account, now)), status=201
    )


async def _read_sheet(request: Request) -> Sheet:
    return await to_thread.run_sync(read_roster, await read_bytes(request, _MOST_BYTES))


def _rooms(services: Services, case: Case) -> Rooms:
    return Rooms(services.store.engine, case.teams, case.casebook)


async def _desk(services: Services, case: Case, room: QuickCountRoom, viewer: Viewer) -> Desk:
    listed = ListedStations((await room.given()).newest)
    finder = StationFinder(case.live.view, case.live.names, listed)
    may_add_verifiers = viewer.role.covers(Role.ADMIN)
    return Desk(finder.locate, may_add_verifiers=may_add_verifiers, key=services.mission.sender_key)


def _numbers(plan: RosterPlan) -> RosterNumbers:
    standings = [one.standing for one in plan.people]
    new, changed, unchanged = (standings.count(each) for each in ("new", "changed", "unchanged"))
    return RosterNumbers(new, changed, unchanged, len({one.line for one in plan.faults}), plan.absent, plan.phones)


def _told(plan: RosterPlan, sheet: Sheet, case: Case, *, knows_senders: bool) -> RosterPreview:
    names = case.live.names.names
    people = [
        PreviewedPerson(
            one.line,
            one.standing,
            one.contact.name,
            one.pseudonym,
            one.role,
            one.membership.team,
            None if one.station is None or one.station.key is None else names.get(one.station.key, one.station.key),
            one.changes,
        )
        for one in plan.people
    ]
    columns = {str(field): head for field, head in sheet.heads.items()}
    said = (plan.digest, sheet.encoding, sheet.separator, columns, sheet.ignored)
    return RosterPreview(*said, knows_senders, _numbers(plan), plan.faults, people)
