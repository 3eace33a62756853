"""Badges beside the numbers of a level: open incidents, flags, and what is at stake."""

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import mission_evidence_shapes as shapes
from api.answers import encoded, respond
from api.case import Casing
from api.evidence import Evidencing
from mission.badges import of_level
from tally.errors import NotFound
from tally.keys import Level

router = APIRouter(tags=["mission"])


@router.get("/mission/badges", response_model=shapes.Badges)
async def read_badges(
    request: Request,
    case: Casing,
    evidence: Evidencing,
    level: Level,
    within: str | None = Query(None, max_length=64, description="Key of an area or polling place: what lies in it."),
) -> Response:
    """One badge a key of the level that has one; results never change by who asks for them, so these stand apart."""
    view = case.live.view
    if within is not None and within not in view.entries:
        raise NotFound(f"there is no area or place {within[:40]!r} in this count")
    findings = await evidence.findings(case)
    rows = of_level(findings.badges, level)
    if within is not None:
        rows = {key: rows[key] for key in rows.keys() & view.keys([within])}
    body = {
        "level": level,
        "seq": findings.seq,
        "checkpoint": findings.checkpoint,
        "rows": rows,
    }
    return respond(request, encoded(body))
