"""A form as the text of its file: a question is a table, a condition a line, so that versions compare well."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mission.forms.model import Form

_TABLES = ("sections", "checks")
_LISTED = "choices"
_DEFAULTS: Mapping[str, object] = {
    "is_once": True,
    **dict.fromkeys(("is_of_mesa", "is_required", "is_reported", "is_withdrawn"), False),
    "choices": [],
    "checks": [],
}


def write_form(form: Form) -> str:
    """Its file, without what is as it is by default."""
    raw = _bare(msgspec.json.decode(msgspec.json.encode(form)))
    lines = [*_pairs(raw), *([] if raw["sections"] else ["sections = []"])]
    for name in _TABLES:
        for table in raw.get(name, ()):
            lines += ["", f"[[{name}]]", *_pairs(table)]
            for question in table.get("questions", ()):
                lines += ["", f"[[{name}.questions]]", *_pairs(question)]
    return "\n".join(lines) + "\n"


def _bare(value: Any) -> Any:
    """Without what is missing, or as it is where nothing is said."""
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _bare(one) for name, one in value.items() if one is not None and _DEFAULTS.get(name) != one}


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if name == _LISTED:
            yield from (f"{name} = [", *(f"  {_inline(choice)}," for choice in value), "]")
        elif name not in (*_TABLES, "questions"):
            yield f"{name} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_inline(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one) for one in value) + "]"
    # TOML writes text, numbers and true as JSON does, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
