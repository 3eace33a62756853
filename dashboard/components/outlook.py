"""Decided or not, by the contest's rule and arithmetic alone: its margins against the voters of all missing actas."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components.outcome import conclusion, has_threshold, margin, tie, told_margins
from dashboard.markup import html_of
from dashboard.reading import PageView
from dashboard.words import Words


def layout(view: PageView) -> Component | None:
    """The sentence for the whole contest; areas within it decide nothing."""
    return sentence(view.meta, view.words) if view.route.is_whole else None


def sentence(meta: Mapping[str, Any], words: Words) -> Component:
    """What arithmetic says, its numbers unbreakable; the browser asks for it again when the count moves."""
    outlook, contest = meta["outlook"], meta["contest"]
    outcome, decided = outlook.get("outcome"), outlook["decided"]
    state = "unknown" if decided is None else "decided" if decided else "open"
    told = {"className": "outlook", **marks.data(outlook=state, said="outlook")}
    tied = tie(outcome, contest, words)
    if not has_threshold(outcome):
        return html.P([*_of_the_lead(outlook, words), *([" ", tied] if tied else [])], **told)
    first = [conclusion(outcome, contest, words), *([tied] if tied else [])]
    margins = [html.Li(margin(one, contest, words)) for one in told_margins(outlook)]
    listed = [html.Ul(margins)] if margins else []
    return html.Div([html.P(" ".join(first)), *listed, html.P(_missing(outlook, words))], **told)


def plain(meta: Mapping[str, Any], words: Words) -> str:
    """What is certain, as text for what is drawn."""
    outcome = meta["outlook"].get("outcome")
    if has_threshold(outcome):
        return conclusion(outcome, meta["contest"], words)
    return str(html_of(sentence(meta, words)).striptags())


def _of_the_lead(outlook: Mapping[str, Any], words: Words) -> list[Any]:
    if outlook["decided"] is None:
        return [words("outlook.in_review" if outlook.get("in_review") else "outlook.unknown")]
    if outlook["uncounted_actas"] == 0:
        return [words("outlook.complete")]
    return words.spans(
        "outlook.decided" if outlook["decided"] else "outlook.open",
        actas=outlook["uncounted_actas"],
        voters=_voters(outlook, words),
        margin=outlook["margin"],
    )


def _missing(outlook: Mapping[str, Any], words: Words) -> list[Any]:
    if outlook["uncounted_actas"] == 0:
        return [words("outlook.complete")]
    return words.spans("outlook.missing", actas=outlook["uncounted_actas"], voters=_voters(outlook, words))


def _voters(outlook: Mapping[str, Any], words: Words) -> list[Any]:
    bound = "bound" if outlook["uncounted_registered_is_bound"] else "exact"
    return words.spans(f"outlook.voters_{bound}", n=outlook["uncounted_registered"])
