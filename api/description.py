"""The description of the API (OpenAPI): FastAPI's own, with our errors and with who may ask for what."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.policy import POLICY
from api.shapes import Problem
from api.viewer import COOKIE

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of a browser that signed in."},
    "device": {"type": "http", "scheme": "bearer", "description": "The token of an observer's device."},
    "relay": {"type": "http", "scheme": "bearer", "description": "The relay's token."},
}
# Shapes of errors as FastAPI would have them; ours are problem documents.
_FOREIGN = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        parts = found.setdefault("components", {}).setdefault("schemas", {})
        for name in _FOREIGN:
            parts.pop(name, None)
        parts["Problem"] = Problem.model_json_schema()
        found["components"]["securitySchemes"] = _SCHEMES
        for method, path, operation in _operations(found):
            _describe_errors(operation)
            _describe_rule(operation, method, path)
        app.openapi_schema = found
    return app.openapi_schema


def _operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _describe_errors(operation: dict[str, Any]) -> None:
    """Every error is a problem document, but for those the route has given a shape of their own."""
    for status, answer in operation["responses"].items():
        if status >= "4":
            schemas = [content.get("schema", {}) for content in answer.get("content", {}).values()]
            refs = {schema.get("$ref", "").rpartition("/")[2] for schema in schemas}
            if not refs or refs & {"", "Problem", *_FOREIGN}:
                answer["content"] = _PROBLEM
    operation["responses"]["default"] = {"description": "What went wrong, in a sentence.", "content": _PROBLEM}


def _describe_rule(operation: dict[str, Any], method: str, path: str) -> None:
    # A converter is FastAPI's business: it leaves it out of what it describes.
    rule = next(
        rule for (one, template), rule in POLICY.items() if one == method and template.replace(":path}", "}") == path
    )
    operation["x-rule"] = rule.name
    if rule.least is not None:
        operation["security"] = [{"session": []}, {"device": []}]
    elif rule.name == "token":
        operation["security"] = [{"relay": []}]
