"""Sets of files of the counts: their index, and every file of them, as `escrutinio files` made them."""

import os
import re
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from api.http.answers import CURRENT, IMMUTABLE, Reply, Representation, Router, has_etag, pack, respond
from api.http.headers import ASKED
from api.serving.access import Serving
from api.tables.sets.index import INDEX, LATEST, MEDIA_TYPES, PACKED_CSV, SetIndex
from tally import moments
from tally.errors import NotFound

router = Router(prefix="/data", tags=["files"])
# What an address leads to may be another set soon; who reads in pieces goes on where it led to.
_SHORT = "public, max-age=10"
# No part begins with a dot: what does is being made.
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_FORMATS = {".parquet": "parquet", ".csv": "csv", ".gz": PACKED_CSV, ".sqlite": "sqlite", ".json": "json"}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILES: dict[str, Any] = {"content": {media_type.partition(";")[0]: _BYTES for media_type in MEDIA_TYPES.values()}}


class _SetFile(FileResponse):
    """A file, read in pieces by threads; of a HEAD not even opened."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__({**scope, "method": scope[ASKED]}, receive, send)


@router.get(f"/{INDEX}")
async def read_sets(request: Request, services: Serving) -> Reply[SetIndex]:
    """Every set of files there is, newest version first, with the size and SHA-256 of each file.

    A set at a checkpoint (50, 75, 90, 95, 99, 100 percent of the actas; batches back from the juries) stays for ever.
    """
    path = None if services.files is None else services.files / INDEX
    found = None if path is None else await to_thread.run_sync(_stat, path)
    if path is None or found is None:
        empty = SetIndex(written_at=moments.write(moments.utc_now().replace(microsecond=0)), elections=())
        return respond(request, pack(msgspec.json.encode(empty)), CURRENT)
    key = ("sets", found.st_mtime_ns, found.st_size)
    return respond(request, await services.answers.get(key, partial(_read, path)), CURRENT)


@router.get(
    "/{election_id}/{contest_id}/{version}/{name}",
    responses={200: _FILES, 206: _FILES, 404: {}},
    response_class=Response,
)
async def read_file(
    request: Request, services: Serving, election_id: str, contest_id: str, version: str, name: str
) -> Response:
    """One file of a set, whole or in ranges; it never changes. Of version `latest`: where that of the newest set is."""
    parts = (election_id, contest_id, version, name)
    if services.files is None or not all(map(_PART.fullmatch, parts)):
        raise _absent(request)
    if version == LATEST:
        newest = await to_thread.run_sync(_newest, services.files / election_id / contest_id / LATEST)
        if newest is None:
            raise _absent(request)
        address = f"/data/{election_id}/{contest_id}/{newest}/{name}"
        return RedirectResponse(address, headers={"Cache-Control": _SHORT})
    path = services.files.joinpath(*parts)
    found = await to_thread.run_sync(_stat, path)
    if found is None:
        raise _absent(request)
    # As nginx says it, who may serve the same folder: whoever began with one goes on with the other.
    headers = {"ETag": f'"{int(found.st_mtime):x}-{found.st_size:x}"', "Cache-Control": IMMUTABLE}
    if _is_known(request, headers["ETag"], found):
        return Response(status_code=304, headers=headers)
    media_type = MEDIA_TYPES[_FORMATS.get(path.suffix, "sha256")]
    return _SetFile(path, headers=headers, media_type=media_type, stat_result=found)


def _absent(request: Request) -> NotFound:
    return NotFound(f"there is no file {request.url.path[:120]}; /data/{INDEX} lists those there are")


def _stat(path: Path) -> os.stat_result | None:
    return path.stat() if path.is_file() else None


def _newest(link: Path) -> str | None:
    try:
        found = os.readlink(link)
    except OSError:
        return None
    return found if _PART.fullmatch(found) else None


def _read(path: Path) -> Representation:
    content = path.read_bytes()
    return pack(content, f"sets-{path.stat().st_mtime_ns:x}-{len(content):x}")


def _is_known(request: Request, etag: str, found: os.stat_result) -> bool:
    """Whether the client has the file already."""
    known = request.headers.get("if-none-match")
    if known is not None:
        return has_etag(known, etag)
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and int(found.st_mtime) <= parsedate_to_datetime(since).timestamp()
    except ValueError:  # no date
        return False
