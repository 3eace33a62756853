"""Votes at stake for any choice of doubtful mesas, and the areas where they exceed the margin."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from anyio import to_thread
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.mission.case import Case
from api.mission.findings import Findings, GivenFindings
from api.serving.access import GivenCase
from mission.badges import is_troubled
from mission.doubt import Reason
from mission.flags.sheets import Booleans, Sheets, read_sheets
from mission.stake import Margin, Stake, StakeVerdict, common_area, lies_within, weigh
from tally.errors import InvalidInput, NotFound
from tally.keys import NATION, Level, is_key, level_of, mesa_key
from tally.outcome.outcome import MarginKind

router = Router(tags=["mission"])
_MOST_MESAS = 5000
_LEVELS = (Level.DISTRICT, Level.PROVINCE, Level.DEPARTMENT)


class MarginStake(Struct, frozen=True):
    """What the mesas could change in one area, beside its margin."""

    key: str
    name: str | None
    margin: int
    mesas: int
    at_most: int
    if_annulled: int
    is_safe: bool
    is_safe_if_annulled: bool
    is_in_review: bool
    kind: MarginKind


class StakeMargins(Struct, frozen=True):
    """The areas that all of the mesas lie in, None where they share none."""

    district: MarginStake | None
    department: MarginStake | None
    nation: MarginStake | None


class StakeSum(Struct, frozen=True, kw_only=True):
    """What is at stake in the chosen mesas; `unknown`: numbers that are no mesas of this count."""

    seq: int
    checkpoint: str | None
    sets: Sequence[str]
    mesas: int
    unknown: list[str]
    registered: int
    if_annulled: int
    at_most: int
    margins: StakeMargins
    verdict: StakeVerdict


class TroubledArea(Struct, frozen=True):
    """An area where more is in question than the leader is ahead."""

    key: str
    level: Level
    name: str | None
    mesas: int
    at_most: int
    if_annulled: int
    margin: int


class Troubled(Struct, frozen=True):
    """The closest first."""

    seq: int
    checkpoint: str | None
    areas: list[TroubledArea]


@router.get("/mission/stake")
async def read_stake(
    request: Request,
    case: GivenCase,
    evidence: GivenFindings,
    chosen: Reason | Literal["mesas", "all"] = Query("all", alias="set"),
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
    mesas: str | None = Query(None, max_length=7 * _MOST_MESAS, description="Six digits each, joined by commas."),
) -> Reply[StakeSum]:
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
    sets = list(Reason) if chosen == "all" else [chosen]
    rows = rows & lies_within(sheets, place)
    return reply(request, await to_thread.run_sync(_answer, findings, sheets, rows, sets, unknown))


@router.get("/mission/troubled")
async def read_troubled(
    request: Request, case: GivenCase, evidence: GivenFindings, level: Level | None = None
) -> Reply[Troubled]:
    """Close and troubled: areas where more votes are in question than the leader is ahead, the closest first."""
    findings = await evidence.findings(case)
    levels = _LEVELS if level is None else (level,)
    areas = [
        TroubledArea(key, level_of(key), margin.name, stake.mesas, stake.at_most, stake.if_annulled, margin.votes)
        for key, (stake, margin) in findings.stakes.items()
        if level_of(key) in levels and is_troubled(stake, margin)
    ]
    areas.sort(key=lambda area: (area.margin, area.key))
    return reply(request, Troubled(findings.seq, findings.checkpoint, areas))


def _split(mesas: str) -> list[str]:
    named = list(dict.fromkeys(filter(None, mesas.split(","))))
    wrong = next((one for one in named if not is_key(mesa_key(one))), None)
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


def _answer(findings: Findings, sheets: Sheets, rows: Booleans, sets: Sequence[str], unknown: list[str]) -> StakeSum:
    def in_area(key: str | None) -> MarginStake | None:
        margin = findings.margins.get(key or "")
        return None if margin is None else _beside(weigh(sheets, rows, margin, findings.roll_bound), margin)

    margin, cut = findings.margins.get(NATION), _cut(sheets, rows)
    if margin is None:
        raise NotFound("nothing is counted yet: there is no margin")
    stake = weigh(sheets, rows, margin, findings.roll_bound)
    district, department = (in_area(common_area(cut, level)) for level in (Level.DISTRICT, Level.DEPARTMENT))
    return StakeSum(
        seq=findings.seq,
        checkpoint=findings.checkpoint,
        sets=sets,
        mesas=stake.mesas,
        unknown=unknown,
        registered=stake.at_most,
        if_annulled=stake.if_annulled,
        at_most=stake.at_most,
        margins=StakeMargins(district, department, _beside(stake, margin)),
        verdict=stake.verdict(margin),
    )


def _cut(sheets: Sheets, rows: Booleans) -> list[str]:
    return [ubigeo for ubigeo, is_in in zip(sheets.ubigeos, rows.tolist(), strict=True) if is_in]


def _beside(stake: Stake, margin: Margin) -> MarginStake:
    return MarginStake(
        margin.key,
        margin.name,
        margin.votes,
        stake.mesas,
        stake.at_most,
        stake.if_annulled,
        stake.is_safe(margin),
        stake.is_safe_if_annulled(margin),
        margin.is_in_review,
        margin.kind,
    )
