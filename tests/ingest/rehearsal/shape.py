"""The shape of an answer: what is left of a payload when its values are taken away."""

import json
from typing import Any


def shape(value: Any) -> str:
    """Keys in order and JSON types; a list is the different shapes of its rows."""
    return json.dumps(_shape(value), ensure_ascii=False)


def unordered(value: Any) -> str:
    """The shape without the order of keys, where a capture was written with sorted ones."""
    return json.dumps(_shape(json.loads(json.dumps(value, sort_keys=True))), ensure_ascii=False)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted({shape(row) for row in value})
    return type(value).__name__
