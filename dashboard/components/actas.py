"""One bar of actas in three labelled, patterned segments: counted, at the JEE, pending; and what was cast in them."""

from dash import html
from dash.development.base_component import Component

from dashboard.components.binding import bar, number, scope, strong
from dashboard.figures import fields, shown, turnout_of
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
            cast(view),
            _queue(view),
        ],
        className="actas card",
        **scope(view.route.key),
    )


def cast(view: PageView) -> Component | None:
    """Votes cast, blank and null, and the turnout, each with whose figure it is; nothing where nothing is counted."""
    count = shown(view.data)
    if view.route.kind == "mesa" or not count.get("counted"):
        return None
    texts = {**fields(count, view.shorts), "turnout": turnout_of(view.data)}
    numbers = {name: number(name, texts) for name in ("cast", "blank", "null", "turnout")}
    name = "cast.of_source" if view.data.get("published") else "cast.of_sum"
    return html.P(view.words.parts(name, **numbers), className="cast")


def _queue(view: PageView) -> Component | None:
    """The way to the actas at the JEE, where there were any to speak of."""
    if view.route.kind == "mesa":
        return None
    path = QUEUE if view.route.is_whole else f"{QUEUE}?within={view.route.key}"
    return html.P(html.A(view.words("queue.what"), href=view.href(path)))
