"""Attributes with a hyphen, which Python cannot write as keyword names: data-* and aria-*."""

from typing import Any


def data(**values: str) -> dict[str, Any]:
    """data(area="nation") → {"data-area": "nation"}; an underscore stands for a hyphen."""
    return {f"data-{name.replace('_', '-')}": value for name, value in values.items()}


def aria(**values: str) -> dict[str, Any]:
    """aria(label="…") → {"aria-label": "…"}."""
    return {f"aria-{name}": value for name, value in values.items()}
