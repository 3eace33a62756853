"""The page of a mesa: its acta, how it came to stand as it does, and the bytes it came from."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import breadcrumb, headline, panel, times
from dashboard.components.binding import number, scope
from dashboard.components.mesas import state_word
from dashboard.figures import DASH, fields, group
from dashboard.fragments import proof
from dashboard.moments import clock
from dashboard.reading import PageView
from dashboard.routes import METHODS
from dashboard.vocabulary import NOT_VALID

_FIGURES = ("cast", "valid", *NOT_VALID)


def layout(view: PageView) -> list[Component | None]:
    """Votes, state, the rest of the acta, and its history, newest first."""
    return [
        breadcrumb.layout(view),
        html.Div(
            [
                html.H1(headline.title_of(view)),
                html.P(state_word(view, view.data), className="status-line", **scope(view.route.key)),
                _observation(view),
                headline.layout(view),
                times.layout(view),
                _acta(view),
                _source_page(view),
            ],
            className="lead",
        ),
        html.Div([_history(view), _checked(view), proof.layout(view)], className="below"),
    ]


def _observation(view: PageView) -> Component | None:
    """Why it was observed, and that votes which can be seen already are in no total yet."""
    text, is_waiting = view.data.get("observation"), view.data.get("state") == "at_jee"
    said = [view.words("mesa.observed", reason=text)] if text else []
    said += [view.words("mesa.votes_waiting")] if is_waiting and view.data.get("votes") else []
    return html.P(". ".join(said), className="note amber") if said else None


def _acta(view: PageView) -> Component:
    texts = fields(view.data, view.shorts)
    rows = [(view.words(f"mesa.{name}"), number(name, texts)) for name in _FIGURES]
    rows.insert(0, (view.words("mesa.registered"), html.Span(group(view.data.get("registered")), className="n")))
    body = [html.H2(view.words("mesa.acta")), panel.facts(rows)]
    return html.Section(body, className="card", **scope(view.route.key))


def _source_page(view: PageView) -> Component | None:
    """The way to the source's own page, where the reader can compare."""
    page = view.meta.get("result_page")
    if not page:
        return None
    link = html.A(view.words("source.page"), href=page.replace("{mesa}", view.route.code), rel="noopener noreferrer")
    return html.P([link, " · ", view.words("source.mesa", mesa=view.route.code)])


def _history(view: PageView) -> Component:
    heads = ("mesa.when", "mesa.kind", "table.state", "mesa.votes")
    rows = html.Tbody([_change(view, change) for change in reversed(view.history)])
    return panel.layout(view.words("mesa.history"), panel.table(map(view.words, heads), rows, class_name="history"))


def _change(view: PageView, change: Mapping[str, Any]) -> Component:
    data = change.get("d") or {}
    reason = data.get("observation")  # why the acta was observed then, in the source's words
    votes = " / ".join(group(number_of) for number_of in data.get("votes") or ()) or DASH
    return html.Tr(
        [
            html.Th(clock(change.get("at"), view.now, view.meta["timezone"]), scope="row"),
            html.Td(view.words(f"kind.{change['kind']}")),
            html.Td([state_word(view, data), html.Small(reason, className="soft") if reason else None]),
            html.Td(votes),
        ]
    )


def _checked(view: PageView) -> Component:
    """What only who checks it asks for: the source's own code, and from which bytes each value came."""
    words = view.words
    sources = [
        html.Li([clock(change.get("at"), view.now, view.meta["timezone"]), ": ", _source(change.get("src"))])
        for change in reversed(view.history)
    ]
    said = [
        html.Summary(words("methods.title")),
        html.P(words("mesa.code", code=view.data.get("code") or DASH)),
        html.P(words("mesa.source")),
        html.Ul(sources, className="marked"),
        html.P(html.A(words("methods.about"), href=view.href(METHODS))),
    ]
    return html.Details(said, className="card checked")


def _source(digest: str | None) -> Component:
    return html.Code(digest or DASH, className="whole")
