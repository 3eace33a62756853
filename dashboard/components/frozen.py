"""The banner of a copy that stands in for a live page: of when it is, and that nothing on it moves."""

from dash import html
from dash.development.base_component import Component

from dashboard.moments import full_clock
from dashboard.words import Words


def banner(zone: str, words: Words) -> Component:
    """When the page was copied, in the election's own zone."""
    copied = html.Time(full_clock(words.copied_at, zone), className="n", dateTime=words.copied_at)
    return html.Aside(
        html.P([html.B(words.parts("copy.banner", at=copied)), " ", words("copy.why")]), className="moment frozen"
    )
