"""What observers answered to forms: taken in once, read by those who may, judged by a verifier, with pictures."""

from collections.abc import Sequence
from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.case import Case
from api.mission.places import lies_within
from api.mission.report_form import Sending, read_ahead
from api.mission.response_form import ResponseForm, ReviewForm, find_form, read_response
from api.mission.response_lines import ResponseDetail, ResponseLine, ResponseWriter
from api.routes.mission.incidents import SENDING, read_key
from api.serving.access import GivenCase, Services, Serving
from api.serving.viewer import Viewer, Viewing
from mission.forms.answers import AnswerFault
from mission.incidents.quarantine import quarantined
from mission.responses.response import FormResponse, ResponseState
from mission.responses.response_log import ResponseLog
from mission.responses.responses import Responses
from tally import moments
from tally.keys import place_key

router = Router(tags=["mission"])
ResponseId = Annotated[str, InPath(alias="id")]
_PAGE = 200


class ResponseReceipt(Struct, frozen=True):
    """That answers were taken, when, and what is wrong with them; they are kept as they are."""

    id: str
    received_at: str
    faults: tuple[AnswerFault, ...]


class ResponseCounts(Struct, frozen=True):
    """How many there are, and how many look odd and wait for a verifier."""

    all: int
    to_look_at: int
    partial: int
    doubtful: int


class ResponseList(Struct, frozen=True):
    """A page, newest first; the numbers are of all that may be chosen from. `next`: `before` of the following page."""

    counts: ResponseCounts
    responses: list[ResponseLine]
    next: str | None


class ResponseChoice(Struct, frozen=True):
    """Which responses; None: whatever it is. `within`: key of an area, polling place or mesa."""

    form: str | None = None
    within: str | None = None
    team: str | None = None
    state: ResponseState | None = None
    observer: str | None = None
    to_look_at: bool = False
    mine: bool = False


@router.post(
    "/mission/responses", status_code=201, responses={200: {}}, openapi_extra={**takes(ResponseForm), **SENDING}
)
async def file_response(
    request: Request, services: Serving, case: GivenCase, viewer: Viewing
) -> Reply[ResponseReceipt]:
    """Take answers; 201 once they are stored. The same key and the same answers again: the same receipt, and 200.

    What is missing, out of range or illogical is taken, and told in `faults`; what cannot be read is refused (422).
    """
    key, now = read_key(request), moments.utc_now()
    ahead = read_ahead(request.headers.get("device-time"), now)
    sent = await read_json(request, ResponseForm)
    form = find_form(services.forms, sent.form, sent.version)
    read = read_response(sent, form, Sending(key, ahead), case.live.view)

    def file() -> tuple[FormResponse, bool]:
        located = replace(read, point=_point_of(services, case, read.location.place))
        log = ResponseLog(case.responses, now)
        at = case.form_time(form.moment, now)
        return log.file(viewer.member, located, at, is_time_confirmed=sent.is_time_confirmed)

    response, is_new = await to_thread.run_sync(file)
    receipt = ResponseReceipt(response.id, response.received_at, response.sent.faults)
    return reply(request, receipt, status=201 if is_new else 200)


@router.get("/mission/responses")
async def list_responses(
    request: Request,
    case: GivenCase,
    viewer: Viewing,
    form: str | None = Query(None, max_length=100),
    place: str | None = Query(None, max_length=64, description="Key of a polling place or mesa."),
    region: str | None = Query(None, max_length=64, description="Key of an area."),
    team: str | None = Query(None, max_length=100),
    state: ResponseState | None = None,
    observer: str | None = Query(None, max_length=100, description="Pseudonym of who answered."),
    to_look_at: bool = Query(False, description="What looks odd, and nobody has said what it is."),
    mine: bool = False,
    before: str | None = Query(None, max_length=40, description="`next` of the page before this one."),
) -> Reply[ResponseList]:
    """Responses, newest first; an observer's own."""
    writer, state_now = await writer_of(case, viewer), await case.read_responses()
    is_mine = mine or not viewer.sees_all
    choice = ResponseChoice(form, place or region, team, state, observer, to_look_at, is_mine)
    known = state_now.own(viewer.pseudonym) if is_mine else list(state_now.responses.values())
    return reply(request, await to_thread.run_sync(_list, known, choice, writer, before))


@router.get("/mission/responses/{id}")
async def read_response_of(
    request: Request, case: GivenCase, viewer: Viewing, response_id: ResponseId
) -> Reply[ResponseDetail]:
    """One response: what was answered, what looks odd, what was said of it, and what others answered to the same."""
    return await _detail(request, case, viewer, response_id)


@router.post("/mission/responses/{id}/verify", status_code=201, openapi_extra=takes(ReviewForm))
async def review_response(
    request: Request, case: GivenCase, viewer: Viewing, response_id: ResponseId
) -> Reply[ResponseDetail]:
    """Say that a response is verified, or doubtful: one that is doubtful stands in no table."""
    form = await read_json(request, ReviewForm)
    own_or_all(await case.read_responses(), response_id, viewer)
    log = ResponseLog(case.responses, moments.utc_now())
    await to_thread.run_sync(log.review, viewer.member, response_id, form.state, form.reason, form.seen)
    return await _detail(request, case, viewer, response_id, 201)


def _list(
    known: Sequence[FormResponse], choice: ResponseChoice, writer: ResponseWriter, before: str | None
) -> ResponseList:
    # The page before ended there, also where that response was judged meanwhile and is none of the choice any more.
    end = next((n for n, response in enumerate(known) if response.id == before), len(known))
    chosen = [one for one in reversed(known[:end]) if _fits(one, choice, writer)]
    page = chosen[:_PAGE]
    following = page[-1].id if len(chosen) > _PAGE else None
    return ResponseList(_count(known), [writer.line(one) for one in page], following)


def own_or_all(responses: Responses, response_id: str, viewer: Viewer) -> FormResponse:
    """The response, if the rule of the route lets the viewer at it.

    Raises: NotFound, Forbidden.
    """
    response = responses.find(response_id)
    viewer.check(viewer.id if response.by == viewer.pseudonym else None)
    return response


async def writer_of(case: Case, viewer: Viewer) -> ResponseWriter:
    """What writes responses for whoever asks."""
    teams, aside = await case.read_teams(), quarantined((await case.read_log()).turns)
    return ResponseWriter(viewer.member, teams, aside, case.live.view, await case.names(), moments.utc_now())


async def _detail(
    request: Request, case: Case, viewer: Viewer, response_id: str, status: int = 200
) -> Reply[ResponseDetail]:
    responses = await case.read_responses()
    response = own_or_all(responses, response_id, viewer)
    beside = responses.at_place[response.sent.form, response.sent.location.key or ""]
    return reply(request, (await writer_of(case, viewer)).detail(response, beside), status=status)


def _point_of(services: Services, case: Case, place: str | None) -> tuple[float, float] | None:
    """The polling place's own point, where a register of schools has it."""
    key = place_key(place or "")
    if key not in case.live.view.entries:
        return None
    position = services.positions.of(case.live.view, [key]).get(key)
    return (position.lon, position.lat) if position is not None and position.precision == "exact" else None


def _fits(response: FormResponse, choice: ResponseChoice, writer: ResponseWriter) -> bool:
    where = writer.where(response)
    return (
        choice.form in (None, response.sent.form)
        and choice.state in (None, response.state)
        and choice.observer in (None, response.by)
        and choice.team in (None, writer.teams.of(response.by).team)
        and (not choice.to_look_at or response.needs_look)
        and (choice.within is None or lies_within(where.key, where.place, where.district, choice.within))
    )


def _count(responses: Sequence[FormResponse]) -> ResponseCounts:
    return ResponseCounts(
        len(responses),
        sum(one.needs_look for one in responses),
        sum(one.is_partial for one in responses),
        sum(one.state is ResponseState.DOUBTFUL for one in responses),
    )
