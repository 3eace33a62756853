"""The envelope around every payload of 2026, and the answers that have none inside."""

from collections.abc import Callable
from typing import Any

import msgspec

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026.filters import NothingThere

Handler = Callable[[Question], Response]

DONE = "Se ejecutó correctamente la operación"
NOTHING = Response(204, b"")
_encode = msgspec.json.Encoder().encode


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
