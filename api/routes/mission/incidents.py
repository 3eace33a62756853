"""Incidents: filed by observers, moved on by the team; every answer shows only what its reader may see."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.case import Case
from api.mission.incident_lines import IncidentDetail, IncidentLine, Lines
from api.mission.incident_list import IncidentCounts, choose, follow
from api.mission.report_form import (
    CorrectionForm,
    Reason,
    ReportForm,
    Sending,
    Text,
    read_ahead,
    read_correction,
    read_report,
)
from api.routes.mission.choices import GivenChoice
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewer, Viewing
from mission.incidents.book import Book, find
from mission.incidents.incident import Deed, Incident, Member, SeenIncident, State
from mission.incidents.incident_log import Act, IncidentLog
from mission.incidents.rubric import Basis
from mission.people.accounts import list_accounts
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput, NotFound

router = Router(tags=["mission"])
IncidentId = Annotated[str, InPath(alias="id")]
_PAGE = 200
_KEY = "idempotency-key"
# What names a sending, and tells the clock of the device that sends.
SENDING: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
        },
        {
            "name": "Device-Time",
            "in": "header",
            "description": "The device's clock as it sends this, with its zone: how far it is from ours is told.",
            "schema": {"type": "string", "format": "date-time"},
        },
    ],
}


class _Move(Struct, forbid_unknown_fields=True):
    """`reason` and `basis` where the move needs them; `seen`: the `revision` that was read."""

    move: Deed
    seen: int
    reason: Reason | None = None
    basis: Basis | None = None


class _Merge(Struct, forbid_unknown_fields=True):
    """`seen`: the `revision` that was read of the one that is merged."""

    into: Annotated[str, Meta(max_length=40)]
    reason: Reason
    seen: int


class _Assign(Struct, forbid_unknown_fields=True):
    """`to`: name or pseudonym of one of the team; null: nobody in particular. `seen`: the `revision` that was read."""

    to: Annotated[str, Meta(max_length=100)] | None
    seen: int


class _Note(Struct, forbid_unknown_fields=True):
    text: Annotated[Text, Meta(min_length=1)]


class ReportReceipt(Struct, frozen=True):
    """That a report was taken, and when."""

    id: str
    state: State
    received_at: str


class IncidentList(Struct, frozen=True):
    """A page; the numbers are of all that may be chosen from. `next`: the `before` of the following page."""

    counts: IncidentCounts
    oldest_unverified_at: str | None
    incidents: list[IncidentLine]
    next: str | None


@router.post(
    "/incidents",
    status_code=201,
    responses={200: {}},
    openapi_extra={
        **takes(ReportForm),
        **SENDING,
    },
)
async def file_incident(request: Request, case: GivenCase, viewer: Viewing) -> Reply[ReportReceipt]:
    """Take a report; 201 once it is stored. The same key and the same report again: the same receipt, and 200.

    A time after now or in another year is asked back about (422) until the form says `is_time_confirmed`.
    """
    key = read_key(request)
    ahead = read_ahead(request.headers.get("device-time"), moments.utc_now())
    form = await read_json(request, ReportForm)
    report = read_report(form, Sending(key, ahead), case.live.view)
    file = partial(case.incident_log().file, viewer.member, report, is_time_confirmed=form.is_time_confirmed)
    incident, is_new = await to_thread.run_sync(file)
    receipt = ReportReceipt(incident.id, State.REPORTED, incident.received_at)
    return reply(request, receipt, status=201 if is_new else 200)


@router.get("/mission/incidents")
async def list_incidents(
    request: Request,
    case: GivenCase,
    viewer: Viewing,
    chosen: GivenChoice,
    mine: bool = False,
    order: Annotated[str, Query(pattern="^(newest|oldest)$")] = "newest",
    before: str | None = Query(None, max_length=40, description="`next` of the page before this one."),
) -> Reply[IncidentList]:
    """Incidents with how many wait and since when; an observer's own."""
    book = await case.read()
    lines = await lines_of(case, viewer, book)
    choice = replace(chosen, is_mine=mine or not viewer.sees_all)
    is_up = order == "oldest"
    found = choose(book.incidents.values(), choice, viewer.member, lines.words, oldest_first=is_up)
    last = book.incidents.get(before or "")
    is_told = last is not None and (not choice.is_mine or last.is_by(viewer.member))
    rest = follow(found.incidents, last, oldest_first=is_up) if last is not None and is_told else found.incidents
    page = rest[:_PAGE]
    following = page[-1].id if len(rest) > _PAGE else None
    shown = [lines.line(incident) for incident in page]
    return reply(request, IncidentList(found.counts, found.oldest_unverified_at, shown, following))


@router.get("/mission/incidents/{id}")
async def read_incident(
    request: Request, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[IncidentDetail]:
    """One incident: what was said, what may be done with it now, all that happened, and what may be the same."""
    book = await case.read()
    incident = own_or_all(book, incident_id, viewer)
    return reply(request, (await lines_of(case, viewer, book)).detail(incident))


@router.post("/mission/incidents/{id}/moves", openapi_extra=takes(_Move))
async def move_incident(
    request: Request, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[IncidentDetail]:
    """Make a legal move."""
    form = await read_json(request, _Move)
    own_or_all(await case.read(), incident_id, viewer)
    if form.move not in _OFFERED:
        raise InvalidInput(f"move: one of {', '.join(_OFFERED)}")
    seen, act = SeenIncident(incident_id, form.seen), Act(form.move, form.reason or "", form.basis)
    return await _changed(request, case, viewer, lambda log, by: log.move(by, seen, act))


@router.post("/mission/incidents/{id}/corrections", status_code=201, openapi_extra=takes(CorrectionForm))
async def correct_incident(
    request: Request, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[IncidentDetail]:
    """Correct a report: its severity, category, place or time. What it said stays in the log; its reporter is told."""
    form = await read_json(request, CorrectionForm)
    own_or_all(await case.read(), incident_id, viewer)
    seen = SeenIncident(incident_id, form.seen)
    facts, is_sure = read_correction(form, case.live.view), form.is_time_confirmed

    def correct(log: IncidentLog, by: Member) -> Incident:
        return log.correct(by, seen, facts, form.reason, is_time_confirmed=is_sure)

    return await _changed(request, case, viewer, correct, 201)


@router.post("/mission/incidents/{id}/merge", openapi_extra=takes(_Merge))
async def merge_incident(
    request: Request, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[IncidentDetail]:
    """Say that it is the same as another, which keeps the reporters of both."""
    form = await read_json(request, _Merge)
    seen = SeenIncident(incident_id, form.seen)
    return await _changed(request, case, viewer, lambda log, by: log.merge(by, seen, form.into, form.reason))


@router.post("/mission/incidents/{id}/assign", openapi_extra=takes(_Assign))
async def assign_incident(
    request: Request, services: Serving, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[IncidentDetail]:
    """Say who of the team looks after it."""
    form = await read_json(request, _Assign)
    accounts = await to_thread.run_sync(list_accounts, services.store.engine)
    team = [one for one in accounts if one.revoked_at is None and one.role.covers(Role.VERIFIER)]
    chosen = next((one.pseudonym for one in team if form.to in (one.name, one.pseudonym)), None)
    if form.to is not None and chosen is None:
        raise NotFound(f"nobody of the team is called {form.to[:40]!r}")
    seen = SeenIncident(incident_id, form.seen)
    return await _changed(request, case, viewer, lambda log, by: log.assign(by, seen, chosen))


@router.post("/mission/incidents/{id}/notes", status_code=201, openapi_extra=takes(_Note))
async def note_incident(
    request: Request, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[IncidentDetail]:
    """Add a note; an observer to an own report, for a day."""
    form = await read_json(request, _Note)
    own_or_all(await case.read(), incident_id, viewer)
    return await _changed(request, case, viewer, lambda log, by: log.note(by, incident_id, form.text), 201)


def read_key(request: Request) -> str:
    """What names this sending and no other.

    Raises: InvalidInput.
    """
    key = request.headers.get(_KEY, "")
    if not 0 < len(key) <= 100 or not all("!" <= letter <= "~" for letter in key):
        raise InvalidInput("Idempotency-Key: 1 to 100 visible characters that name this sending and no other")
    return key


_OFFERED = (Deed.TAKE, Deed.VERIFY, Deed.REJECT, Deed.ESCALATE, Deed.RESOLVE, Deed.REOPEN)


def own_or_all(book: Book, incident_id: str, viewer: Viewer) -> Incident:
    """The incident, if the rule of the route lets the viewer at it.

    Who reported the same in a duplicate may not judge it, and may not read what somebody else wrote.
    Raises: NotFound, Forbidden.
    """
    incident, member = find(book, incident_id), viewer.member
    is_own = incident.is_own(member) if viewer.sees_all else incident.is_by(member)
    viewer.check(viewer.id if is_own else None)
    return incident


async def _changed(
    request: Request, case: Case, viewer: Viewer, change: Callable[[IncidentLog, Member], Incident], status: int = 200
) -> Reply[IncidentDetail]:
    incident = await to_thread.run_sync(change, case.incident_log(), viewer.member)
    return reply(request, (await lines_of(case, viewer, await case.read())).detail(incident), status=status)


async def lines_of(case: Case, viewer: Viewer, book: Book) -> Lines:
    """What writes the incidents of that book for whoever asks."""
    return Lines(viewer.member, book, await case.names(), moments.utc_now())
