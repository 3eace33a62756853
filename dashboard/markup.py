"""Dash components as HTML text: the same layout functions make the first paint and every later page."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from dash.development.base_component import Component

_NAMES = {"className": "class", "htmlFor": "for", "colSpan": "colspan", "tabIndex": "tabindex", "dateTime": "datetime"}
_VOID = frozenset({"br", "hr", "img", "meta", "wbr"})


@dataclass(frozen=True)
class Finished:
    """Finished markup: SVG, which Dash has no components for, or a piece of an embed. Who makes it has escaped it."""

    text: str


def html_of(node: Any) -> str:
    """The HTML of a component, of text (escaped) or of a list of both; None and False are nothing."""
    if node is None or node is False:
        return ""
    if isinstance(node, list | tuple):
        return "".join(html_of(child) for child in node)
    if isinstance(node, Finished):
        return node.text
    if not isinstance(node, Component):
        return escape(str(node), quote=False)
    plain = node.to_plotly_json()
    tag, props = plain["type"].lower(), dict(plain["props"])
    children = props.pop("children", None)
    attributes = "".join(_attribute(name, value) for name, value in props.items())
    return f"<{tag}{attributes}>" if tag in _VOID else f"<{tag}{attributes}>{html_of(children)}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {_NAMES.get(name, name)}" if not name.startswith("aria-") else f' {name}="true"'
    if name == "style":
        value = ";".join(f"{_css_name(key)}:{text}" for key, text in value.items())
    return f' {_NAMES.get(name, name)}="{escape(str(value))}"'


def _css_name(name: str) -> str:
    """React's camelCase as CSS writes it; custom properties stay as they are."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def as_json(value: Any) -> str:
    """JSON that can stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
