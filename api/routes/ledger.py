"""The corrections ledger and the reconciliation: what changed its mind, and where two truths differ."""

from functools import partial
from typing import Any, Literal

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import JSON, Reply, Representation, Router, pack, respond
from api.http.components import Value, raw
from api.live.count import LiveCount
from api.routes.asked import AtQuery
from api.serving.access import MOST_SEQ, Live, Serving
from api.story.past import Version
from api.tables import ledger_csv as ledger_sheet
from api.tables import results_csv as sheets
from tally.board import ReleaseNote
from tally.changes import Kind
from tally.keys import NATION, Level, code_of, level_of
from tally.ledger import LedgerEntry, read_ledger
from tally.model import AreaCount, AreaState, Sums
from tally.rules.issues import Issue, Rule
from tally.rules.reconcile import is_same_cut
from tally.topics import DISTRICTS, PROVINCES
from tally.view import View

router = Router(tags=["corrections"])
_AREAS = (NATION, PROVINCES, DISTRICTS)


class Correction(Struct, frozen=True):
    """A line of the ledger; `note` stands beside what was released."""

    seq: int
    at: str
    kind: Kind
    key: str
    level: Level
    name: str | None
    before: Value | None
    after: Value
    before_src: str | None
    src: str | None
    note: ReleaseNote | None


class Corrections(Struct, frozen=True):
    """Newest first; `next` is the `before` of the following page, None at the end."""

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool
    corrections: list[Correction]
    next: int | None


class Difference(Struct, frozen=True):
    """An area where the two sides differ at the same number of counted actas."""

    key: str
    level: Level
    name: str | None
    flags: tuple[Issue, ...]
    published: AreaCount
    computed: Sums


class Reconciliation(Struct, frozen=True):
    """How many areas were compared, and how many could not be since their sides stand at different cuts.

    Where we know no acta there is nothing to compare.
    """

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool
    compared: int
    at_other_cuts: int
    differences: list[Difference]


@router.get("/corrections", responses=sheets.ALSO_CSV)
async def read_corrections(
    request: Request,
    live: Live,
    services: Serving,
    kind: list[Literal[Kind.CORRECTION, Kind.HOLD, Kind.RELEASE]] = Query([Kind.CORRECTION]),
    level: list[Level] = Query([], description="Only these levels; all if none is given."),
    before: int | None = Query(None, ge=1, le=MOST_SEQ, description="Only versions before this one: the next page."),
    limit: int = Query(100, ge=1, le=1000),
    at: AtQuery = None,
    format: sheets.SheetFormat = "json",  # noqa: A002 - the parameter's published name
) -> Reply[Corrections]:
    """Every number that went down or was replaced, newest first, with what stood before and the bytes that said so."""
    kinds, levels = tuple(kind), tuple(level)
    version = await services.past.version(live, at)
    if version.is_past:
        before = min(version.seq + 1, before or version.seq + 1)
    read = partial(read_ledger, services.store, live.info.id, kinds, levels=levels, before_seq=before, limit=limit)
    write = partial(_page, live, read, version) if format == "json" else partial(_sheet, live, read, format)
    key = ("corrections", live.etag, live.info.id, kinds, levels, version.seq, before, limit, format)
    return respond(request, await services.answers.read(key, write), version.cache)


def _page(live: LiveCount, read: Any, version: Version) -> Representation:
    lines: list[LedgerEntry] = read()
    # The last version given is whole, so the next page starts before it.
    following = lines[-1].seq if lines and lines[-1].seq > 1 else None
    stands = live.election.id, live.epoch, version.seq, version.at, version.source_at, live.info.is_test
    body = Corrections(*stands, [_line(live, line) for line in lines], following)
    return pack(msgspec.json.encode(body), live.etag, JSON)


def _sheet(live: LiveCount, read: Any, form: sheets.SheetFormat) -> Representation:
    lists = [entry.id for entry in live.contest.lists]
    return pack(
        ledger_sheet.write(read(), lists, partial(_name, live), form, is_test=live.info.is_test),
        live.etag,
        sheets.MEDIA_TYPE,
        sheets.file_headers(f"{live.name}-corrections-{live.view.seq}", form),
    )


def _line(live: LiveCount, line: LedgerEntry) -> Correction:
    return Correction(
        line.seq,
        line.at,
        line.kind,
        line.key,
        level_of(line.key),
        _name(live, line.key),
        None if line.before is None else raw(line.before),
        raw(line.after),
        line.before_src,
        line.src,
        None if line.note is None else raw(line.note.encode()),
    )


class _NamedEntry(msgspec.Struct):
    name: str | None = None


def _name(live: LiveCount, key: str) -> str | None:
    """Name of an area or place, number of a mesa."""
    if level_of(key) is Level.MESA:
        return code_of(key)
    entry = live.view.entries.get(key)
    return None if entry is None else msgspec.json.decode(entry.change.data, type=_NamedEntry).name


@router.get("/reconciliation")
async def read_reconciliation(
    request: Request, live: Live, services: Serving, at: AtQuery = None
) -> Reply[Reconciliation]:
    """Areas where the source's figures and the sum of the same number of counted actas differ; none is left out."""
    version = await services.past.version(live, at)
    key = ("reconciliation", live.info.id, live.epoch, version.seq)
    view = live.view
    if not services.answers.has(key):
        view = (await services.past.view_of(live, version, list(live.view.keys(_AREAS)))).frozen(_AREAS)
    return respond(request, await services.answers.get(key, partial(_reconcile, live, view, version)), version.cache)


def _reconcile(live: LiveCount, view: View, version: Version) -> Representation:
    compared, apart, differences = 0, 0, []
    for key in sorted(view.keys(_AREAS)):
        state = msgspec.json.decode(view.entries[key].change.data, type=AreaState)
        if state.published is None or not state.computed.total:
            continue  # nothing of ours to compare with: the source shows no actas there
        if not is_same_cut(state.published, state.computed):
            apart += 1
            continue
        compared += 1
        flags = tuple(issue for issue in state.flags or () if issue.rule == Rule.RECONCILIATION)
        if flags:
            about = (key, level_of(key), state.name, flags, state.published, state.computed)
            differences.append(Difference(*about))
    stands = live.election.id, live.epoch, view.seq, view.as_of, version.source_at, live.info.is_test
    body = Reconciliation(*stands, compared, apart, differences)
    return pack(msgspec.json.encode(body), f"{live.epoch}-{view.seq}", JSON)
