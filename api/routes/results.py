"""Tables of results at any level and moment, as JSON and CSV."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import msgspec
from fastapi import Query
from starlette.requests import Request

from api.http.answers import CURRENT, JSON, Reply, Representation, Router, pack, respond
from api.http.components import raw
from api.serving.access import Live, Serving
from api.tables import results_csv as sheets
from api.tables.rows import ResultTable, select_rows
from tally.errors import NotFound
from tally.keys import Level
from tally.view import View

router = Router(tags=["results"])
_WITH_MESAS = (Level.POLLING_PLACE, Level.MESA)


@router.get("/elections/{election_id}/results", responses=sheets.ALSO_CSV)
async def read_results(
    request: Request,
    live: Live,
    services: Serving,
    level: Level,
    within: str | None = Query(None, description="Key of an area or polling place: department/14"),
    at: str | None = Query(None, description="As it stood at this moment, ISO 8601."),
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the parameter's published name
) -> Reply[ResultTable]:
    """One row a key of the level; published by the source and computed from actas side by side."""
    if within is not None and within not in live.view.entries:
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    view, version = live.view, await services.past.version(live, at)
    if at is not None:
        view = await services.past.at_moment(live, at, areas_only=level not in _WITH_MESAS)
    rows = select_rows(view, level, within)
    lists = [entry.id for entry in live.contest.lists]
    is_test, etag = live.info.is_test, f"{view.epoch}-{view.seq}"
    if format == "csv":
        headers = {
            "Content-Disposition": f'attachment; filename="{_file_name(live.election.id, level, view, is_test)}"'
        }
        write = partial(sheets.write_sheet, rows, lists, is_test=is_test)
        build = partial(_build, write, etag, sheets.MEDIA_TYPE, headers)
    else:
        about = (live.election.id, level, within, view.epoch, view.seq, view.as_of, is_test, lists)
        build = partial(
            _build, lambda: msgspec.json.encode(ResultTable(*about, [raw(row.whole) for row in rows])), etag
        )
    key = ("results", live.election.id, etag, is_test, level, within, format)
    answer = await services.answers.get(key, build)
    if at is None:
        services.ready_answers.put(request.scope, live, answer, CURRENT, is_immutable=False)
    return respond(request, answer, version.cache)


def _build(
    write: Callable[[], bytes], etag: str, media_type: str = JSON, headers: dict[str, str] | None = None
) -> Representation:
    return pack(write(), etag, media_type, headers)


def _file_name(election_id: str, level: Level, view: View, is_test: bool) -> str:
    """Says what the sheet is, even after it was mailed around."""
    prefix = "SIMULACRO-" if is_test else ""
    return f"{prefix}{election_id}-{level}-{view.seq}.csv"
