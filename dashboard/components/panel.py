"""A card with a table that scrolls sideways on a phone, within reach of the keyboard."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks


def layout(heading: str, table: Component) -> Component:
    """The heading, and the table in a region that can be focused and scrolled."""
    return html.Section([html.H2(heading), scroller(heading, table)], className="table-panel card")


def scroller(label: str, table: Component) -> Component:
    """The region alone."""
    return html.Div(table, className="scroller", role="region", tabIndex=0, **marks.aria(label=label))


def head(label: Any, kind: str, field: str | None = None, class_name: str | None = None) -> Component:
    """A column's head; the browser sorts it by `kind`, "text" or "number", and by that field where a cell has many."""
    by = marks.data(sort_field=field) if field else {}
    return html.Th(label, scope="col", className=class_name, **marks.data(sort=kind), **by)
