"""The table of mesas: votes, and the acta's state in a word."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components import issues, panel
from dashboard.components.areas import columns_of, list_colours, list_heads
from dashboard.components.binding import cell, scope
from dashboard.figures import fields, group
from dashboard.reading import PageView
from dashboard.routes import path_of
from tally.keys import code_of


def layout(view: PageView) -> Component | None:
    """One row a mesa; on a district's page only those whose polling place is not known."""
    mesas = {key: data for key, data in view.mesas.items() if view.route.kind == "place" or data.get("place") is None}
    if not mesas:
        return html.P(view.words("table.empty"), className="soft") if view.route.kind == "place" else None
    columns, heading = columns_of(view), view.words("table.mesa")
    heads = [panel.head(view.words(name), "text") for name in ("table.mesa_number", "table.state")]
    heads += list_heads(view, columns)
    heads += [
        panel.head(view.words(name), "number", class_name="of-cast") for name in ("table.cast", "table.registered")
    ]
    rows = html.Tbody([_row(view, key, data, columns) for key, data in mesas.items()])
    colours = list_colours(view, columns)
    return panel.layout(heading, panel.table(heads, rows, caption=heading, class_name="areas mesas", style=colours))


def _row(view: PageView, key: str, data: Mapping[str, Any], columns: list[int]) -> Component:
    texts = fields(data, view.shorts)
    return html.Tr(
        [
            html.Th(
                [html.A(code_of(key), href=view.href(path_of(key))), issues.badges(data, view.words)],
                scope="row",
            ),
            html.Td(state_word(view, data)),
            *(cell(f"votes.{index}", texts) for index in columns),
            cell("cast", texts),
            html.Td(group(data.get("registered"))),
        ],
        **scope(key),
    )


def state_word(view: PageView, data: Mapping[str, Any]) -> Component:
    """The acta's state in a word, with its mark."""
    state = data.get("state", "pending")
    return html.Span(view.words(f"mesa_state.{state}"), className=f"acta-state {state}", **marks.data(state_word=state))
