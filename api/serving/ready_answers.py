"""Finished answers of the few addresses that everybody asks for, given without the application: a small ASGI front.

A route makes an answer once; from then on, and for as long as it is the newest version, the same bytes are given to
whoever asks for the same address. What is not ready goes to the application.
"""

from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import lru_cache

from cachetools import LRUCache
from msgspec import Struct
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import keeping
from api.http.answers import CODINGS, Representation, choose_coding, entity_headers, has_etag
from api.http.headers import API_PREFIX, add_headers
from api.live.count import LiveCount

_CODINGS_KEPT = 128
_Address = tuple[str, bytes]


class _Version(Struct, frozen=True):
    """What an answer is of; `etag` is None where it stays true for as long as the history does."""

    live: LiveCount
    epoch: str
    is_test: bool
    etag: str | None

    def is_served(self) -> bool:
        """Whether that is still what a route would answer."""
        live = self.live
        same = self.epoch == live.epoch and self.is_test == live.info.is_test
        return same and (self.etag is None or self.etag == live.etag)


class ReadyAnswer(Struct, frozen=True):
    """One answer in all its forms, given for as long as `is_served` says so; `route` made it, if one did."""

    is_served: Callable[[], bool]
    etag: str
    route: object
    unchanged: Message
    answers: dict[str, tuple[Message, Message]]

    def messages(self, scope: Scope) -> tuple[Message, Message]:
        """The two messages that answer a request."""
        accepted = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match" and has_etag(value.decode("latin-1"), self.etag):
                return self.unchanged, _NOTHING
        return self.answers.get(_coding(accepted)) or self.answers["identity"]


class ReadyAnswers:
    """Answers by address. For the loop's thread."""

    def __init__(self, *, is_https: bool) -> None:
        self._is_https = is_https
        self.hits = self.misses = 0
        self._ready: LRUCache[Hashable, ReadyAnswer] = LRUCache(keeping.READY, getsizeof=_size)
        self._pages: LRUCache[Hashable, ReadyAnswer] = LRUCache(keeping.PAGES, getsizeof=_size)

    def put(
        self, scope: Scope, live: LiveCount, answer: Representation, cache_control: str, *, is_immutable: bool
    ) -> None:
        """Give this answer to all who ask for the address of that request, while the count stands where it stands."""
        version = _Version(live, live.epoch, live.info.is_test, None if is_immutable else live.etag)
        if answer.etag is None or (not is_immutable and answer.etag != live.etag):
            return  # the count moved on while the answer was built
        with suppress(ValueError):  # larger than all that may be kept
            self._ready[_address(scope)] = self.prepare(scope, version.is_served, answer, cache_control)

    def keep(self, scope: Scope, answer: Representation, cache_control: str, is_served: Callable[[], bool]) -> None:
        """Give this page to all who ask for the address of that request, for as long as `is_served` says so."""
        self.keep_ready(scope, self.prepare(scope, is_served, answer, cache_control))

    def keep_ready(self, scope: Scope, ready: ReadyAnswer) -> None:
        """Give that to all who ask for the address of that request."""
        with suppress(ValueError):
            self._pages[_address(scope)] = ready

    def prepare(
        self, scope: Scope, is_served: Callable[[], bool], answer: Representation, cache_control: str
    ) -> ReadyAnswer:
        """An answer to the address of that request, in all its forms."""
        is_api = scope["path"].startswith(API_PREFIX)
        codings = [coding for coding in CODINGS if answer.in_coding(coding)]
        return ReadyAnswer(
            is_served,
            f'"{answer.etag}"',
            scope.get("route"),
            _start(304, answer, cache_control, None, is_api=is_api, is_https=self._is_https),
            {
                coding: (
                    _start(200, answer, cache_control, coding, is_api=is_api, is_https=self._is_https),
                    {"type": "http.response.body", "body": answer.in_coding(coding)},
                )
                for coding in codings
            },
        )

    def find(self, scope: Scope) -> tuple[Message, Message] | None:
        """The two messages that answer a request, if they are here."""
        address = _address(scope)
        ready = self._ready.get(address) or self._pages.get(address)
        if ready is None or not ready.is_served():
            return None
        scope["route"] = ready.route  # for whoever counts requests: no router sees this one
        return ready.messages(scope)


class ReadyAnswersFront:
    """ASGI: the ready answers before the application."""

    def __init__(self, app: ASGIApp, ready: ReadyAnswers) -> None:
        self._app, self._ready = app, ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is ready, or let the application answer."""
        found = None
        if scope["type"] == "http" and scope["method"] == "GET":
            found = self._ready.find(scope)
            self._ready.hits += found is not None
            self._ready.misses += found is None
        if found is None:
            await self._app(scope, receive, send)
            return
        start, body = found
        await send(start)
        await send(body)


@lru_cache(_CODINGS_KEPT)
def _coding(accepted: bytes) -> str:
    return choose_coding(accepted.decode("latin-1"))


def _size(ready: ReadyAnswer) -> int:
    return sum(len(body["body"]) for _, body in ready.answers.values())


_NOTHING: Message = {"type": "http.response.body", "body": b""}


def _address(scope: Scope) -> _Address:
    # Decoded: of the many spellings of a page (`/%61rea`) one is kept.
    return scope["path"], scope["query_string"]


def _start(
    status: int, answer: Representation, cache_control: str, coding: str | None, *, is_api: bool, is_https: bool
) -> Message:
    headers = MutableHeaders(Headers(entity_headers(answer, cache_control)))
    if coding is not None:
        body = answer.in_coding(coding) or b""
        headers["content-length"] = str(len(body))
        headers["content-type"] = answer.media_type
        if coding != "identity":
            headers["content-encoding"] = coding
    add_headers(headers, is_api=is_api, is_public=is_api, is_https=is_https)
    return {"type": "http.response.start", "status": status, "headers": headers.raw}
