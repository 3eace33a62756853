"""One area, polling place or mesa with everything known of it."""

from typing import Any

import msgspec
from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import shapes
from api.access import Live, Serving
from api.answers import CURRENT, Answer, respond
from api.live import LiveCount
from api.rows import join, join_list, parents_of, select_rows
from tally.changes import Entry
from tally.errors import NotFound
from tally.model import Level, key_level, mesa_key, place_key
from tally.tree import is_area

router = APIRouter(tags=["areas"], responses={404: {"model": shapes.Problem}})
_CHILDREN = {
    Level.NATION: (Level.DEPARTMENT,),
    Level.SCOPE: (Level.DEPARTMENT,),
    Level.DEPARTMENT: (Level.PROVINCE,),
    Level.PROVINCE: (Level.DISTRICT,),
}


@router.get("/elections/{election_id}/areas/{key:path}", response_model=shapes.Area)
async def read_area(request: Request, live: Live, key: str) -> Response:
    """One area, from the nation to a district."""
    entry = live.view.entries.get(key)
    if entry is None or not is_area(key):
        raise NotFound(f"there is no area {key[:40]!r} in this count")
    head = {"key": key, "level": key_level(key), **_where(live, key, entry), "children_level": _children(live, key)}
    return _answer(request, live, join(head, entry.change.data))


@router.get("/elections/{election_id}/places/{code}", response_model=shapes.Place)
async def read_place(request: Request, live: Live, services: Serving, code: str) -> Response:
    """One polling place with its mesas and where it is drawn."""
    key = place_key(code)
    entry = live.view.entries.get(key)
    if entry is None:
        raise NotFound(f"there is no polling place {code[:40]!r} in this count")
    positions = await services.positions.of(live.view, [key])
    mesas = sorted(mesa for mesa in live.view.keys([key]) if mesa != key)
    lines = join_list(_mesa_line(mesa, live.view.entries[mesa]) for mesa in mesas)
    head = {"key": key, **_where(live, key, entry), "position": positions.get(key), "mesas": msgspec.Raw(lines)}
    return _answer(request, live, join(head, entry.change.data))


@router.get("/elections/{election_id}/mesas/{mesa}", response_model=shapes.Mesa)
async def read_mesa(request: Request, live: Live, services: Serving, mesa: str) -> Response:
    """One mesa with every value it ever had."""
    key = mesa_key(mesa)
    entry = live.view.entries.get(key)
    if entry is None:
        raise NotFound(f"there is no mesa {mesa[:40]!r} in this count")
    history = await to_thread.run_sync(services.store.history, live.info.id, key)
    past = [{**_stamp(value), "d": msgspec.Raw(value.change.data), "src": value.change.src} for value in history]
    head = {"key": key, "mesa": mesa, **_where(live, key, entry), "history": past}
    return _answer(request, live, join(head, entry.change.data))


def _answer(request: Request, live: LiveCount, body: bytes) -> Response:
    return respond(request, Answer(body, None, live.etag), CURRENT)


def _where(live: LiveCount, key: str, entry: Entry) -> dict[str, Any]:
    names = live.names.names
    parents = [{"key": parent, "name": names.get(parent)} for parent in parents_of(live.view, key)]
    return {"parents": parents, "changed_at": entry.at, "changed_seq": entry.seq}


def _stamp(entry: Entry) -> dict[str, Any]:
    return {"seq": entry.seq, "at": entry.at, "kind": entry.change.kind}


def _mesa_line(key: str, entry: Entry) -> bytes:
    return join({"key": key, "mesa": key.partition("/")[2], "changed_at": entry.at}, entry.change.data)


def _children(live: LiveCount, key: str) -> Level | None:
    """The level below an area, as far as the count goes down; a district may list places, mesas or nothing yet."""
    below = _CHILDREN.get(key_level(key), (Level.POLLING_PLACE, Level.MESA))
    return next((level for level in below if select_rows(live.view, level, key)), None)
