"""Schemas of answers, made from the very Structs that are encoded: each under its class's name, and closed.

Part of an answer may be JSON already, as the log has it: `raw` puts it in the place of what it says.
"""

from collections.abc import Iterable
from inspect import cleandoc
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Raw, UnsetType

from tally.model import Acta, AreaState, PlaceState
from tally.rules.issues import Issue

_REF = "#/components/schemas/{name}"
_ANY_OF, _BESIDE = "x-any-of", "x-beside"
# What the mission's records hold under names of their own, as a rule's figures: one of these kinds of JSON.
_OPEN = "OpenValue"
_OPEN_VALUE = {
    "title": _OPEN,
    "description": "A figure, a word, or several of them: which, says the kind of the record that holds it.",
    "anyOf": [
        *({"type": kind} for kind in ("null", "boolean", "integer", "number", "string")),
        {"type": "array", "items": {}},
        {"type": "object", "additionalProperties": True},
    ],
}
# What an issue has instead of figures in a log of format 1.
_SENTENCES = {"en": {"type": "string"}, "es": {"type": "string"}}

Schema = dict[str, Any]
T = TypeVar("T")
# One of the types of a tuple: msgspec itself tells Structs in a union apart by tags only.
AnyOf = Annotated[T, Meta(extra_json_schema={_ANY_OF: True})]
# Of a Struct that `api.tables.rows.join` writes: the members of that value stand beside its own. Never set.
Beside = Annotated[T | UnsetType, Meta(extra_json_schema={_BESIDE: True})]
# What the log has under a key.
Value = AnyOf[tuple[AreaState, PlaceState, Acta]]


def raw(data: bytes) -> Any:
    """Those bytes in the place of the value whose JSON they are."""
    return Raw(data)


def make_components(forms: Iterable[Any]) -> tuple[list[Schema], dict[str, Schema]]:
    """The schema of each of those types, and every component they refer to, by name."""
    schemas, parts = msgspec.json.schema_components(forms, ref_template=_REF)
    _, logged = msgspec.json.schema_components([Value])
    schemas, parts = _choose([list(schemas), parts])
    if f'"{_REF.format(name=_OPEN)}"'.encode() in msgspec.json.encode(parts):
        parts[_OPEN] = _OPEN_VALUE
    for name, part in parts.items():
        part["description"] = cleandoc(part.get("description", ""))
        if "properties" in part:
            _close(part, parts, is_whole=name not in logged)
        if name == Issue.__name__:
            part["properties"] |= _SENTENCES
    return schemas, parts


def _choose(node: Any) -> Any:
    """The schema with a choice where a tuple stands for one; any other tuple is a list of so many, of its kinds.

    `prefixItems`, which would tell their order, is more than generators of clients read.
    """
    if isinstance(node, list):
        return [_choose(one) for one in node]
    if not isinstance(node, dict):
        return node
    kinds = node.get("prefixItems", ())
    if _ANY_OF in node:
        return {"anyOf": kinds}
    found = {name: _choose(one) for name, one in node.items()}
    if node.get("type") == "object" and not node.keys() & {"properties", "additionalProperties"}:
        found["additionalProperties"] = {"$ref": _REF.format(name=_OPEN)}
    if kinds:
        del found["prefixItems"]
        found["items"] = kinds[0] if all(kind == kinds[0] for kind in kinds) else {"anyOf": _choose(kinds)}
    return found


def _close(part: Schema, parts: dict[str, Schema], *, is_whole: bool) -> None:
    """No other members than its own; and all of them, but what the log may have without those that came later."""
    members, required = part["properties"], part.setdefault("required", [])
    for name, member in list(members.items()):
        if member.pop(_BESIDE, False):
            value = parts[members.pop(name)["$ref"].rpartition("/")[2]]
            members |= value["properties"]
            required += value["required"]
        elif is_whole and "default" in member:
            del member["default"]
            required.append(name)
    part["additionalProperties"] = False
