"""What leaves the mission in files: a sheet of incidents, and the summary that is printed."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Query
from msgspec import to_builtins
from starlette.requests import Request
from starlette.responses import Response

from api import case_sheet
from api import mission_incident_shapes as shapes
from api.answers import Representation, encoded, respond
from api.case import Casing, member_of
from api.case_list import Choice, choose
from api.routes.mission.coverage import find_coverage
from api.viewer import Viewing
from mission.incident import State
from mission.rubric import Category, Severity
from mission.summary import summarise
from tally import moments

router = APIRouter(tags=["mission"])


@router.get(
    "/mission/incidents.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_incidents(
    request: Request,
    case: Casing,
    viewer: Viewing,
    state: State | None = None,
    severity: Severity | None = None,
    category: Category | None = None,
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
) -> Response:
    """The incidents of that choice as CSV, oldest first. Cells a spreadsheet would run as formulas are defused."""
    book = await case.read()
    choice = Choice(state, severity, category, within)
    found = choose(book.incidents.values(), choice, member_of(viewer), oldest_first=True)
    names, is_test = case.live.names.names.get, case.live.info.is_test
    body = await to_thread.run_sync(lambda: case_sheet.write_incidents(found.incidents, names, is_test=is_test))
    prefix = "SIMULACRO-" if is_test else ""
    headers = {"Content-Disposition": f'attachment; filename="{prefix}{case.live.election.id}-incidents.csv"'}
    return respond(request, Representation(body, media_type=case_sheet.MEDIA_TYPE, headers=headers))


@router.get("/mission/summary", response_model=shapes.Summary)
async def read_summary(request: Request, case: Casing) -> Response:
    """Counts by category, severity and verification, with what they are counts of. It names no area."""
    book = await case.read()
    coverage = await find_coverage(case)
    incidents = book.incidents.values()
    body: dict[str, Any] = {
        "as_of": moments.write(moments.utc_now().replace(microsecond=0)),
        "is_test": case.live.info.is_test,
        "incidents": len(incidents),
        "reporters": len({reporter for incident in incidents for reporter in incident.reporters}),
        "cells": to_builtins(summarise(incidents)),
        "coverage": {
            "places_visited": coverage.visited,
            "places": coverage.places,
            "observers": coverage.observers,
            "regions": len(coverage.regions),
            "regions_silent": sum(region.is_silent for region in coverage.regions),
        },
    }
    return respond(request, encoded(body))
