"""Findings of the forms: for the house, and as what of them may leave it."""

from collections.abc import Mapping
from enum import StrEnum

from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Representation, Router, reply, respond
from api.mission.case import Case
from api.mission.observed import Observed
from api.serving.access import GivenCase, Services, Serving
from api.tables import results_csv as sheets
from api.tables.findings_csv import write_findings
from mission.findings.table import QuestionFindings, find_for_statement, find_in_house
from mission.forms.library import in_order
from mission.people.accounts import stamp
from mission.quickcount.book import QuickCount
from mission.zones import K
from tally import moments
from tally.keys import area_key

router = Router(tags=["mission"])


class FindingsView(StrEnum):
    """For whom: everything, for those who verify; or the statement, which may leave the house."""

    HOUSE = "house"
    STATEMENT = "statement"


class DrawnFrom(Struct, frozen=True):
    """The quick count whose sample shares with intervals are of."""

    id: str
    name: str
    drawn_at: str


class FindingsTable(Struct, frozen=True):
    """Each question's findings at `as_of`. `forms`: titles; `names`: of the regions, by prefix.

    least_observers: no row of the statement, and nothing that is had from several, is of fewer.
    """

    as_of: str
    view: FindingsView
    election: Mapping[str, str]
    date: str
    is_test: bool
    least_observers: int
    forms: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    sample: DrawnFrom | None
    findings: list[QuestionFindings]


@router.get("/mission/findings")
async def read_findings(
    request: Request, services: Serving, case: GivenCase, view: FindingsView = FindingsView.HOUSE
) -> Reply[FindingsTable]:
    """Counts and shares by question, region and setting, with how many places were assigned and visited."""
    drawn = await _find_sample(services, case)
    findings = await _find(services, case, view, drawn)
    regions = {row.region for one in findings for row in one.rows if row.region}
    names = {region: name for region in regions if (name := case.live.names.names.get(area_key(region))) is not None}
    asked = dict.fromkeys(one.form for one in findings)  # as the day has them
    body = FindingsTable(
        stamp(moments.utc_now()),
        view,
        case.live.election.name,
        case.live.election.date.isoformat(),
        case.live.info.is_test,
        K,
        {name: services.forms[name][-1].title for name in asked},
        dict(sorted(names.items())),
        None if drawn is None else DrawnFrom(drawn.id, drawn.drawn.name, drawn.at),
        findings,
    )
    return reply(request, body)


@router.get("/mission/findings.csv", response_class=Response, responses=sheets.ALSO_CSV)
async def export_findings(request: Request, services: Serving, case: GivenCase) -> Response:
    """The statement as CSV: what is of fewer than k observers is told with others, or not at all."""
    findings = await _find(services, case, FindingsView.STATEMENT, await _find_sample(services, case))
    names, is_test = case.live.names.names.get, case.live.info.is_test
    body = await to_thread.run_sync(lambda: write_findings(findings, names, is_test=is_test))
    headers = sheets.file_headers(f"{case.live.election.id}-findings", is_test=is_test)
    return respond(request, Representation(body, media_type=sheets.MEDIA_TYPE, headers=headers))


async def _find_sample(services: Services, case: Case) -> QuickCount | None:
    """The quick count that was drawn last."""
    counts = await to_thread.run_sync(services.casework.quick_counts.of(case.live.election.id).read)
    *_, newest = (None, *counts.counts.values())
    return newest


async def _find(services: Services, case: Case, view: FindingsView, drawn: QuickCount | None) -> list[QuestionFindings]:
    book, responses = await case.read_log(), await case.read_responses()
    newest = in_order(versions[-1] for versions in services.forms.values())
    sample = None if drawn is None else drawn.drawn.sample
    find = find_in_house if view is FindingsView.HOUSE else find_for_statement

    def found() -> list[QuestionFindings]:
        ground = Observed(case.live.view, services.mission.areas, book, responses).ground()
        told = [form for form in newest if not form.is_withdrawn or form.id in ground.seen]
        return find([each for form in told for each in reversed(services.forms[form.id])], ground, K, sample)

    return await to_thread.run_sync(found)
