"""One area, polling place or mesa with everything known of it."""

from typing import Any

import msgspec
from anyio import to_thread
from fastapi import APIRouter, Query
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api import shapes
from api.access import Live, Services, Serving
from api.answers import Representation, respond
from api.live import LiveCount
from api.past import Version
from api.rows import join, join_list, parents_of, select_rows
from tally.changes import Entry
from tally.errors import NotFound
from tally.model import Level, key_level, mesa_key, place_key
from tally.tree import is_area
from tally.view import View

router = APIRouter(tags=["areas"], responses={404: {"model": shapes.Problem}})
_CHILDREN = {
    Level.NATION: (Level.DEPARTMENT,),
    Level.SCOPE: (Level.DEPARTMENT,),
    Level.DEPARTMENT: (Level.PROVINCE,),
    Level.PROVINCE: (Level.DISTRICT,),
}


_At = Query(None, description="As it stood at this moment, ISO 8601.")


@router.get("/elections/{election_id}/areas/{key:path}", response_model=shapes.Area)
async def read_area(request: Request, live: Live, services: Serving, key: str, at: str | None = _At) -> Response:
    """One area, from the nation to a district."""
    if not is_area(key):
        raise NotFound(f"there is no area {key[:40]!r} in this count")
    then = await _at(live, services, key, at)
    entry = then.entry
    head = {"key": key, "level": key_level(key), **_where(live, key, entry), "children_level": _children(live, key)}
    return then.answer(request, join(head, entry.change.data))


@router.get("/elections/{election_id}/places/{code}", response_model=shapes.Place)
async def read_place(request: Request, live: Live, services: Serving, code: str, at: str | None = _At) -> Response:
    """One polling place with its mesas and where it is drawn."""
    key = place_key(code)
    then = await _at(live, services, key, at)
    positions = await services.positions.of(live.view, [key])
    mesas = sorted(mesa for mesa in live.view.keys([key]) if mesa != key and mesa in then.view.entries)
    lines = join_list(_mesa_line(mesa, then.view.entries[mesa]) for mesa in mesas)
    head = {"key": key, **_where(live, key, then.entry), "position": positions.get(key), "mesas": msgspec.Raw(lines)}
    return then.answer(request, join(head, then.entry.change.data))


@router.get("/elections/{election_id}/mesas/{mesa}", response_model=shapes.Mesa)
async def read_mesa(request: Request, live: Live, services: Serving, mesa: str, at: str | None = _At) -> Response:
    """One mesa with every value it ever had, up to the moment asked about."""
    key = mesa_key(mesa)
    then = await _at(live, services, key, at)
    history = await to_thread.run_sync(services.store.history, live.info.id, key)
    past = [
        {**_stamp(value), "d": msgspec.Raw(value.change.data), "src": value.change.src}
        for value in history
        if value.seq <= then.version.seq
    ]
    head = {"key": key, "mesa": mesa, **_where(live, key, then.entry), "history": past}
    return then.answer(request, join(head, then.entry.change.data))


class _Then(Struct, frozen=True):
    """One key, and what belongs to it, at the version that was asked for."""

    epoch: str
    version: Version
    view: View
    entry: Entry

    def answer(self, request: Request, body: bytes) -> Response:
        """The answer, fresh for as long as it can stay true."""
        return respond(request, Representation(body, None, f"{self.epoch}-{self.version.seq}"), self.version.cache)


async def _at(live: LiveCount, services: Services, key: str, at: str | None) -> _Then:
    """A key at a moment, None for now.

    Raises: NotFound: it was not known then.
    """
    version = await services.past.version(live, at)
    keys = [key, *live.view.keys([key])] if key.startswith("place/") else [key]
    view = await services.past.view_of(live, version, keys)
    entry = view.entries.get(key)
    if entry is None:
        raise NotFound(f"there is no {key[:60]!r} in this count{'' if at is None else ' at that moment'}")
    return _Then(live.epoch, version, view, entry)


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
