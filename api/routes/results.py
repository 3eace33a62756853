"""Tables of results at any level and moment, as JSON and CSV. Those of places and mesas are written piece by piece."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import CURRENT, JSON, Reply, Representation, Router, pack, respond
from api.http.components import raw
from api.http.pieces import respond_in_pieces
from api.http.workers import check_wanted
from api.live.count import LiveCount
from api.serving.access import Live, Services, Serving
from api.story.past import Version
from api.tables import results_csv as sheets
from api.tables.rows import ResultTable, Row, check_within, row_of, select_keys, topics_of_rows
from tally.changes import Entry
from tally.errors import NotFound
from tally.keys import Level, level_of
from tally.topics import DISTRICTS
from tally.view import View

router = Router(tags=["results"])
_AT_ONCE = 100


class _Table(Struct, frozen=True):
    """What is asked for: rows of a level in an area, at a version, of which `etag` is the name."""

    live: LiveCount
    level: Level
    within: str | None
    version: Version
    etag: str
    form: sheets.SheetFormat

    @property
    def is_large(self) -> bool:
        """Whether there may be too many rows to make and keep it whole."""
        is_fine = self.level in (Level.POLLING_PLACE, Level.MESA)
        return is_fine and (self.within is None or level_of(self.within) not in (Level.DISTRICT, Level.POLLING_PLACE))

    @property
    def head(self) -> Representation:
        """All but its body."""
        if self.form == "json":
            return Representation(b"", None, self.etag, JSON)
        name = f"{self.live.name}-{self.level}-{self.version.seq}"
        headers = sheets.file_headers(name, self.form, is_test=self.live.info.is_test)
        return Representation(b"", None, self.etag, sheets.MEDIA_TYPE, headers)


@router.get("/results", responses=sheets.ALSO_CSV)
async def read_results(
    request: Request,
    live: Live,
    services: Serving,
    level: Level,
    within: str | None = Query(None, description="Key of an area or polling place: department/14"),
    at: str | None = Query(None, description="As it stood at this moment, ISO 8601."),
    format: sheets.SheetFormat = "json",  # noqa: A002 - the parameter's published name
) -> Reply[ResultTable]:
    """One row a key of the level; published by the source and computed from actas side by side.

    Tables of all polling places or mesas are some seconds old while the count moves: they say which version they are.
    """
    if within is not None and within not in live.view.entries:
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    check_within(within)
    version = await services.past.version(live, at)
    table = _Table(live, level, within, version, f"{live.epoch}-{version.seq}", format)
    about = ("results", live.info.id, live.epoch, live.info.is_test, level, within, format)
    if table.is_large:
        key = about if at is None else (*about, version.seq)
        found = services.pieced.find(key, table.etag)
        if found is None:
            found = services.pieced.make(key, table.head, _writer(services, table))
        answer: Reply[ResultTable] = await respond_in_pieces(request, found, version.cache)
        return answer
    key = (*about, version.seq)
    write = None if services.answers.has(key) else _writer(services, table)
    made = await services.answers.get(key, lambda: _whole(table, b"".join(write() if write else ())))
    if at is None:
        services.ready_answers.put(request.scope, live, made, CURRENT, is_immutable=False)
    return respond(request, made, version.cache)


def _whole(table: _Table, body: bytes) -> Representation:
    head = table.head
    return pack(body, head.etag, head.media_type, head.headers)


def _writer(services: Services, table: _Table) -> Callable[[], Iterator[bytes]]:
    """What writes a table in a worker, while the count moves on."""
    live, version = table.live, table.version
    topics = topics_of_rows(live.view, table.level, table.within)
    view = live.view.frozen([DISTRICTS, *(topics or ())])

    def entries() -> Iterator[Sequence[Entry]]:
        keys = select_keys(view, table.level, table.within) if version.seq else []
        if version.seq != view.seq:
            yield from services.past.pieces(live.info, version.seq, keys)
            return
        for start in range(0, len(keys), _AT_ONCE):
            check_wanted()
            yield [view.entries[key] for key in keys[start : start + _AT_ONCE]]

    pieces = ([row_of(view, table.level, entry) for entry in some] for some in entries())
    return partial(_write_table if table.form == "json" else _write_sheet, table, view, pieces)


def _write_sheet(table: _Table, _: View, pieces: Iterator[list[Row]]) -> Iterator[bytes]:
    lists, is_test = [entry.id for entry in table.live.contest.lists], table.live.info.is_test
    yield sheets.write_sheet((), lists, table.form, is_test=is_test)
    for rows in pieces:
        yield sheets.write_sheet(rows, lists, table.form, is_test=is_test, has_head=False)


def _write_table(table: _Table, view: View, pieces: Iterator[list[Row]]) -> Iterator[bytes]:
    live, version = table.live, table.version
    lists = [entry.id for entry in live.contest.lists]
    about = (live.election.id, table.level, table.within, view.epoch, version.seq, version.at, live.info.is_test, lists)
    head, _, tail = msgspec.json.encode(ResultTable(*about, [raw(b"0")])).rpartition(b"0")
    separator = head
    for rows in pieces:
        yield separator + b",".join(row.whole for row in rows)
        separator = b","
    yield (head if separator is head else b"") + tail
