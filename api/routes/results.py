"""Tables of results at any level and moment, as JSON and CSV."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import msgspec
from fastapi import Query
from starlette.requests import Request

from api.http.answers import CURRENT, Reply, Router, pack, respond
from api.http.components import raw
from api.serving.access import Live, Serving
from api.tables import results_csv as sheets
from api.tables.rows import ResultTable, Row, check_within, select_rows, topics_of_rows
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
    check_within(within)
    lists = [entry.id for entry in live.contest.lists]
    is_test, etag = live.info.is_test, f"{view.epoch}-{view.seq}"
    if format == "csv":
        headers = {
            "Content-Disposition": f'attachment; filename="{_file_name(live.election.id, level, view, is_test)}"'
        }
        write = partial(sheets.write_sheet, lists=lists, is_test=is_test)
        pack_up = partial(pack, etag=etag, media_type=sheets.MEDIA_TYPE, headers=headers)
    else:
        about = partial(ResultTable, live.election.id, level, within, view.epoch, view.seq, view.as_of, is_test, lists)
        write, pack_up = partial(_write_table, about), partial(pack, etag=etag)
    key = ("results", live.election.id, etag, is_test, level, within, format)
    # All mesas of a country take a quarter of a second to choose and to write: for a worker, and once a version.
    seen = view if services.answers.has(key) else view.frozen(topics_of_rows(level, within))
    answer = await services.answers.get(key, lambda: pack_up(write(select_rows(seen, level, within))))
    if at is None:
        services.ready_answers.put(request.scope, live, answer, CURRENT, is_immutable=False)
    return respond(request, answer, version.cache)


def _write_table(about: Callable[..., ResultTable], rows: list[Row]) -> bytes:
    return msgspec.json.encode(about([raw(row.whole) for row in rows]))


def _file_name(election_id: str, level: Level, view: View, is_test: bool) -> str:
    """Says what the sheet is, even after it was mailed around."""
    prefix = "SIMULACRO-" if is_test else ""
    return f"{prefix}{election_id}-{level}-{view.seq}.csv"
