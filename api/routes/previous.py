"""A count beside the election before: of one unit, or of all of a level, with what is not compared and why."""

from collections.abc import Sequence
from functools import partial

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Representation, Router, pack, respond
from api.live.count import LiveCount
from api.serving.access import Live, Serving
from api.story.past import Version
from api.story.previous import sheet
from api.story.previous.about import PreviousElection, describe
from api.story.previous.former_counts import Compared
from api.story.previous.table import ComparedUnit, GoneUnit, RegroupedUnit, SideBySide
from api.tables import results_csv as sheets
from api.tables.rows import parent_of, select_keys
from tally.changes import Entry
from tally.errors import InvalidInput, NotFound
from tally.keys import UBIGEO_LEVELS, Level, is_area, level_of

router = Router(tags=["previous"], responses={404: {}})


class PreviousTable(Struct, frozen=True, kw_only=True):
    """Units of now by key, each beside what it was; `groups`: districts that are compared together only.

    gone: areas of that level then that are nothing now; of a whole level, else empty.
    """

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool
    previous: PreviousElection
    rows: list[ComparedUnit]
    groups: list[RegroupedUnit]
    gone: list[GoneUnit]


class _Asked(Struct, frozen=True):
    """A question about the units `own`, with all that a worker needs to answer it; `etag` names the answer."""

    live: LiveCount
    compared: Compared
    version: Version
    entries: Sequence[Entry]
    level: Level
    own: frozenset[str]
    is_whole: bool
    etag: str


@router.get("/previous", responses=sheets.ALSO_CSV)
async def read_previous(
    request: Request,
    live: Live,
    services: Serving,
    key: str | None = Query(None, description="One area or polling place: district/140101"),
    level: Level = Level.DEPARTMENT,
    within: str | None = Query(None, description="Key of an area: department/14"),
    at: str | None = Query(None, description="As it stood at this moment, ISO 8601."),
    format: sheets.SheetFormat = "json",  # noqa: A002 - the parameter's published name
) -> Reply[PreviousTable]:
    """Turnout, shares of the lists that may be compared, change in points; 404 where nothing before is here."""
    compared = services.former_counts.of(live)
    if compared is None:
        raise NotFound("this count is compared with none before it: its election names none, or that is not here")
    if key is not None and key not in live.view.entries:
        raise NotFound(f"there is no {key[:60]!r} in this count")
    if within is not None and not (within in live.view.entries and is_area(within)):
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    asked_level = level if key is None else level_of(key)
    if asked_level is Level.MESA:
        raise InvalidInput("level: mesas are not compared, their numbers are other voters' by now")
    if asked_level is Level.POLLING_PLACE and key is None and (within is None or level_of(within) not in UBIGEO_LEVELS):
        raise InvalidInput("level=polling_place needs a department, province or district as `within`")
    version = await services.past.version(live, at)
    own = select_keys(live.view, asked_level, within) if key is None else [key]
    wanted = _keys(live, compared, own)
    view = await services.past.view_of(live, version, wanted)
    entries = [view.entries[one] for one in wanted if one in view.entries]
    etag = f"{live.epoch}-{version.seq}-{compared.former.epoch}-{compared.former.seq}"
    is_whole = key is None and within is None
    asked = _Asked(live, compared, version, entries, asked_level, frozenset(own), is_whole, etag)
    name = ("previous", live.info.id, etag, live.info.is_test, asked_level, key, within, format)
    write = partial(_write, asked) if format == "json" else partial(_sheet, asked, format)
    return respond(request, await services.answers.get(name, write), version.cache)


def _keys(live: LiveCount, compared: Compared, own: Sequence[str]) -> list[str]:
    """What is asked about; of polling places, all of their districts too; and every regrouped district."""
    view = live.view
    districts = {above for one in own if not is_area(one) and (above := parent_of(view, one)) is not None}
    around = (key for district in districts for key in view.keys([district]) if level_of(key) is not Level.MESA)
    regrouped = (part for unit in compared.comparison.crosswalk.groups for part in unit.now)
    return sorted({*own, *around, *regrouped})


def _write(asked: _Asked) -> Representation:
    live, beside = asked.live, SideBySide(asked.compared, asked.entries)
    rows, groups = _chosen(asked, beside)
    body = PreviousTable(
        election=live.election.id,
        epoch=live.epoch,
        seq=asked.version.seq,
        as_of=asked.version.at,
        source_at=asked.version.source_at,
        is_test=live.info.is_test,
        previous=describe(asked.compared),
        rows=rows,
        groups=groups,
        gone=beside.gone(asked.level) if asked.is_whole else [],
    )
    return pack(msgspec.json.encode(body), asked.etag)


def _sheet(asked: _Asked, form: sheets.SheetFormat) -> Representation:
    live, beside = asked.live, SideBySide(asked.compared, asked.entries)
    lists = [one.id for one in asked.compared.lists]
    gone = beside.gone(asked.level) if asked.is_whole else []
    body = sheet.write(*_chosen(asked, beside), gone, lists, form, is_test=live.info.is_test)
    headers = sheets.file_headers(f"{live.name}-previous-{asked.level}-{asked.version.seq}", form)
    return pack(body, asked.etag, sheets.MEDIA_TYPE, headers)


def _chosen(asked: _Asked, beside: SideBySide) -> tuple[list[ComparedUnit], list[RegroupedUnit]]:
    """The rows that are asked for, and the groups that one of them is in."""
    rows = [row for row in beside.rows(asked.level) if row.key in asked.own]
    named = {row.group for row in rows}
    return rows, [group for group in beside.groups() if group.number in named]
