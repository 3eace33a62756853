"""The description of the sockets (AsyncAPI 3), made of the schemas that the protocol's own tests hold it to."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import CURRENT, Representation, Router, pack, respond
from api.http.policy import ELECTION, PREFIX
from tally.changes import digest

router = Router(include_in_schema=False)

Schema = dict[str, Any]
# What only a client sends.
_FROM_CLIENT = "sub"
_PROTOCOL = "escrutinio.rt.v1"
_ABOUT = (
    "Over WebSockets. docs/live.md says how a client resumes, and what comes where sockets are blocked. "
    "A receiver ignores fields and kinds of message that it does not know."
)
_PARAMETERS = {
    "election_id": {"description": f"An election's id, as GET {PREFIX}/elections has it."},
    "contest": {"description": "One of the election's contests, by its id."},
}
# Each channel: the file of its messages, its address below an election's, and what it follows.
_CHANNELS = {
    "count": ("rt1", "/live", "The count of an election's first contest."),
    "contestCount": ("rt1", "/contests/{contest}/live", "The count of one contest."),
    "leads": ("leads1", "/lead-changes/live", "Who goes ahead where, in areas of one level (?level=district)."),
    "contestLeads": ("leads1", "/contests/{contest}/lead-changes/live", "The same of one contest."),
    "contests": ("contests1", "/contests/live", "How all contests of an election stand."),
}


@router.get("/asyncapi.json")
async def read_sockets(request: Request) -> Response:
    """The description."""
    return respond(request, _description(), CURRENT)


@cache
def _description() -> Representation:
    body = msgspec.json.encode(describe_sockets())
    return pack(body, digest(body))


def describe_sockets() -> Schema:
    """Channels, what the server sends and receives on each, and every message with its schema."""
    protocols = {name: _read(name) for name in dict.fromkeys(name for name, _, _ in _CHANNELS.values())}
    messages = {f"{name}.{kind}": one for name, whole in protocols.items() for kind, one in _messages(name, whole)}
    schemas = {
        f"{name}.{kind}": _moved(schema, name)
        for name, whole in protocols.items()
        for kind, schema in whole["$defs"].items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Escrutinio: the count, live",
            "version": "1",
            "description": _ABOUT,
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(protocols[file], *rest) for name, (file, *rest) in _CHANNELS.items()},
        "operations": dict(_operations(protocols)),
        "components": {"messages": messages, "schemas": schemas},
    }


def _read(name: str) -> Schema:
    """A protocol's schema, with its name."""
    found: Schema = msgspec.json.decode((files("api.schemas") / f"{name}.json").read_bytes())
    return {**found, "name": name}


def _kinds(whole: Schema) -> list[str]:
    return [one["$ref"].rpartition("/")[2] for one in whole["oneOf"]]


def _messages(name: str, whole: Schema) -> Iterator[tuple[str, Schema]]:
    for kind in _kinds(whole):
        told = whole["$defs"][kind].get("description")
        said = {"summary": told} if told else {}
        yield kind, {"name": kind, **said, "payload": {"$ref": f"#/components/schemas/{name}.{kind}"}}


def _channel(whole: Schema, path: str, description: str) -> Schema:
    address = f"{ELECTION}{path}"
    named = [one for one in _PARAMETERS if f"{{{one}}}" in address]
    asked = {"Sec-WebSocket-Protocol": {"type": "string", "const": _PROTOCOL}}
    return {
        "address": address,
        "description": description,
        "messages": {kind: {"$ref": f"#/components/messages/{whole['name']}.{kind}"} for kind in _kinds(whole)},
        "parameters": {one: _PARAMETERS[one] for one in named},
        "bindings": {"ws": {"method": "GET", "headers": {"type": "object", "properties": asked}}},
    }


def _operations(protocols: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """From the server's side, as the specification has it: it sends what clients read."""
    for channel, (name, _, description) in _CHANNELS.items():
        for action in ("send", "receive"):
            kinds = [kind for kind in _kinds(protocols[name]) if (kind == _FROM_CLIENT) is (action == "receive")]
            yield (
                f"{action}.{channel}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{channel}"},
                    "summary": description,
                    "messages": [{"$ref": f"#/channels/{channel}/messages/{kind}"} for kind in kinds],
                },
            )


def _moved(schema: Any, name: str) -> Any:
    """A schema among those of all protocols, in the words of draft 7, which AsyncAPI's own are a superset of."""
    if isinstance(schema, list):
        return [_moved(one, name) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if reference := schema.get("$ref"):
        return {"$ref": reference.replace("#/$defs/", f"#/components/schemas/{name}.")}
    return {"items" if key == "prefixItems" else key: _moved(value, name) for key, value in schema.items()}
