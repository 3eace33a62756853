"""The table of areas: every number of the map, sortable, each row a way down."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.binding import number, scope, swatch
from dashboard.figures import fields, place_name, ranking, shown
from dashboard.reading import View
from dashboard.routes import is_abroad, path_of


def layout(view: View) -> Component | None:
    """One row an area below this page's; abroad stands in a body of its own. Nothing where there is nothing below."""
    level = view.route.child_level
    if not level:
        return None
    heading = view.words(f"table.{level}" if not is_abroad(next(iter(view.rows), "")) else "table.abroad_rows")
    columns = columns_of(view)
    named = sorted(view.rows.items(), key=lambda item: item[1].get("name", ""))
    bodies = [[item for item in named if is_abroad(item[0]) is abroad] for abroad in (False, True)]
    table = html.Table(
        [
            html.Caption(heading, className="visually-hidden"),
            _head(view, columns),
            *(_body(view, rows, columns, label) for rows, label in zip(bodies, ("", "area.abroad"), strict=True) if rows),
        ],
        className="areas",
    )
    empty = None if view.rows else html.P(view.words("table.empty"), className="soft")
    return html.Section(
        [
            html.H2(heading),
            empty
            or html.Div(table, className="scroller", role="region", tabIndex=0, **{"aria-label": heading}),
        ],
        className="table-panel card",
    )


def columns_of(view: View) -> list[int]:
    """The lists that have a column: all of a short contest, the first few of a long one."""
    votes = shown(view.data).get("votes") or [0] * len(view.lists)
    return ranking(votes)[: view.presentation.top_lists] if len(votes) > view.presentation.top_lists else [
        *range(len(votes))
    ]


def _head(view: View, columns: list[int]) -> Component:
    words = view.words
    heads: list[tuple[Any, str]] = [(words("table.area"), "text"), (words("table.actas"), "number")]
    heads.append((words("table.lead"), "number"))
    heads += [([swatch(view.lists[index]["color"], index), view.shorts[index]], "number") for index in columns]
    heads.append((words("table.cast"), "number"))
    return html.Thead(
        html.Tr([html.Th(html.Span(label), scope="col", **{"data-sort": kind}) for label, kind in heads])
    )


def _body(view: View, rows: list[tuple[str, Mapping[str, Any]]], columns: list[int], label: str) -> Component:
    heading: list[Component] = []
    if label and len(rows) < len(view.rows):
        cell = html.Th(view.words(label), scope="rowgroup", colSpan=len(columns) + 4)
        heading = [html.Tr(cell, className="group")]
    return html.Tbody(heading + [_row(view, key, data, columns) for key, data in rows])


def _row(view: View, key: str, data: Mapping[str, Any], columns: list[int]) -> Component:
    texts = fields(shown(data), view.shorts)
    name = data.get("name") or key.partition("/")[2]
    held = html.Small(view.words("headline.held"), className="amber") if data.get("held") else None
    return html.Tr(
        [
            html.Th(
                [
                    html.A(name if key.startswith("place/") else place_name(name), href=view.href(path_of(key))),
                    held,
                ],
                scope="row",
            ),
            html.Td(number("counted_pct", texts)),
            html.Td(_lead(view, texts), **{"data-sort-field": "lead_points"}),
            *(
                html.Td([number(f"votes.{index}", texts), number(f"share.{index}", texts, "n soft")])
                for index in columns
            ),
            html.Td(number("cast", texts)),
        ],
        **scope(key),
    )


def _lead(view: View, texts: Mapping[str, str]) -> list[Component]:
    points = view.words.parts("table.points", n=number("lead_points", texts))
    return [
        html.Span([leader_mark(view, texts["leader_index"]), number("leader", texts, "leader")]),
        html.Span([html.Span(points, className="n"), " · ", number("margin", texts)], className="soft"),
    ]


def leader_mark(view: View, index: str) -> Component:
    """The leading list's colour and texture; an empty mark where nobody leads."""
    if not index:
        return html.I(className="swatch", **{"data-leader": "", "aria-hidden": "true"})
    return html.I(
        className=f"swatch texture-{int(index) % 4}",
        style={"--list": view.lists[int(index)]["color"]},
        **{"data-leader": index, "aria-hidden": "true"},
    )
