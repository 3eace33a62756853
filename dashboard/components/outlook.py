"""Decided or not, by arithmetic alone: the lead against the registered voters of every acta still missing."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.reading import View
from dashboard.routes import NATION


def sentence(view: View) -> list[Any]:
    """What arithmetic says, in one sentence, its numbers unbreakable; `browser/page/outlook.js` repeats it live."""
    outlook = view.meta["outlook"]
    if outlook["decided"] is None:
        return [view.words("outlook.unknown")]
    if outlook["uncounted_actas"] == 0:
        return [view.words("outlook.complete")]
    bound = "bound" if outlook["uncounted_registered_is_bound"] else "exact"
    return view.words.spans(
        "outlook.decided" if outlook["decided"] else "outlook.open",
        actas=outlook["uncounted_actas"],
        voters=view.words.spans(f"outlook.voters_{bound}", n=outlook["uncounted_registered"]),
        margin=outlook["margin"],
    )


def layout(view: View) -> Component | None:
    """The sentence for the whole contest; areas within it decide nothing."""
    if view.route.key != NATION:
        return None
    decided = view.meta["outlook"]["decided"]
    state = "unknown" if decided is None else "decided" if decided else "open"
    return html.P(sentence(view), className="outlook", **marks.data(outlook=state))
