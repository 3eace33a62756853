"""What leaves the mission in files: a sheet of incidents, and the summary that is printed."""

from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Representation, Router, reply, respond
from api.mission.incident_list import choose
from api.routes.mission.choices import GivenChoice
from api.routes.mission.coverage import find_coverage
from api.routes.mission.incidents import lines_of
from api.serving.access import GivenCase
from api.serving.viewer import Viewing
from api.tables import incidents_csv as case_sheet
from api.tables import results_csv as sheets
from mission.incidents.quarantine import quarantined
from mission.incidents.rubric import is_incident
from mission.incidents.summary import Cell, summarise
from mission.people.accounts import stamp
from mission.stations import count_observers
from mission.zones import Zones
from tally import moments
from tally.keys import code_of

router = Router(tags=["mission"])


class SummaryRegion(Struct, frozen=True):
    """A region of which nobody is one of few observers, and whether nothing was reported from it of late."""

    key: str
    name: str | None
    is_silent: bool


class SummaryCoverage(Struct, frozen=True):
    """How many places, observers and regions there are, and how many were visited or are silent.

    named: those regions in which enough observers are assigned to be named in what is printed.
    """

    places_visited: int
    places: int
    observers: int
    regions: int
    regions_silent: int
    named: list[SummaryRegion]


class MissionSummary(Struct, frozen=True):
    """All incidents, by category, severity and verification, and how many people reported; `uneventful` reports said
    that all went well.
    """

    as_of: str
    election: dict[str, str]
    date: str
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
    choice: GivenChoice,
) -> Response:
    """The incidents of that choice as CSV, oldest first. Cells a spreadsheet would run as formulas are defused."""
    book = await case.read()
    words, names = (await lines_of(case, viewer, book)).words, await case.names()
    found = choose(book.incidents.values(), choice, viewer.member, words, oldest_first=True)
    is_test = case.live.info.is_test
    aside = quarantined(book.turns)
    body = await to_thread.run_sync(lambda: case_sheet.write_incidents(found.incidents, names, aside, is_test=is_test))
    headers = sheets.file_headers(f"{case.live.election.id}-incidents", is_test=is_test)
    return respond(request, Representation(body, media_type=sheets.MEDIA_TYPE, headers=headers))


@router.get("/mission/summary")
async def read_summary(request: Request, case: GivenCase) -> Reply[MissionSummary]:
    """Counts by category, severity and verification, with what they are counts of; reports set aside are in none.

    No count is of an area. Of regions it names those with enough observers, and whether they are silent.
    """
    book = await case.read()
    coverage = await find_coverage(case)
    incidents = book.standing
    reporters = {reporter for incident in incidents for reporter in incident.reporters}
    uneventful = sum(not is_incident(incident.report.category) for incident in incidents)
    silent = sum(region.is_silent for region in coverage.regions)
    election, names = case.live.election, case.live.names.names
    zones = Zones(count_observers(book.postings))
    named = [
        SummaryRegion(region.key, names.get(region.key), region.is_silent)
        for region in coverage.regions
        if code_of(region.key) in zones.named
    ]
    body = MissionSummary(
        stamp(moments.utc_now()),
        election.name,
        election.date.isoformat(),
        case.live.info.is_test,
        len(incidents) - uneventful,
        uneventful,
        len(reporters),
        summarise(incidents),
        SummaryCoverage(coverage.visited, coverage.places, coverage.observers, len(coverage.regions), silent, named),
    )
    return reply(request, body)
