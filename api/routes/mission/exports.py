"""What leaves the mission in files: a sheet of incidents, and the summary that is printed."""

from anyio import to_thread
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Representation, Router, reply, respond
from api.mission.incident_list import IncidentChoice, choose
from api.routes.mission.coverage import find_coverage
from api.serving.access import GivenCase
from api.serving.viewer import Viewing
from api.tables import incidents_csv as case_sheet
from api.tables import results_csv as sheets
from mission.incidents.incident import State
from mission.incidents.quarantine import quarantined
from mission.incidents.rubric import Category, Severity, is_incident
from mission.incidents.summary import Cell, summarise
from mission.people.accounts import stamp
from tally import moments

router = Router(tags=["mission"])


class SummaryCoverage(Struct, frozen=True):
    """How many places, observers and regions there are, and how many were visited or are silent."""

    places_visited: int
    places: int
    observers: int
    regions: int
    regions_silent: int


class MissionSummary(Struct, frozen=True):
    """All incidents, by category, severity and verification, and how many people reported; `uneventful` reports said
    that all went well.
    """

    as_of: str
    is_test: bool
    incidents: int
    uneventful: int
    reporters: int
    cells: list[Cell]
    coverage: SummaryCoverage


@router.get("/mission/incidents.csv", response_class=Response, responses=sheets.ALSO_CSV)
async def export_incidents(
    request: Request,
    case: GivenCase,
    viewer: Viewing,
    state: State | None = None,
    severity: Severity | None = None,
    category: Category | None = None,
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
) -> Response:
    """The incidents of that choice as CSV, oldest first. Cells a spreadsheet would run as formulas are defused."""
    book = await case.read()
    choice = IncidentChoice(state, severity, category, within)
    found = choose(book.incidents.values(), choice, viewer.member, oldest_first=True)
    names, is_test = case.live.names.names.get, case.live.info.is_test
    aside = quarantined(book.turns)
    body = await to_thread.run_sync(lambda: case_sheet.write_incidents(found.incidents, names, aside, is_test=is_test))
    headers = sheets.file_headers(f"{case.live.election.id}-incidents", is_test=is_test)
    return respond(request, Representation(body, media_type=sheets.MEDIA_TYPE, headers=headers))


@router.get("/mission/summary")
async def read_summary(request: Request, case: GivenCase) -> Reply[MissionSummary]:
    """Counts by category, severity and verification, with what they are counts of; reports set aside are in none.

    It names no area.
    """
    book = await case.read()
    coverage = await find_coverage(case)
    incidents = book.standing
    reporters = {reporter for incident in incidents for reporter in incident.reporters}
    uneventful = sum(not is_incident(incident.report.category) for incident in incidents)
    silent = sum(region.is_silent for region in coverage.regions)
    body = MissionSummary(
        stamp(moments.utc_now()),
        case.live.info.is_test,
        len(incidents) - uneventful,
        uneventful,
        len(reporters),
        summarise(incidents),
        SummaryCoverage(coverage.visited, coverage.places, coverage.observers, len(coverage.regions), silent),
    )
    return reply(request, body)
