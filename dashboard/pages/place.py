"""The page of a polling place: its sum and its mesas."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import actas, breadcrumb, headline, mesas, times
from dashboard.reading import PageView


def layout(view: PageView) -> list[Component | None]:
    """The place's numbers, then every mesa with its votes and its state in a word."""
    populated = view.data.get("populated_place")
    return [
        breadcrumb.layout(view),
        html.Div(
            [
                html.H1(headline.title_of(view)),
                html.P(view.words("place.populated", name=populated), className="soft") if populated else None,
                headline.layout(view),
                times.layout(view),
                actas.layout(view),
            ],
            className="lead",
        ),
        html.Div(mesas.layout(view), className="below"),
    ]
