"""Flags as they were frozen at a checkpoint, one of them, and the history of a mesa."""

from typing import Annotated, Any

import msgspec
from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from msgspec import Struct
from msgspec.structs import asdict
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.mission.case import Case
from api.mission.findings import Frozen, GivenFindings
from api.mission.places import lies_within
from api.serving.access import GivenCase
from mission.flags.checkpoints import Checkpoint, CountProgress, is_wrong, progress_of
from mission.flags.flag import Flag, FlagKind, FlagSeverity
from mission.flags.records import FlagRun, SeenFlag
from mission.flags.screening import Rate, Screening
from mission.flags.thresholds import load_thresholds
from tally.errors import NotFound
from tally.keys import MESA_NUMBER, NATION, Level, area_key, is_area, level_of, mesa_key, place_key
from tally.model import Acta, ActaState

router = Router(tags=["mission"])
_URGENT = (FlagSeverity.HIGH, FlagSeverity.REVIEW)
_FOUND = ("mesas", "places", "tested", "not_testable", "rates", "identical_expected", "behind", "counts")


class CheckpointLine(CountProgress, frozen=True):
    """When flags were frozen, and how far the count was; is_wrong: below its share of what is published now."""

    name: str
    seq: int
    as_of: str
    frozen_at: str
    is_wrong: bool


class FlagLine(Flag, frozen=True, kw_only=True):
    """A flag with its names, since which checkpoint (`at`: of which moment) it stands, and at which it was gone."""

    area_name: str | None
    place_name: str | None
    first_seen: str
    gone: str | None
    at: str


class FlagDetail(FlagLine, frozen=True, kw_only=True):
    """A flag and the checkpoints at which it was seen."""

    checkpoints: list[str]


class Flags(Struct, frozen=True, kw_only=True):
    """What stands out at a checkpoint, and how much the tests could see; `left_out` flags are not in the list."""

    checkpoints: list[CheckpointLine]
    checkpoint: str | None
    mesas: int = 0
    places: int = 0
    tested: int = 0
    not_testable: int = 0
    rates: tuple[Rate, ...] = ()
    identical_expected: float | None = None
    behind: int = 0
    counts: dict[str, int] = {}
    first_checkpoint: int
    progress: CountProgress | None
    flags: list[FlagLine]
    left_out: int


class FlagSighting(Struct, frozen=True):
    """A flag of a mesa at a checkpoint."""

    checkpoint: str
    as_of: str
    id: str
    kind: FlagKind
    severity: FlagSeverity


class FlagHistory(Struct, frozen=True):
    """A mesa's flags, oldest first. `is_testable`: None while it is not tallied."""

    mesa: str
    is_testable: bool | None
    checkpoints: list[str]
    history: list[FlagSighting]


@router.get("/mission/flags")
async def read_flags(
    request: Request,
    case: GivenCase,
    evidence: GivenFindings,
    checkpoint: str | None = Query(None, max_length=20, description="Its name; without it the newest."),
    kind: FlagKind | None = None,
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
    limit: Annotated[int, Query(ge=0, le=5000)] = 300,
) -> Reply[Flags]:
    """The flags of a checkpoint, the most severe first; of those for information `limit` at most.

    What is not testable is counted, and is not normal either.
    """
    frozen = await evidence.frozen(case.live, checkpoint or None)
    area = within or NATION
    chosen = [flag for flag in frozen.flags if lies_within(flag.key, flag.place, flag.ubigeo, area)]
    chosen = [flag for flag in chosen if kind in (None, flag.kind)]
    urgent = [flag for flag in chosen if flag.severity in _URGENT]
    rest = [flag for flag in chosen if flag.severity not in _URGENT]
    shown = (*urgent, *rest[:limit])
    progress = _progress(case)
    body = Flags(
        checkpoints=[_told(one, progress) for one in frozen.checkpoints],
        checkpoint=None if frozen.chosen is None else frozen.chosen.name,
        **_found(frozen.screening),
        first_checkpoint=load_thresholds().checkpoints.percent[0],
        progress=progress,
        flags=[FlagLine(**_shown(case, flag, frozen, frozen.runs[flag.id])) for flag in shown],
        left_out=max(0, len(rest) - limit),
    )
    return reply(request, body)


@router.get("/mission/flags/{id}")
async def read_flag(
    request: Request,
    case: GivenCase,
    evidence: GivenFindings,
    flag_id: Annotated[str, InPath(alias="id", max_length=80)],
) -> Reply[FlagDetail]:
    """A flag as it was last seen, and at which checkpoints it was."""
    frozen = await evidence.frozen(case.live)
    seen = await to_thread.run_sync(lambda: evidence.records.sightings(frozen.checkpoints, flag_id=flag_id))
    if not seen:
        raise NotFound(f"there is no flag {flag_id[:40]!r}")
    names = [one.checkpoint.name for one in seen]
    return reply(request, FlagDetail(**_shown(case, seen[-1].flag, frozen, frozen.runs[flag_id]), checkpoints=names))


@router.get("/mission/flags/history/{mesa}")
async def read_history(
    request: Request, case: GivenCase, evidence: GivenFindings, mesa: Annotated[str, InPath(pattern=f"^{MESA_NUMBER}$")]
) -> Reply[FlagHistory]:
    """Every flag a mesa ever had, at each checkpoint; and whether it can be tested at all."""
    key = mesa_key(mesa)
    if key not in case.live.view.entries:
        raise NotFound(f"there is no mesa {mesa} in this count")
    frozen = await evidence.frozen(case.live)
    seen = await to_thread.run_sync(lambda: evidence.records.sightings(frozen.checkpoints, key=key))
    names = [one.name for one in frozen.checkpoints]
    return reply(request, FlagHistory(mesa, _is_testable(case, key), names, [_sighting(one) for one in seen]))


def _told(one: Checkpoint, now: CountProgress | None) -> CheckpointLine:
    own = {name: getattr(one, name) for name in ("name", "seq", "as_of", "frozen_at")}
    return CheckpointLine(**asdict(one.progress), **own, is_wrong=now is not None and is_wrong(one, now.total))


def _sighting(one: SeenFlag) -> FlagSighting:
    flag, checkpoint = one.flag, one.checkpoint
    return FlagSighting(checkpoint.name, checkpoint.as_of, flag.id, flag.kind, flag.severity)


def _progress(case: Case) -> CountProgress | None:
    """How far the count is that checkpoints go by, None while no total of it is published."""
    nation = case.live.view.entries.get(NATION)
    return None if nation is None else progress_of(nation.change.data)


def _found(screening: Screening | None) -> dict[str, Any]:
    return {} if screening is None else {name: getattr(screening, name) for name in _FOUND}


def _shown(case: Case, flag: Flag, frozen: Frozen, run: FlagRun) -> dict[str, Any]:
    at = next(one.as_of for one in frozen.checkpoints if one.name == run.first_seen)
    names = case.live.names.names
    place = None if flag.place is None else names.get(place_key(flag.place))
    # The area a flag is about, or the district its mesa lies in.
    area = flag.key if is_area(flag.key) else flag.ubigeo and area_key(flag.ubigeo)
    return {**asdict(flag), "area_name": names.get(area or ""), "place_name": place, **asdict(run), "at": at}


def _is_testable(case: Case, key: str) -> bool | None:
    """Whether enough tallied mesas stand in the same polling place now; None while this one is not tallied."""
    view = case.live.view
    if not _is_tallied(view.entries[key].change.data):
        return None
    place = view.topics(key)[-2]
    if level_of(place) is not Level.POLLING_PLACE:
        return False
    mesas = [one for one in view.keys([place]) if level_of(one) is Level.MESA]
    tallied = sum(_is_tallied(view.entries[one].change.data) for one in mesas)
    return tallied >= load_thresholds().within_place.least_mesas


def _is_tallied(data: bytes) -> bool:
    acta = msgspec.json.decode(data, type=Acta)
    return acta.state is ActaState.COUNTED and bool(acta.valid) and bool(acta.registered)
