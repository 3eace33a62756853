"""Answers: a status and bytes, in the source's envelope, or its page where it does not know the path."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026.filters import NothingThere, Question

DONE = "Se ejecutó correctamente la operación"
_encode = msgspec.json.Encoder().encode


class Response(Struct, frozen=True):
    """Status and body; `is_page`: the site's page instead of JSON."""

    status: int
    body: bytes
    is_page: bool = False
    headers: tuple[tuple[bytes, bytes], ...] = ()


Handler = Callable[[Question], Response]

NOTHING = Response(204, b"")

# The real site answers 200 with its application page for any path it does not know.
PAGE = Response(
    200,
    b'<!doctype html>\n<html lang="es">\n<head><meta charset="utf-8"><title>Resultados (simulacro)</title></head>\n'
    b"<body><app-root></app-root></body>\n</html>\n",
    is_page=True,
)


def data(payload: Any, message: str = "") -> Response:
    """A payload in the source's envelope."""
    return Response(200, _encode({"success": True, "message": message, "data": payload}))


def failure(status: int, message: str) -> Response:
    """A refusal in the source's envelope."""
    return Response(status, _encode({"success": False, "message": message, "data": None}))


def check_election(feed: RehearsalFeed, question: Question) -> None:
    """Raises: NothingThere: the question is about another race than the feed's."""
    if question.get("idEleccion", str(feed.contest.source_id)) != str(feed.contest.source_id):
        raise NothingThere
