"""Tables of results at any level and moment, as JSON and CSV. Those of places and mesas are written piece by piece."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import CURRENT, JSON, Reply, Representation, Router, pack, respond
from api.http.components import raw
from api.http.pieces import respond_in_pieces
from api.http.workers import check_wanted
from api.live.count import LiveCount
from api.routes.asked import AtQuery, RowQuestion, SinceQuery
from api.serving.access import Live, Services, Serving
from api.story.past import Version
from api.tables import results_csv as sheets
from api.tables.questions.figures import RowFigures
from api.tables.questions.question import QuestionText
from api.tables.questions.selection import Selection
from api.tables.rows import ResultTable, TableMoment, check_within, row_of, select_keys, topics_of_rows
from tally.changes import Entry
from tally.errors import InvalidInput, NotFound
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
    since: Version | None
    text: QuestionText
    etag: str
    form: sheets.SheetFormat

    @property
    def lists(self) -> tuple[str, ...]:
        """The contest's lists by id, in the order of votes."""
        return tuple(entry.id for entry in self.live.contest.lists)

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

    def select(self) -> Selection:
        """Its question, read.

        Raises: InvalidInput: it is none, or asks for more than can be looked up.
        """
        question = self.text.read(self.lists)
        if question.needs_past and self.since is None:
            raise InvalidInput("change.COLUMN needs since=MOMENT: where changes are counted from")
        if question.needs_past and self.is_large:
            raise InvalidInput(
                "change.COLUMN is told of areas, and of places and mesas within=district/… or place/… only"
            )
        return Selection(question, self.lists)


@router.get("/results", responses=sheets.ALSO_CSV)
async def read_results(
    request: Request,
    live: Live,
    services: Serving,
    level: Level,
    question: RowQuestion,
    within: str | None = Query(None, description="Key of an area or polling place: department/14"),
    since: SinceQuery = None,
    at: AtQuery = None,
    format: sheets.SheetFormat = "json",  # noqa: A002 - the parameter's published name
) -> Reply[ResultTable]:
    """One row a key of the level; published by the source and computed from actas side by side.

    `where`, `since`, `sort`, `top` and `columns` answer a question in one call; docs/api.md lists the columns.
    Tables of all polling places or mesas are some seconds old while the count moves: they say which version they are.
    """
    if within is not None and within not in live.view.entries:
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    check_within(within)
    version = await services.past.version(live, at)
    before = None if since is None else await services.past.version(live, since)
    table = _Table(live, level, within, version, before, question, f"{live.epoch}-{version.seq}", format)
    selection = table.select()
    after = None if before is None else before.seq
    about = ("results", live.info.id, live.epoch, live.info.is_test, level, within, after, question, format)
    if table.is_large:
        key = about if at is None else (*about, version.seq)
        found = services.pieced.find(key, table.etag)
        if found is None:
            found = services.pieced.make(key, table.head, _writer(services, table, selection))
        answer: Reply[ResultTable] = await respond_in_pieces(request, found, version.cache)
        return answer
    key = (*about, version.seq)
    write = None if services.answers.has(key) else _writer(services, table, selection)
    work_out = services.answers.read if version.is_past or since is not None else services.answers.get
    made = await work_out(key, lambda: _whole(table, b"".join(write() if write else ())))
    if at is None and since is None:
        services.ready_answers.put(request.scope, live, made, CURRENT, is_immutable=False)
    return respond(request, made, version.cache)


def _whole(table: _Table, body: bytes) -> Representation:
    head = table.head
    return pack(body, head.etag, head.media_type, head.headers)


def _writer(services: Services, table: _Table, selection: Selection) -> Callable[[], Iterator[bytes]]:
    """What writes a table in a worker, while the count moves on."""
    live, version = table.live, table.version
    topics = topics_of_rows(live.view, table.level, table.within)
    view = live.view.frozen([DISTRICTS, *(topics or ())])
    after = 0 if table.since is None else table.since.seq

    def entries() -> Iterator[Sequence[Entry]]:
        keys = select_keys(view, table.level, table.within) if version.seq else []
        if version.seq != view.seq:
            yield from services.past.pieces(live.info, version.seq, keys)
            return
        for start in range(0, len(keys), _AT_ONCE):
            check_wanted()
            yield [view.entries[key] for key in keys[start : start + _AT_ONCE]]

    def before(keys: list[str]) -> Mapping[str, Entry]:
        found = services.past.pieces(live.info, after, keys)
        return {entry.change.key: entry for piece in found for entry in piece}

    pieces = ([row_of(view, table.level, entry) for entry in some if entry.seq > after] for some in entries())
    write = _write_table if table.form == "json" else _write_sheet
    return lambda: write(table, selection, view, selection.choose(pieces, before))


def _write_sheet(table: _Table, selection: Selection, _: View, pieces: Iterator[list[RowFigures]]) -> Iterator[bytes]:
    lists, is_test = table.lists, table.live.info.is_test
    columns = selection.question.columns
    if columns is not None:
        yield sheets.write_csv(columns, (), table.form)
        for rows in pieces:
            yield sheets.write_csv(None, map(selection.cells, rows), table.form)
        return
    yield sheets.write_sheet((), lists, table.form, is_test=is_test)
    for rows in pieces:
        yield sheets.write_sheet((one.row for one in rows), lists, table.form, is_test=is_test, has_head=False)


def _write_table(
    table: _Table, selection: Selection, view: View, pieces: Iterator[list[RowFigures]]
) -> Iterator[bytes]:
    live, version, since = table.live, table.version, table.since
    moment = None if since is None else TableMoment(since.seq, since.at, since.source_at)
    about = (live.election.id, table.level, table.within, view.epoch, version.seq, version.at, version.source_at)
    shell = ResultTable(*about, moment, live.info.is_test, list(table.lists), [raw(b"[]")], 0)
    head, _, _ = msgspec.json.encode(shell).rpartition(b"[]")
    separator = head
    for rows in pieces:
        if rows:
            yield separator + b",".join(map(selection.write, rows))
            separator = b","
    yield (head if separator is head else b"") + b'],"matching":%d}' % selection.matching
