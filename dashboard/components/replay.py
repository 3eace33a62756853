"""The time machine's panel: closed until somebody wants it; `browser/page/replay.js` fills it."""

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.reading import PageView


def layout(view: PageView) -> Component:
    """A fold with the slider's place. A page that shows the past has it open."""
    return html.Details(
        [
            html.Summary(view.words("replay.open")),
            html.Div(className="replay-body", **marks.data(replay="")),
        ],
        id=ids.REPLAY,
        className="replay card script-only",
        open=bool(view.words.at),
    )
