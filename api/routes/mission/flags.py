"""Flags as they were frozen at a checkpoint, one of them, and the history of a mesa."""

from typing import Annotated, Any

import msgspec
from anyio import to_thread
from fastapi import APIRouter, Query
from fastapi import Path as InPath
from msgspec import to_builtins
from starlette.requests import Request
from starlette.responses import Response

from api import mission_evidence_shapes as shapes
from api.answers import encoded, respond
from api.case import Case, Casing
from api.evidence import Evidencing, Frozen
from mission.flags.checkpoints import Checkpoint, Progress, progress_of
from mission.flags.flag import Flag, FlagKind, Severity
from mission.flags.records import Run
from mission.flags.screening import Screening
from mission.flags.thresholds import load_thresholds
from tally.errors import InvalidInput, NotFound
from tally.model import ABROAD, DOMESTIC, NATION, Acta, ActaState, mesa_key, place_key, scope_key
from tally.tree import is_area

router = APIRouter(tags=["mission"])
_URGENT = (Severity.HIGH, Severity.REVIEW)


@router.get("/mission/flags", response_model=shapes.Flags)
async def read_flags(
    request: Request,
    case: Casing,
    evidence: Evidencing,
    checkpoint: str | None = Query(None, max_length=20, description="Its name; without it the newest."),
    kind: FlagKind | None = None,
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
    limit: Annotated[int, Query(ge=0, le=5000)] = 300,
) -> Response:
    """The flags of a checkpoint, the most severe first; of those for information `limit` at most.

    What is not testable is counted, and is not normal either.
    """
    frozen = await evidence.frozen(case.live, checkpoint or None)
    chosen = [flag for flag in frozen.flags if kind in (None, flag.kind) and _lies_within(flag, within or NATION)]
    urgent = [flag for flag in chosen if flag.severity in _URGENT]
    rest = [flag for flag in chosen if flag.severity not in _URGENT]
    body = {
        "checkpoints": [_told(one) for one in frozen.checkpoints],
        "checkpoint": None if frozen.chosen is None else frozen.chosen.name,
        **_summary(frozen.screening),
        "first_checkpoint": load_thresholds().checkpoints.percent[0],
        "progress": _progress(case),
        "flags": [_shown(case, flag, frozen, frozen.runs[flag.id]) for flag in (*urgent, *rest[:limit])],
        "left_out": max(0, len(rest) - limit),
    }
    return respond(request, encoded(body))


@router.get("/mission/flags/{id}", response_model=shapes.OneFlag)
async def read_flag(
    request: Request,
    case: Casing,
    evidence: Evidencing,
    id: Annotated[str, InPath(max_length=80)],  # noqa: A002 - the parameter's published name
) -> Response:
    """A flag as it was last seen, and at which checkpoints it was."""
    frozen = await evidence.frozen(case.live)
    seen = await to_thread.run_sync(lambda: evidence.records.sightings(frozen.checkpoints, flag_id=id))
    if not seen:
        raise NotFound(f"there is no flag {id[:40]!r}")
    names = [one.checkpoint.name for one in seen]
    return respond(request, encoded({**_shown(case, seen[-1].flag, frozen, frozen.runs[id]), "checkpoints": names}))


@router.get("/mission/flags/history/{mesa}", response_model=shapes.FlagHistory)
async def read_history(
    request: Request, case: Casing, evidence: Evidencing, mesa: Annotated[str, InPath(pattern="^[0-9]{6}$")]
) -> Response:
    """Every flag a mesa ever had, at each checkpoint; and whether it can be tested at all."""
    key = mesa_key(mesa)
    if key not in case.live.view.entries:
        raise NotFound(f"there is no mesa {mesa} in this count")
    frozen = await evidence.frozen(case.live)
    seen = await to_thread.run_sync(lambda: evidence.records.sightings(frozen.checkpoints, key=key))
    body = {
        "mesa": mesa,
        "is_testable": _is_testable(case, key),
        "checkpoints": [one.name for one in frozen.checkpoints],
        "history": [
            {
                "checkpoint": one.checkpoint.name,
                "as_of": one.checkpoint.as_of,
                **{name: getattr(one.flag, name) for name in ("id", "kind", "severity")},
            }
            for one in seen
        ],
    }
    return respond(request, encoded(body))


def _told(checkpoint: Checkpoint) -> dict[str, Any]:
    told: dict[str, Any] = to_builtins(checkpoint)
    del told["id"]
    progress = told.pop("progress")
    return {**told, **progress}


def _progress(case: Case) -> Progress | None:
    """How far the count is that checkpoints go by, None while it has no figure at all."""
    nation = case.live.view.entries.get(NATION)
    return None if nation is None else progress_of(nation.change.data)


def _summary(screening: Screening | None) -> dict[str, Any]:
    if screening is None:
        nothing = dict.fromkeys(("mesas", "places", "tested", "not_testable"), 0)
        return {**nothing, "rates": [], "identical_expected": None, "counts": {}}
    summary: dict[str, Any] = to_builtins(msgspec.structs.replace(screening, flags=()))
    del summary["flags"]
    return summary


def _shown(case: Case, flag: Flag, frozen: Frozen, run: Run) -> dict[str, Any]:
    at = next(one.as_of for one in frozen.checkpoints if one.name == run.first_seen)
    names = case.live.names.names
    place = None if flag.place is None else names.get(place_key(flag.place))
    # The area a flag is about, or the district its mesa lies in.
    area = names.get(flag.key if is_area(flag.key) else f"district/{flag.ubigeo}")
    return {**to_builtins(flag), "area_name": area, "place_name": place, **to_builtins(run), "at": at}


def _lies_within(flag: Flag, key: str) -> bool:
    level, _, code = key.partition("/")
    if key == NATION or flag.key == key:
        return True
    if key in (DOMESTIC, ABROAD):
        return flag.ubigeo is not None and scope_key(flag.ubigeo) == key
    if level in ("department", "province", "district"):
        return flag.ubigeo is not None and flag.ubigeo.startswith(code)
    if level == "place":
        return flag.place == code
    if level == "mesa":
        return False
    raise InvalidInput(f"within={key[:40]!r} is no key of this count")


def _is_testable(case: Case, key: str) -> bool | None:
    """Whether enough tallied mesas stand in the same polling place now; None while this one is not tallied."""
    view = case.live.view
    if not _is_tallied(view.entries[key].change.data):
        return None
    place = view.topics(key)[-2]
    if not place.startswith("place/"):
        return False
    mesas = [one for one in view.keys([place]) if one.startswith("mesa/")]
    tallied = sum(_is_tallied(view.entries[one].change.data) for one in mesas)
    return tallied >= load_thresholds().within_place.least_mesas


def _is_tallied(data: bytes) -> bool:
    acta = msgspec.json.decode(data, type=Acta)
    return acta.state is ActaState.COUNTED and bool(acta.valid) and bool(acta.registered)
