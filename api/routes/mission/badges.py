"""Badges beside the numbers of a level: open incidents, flags, and what is at stake."""

from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.mission.findings import GivenFindings
from api.serving.access import GivenCase
from mission.badges import Badges, of_level
from tally.errors import NotFound
from tally.keys import Level

router = Router(tags=["mission"])


class LevelBadges(Struct, frozen=True):
    """The badges of a level by key, from the flags of that checkpoint."""

    level: Level
    seq: int
    checkpoint: str | None
    rows: Badges


@router.get("/mission/badges")
async def read_badges(
    request: Request,
    case: GivenCase,
    evidence: GivenFindings,
    level: Level,
    within: str | None = Query(None, max_length=64, description="Key of an area or polling place: what lies in it."),
) -> Reply[LevelBadges]:
    """One badge a key of the level that has one; results never change by who asks for them, so these stand apart."""
    view = case.live.view
    if within is not None and within not in view.entries:
        raise NotFound(f"there is no area or place {within[:40]!r} in this count")
    findings = await evidence.findings(case)
    rows = of_level(findings.badges, level)
    if within is not None:
        rows = {key: rows[key] for key in rows.keys() & view.keys([within])}
    return reply(request, LevelBadges(level, findings.seq, findings.checkpoint, rows))
