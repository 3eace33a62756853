"""Decided or not, by arithmetic alone: the lead against the registered voters of every acta still missing."""

from dash import html
from dash.development.base_component import Component

from dashboard.figures import group
from dashboard.reading import View
from dashboard.routes import NATION


def sentence(view: View) -> str:
    """What arithmetic says, in one sentence; `assets/outlook.js` says it again when the count moves."""
    outlook = view.meta["outlook"]
    if outlook["decided"] is None:
        return view.words("outlook.unknown")
    if outlook["uncounted_actas"] == 0:
        return view.words("outlook.complete")
    bound = "bound" if outlook["uncounted_registered_is_bound"] else "exact"
    voters = view.words(f"outlook.voters_{bound}", n=group(outlook["uncounted_registered"]))
    return view.words(
        "outlook.decided" if outlook["decided"] else "outlook.open",
        actas=group(outlook["uncounted_actas"]),
        voters=voters,
        margin=group(outlook["margin"]),
    )


def layout(view: View) -> Component | None:
    """The sentence for the whole contest; areas within it decide nothing."""
    if view.route.key != NATION:
        return None
    decided = view.meta["outlook"]["decided"]
    state = "unknown" if decided is None else "decided" if decided else "open"
    return html.P(sentence(view), className="outlook", **{"data-outlook": state})
