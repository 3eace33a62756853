"""Bodies of private requests: read only after it is known who sends them, never more than is taken, and described."""

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from tally.errors import InvalidInput, TooLarge

MOST_JSON = 64 * 1024
# For `openapi_extra` of a route that reads a spreadsheet's file.
TABLE = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}

T = TypeVar("T")


async def read_bytes(request: Request, most: int) -> bytes:
    """The body.

    Raises: TooLarge: more than `most` bytes; no more than that is ever held.
    """
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(f"a body of at most {most} bytes is taken here")
        parts.append(part)
    return b"".join(parts)


async def read_json(request: Request, form: type[T], most: int = MOST_JSON) -> T:
    """The body as that msgspec struct; nothing is as good as an empty object.

    Raises: TooLarge. InvalidInput: not JSON of that form; the sentence says where.
    """
    sent = await read_bytes(request, most) or b"{}"
    try:
        return msgspec.json.decode(sent, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"the body is not what is taken here: {error}") from error


def takes(form: type[Any]) -> dict[str, Any]:
    """For `openapi_extra` of a route that calls `read_json`: what it takes."""
    schema = msgspec.json.schema(form)
    content = {"application/json": {"schema": _inlined(schema, schema.get("$defs", {}))}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(part: Any, parts: dict[str, Any]) -> Any:
    """The schema with its own references resolved: the description of the API has another place for them."""
    if isinstance(part, list):
        return [_inlined(one, parts) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(parts[part["$ref"].rpartition("/")[2]], parts)
    return {name: _inlined(one, parts) for name, one in part.items() if name != "$defs"}
