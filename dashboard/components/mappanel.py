"""The map panel: an empty slot the browser draws in, the toggle, the legend in words and the block abroad."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.components.binding import number, scope
from dashboard.figures import fields, proper_name, shown
from dashboard.reading import View
from dashboard.routes import is_abroad, path_of


def toggle(view: View) -> Component | None:
    """Map or table; the browser keeps the choice in the URL."""
    if not _has_shapes(view):
        return None
    return html.Div(
        [
            html.Button(
                view.words(f"map.{name}"), type="button", **marks.data(view=name), **marks.aria(pressed="false")
            )
            for name in ("map", "table")
        ],
        className="toggle script-only",
        role="group",
        **marks.aria(label=view.words("map.toggle")),
    )


def layout(view: View) -> Component | None:
    """The map's panel. Without JavaScript it is not shown: the table beside it has every number."""
    if not _has_shapes(view):
        return None
    abroad = [(key, data) for key, data in view.rows.items() if is_abroad(key)]
    return html.Section(
        [
            html.Div(id=ids.MAP_SLOT, role="group", **marks.aria(label=view.words("map.label"))),
            html.Div(id=ids.MAP_SHEET, hidden=True, role="status"),
            _abroad(view, abroad) if abroad else None,
            html.Div(id="map-legend"),
        ],
        className="map-panel card script-only",
        **marks.aria(label=view.words("map.map")),
    )


def _has_shapes(view: View) -> bool:
    """Whether the page's areas have polygons: none abroad has."""
    return view.route.code != "abroad" and not is_abroad(view.route.key)


def _abroad(view: View, rows: list[tuple[str, Mapping[str, Any]]]) -> Component:
    return html.Div(
        [
            html.H3(html.A(view.words("area.abroad"), href=view.href(path_of("scope/abroad")))),
            html.Ul([html.Li(_box(view, key, data)) for key, data in rows]),
        ],
        className="abroad",
    )


def _box(view: View, key: str, data: Mapping[str, Any]) -> Component:
    texts = fields(shown(data), view.shorts)
    points = view.words.parts("table.points", n=number("lead_points", texts))
    return html.A(
        [
            html.I(className="tile"),
            html.Span([html.B(proper_name(data.get("name", ""))), html.Span([number("leader", texts), " ", *points])]),
        ],
        href=view.href(path_of(key)),
        className="box",
        **scope(key),
    )
