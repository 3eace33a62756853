"""Decided or not, by arithmetic alone: the lead against the registered voters of every acta still missing."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.reading import PageView
from dashboard.words import Words
from tally.keys import NATION


def layout(view: PageView) -> Component | None:
    """The sentence for the whole contest; areas within it decide nothing."""
    return sentence(view.meta["outlook"], view.words) if view.route.key == NATION else None


def sentence(outlook: Mapping[str, Any], words: Words) -> Component:
    """What arithmetic says, its numbers unbreakable; the browser asks for it again when the count moves."""
    decided = outlook["decided"]
    state = "unknown" if decided is None else "decided" if decided else "open"
    return html.P(_said(outlook, words), className="outlook", **marks.data(outlook=state, said="outlook"))


def _said(outlook: Mapping[str, Any], words: Words) -> list[Any]:
    if outlook["decided"] is None:
        return [words("outlook.in_review" if outlook.get("in_review") else "outlook.unknown")]
    if outlook["uncounted_actas"] == 0:
        return [words("outlook.complete")]
    bound = "bound" if outlook["uncounted_registered_is_bound"] else "exact"
    return words.spans(
        "outlook.decided" if outlook["decided"] else "outlook.open",
        actas=outlook["uncounted_actas"],
        voters=words.spans(f"outlook.voters_{bound}", n=outlook["uncounted_registered"]),
        margin=outlook["margin"],
    )
