"""Numbers that repaint: an element names its field, an ancestor its key; `browser/page/board.js` fills both in live."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.colours import texture_of
from dashboard.words import Words


def scope(key: str) -> dict[str, Any]:
    """The attribute that says whose numbers an element holds."""
    return marks.data(area=key)


def number(field: str, texts: Mapping[str, str], class_name: str | None = None) -> Component:
    """One number of the area around it; `[data-f]` never breaks."""
    return html.Span(texts[field], className=class_name, **marks.data(f=field))


def cell(field: str, texts: Mapping[str, str]) -> Component:
    """A table cell that is one number of the row's area."""
    return html.Td(texts[field], **marks.data(f=field))


def strong(field: str, texts: Mapping[str, str]) -> Component:
    """One number of the area around it, stressed."""
    return html.B(texts[field], **marks.data(f=field))


def counted(
    field: str, unit: str, n: int | None, words: Words, element: Callable[..., Component] = html.Span
) -> Component:
    """One number of the area around it with its unit, which follows the number's plural when that is repainted."""
    said = words.parts(f"units.{unit}", lambda text: element(text, **marks.data(f=field)), n=n)
    return html.Span(said, **marks.data(unit=unit))


def bar(field: str, texts: Mapping[str, str], class_name: str | None = None) -> Component:
    """A bar as long as a field says; decoration, since the number stands beside it."""
    return html.I(className=class_name, style={"width": texts[field]}, **marks.data(w=field))


def colour(color: str, index: int) -> dict[str, Any]:
    """A list's colour with a texture of its own, so that colour is never alone; marks and bars inside take it up."""
    texture = texture_of(index)
    return {"className": f"texture-{texture}" if texture else None, "style": {"--list": color}}
