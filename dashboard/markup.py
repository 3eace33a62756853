"""HTML text, escaped by default: what is not `Markup` is text. Templates make documents, Dash components their content.

The same layout functions make the first paint and every later page.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from typing import Any

from dash.development.base_component import Component
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup, escape

_NAMES = {"className": "class", "htmlFor": "for", "colSpan": "colspan", "tabIndex": "tabindex", "dateTime": "datetime"}
_VOID = frozenset({"br", "hr", "img", "meta", "wbr"})
# Elements that stand in a line: between two of them a reader without styles needs a space.
_IN_LINE = frozenset({"a", "b", "button", "code", "small", "span", "time"})
_CODE = re.compile(r"(\{[{%#].*?[}%#]\})", re.DOTALL)
_BREAK = re.compile(r"(?P<beside>(?:\A|(?<=>))\s*\n\s*|\s*\n\s*(?=<|\Z))|\s*\n\s*")


def html_of(node: Any) -> Markup:
    """The HTML of a component, of text or of a list of both; None and False are nothing."""
    return Markup(_written(node))  # noqa: S704 - escaped there


def element(tag: str, children: Any = None, /, **attributes: Any) -> Markup:
    """One element; an underscore in an attribute's name stands for a hyphen, and None or False for no attribute."""
    return Markup(_element(tag, children, attributes))  # noqa: S704 - escaped there


def _written(node: Any) -> str:
    if node is None or node is False:
        return ""
    if isinstance(node, list | tuple):
        return "".join(_spaced(node))
    if not isinstance(node, Component):
        return escape(node)
    plain = node.to_plotly_json()
    props = dict(plain["props"])
    return _element(plain["type"].lower(), props.pop("children", None), props)


def _spaced(nodes: Sequence[Any]) -> Iterator[str]:
    """Each node's HTML, with a space between two that stand in one line."""
    was_in_line = False
    for node in nodes:
        text = _written(node)
        is_in_line = isinstance(node, Component) and type(node).__name__.lower() in _IN_LINE
        if text:
            yield f" {text}" if was_in_line and is_in_line else text
            was_in_line = is_in_line


def _element(tag: str, children: Any, attributes: Mapping[str, Any]) -> str:
    # Dash keeps data-* and aria-* in a set: in order, a page is the same bytes in every process, as its ETag says.
    ordered = sorted(attributes.items(), key=lambda one: one[0] if one[0].startswith(("data-", "aria-")) else "")
    opened = f"<{tag}{''.join(starmap(_attribute, ordered))}>"
    return opened if tag in _VOID else f"{opened}{_written(children)}</{tag}>"


def render(template: str, **values: Any) -> Markup:
    """A template of `templates/` with its values."""
    return Markup(_TEMPLATES.get_template(template).render(values))  # noqa: S704 - the environment escapes


def compile_templates() -> None:
    """Make code of all templates, for a server that starts: else whoever asks first for each waits for it."""
    for name in _TEMPLATES.list_templates():
        _TEMPLATES.get_template(name)


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = _NAMES.get(name, name).replace("_", "-")
    if value is True:
        return f' {name}="true"' if name.startswith("aria-") else f" {name}"
    if name == "style":
        value = ";".join(f"{_css_name(key)}:{text}" for key, text in value.items())
    return f' {name}="{escape(value)}"'


def _css_name(name: str) -> str:
    """React's camelCase as CSS writes it; custom properties stay as they are."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def as_json(value: Any) -> Markup:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - it ends no element


class _Folded(Extension):
    """A line break of a template is for its reader: nothing beside a tag or an expression, elsewhere a space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        pieces = _CODE.split(source)
        pieces[::2] = [_BREAK.sub(_fold, text) for text in pieces[::2]]
        return "".join(pieces)


def _fold(found: re.Match[str]) -> str:
    """The break goes into a comment, so that errors tell the line."""
    comment = "{#" + "\n" * found[0].count("\n") + "#}"
    return comment if found["beside"] else f" {comment}"


_TEMPLATES = Environment(
    loader=PackageLoader("dashboard"),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    extensions=[_Folded],
)
_TEMPLATES.filters |= {"html": html_of, "json": as_json}
