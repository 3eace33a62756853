"""Votes at stake for any choice of doubtful mesas, and the areas where they exceed the margin."""

import re
from typing import Any, Literal

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import mission_evidence_shapes as shapes
from api.answers import encoded, respond
from api.case import Case, Casing
from api.evidence import Evidencing, Findings
from mission.badges import is_troubled
from mission.doubt import Reason
from mission.flags.sheets import Booleans, Sheets, read_sheets
from mission.stake import Margin, Stake, common_area, lies_within, weigh
from tally.errors import InvalidInput, NotFound
from tally.model import NATION, Level, key_level, mesa_key

router = APIRouter(tags=["mission"])
_MOST_MESAS = 5000
_LEVELS = (Level.DISTRICT, Level.PROVINCE, Level.DEPARTMENT)


@router.get("/mission/stake", response_model=shapes.StakeShape)
async def read_stake(
    request: Request,
    case: Casing,
    evidence: Evidencing,
    chosen: Reason | Literal["mesas", "all"] = Query("all", alias="set"),
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
    mesas: str | None = Query(None, max_length=7 * _MOST_MESAS, description="Six digits each, joined by commas."),
) -> Response:
    """What those mesas could change, against the margins of the district, department and nation they share."""
    findings = await evidence.findings(case)
    place = within or NATION
    if place not in case.live.view.entries:
        raise NotFound(f"there is no area, place or mesa {place[:40]!r} in this count")
    unknown: list[str] = []
    if chosen == "mesas":
        sheets, unknown = _named(case, _split(mesas or ""))
        rows = np.ones(len(sheets), dtype=np.bool_)
    else:
        sheets = findings.doubts.sheets
        rows = _of_reason(findings, chosen)
    body = await to_thread.run_sync(_answer, findings, sheets, rows & lies_within(sheets, place))
    sets = list(Reason) if chosen == "all" else [chosen]
    return respond(request, encoded({**body, "sets": sets, "unknown": unknown}))


@router.get("/mission/troubled", response_model=shapes.Troubled)
async def read_troubled(request: Request, case: Casing, evidence: Evidencing, level: Level | None = None) -> Response:
    """Close and troubled: areas where more votes are in question than the leader is ahead, the closest first."""
    findings = await evidence.findings(case)
    levels = _LEVELS if level is None else (level,)
    areas = [
        {
            "key": key,
            "level": key_level(key),
            "name": margin.name,
            "mesas": stake.mesas,
            "at_most": stake.at_most,
            "if_annulled": stake.if_annulled,
            "margin": margin.votes,
        }
        for key, (stake, margin) in findings.stakes.items()
        if key_level(key) in levels and is_troubled(stake, margin)
    ]
    areas.sort(key=lambda area: (area["margin"], area["key"]))
    return respond(request, encoded({"seq": findings.seq, "checkpoint": findings.checkpoint, "areas": areas}))


def _split(mesas: str) -> list[str]:
    named = list(dict.fromkeys(filter(None, mesas.split(","))))
    wrong = next((one for one in named if not re.fullmatch("[0-9]{6}", one)), None)
    if wrong is not None:
        raise InvalidInput(f"mesas: {wrong[:20]!r} is not a mesa of six digits")
    return named


def _named(case: Case, mesas: list[str]) -> tuple[Sheets, list[str]]:
    entries = case.live.view.entries
    known = [mesa_key(mesa) for mesa in mesas if mesa_key(mesa) in entries]
    sheets = read_sheets(((key, entries[key].change.data) for key in known), len(case.live.contest.lists))
    return sheets, [mesa for mesa in mesas if mesa_key(mesa) not in entries]


def _of_reason(findings: Findings, chosen: Reason | Literal["all"]) -> Booleans:
    sheets = findings.doubts.sheets
    if chosen == "all":
        return np.ones(len(sheets), dtype=np.bool_)
    keys = findings.doubts.by_reason[chosen]
    return np.array([mesa_key(mesa) in keys for mesa in sheets.mesas], dtype=np.bool_)


def _answer(findings: Findings, sheets: Sheets, rows: Booleans) -> dict[str, Any]:
    areas: dict[str, str | None] = {Level.NATION.value: NATION}
    cut = _cut(sheets, rows)
    for level in (Level.DISTRICT, Level.DEPARTMENT):
        areas[level.value] = common_area(cut, level)
    margins = {level: findings.margins.get(key or "") for level, key in areas.items()}
    weighed = {
        level: (weigh(sheets, rows, margin, findings.roll_bound), margin)
        for level, margin in margins.items()
        if margin is not None
    }
    national = weighed.get(Level.NATION.value)
    if national is None:
        raise NotFound("nothing is counted yet: there is no margin")
    stake, margin = national
    return {
        "seq": findings.seq,
        "checkpoint": findings.checkpoint,
        "mesas": stake.mesas,
        "registered": stake.at_most,
        "if_annulled": stake.if_annulled,
        "at_most": stake.at_most,
        "margins": {level: _beside(*weighed[level]) if level in weighed else None for level in areas},
        "verdict": stake.verdict(margin),
    }


def _cut(sheets: Sheets, rows: Booleans) -> list[str]:
    return [ubigeo for ubigeo, is_in in zip(sheets.ubigeos, rows.tolist(), strict=True) if is_in]


def _beside(stake: Stake, margin: Margin) -> dict[str, Any]:
    return {
        "key": margin.key,
        "name": margin.name,
        "margin": margin.votes,
        "mesas": stake.mesas,
        "at_most": stake.at_most,
        "if_annulled": stake.if_annulled,
        "is_safe": stake.is_safe(margin),
        "is_safe_if_annulled": stake.is_safe_if_annulled(margin),
    }
