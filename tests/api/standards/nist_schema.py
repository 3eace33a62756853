"""Whether a report is one of NIST SP 1500-100 version 2: by its schema (`nist_v2.toml` restates it), and by its ids."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker

_FACTS = tomllib.loads(Path(__file__).with_name("nist_v2.toml").read_text("utf-8"))
_PREFIX = "ElectionResults."
_PLAIN = ("string", "integer", "number", "boolean")


def check_nist(report: Any) -> None:
    """Return if it fits the schema, no id stands twice, and every reference is to an object of its class.

    Raises: ValidationError. AssertionError.
    """
    _VALIDATOR.validate(report)
    ids = Counter(one["@id"] for one in _objects(report) if "@id" in one)
    assert set(ids.values()) <= {1}, ids.most_common(3)
    kinds = {one["@id"]: one["@type"] for one in _objects(report) if "@id" in one}
    for one in _objects(report):
        for member, kind in _members(one["@type"]).items():
            wanted = kind.strip("![]")
            if wanted.startswith("->") and member in one:
                named = one[member] if isinstance(one[member], list) else [one[member]]
                assert {kinds.get(name) for name in named} == {_PREFIX + wanted.removeprefix("->")}, (member, named)
        if "OtherType" in _members(one["@type"]) and "Type" in one:
            assert (one["Type"] == "other") is ("OtherType" in one), one


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _objects(one)


def _members(kind: str) -> dict[str, str]:
    members: dict[str, str] = _FACTS["classes"][kind.removeprefix(_PREFIX)]
    return members


def _schema_of(kind: str) -> dict[str, Any]:
    kind = kind.removeprefix("!")
    if kind.startswith("["):
        return {"type": "array", "items": _schema_of(kind[1:-1]), "minItems": 1}
    if kind in _PLAIN or kind.startswith("->"):
        return {"type": kind if kind in _PLAIN else "string"}
    if kind == "date":
        return {"type": "string", "format": "date"}
    return {"$ref": f"#/definitions/{kind}"}


def _class(name: str, members: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["@type", *(member for member, kind in members.items() if kind.startswith("!"))],
        "properties": {
            "@type": {"enum": [_PREFIX + name]},
            **{member: _schema_of(kind) for member, kind in members.items()},
        },
    }


_SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "$ref": "#/definitions/ElectionReport",
    "definitions": {
        **{name: _class(name, members) for name, members in _FACTS["classes"].items()},
        **{name: {"type": "string", "pattern": pattern} for name, pattern in _FACTS["patterns"].items()},
        **{name: {"type": "string", "enum": words} for name, words in _FACTS["words"].items()},
    },
}
Draft4Validator.check_schema(_SCHEMA)
_VALIDATOR = Draft4Validator(_SCHEMA, format_checker=FormatChecker())
