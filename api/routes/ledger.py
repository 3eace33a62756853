"""The corrections ledger and the reconciliation: what changed its mind, and where two truths differ."""

from functools import partial
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Query
from msgspec import Raw
from starlette.requests import Request
from starlette.responses import Response

from api import ledger_shapes, ledger_sheet, sheets
from api.access import MOST_SEQ, Live, Serving
from api.answers import JSON, Answer, pack, respond
from api.live import LiveCount
from tally.changes import Kind
from tally.ledger import LedgerEntry, read_ledger
from tally.model import AreaState, Level, key_level
from tally.view import View

router = APIRouter(tags=["corrections"])
_NULL = Raw(b"null")
_At = Query(None, description="As it stood at this moment, ISO 8601.")


@router.get("/elections/{election_id}/corrections", response_model=ledger_shapes.Corrections, responses=sheets.ALSO_CSV)
async def read_corrections(
    request: Request,
    live: Live,
    services: Serving,
    kind: list[Literal[Kind.CORRECTION, Kind.HOLD, Kind.RELEASE]] = Query([Kind.CORRECTION]),
    level: list[Level] = Query([], description="Only these levels; all if none is given."),
    before: int | None = Query(None, ge=1, le=MOST_SEQ, description="Only versions before this one: the next page."),
    limit: int = Query(100, ge=1, le=1000),
    at: str | None = _At,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the parameter's published name
) -> Response:
    """Every number that went down or was replaced, newest first, with what stood before and the bytes that said so."""
    kinds, levels = tuple(kind), tuple(level)
    version = await services.past.version(live, at)
    if version.is_past:
        before = min(version.seq + 1, before or version.seq + 1)
    read = partial(read_ledger, services.store, live.info.id, kinds, levels=levels, before_seq=before, limit=limit)
    write = partial(_page, live, read, version.seq) if format == "json" else partial(_sheet, live, read)
    key = ("corrections", live.etag, live.election.id, kinds, levels, version.seq, before, limit, format)
    return respond(request, await services.answers.get(key, write), version.cache)


def _page(live: LiveCount, read: Any, seq: int) -> Answer:
    lines: list[LedgerEntry] = read()
    body = {
        "election": live.election.id,
        "epoch": live.epoch,
        "seq": seq,
        "corrections": [_line(live, line) for line in lines],
        # The last version given is whole, so the next page starts before it.
        "next": lines[-1].seq if lines and lines[-1].seq > 1 else None,
    }
    return pack(msgspec.json.encode(body), live.etag, JSON)


def _sheet(live: LiveCount, read: Any) -> Answer:
    lists = [entry.id for entry in live.contest.lists]
    return pack(
        ledger_sheet.write(read(), lists, partial(_name, live), is_test=live.info.is_test),
        live.etag,
        ledger_sheet.MEDIA_TYPE,
        {"Content-Disposition": f'attachment; filename="{live.election.id}-corrections-{live.view.seq}.csv"'},
    )


def _line(live: LiveCount, line: LedgerEntry) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "at": line.at,
        "kind": line.kind,
        "key": line.key,
        "level": key_level(line.key),
        "name": _name(live, line.key),
        "before": _NULL if line.before is None else Raw(line.before),
        "after": Raw(line.after),
        "before_src": line.before_src,
        "src": line.src,
        "note": None if line.note is None else Raw(line.note.encode()),
    }


class _Named(msgspec.Struct):
    name: str | None = None


def _name(live: LiveCount, key: str) -> str | None:
    """Name of an area or place, number of a mesa."""
    if key.startswith("mesa/"):
        return key.partition("/")[2]
    entry = live.view.entries.get(key)
    return None if entry is None else msgspec.json.decode(entry.change.data, type=_Named).name


@router.get("/elections/{election_id}/reconciliation", response_model=ledger_shapes.Reconciliation)
async def read_reconciliation(request: Request, live: Live, services: Serving, at: str | None = _At) -> Response:
    """Areas where the source's figures and the sum of the same number of counted actas differ; none is left out."""
    version = await services.past.version(live, at)
    view = live.view if at is None else await services.past.at_moment(live, at, areas_only=True)
    key = ("reconciliation", live.etag, live.election.id, version.seq)
    return respond(request, await services.answers.get(key, partial(_reconcile, live, view)), version.cache)


def _reconcile(live: LiveCount, view: View) -> Answer:
    compared, apart, differences = 0, 0, []
    for key in sorted(view.keys(["nation", "provinces", "districts"])):
        state = msgspec.json.decode(view.entries[key].change.data, type=AreaState)
        if state.published is None:
            continue
        if (state.published.counted, state.published.total) != (state.computed.counted, state.computed.total):
            apart += 1
            continue
        compared += 1
        if state.flags is not msgspec.UNSET:
            head = {"key": key, "level": key_level(key), "name": state.name, "flags": state.flags}
            differences.append({**head, "published": state.published, "computed": state.computed})
    body = {
        "election": live.election.id,
        "epoch": live.epoch,
        "seq": view.seq,
        "compared": compared,
        "at_other_cuts": apart,
        "differences": differences,
    }
    return pack(msgspec.json.encode(body), f"{live.epoch}-{view.seq}", JSON)
