"""The table of mesas: votes, and the acta's state in a word."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.areas import columns_of
from dashboard.components.binding import number, scope, swatch
from dashboard.figures import fields
from dashboard.reading import View
from dashboard.routes import path_of


def layout(view: View) -> Component | None:
    """One row a mesa; on a district's page only those whose polling place is not known."""
    mesas = {
        key: data for key, data in view.mesas.items() if view.route.kind == "place" or data.get("place") is None
    }
    if not mesas:
        return html.P(view.words("table.empty"), className="soft") if view.route.kind == "place" else None
    columns, heading = columns_of(view), view.words("table.mesa")
    heads = [html.Th(html.Span(view.words(name)), scope="col", **{"data-sort": "text"}) for name in _TEXT_HEADS]
    heads += [
        html.Th(
            html.Span([swatch(view.lists[index]["color"], index), view.shorts[index]]),
            scope="col",
            **{"data-sort": "number"},
        )
        for index in columns
    ]
    heads += [
        html.Th(html.Span(view.words(name)), scope="col", **{"data-sort": "number"})
        for name in ("table.cast", "table.registered")
    ]
    table = html.Table(
        [
            html.Caption(heading, className="visually-hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody([_row(view, key, data, columns) for key, data in mesas.items()]),
        ],
        className="areas mesas",
    )
    return html.Section(
        [html.H2(heading), html.Div(table, className="scroller", role="region", tabIndex=0, **{"aria-label": heading})],
        className="table-panel card",
    )


_TEXT_HEADS = ("table.mesa_number", "table.state")


def _row(view: View, key: str, data: Mapping[str, Any], columns: list[int]) -> Component:
    texts = fields(data, view.shorts)
    return html.Tr(
        [
            html.Th(html.A(key.partition("/")[2], href=view.href(path_of(key))), scope="row"),
            html.Td(state_word(view, data)),
            *(html.Td(number(f"votes.{index}", texts)) for index in columns),
            html.Td(number("cast", texts)),
            html.Td(_registered(data)),
        ],
        **scope(key),
    )


def _registered(data: Mapping[str, Any]) -> str:
    return "—" if data.get("registered") is None else str(data["registered"])


def state_word(view: View, data: Mapping[str, Any]) -> Component:
    """The acta's state in a word, with its mark."""
    state = data.get("state", "pending")
    return html.Span(view.words(f"mesa_state.{state}"), className=f"acta-state {state}", **{"data-state-word": state})
