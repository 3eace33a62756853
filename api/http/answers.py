"""Answers built once and given to many: bytes, their compressed twins and their ETag, kept for the newest versions.

A route says in its return annotation which Struct it answers (`Reply[Hits]`): that is what is encoded and described.
"""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import brotli
import msgspec
from fastapi import APIRouter
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
# Two seconds of a CDN are enough for any crowd; a server that is away leaves a day of last numbers.
CURRENT = "public, max-age=2, stale-while-revalidate=10, stale-if-error=86400"
# The past stays as it was; only another history could replace it.
PAST = "public, max-age=86400, stale-if-error=604800"
IMMUTABLE = "public, max-age=31536000, immutable"
UNCACHED = "no-cache"
_PACK_FROM = 1024
_GZIP_LEVEL = 6
# Half of gzip's time for a tenth less; the higher ones cost seconds a table.
_BROTLI_QUALITY = 5
# In the order we prefer.
CODINGS = ("br", "gzip", "identity")

T = TypeVar("T")


class Reply(Response, Generic[T]):
    """A response that holds the JSON of a T."""


class Router(APIRouter):
    """Routes that give a finished `Reply`: what it holds is described from its Struct, see `api.routes.description`."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Add one, and leave nothing of its answer to FastAPI."""
        super().add_api_route(path, endpoint, **{**options, "response_model": None})


class Representation(Struct, frozen=True):
    """One finished answer, as it is sent; `etag` is None where freshness is not a matter of versions."""

    body: bytes
    packed: bytes | None = None
    etag: str | None = None
    media_type: str = JSON
    headers: dict[str, str] = {}
    brotli: bytes | None = None

    def in_coding(self, coding: str) -> bytes | None:
        """The body as it is sent in that coding, or None if there is none."""
        return {"br": self.brotli, "gzip": self.packed, "identity": self.body}[coding]


def mark_of(version: str, body: bytes) -> str:
    """The ETag of an answer that rests on more than a version: on positions or readings, which a restart may change."""
    return f"{version}-{hashlib.blake2b(body, digest_size=8).hexdigest()}"


def pack(
    body: bytes, etag: str | None = None, media_type: str = JSON, headers: dict[str, str] | None = None
) -> Representation:
    """An answer with its compressed twins, where compressing is worth it."""
    if len(body) < _PACK_FROM:
        return Representation(body, None, etag, media_type, headers or {})
    packed = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    return Representation(body, packed, etag, media_type, headers or {}, brotli.compress(body, quality=_BROTLI_QUALITY))


def reply(
    request: Request, value: T, cache_control: str = CURRENT, status: int = 200, etag: str | None = None
) -> Reply[T]:
    """The HTTP response of a small answer that nobody keeps."""
    return respond(request, Representation(msgspec.json.encode(value), None, etag), cache_control, status)


def respond(request: Request, answer: Representation, cache_control: str = CURRENT, status: int = 200) -> Reply[Any]:
    """The HTTP response: 304 if the client already has it, compressed if it can read that."""
    headers = entity_headers(answer, cache_control)
    if "ETag" in headers and has_etag(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Reply(status_code=304, headers=headers)
    coding = choose_coding(request.headers.get("accept-encoding", ""), answer)
    if coding == "identity":
        return Reply(answer.body, status, headers, answer.media_type)
    packed = answer.in_coding(coding)
    return Reply(packed, status, {**headers, "Content-Encoding": coding}, answer.media_type)


def entity_headers(answer: Representation, cache_control: str) -> dict[str, str]:
    """What every form of an answer says of itself, a 304 too."""
    headers = {**answer.headers, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    return headers if answer.etag is None else {**headers, "ETag": f'"{answer.etag}"'}


def has_etag(known: str, etag: str) -> bool:
    """Whether an If-None-Match names that version."""
    return known.strip() == "*" or etag in [part.strip().removeprefix("W/") for part in known.split(",")]


def choose_coding(accepted: str, answer: Representation | None = None) -> str:
    """The best coding an Accept-Encoding allows, of those the answer has (None: of all)."""
    wanted = set()
    for part in accepted.split(","):
        coding, _, weight = part.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            wanted.add(coding.strip().lower())
    return next(
        (one for one in CODINGS[:-1] if one in wanted and (answer is None or answer.in_coding(one))), "identity"
    )
