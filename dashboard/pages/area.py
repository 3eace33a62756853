"""The page of an area, from the nation down to a district."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    actas,
    areas,
    breadcrumb,
    comparison,
    headline,
    mappanel,
    mesas,
    outlook,
    quickcount,
    replay,
    times,
    why,
)
from dashboard.fragments import previous, proof
from dashboard.reading import PageView


def layout(view: PageView) -> list[Component | None]:
    """Headline, actas and times first; then the map or the table of what lies below."""
    return [
        breadcrumb.layout(view),
        html.Div(
            [
                headline.heading(view),
                headline.layout(view),
                outlook.layout(view),
                times.layout(view),
                actas.layout(view),
                replay.layout(view),
                why.layout(view),
                previous.layout(view),
                comparison.layout(view),
                quickcount.layout(view),
                proof.layout(view),
            ],
            className="lead",
        ),
        html.Div(
            [mappanel.toggle(view), mappanel.layout(view), areas.layout(view), mesas.layout(view)],
            className="below",
        ),
    ]
