"""The table of areas: every number of the map, sortable, each row a way down."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.colours import texture_of
from dashboard.components import issues, panel
from dashboard.components.binding import cell, colour, number, scope
from dashboard.figures import columns, fields, plain, running, shown
from dashboard.naming import name_of
from dashboard.reading import PageView
from dashboard.routes import path_of
from tally.keys import ABROAD, DOMESTIC, code_of, is_abroad

_SCOPES = (DOMESTIC, ABROAD)


def layout(view: PageView) -> Component | None:
    """One row an area below this page's; abroad stands in a body of its own. Nothing where there is nothing below."""
    level = view.route.child_level
    if not level or (view.mesas and not view.rows):
        return None
    heading = view.words(f"table.{level}" if not is_abroad(next(iter(view.rows), "")) else "table.abroad_rows")
    if not view.rows:
        return html.P(view.words("table.empty"), className="soft")
    return panel.layout(heading, table(view, heading))


def table(view: PageView, caption: str) -> Component:
    """The table alone, by name: first what lies in the country."""
    columns = columns_of(view)
    named = sorted(view.rows.items(), key=lambda item: plain(item[1].get("name", "")))
    bodies = [[item for item in named if is_abroad(item[0]) is abroad] for abroad in (False, True)]
    tables = [_body(view, rows, columns, scoped) for rows, scoped in zip(bodies, _SCOPES, strict=True) if rows]
    colours = list_colours(view, columns)
    return panel.table(_heads(view, columns), *tables, caption=caption, class_name="areas", style=colours)


def columns_of(view: PageView) -> list[int]:
    """The lists that have a column: all of a short contest, the first few of a long one."""
    return columns(shown(view.data).get("votes"), running(view.lists), view.presentation.table_lists)


def list_heads(view: PageView, columns: list[int]) -> list[Component]:
    """The heads of the lists' columns, each with its colour."""
    return [panel.head(_coloured(view, index), "number") for index in columns]


def list_colours(view: PageView, columns: list[int]) -> dict[str, str]:
    """Colours and textures of those columns for rows that stand without their heads, on a phone."""
    colours = {f"--l{place}": view.lists[index]["color"] for place, index in enumerate(columns)}
    textured = ((place, texture_of(index)) for place, index in enumerate(columns) if texture_of(index))
    return colours | {f"--t{place}": f"var(--texture-of-{kind})" for place, kind in textured}


def _coloured(view: PageView, index: int) -> Component:
    mark = html.I(className="swatch")
    return html.Span([mark, view.shorts[index]], **colour(view.lists[index]["color"], index))


def _heads(view: PageView, columns: list[int]) -> list[Component]:
    words = view.words
    first = [panel.head(words("table.area"), "text"), panel.head(words("table.actas"), "number")]
    first.append(panel.head(words("table.lead"), "number", "ahead", "of-lead"))
    return [*first, *list_heads(view, columns), panel.head(words("table.cast"), "number", class_name="of-cast")]


def _body(view: PageView, rows: list[tuple[str, Mapping[str, Any]]], columns: list[int], scoped: str) -> Component:
    """Rows of one body; on the national board its scope's sum stands above them."""
    total = view.scopes.get(scoped)
    sums = [_row(view, scoped, {**total, "name": view.words(f"area.{code_of(scoped)}")}, columns)] if total else []
    return html.Tbody(sums + [_row(view, key, data, columns) for key, data in rows])


def _row(view: PageView, key: str, data: Mapping[str, Any], columns: list[int]) -> Component:
    texts = fields(shown(data), view.shorts)
    return html.Tr(
        [
            html.Th(
                [
                    html.A(name_of(view.words, key, data.get("name")), href=view.href(path_of(key))),
                    issues.badges(data, view.words),
                ],
                scope="row",
            ),
            cell("counted_pct", texts),
            html.Td(_lead(view, texts), className="of-lead"),
            *(cell(f"list.{index}", texts) for index in columns),
            cell("cast", texts),
        ],
        className="group" if key in _SCOPES else None,
        **scope(key),
    )


def _lead(view: PageView, texts: Mapping[str, str]) -> list[Component]:
    """The leading list's name behind its colour and texture and by how much, or why nobody leads."""
    index, standing = texts["leader_index"], texts["standing"]
    textured = colour(view.lists[int(index)]["color"], int(index)) if index else {}
    said = texts["leader"] if index else view.words(f"standing.{standing}")
    is_between = standing in ("leads", "tie")
    ahead = view.words("map.ahead", points=texts["lead_points"], votes=texts["margin"]) if is_between else ""
    return [html.Span(said, **textured, **marks.data(leader=index)), number("ahead", {"ahead": ahead})]
