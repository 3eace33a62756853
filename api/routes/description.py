"""The description of the API (OpenAPI): FastAPI's own, with our answers and errors and with who may ask for what."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, get_args

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from api.alerts.channels import SIGNATURE
from api.http.answers import JSON, UNCACHED, Router, pack, respond
from api.http.components import Schema, make_components
from api.http.errors import MEDIA_TYPE, Problem
from api.http.policy import COUNTS, ELECTION, POLICY, PUBLIC, served
from api.live.hub import SUBPROTOCOL
from api.routes.state import Reset
from api.serving.access import Serving
from api.serving.viewer import COOKIE

_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of a browser that signed in."},
    "device": {"type": "http", "scheme": "bearer", "description": "The token of an observer's device."},
    "relay": {"type": "http", "scheme": "bearer", "description": "The relay's token."},
    "text_gateway": {
        "type": "apiKey",
        "in": "header",
        "name": SIGNATURE,
        "description": "t=1765400000,v1=…: HMAC-SHA256 of t, a full stop and the body with the secret, hexadecimal.",
    },
}
# Which of them opens what nobody signs in for.
_OPENED_BY = {"token": "relay", "signed": "text_gateway"}
# FastAPI's errors: ours are problem documents, and what is gone says how to go on.
_FOREIGN = ("HTTPValidationError", "ValidationError")
_GONE = "410"
_SOCKET = {
    "description": "A socket: docs/live.md says what each side sends. What is wrong is said before it is accepted.",
    "subprotocol": SUBPROTOCOL,
}


router = Router(include_in_schema=False)


@router.get("/openapi.json")
async def read_description(request: Request, services: Serving) -> Response:
    """The description, written once."""
    made = await services.answers.get("description", lambda: pack(msgspec.json.encode(describe(request.app))))
    return respond(request, made, UNCACHED)


def describe(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        given = dict(answers_of(app))
        (problem, reset, *schemas), parts = make_components([Problem, Reset, *given.values()])
        # Of the vocabularies that queries know, too, FastAPI's tell the order.
        parts |= {name: part for name, part in found["components"]["schemas"].items() if name not in _FOREIGN}
        found["components"] = {"schemas": dict(sorted(parts.items())), "securitySchemes": _SCHEMES}
        answers, names = dict(zip(given, schemas, strict=True)), _names_of(app)
        for method, path, operation in _operations(found):
            operation["operationId"] = names[method, path]
            _describe_answer(operation, answers.get((method, path)))
            _describe_errors(operation, problem, reset)
            _describe_rule(operation, method, path)
        _describe_beside(found)
        app.openapi_schema = found
    return app.openapi_schema


def answers_of(app: FastAPI) -> Iterator[tuple[tuple[str, str], Any]]:
    """What each route says it answers: method and path, and the type."""
    for method, _, route in served(app):
        for form in get_args(getattr(route.endpoint, "__annotations__", {}).get("return")):
            yield (method, route.path_format or ""), form


def _names_of(app: FastAPI) -> dict[tuple[str, str], str]:
    """What generated clients call each operation: by its function, and by its contest where it is of one."""
    names = dict[tuple[str, str], str]()
    for method, _, route in served(app):
        path = route.path_format or ""
        own = getattr(route.endpoint, "__name__", "")
        names[method, path] = f"{own}{'_of_contest' if path.startswith(COUNTS[1]) else ''}"
    return names


def _describe_beside(found: dict[str, Any]) -> None:
    """What is no route of the API, or no HTTP: feeds and catalogue, which the dashboard serves, and the sockets."""
    found["paths"] |= {
        path: {method: {**told, "x-rule": PUBLIC.name} for method, told in methods.items()}
        for path, methods in _schema("dashboard").items()
    }
    found["x-websockets"] = {
        **{f"{base}/live": {**_SOCKET, "messages": {"$ref": "#/x-messages/rt1"}} for base in COUNTS},
        **{f"{base}/lead-changes/live": {**_SOCKET, "messages": {"$ref": "#/x-messages/leads1"}} for base in COUNTS},
        f"{ELECTION}/contests/live": {**_SOCKET, "messages": {"$ref": "#/x-messages/contests1"}},
    }
    found["x-messages"] = {name: _schema(name) for name in ("rt1", "contests1", "leads1")}


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((files("api") / "schemas" / f"{name}.json").read_bytes())
    return found


def _operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _describe_answer(operation: dict[str, Any], schema: Schema | None) -> None:
    """The same at every good status that has a body."""
    for status, answer in operation["responses"].items():
        if schema is not None and status.startswith("2") and status != "204":
            answer.setdefault("content", {})[JSON] = {"schema": schema}


def _describe_errors(operation: dict[str, Any], problem: Schema, reset: Schema) -> None:
    content = {MEDIA_TYPE: {"schema": problem}}
    for status, answer in operation["responses"].items():
        if status >= "4":
            answer["content"] = {JSON: {"schema": reset}} if status == _GONE else content
    operation["responses"]["default"] = {"description": "What went wrong, in a sentence.", "content": content}


def _describe_rule(operation: dict[str, Any], method: str, path: str) -> None:
    # A converter is FastAPI's business: it leaves it out of what it describes.
    rule = next(
        rule for (one, template), rule in POLICY.items() if one == method and template.replace(":path}", "}") == path
    )
    operation["x-rule"] = rule.name
    if rule.least is not None:
        operation["security"] = [{"session": []}, {"device": []}]
    elif rule.name in _OPENED_BY:
        operation["security"] = [{_OPENED_BY[rule.name]: []}]
