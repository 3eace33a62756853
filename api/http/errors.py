"""Domain errors as HTTP: the only place that knows the numbers. Answers are problem documents (RFC 9457)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Scope

from api.http.answers import Reply
from tally.errors import (
    WITHHELD,
    BoundaryError,
    Conflict,
    EscrutinioError,
    Forbidden,
    IntakeStopped,
    InvalidInput,
    NotFound,
    StoreError,
    StoreUnavailable,
    TooLarge,
    TooMany,
    Unidentified,
    UnknownElection,
    ValueRefused,
)

_log = structlog.get_logger(__name__)


class Problem(Struct, frozen=True):
    """What went wrong (RFC 9457): `detail` is a sentence, `instance` the path that was asked for."""

    title: str
    status: int
    detail: str
    instance: str
    type: str = "about:blank"


class AtCapacity(EscrutinioError):
    """The server has as much open as it can serve."""


class Departed(EscrutinioError):
    """Whoever asked has left: nobody reads this."""


class UnknownChoice(EscrutinioError):
    """A query chooses what there is not; its words never repeat what was sent."""


# The nearest class of an error's ancestry decides; what stands nowhere is our own failure: 500.
STATUS: Mapping[type[EscrutinioError], HTTPStatus] = {
    UnknownElection: HTTPStatus.NOT_FOUND,
    NotFound: HTTPStatus.NOT_FOUND,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownChoice: HTTPStatus.BAD_REQUEST,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    IntakeStopped: HTTPStatus.SERVICE_UNAVAILABLE,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unidentified: HTTPStatus.UNAUTHORIZED,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    ValueRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Departed: HTTPStatus.REQUEST_TIMEOUT,
    AtCapacity: HTTPStatus.SERVICE_UNAVAILABLE,
    BoundaryError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_RETRY_S = "2"
MEDIA_TYPE = "application/problem+json"
_REFUSED = "A value holds a character, or has a size, that cannot be kept."
_UNEXPECTED = "The server failed on this request; the failure is in its log."


def status_of(error: EscrutinioError) -> HTTPStatus:
    """HTTP status of a domain error."""
    for ancestor in type(error).__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(status: int, detail: str, instance: str, headers: Mapping[str, str] | None = None) -> Reply[Any]:
    """A problem document."""
    body = Problem(HTTPStatus(status).phrase, int(status), detail, instance)
    # Also where no middleware adds it: to unexpected failures and refused sockets.
    extra = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["Retry-After"] = _RETRY_S
    if status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = "Bearer"
    return Reply(msgspec.json.encode(body), status, extra, MEDIA_TYPE)


def domain_problem(error: EscrutinioError, instance: str) -> Response:
    """The problem document of a domain error."""
    status = status_of(error)
    detail = _UNEXPECTED if status == HTTPStatus.INTERNAL_SERVER_ERROR else str(error)
    if isinstance(error, StoreError):
        # What else a database says names its address, and may repeat what was sent.
        detail = error.public if isinstance(error, StoreUnavailable) else WITHHELD
        if isinstance(error, ValueRefused):
            detail = _REFUSED
        elif detail == WITHHELD:
            _log.warning("the database failed a request", path=instance, reason=str(error))
    retry_s = error.retry_s if isinstance(error, TooMany) else None
    return problem(status, detail, instance, None if retry_s is None else {"Retry-After": str(retry_s)})


def install_errors(app: FastAPI, count: Callable[[Scope, Exception], None]) -> None:
    """Give the application its error answers; `count` hears of those that are errors of ours by name."""

    async def answer(request: Request, error: Exception) -> Response:
        count(request.scope, error)
        return await _on_domain_error(request, error)

    app.add_exception_handler(EscrutinioError, answer)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(ClientDisconnect, _on_departure)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, EscrutinioError)  # noqa: S101 - registered for this class only
    return domain_problem(error, request.url.path)


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(error.status_code, f"there is nothing at {path}", path)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "GET")
        detail = f"{request.method} is not possible here; allowed: {allowed}"
        return problem(error.status_code, detail, path, error.headers)
    return problem(error.status_code, str(error.detail), path, error.headers)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    sentences = "; ".join(_sentence(issue) for issue in error.errors())
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentences, request.url.path)


async def _on_departure(request: Request, _error: Exception) -> Response:
    """Whoever asked has left in the middle of a body: nobody hears this, and it is no failure of ours."""
    return problem(HTTPStatus.REQUEST_TIMEOUT, "the body did not come whole", request.url.path)


async def _on_unexpected(request: Request, _error: Exception) -> Response:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _UNEXPECTED, request.url.path)


def _sentence(issue: Any) -> str:
    """ "level: input should be 'nation', 'scope' or …": where, then what is wrong with it."""
    name = str(issue["loc"][-1])
    reason = str(issue["msg"])
    return f"{name}: {reason[:1].lower()}{reason[1:]}"
