"""Badges beside the numbers of a level: open incidents, flags, and what is at stake."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import mission_evidence_shapes as shapes
from api.answers import encoded, respond
from api.case import Casing
from api.evidence import Evidencing
from mission.badges import of_level
from tally.model import Level

router = APIRouter(tags=["mission"])


@router.get("/mission/badges", response_model=shapes.Badges)
async def read_badges(request: Request, case: Casing, evidence: Evidencing, level: Level) -> Response:
    """One badge a key of the level that has one; results never change by who asks for them, so these stand apart."""
    findings = await evidence.findings(case)
    body = {
        "level": level,
        "seq": findings.seq,
        "checkpoint": findings.checkpoint,
        "rows": of_level(findings.badges, level),
    }
    return respond(request, encoded(body))
