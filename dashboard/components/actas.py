"""One bar of actas in three labelled, patterned segments: counted, at the JEE, pending."""

from dash import html
from dash.development.base_component import Component

from dashboard.components.binding import bar, number, scope, strong
from dashboard.figures import fields, shown
from dashboard.reading import PageView
from dashboard.routes import QUEUE
from dashboard.vocabulary import BUCKETS


def layout(view: PageView) -> Component:
    """The acta bar of the page's area, and its legend with counts and percentages that add up to the total."""
    texts, words = fields(shown(view.data), view.shorts), view.words
    return html.Section(
        [
            html.H2(words("actas.heading")),
            html.Div([bar(f"{bucket}_width", texts, f"segment {bucket}") for bucket in BUCKETS], className="segments"),
            html.Dl(
                [
                    html.Div(
                        [
                            html.Dt([html.I(className=f"key {bucket}"), words(f"actas.{bucket}")]),
                            html.Dd([strong(bucket, texts), " ", number(f"{bucket}_pct", texts, "soft")]),
                        ]
                    )
                    for bucket in BUCKETS
                ]
                + [html.Div([html.Dt(words("actas.total")), html.Dd(strong("total", texts))], className="total")],
                className="buckets",
            ),
            _queue(view),
        ],
        className="actas card",
        **scope(view.route.key),
    )


def _queue(view: PageView) -> Component | None:
    """The way to the actas at the JEE, where there were any to speak of."""
    if view.route.kind == "mesa":
        return None
    path = QUEUE if view.route.is_whole else f"{QUEUE}?within={view.route.key}"
    return html.P(html.A(view.words("queue.what"), href=view.href(path)))
