"""What changed in the map since the election before: districts, polling places, mesas, and the incidents there."""

from anyio import to_thread
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.mission.findings import GivenFindings
from api.serving.access import GivenCase, Serving
from api.story.previous.about import PreviousElection, describe
from api.story.previous.table import RegroupedUnit, SideBySide
from mission.map_changes import ChangedArea, ChangedPlace, MapChanges
from tally.errors import InvalidInput, NotFound
from tally.keys import AREA_LEVELS, Level, is_area, is_within, level_of
from tally.previous.declaration import MesaNumbers

router = Router(tags=["mission"])


class MapChangeTable(Struct, frozen=True):
    """The areas of a level; the districts that were divided or joined; and, of one district, every polling place."""

    previous: PreviousElection
    level: Level
    areas: list[ChangedArea]
    groups: list[RegroupedUnit]
    places: list[ChangedPlace]


@router.get("/mission/map-changes")
async def read_map_changes(
    request: Request,
    services: Serving,
    case: GivenCase,
    evidence: GivenFindings,
    level: Level = Level.DEPARTMENT,
    within: str | None = Query(None, max_length=64, description="Key of an area: what lies in it."),
) -> Reply[MapChangeTable]:
    """Places that opened, closed or moved, by area; place by place with `within` a district. 404 with none before."""
    compared = services.former_counts.of(case.live)
    if compared is None:
        raise NotFound("the count before this one is not here, or its election names none")
    view = case.live.view
    if within is not None and not (is_area(within) and within in view.entries):
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    if level not in AREA_LEVELS:
        raise InvalidInput("level: places are listed within one district, with its key as `within`")
    badges = (await evidence.findings(case)).badges
    known, needs_mesas = view.entries.copy(), compared.declared.mesas is MesaNumbers.KEPT

    def build() -> MapChangeTable:
        entries = {key: entry for key, entry in known.items() if needs_mesas or level_of(key) is not Level.MESA}
        changes = MapChanges(compared.comparison, entries, badges)
        areas = [area for area in changes.areas(level) if within is None or is_within(area.key, within)]
        is_district = within is not None and level_of(within) is Level.DISTRICT
        places = changes.places(within) if is_district and within is not None else []
        groups = SideBySide(compared, entries.values()).groups()
        return MapChangeTable(describe(compared), level, areas, groups, places)

    return reply(request, await to_thread.run_sync(build))
