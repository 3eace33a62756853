"""The map panel: the server's picture where the live map will be, abroad on it, the choices, the legend."""

from collections.abc import Iterable, Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.colours import Paint, paint_of
from dashboard.components import legend, picture
from dashboard.components.binding import number, scope
from dashboard.figures import fields, shown
from dashboard.naming import name_of
from dashboard.reading import PageView
from dashboard.routes import path_of
from tally.keys import ABROAD, Level, is_abroad


def toggle(view: PageView) -> Component | None:
    """What to see and how: map or table, the measure, the areas. The browser keeps each choice in the URL."""
    if not view.rows and not view.route.has_map:
        return None
    return html.Div(
        [
            _views(view) if view.route.has_map else None,
            html.Div(id=ids.MAP_CHOICES, className="choosing"),
            html.P(id=ids.INCIDENTS_NOTE, className="soft", hidden=True),
            html.P(view.words("map_notice.listed_first"), className="soft")
            if view.route.is_listed_first(view.geometry)
            else None,
        ],
        className="ways script-only",
    )


def _views(view: PageView) -> Component:
    return html.Div(
        [
            html.Button(
                view.words(f"map.{name}"), type="button", **marks.data(view=name), **marks.aria(pressed="false")
            )
            for name in ("map", "table")
        ],
        className="toggle",
        role="group",
        **marks.aria(label=view.words("map.toggle")),
    )


def layout(view: PageView) -> Component | None:
    """The map's panel: a picture without JavaScript, with it the live map in the same place."""
    if not view.route.has_map:
        return None
    outline, colors = view.outline, [entry["color"] for entry in view.lists]
    paints = {key: paint_of(data, colors, view.presentation) for key, data in view.rows.items()}
    abroad = {key: data for key, data in view.rows.items() if is_abroad(key)}
    # A district paints itself: its rows are places, which are points.
    is_district = view.route.level is Level.DISTRICT
    painted = [paint_of(view.data, colors, view.presentation)] if is_district else paints.values()
    leaders = {paint.leader for paint in painted if paint.leader is not None}
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        _picture(view, paints),
                        id=ids.MAP_SLOT,
                        role="group",
                        # The frame's shape is that of the areas, as far as the window has room for it.
                        style={"--shape": f"{outline['width'] / outline['height']:.2f}"} if outline else None,
                        **marks.aria(label=view.words("map.label")),
                    ),
                    _abroad(view, abroad, paints) if abroad else None,
                ],
                className="map-frame",
            ),
            html.Div(id=ids.MAP_CONTROLS, className="script-only"),
            html.Div(id=ids.MAP_SHEET, hidden=True, role="status"),
            _legend(view, leaders),
        ],
        className="map-panel card",
        **marks.aria(label=view.words("map.map")),
    )


def _picture(view: PageView, paints: Mapping[str, Paint]) -> Any:
    return (
        picture.layout(view.outline, paints, view.presentation.patterns, view.words("map.label"))
        if view.outline
        else None
    )


def _legend(view: PageView, leaders: Iterable[int]) -> Component:
    """What the picture's colours are; `browser/map/legend.js` asks for another where the map shows something else."""
    shown = legend.Shown(tuple(sorted(leaders)), view.route.painted_level)
    said = legend.layout(shown, view.words, view.lists, view.presentation, view.geometry)
    return html.Div(said, id=ids.MAP_LEGEND, **marks.data(legend=shown.query(view.words)))


def _abroad(view: PageView, rows: Mapping[str, Mapping[str, Any]], paints: Mapping[str, Paint]) -> Component:
    """The continents as a block of their own, in the sea beside the country."""
    return html.Div(
        [
            html.H3(html.A(view.words("area.abroad"), href=view.href(path_of(ABROAD)))),
            html.Ul([html.Li(_box(view, key, data, paints[key])) for key, data in rows.items()]),
        ],
        className="abroad",
    )


def _box(view: PageView, key: str, data: Mapping[str, Any], paint: Paint) -> Component:
    texts = fields(shown(data), view.shorts)
    name = "map.lead_short" if texts["standing"] == "leads" else f"standing.{texts['standing']}"
    leading = view.words(name, leader=texts["leader"], points=texts["lead_points"])
    color = {"backgroundColor": paint.color} if paint.color else None
    return html.A(
        [
            html.I(className=f"tile {paint.cover}", style=color),
            html.Span(
                [
                    html.B(name_of(view.words, key, data.get("name"))),
                    html.Span(number("leading", {"leading": leading}), className="of-lead"),
                ]
            ),
        ],
        href=view.href(path_of(key)),
        className="box",
        **scope(key),
    )
