"""Where observers answered the same form at the same place differently: set beside each other, and chosen between."""

from collections.abc import Mapping

from anyio import to_thread
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.places import lies_within
from api.mission.response_form import RulingForm
from api.mission.response_lines import ResponseLine, ResponseWriter
from api.routes.mission.observation.responses import writer_of
from api.serving.access import GivenCase
from api.serving.viewer import Viewing
from mission.responses.conflicts import Ruling, StandingAnswers
from mission.responses.response import Given
from mission.responses.response_log import ResponseLog
from mission.responses.responses import Responses
from tally import moments
from tally.errors import NotFound
from tally.keys import is_key

router = Router(tags=["mission"])
_PAGE = 200


class ConflictLine(Struct, frozen=True):
    """One form at one place. differences: who (by response) says what, by question; chosen: whose answer stands.

    is_own: one of the answers is the reader's, who may not choose. revision: what a choice names as seen.
    """

    form: str
    place_code: str
    place_name: str | None
    region: str | None
    is_own: bool
    revision: int
    responses: list[ResponseLine]
    differences: Mapping[str, Mapping[str, Given]]
    chosen: Mapping[str, str]
    undecided: list[str]
    rulings: tuple[Ruling, ...]


class ConflictTable(Struct, frozen=True):
    """A page: what is undecided first, then what was chosen; how many of all are undecided. `next`: see `after`."""

    undecided: int
    conflicts: list[ConflictLine]
    next: str | None


@router.get("/mission/conflicts")
async def list_conflicts(
    request: Request,
    case: GivenCase,
    viewer: Viewing,
    form: str | None = Query(None, max_length=100),
    region: str | None = Query(None, max_length=64, description="Key of an area."),
    place: str | None = Query(None, max_length=64, description="Key of a polling place or mesa."),
    after: str | None = Query(None, max_length=200, description="`next` of the page before this one."),
) -> Reply[ConflictTable]:
    """Where observers differ."""
    writer, responses = await writer_of(case, viewer), await case.read_responses()

    def tell() -> ConflictTable:
        all_ = responses.conflicts(writer.aside)
        found = [one for one in all_ if form in (None, one.form) and place in (None, one.key)]
        if region is not None:
            found = [one for one in found if _lies_within(writer, one, region)]
        rest = sorted((one for one in found if _order(one) > (after or "")), key=_order)
        page, is_last = rest[:_PAGE], len(rest) <= _PAGE
        lines = [_line(one, responses, writer) for one in page]
        return ConflictTable(sum(bool(one.undecided) for one in found), lines, None if is_last else _order(page[-1]))

    return reply(request, await to_thread.run_sync(tell))


@router.post("/mission/conflicts/{form}/{place_code}", status_code=201, openapi_extra=takes(RulingForm))
async def choose_answers(
    request: Request, case: GivenCase, viewer: Viewing, form: str, place_code: str
) -> Reply[ConflictLine]:
    """Say whose answers stand, question by question; 409 if somebody answered or chose meanwhile.

    `place_code`: mesa-000001, or place- and its code.
    """
    ruling = await read_json(request, RulingForm)
    key = place_code.replace("-", "/", 1)
    if not is_key(key):
        raise NotFound(f"{place_code[:40]!r} is no mesa and no polling place")
    log = ResponseLog(case.responses, moments.utc_now())
    at = (form, key)
    responses = await to_thread.run_sync(log.choose, viewer.member, at, ruling.choose, ruling.reason, ruling.seen)
    writer = await writer_of(case, viewer)
    line = _line(responses.weigh(at, writer.aside), responses, writer)
    return reply(request, line, status=201)


def _line(one: StandingAnswers, responses: Responses, writer: ResponseWriter) -> ConflictLine:
    lines = [writer.line(response) for response in one.responses]
    return ConflictLine(
        form=one.form,
        place_code=one.key.replace("/", "-", 1),
        place_name=lines[0].place_name if lines else None,
        region=lines[0].region if lines else None,
        is_own=any(line.is_own for line in lines),
        revision=responses.revision((one.form, one.key)),
        responses=lines,
        differences=one.differences,
        chosen=one.chosen,
        undecided=one.undecided,
        rulings=responses.rulings.get((one.form, one.key), ()),
    )


def _order(one: StandingAnswers) -> str:
    """Undecided first. A page ends at the same place, whatever is settled before the next one is asked for."""
    return f"{int(not one.undecided)} {one.form} {one.key}"


def _lies_within(writer: ResponseWriter, one: StandingAnswers, area: str) -> bool:
    where = writer.where(one.responses[0])
    return lies_within(where.key, where.place, where.district, area)
