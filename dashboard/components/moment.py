"""The banner of a page that shows the past: which moment it is, the way back to now, and a link that never lies."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.moments import full_clock
from dashboard.words import Words


def banner(meta: Mapping[str, Any], words: Words, path: str) -> Component:
    """The moment, and that nothing here moves; `browser/page/past.js` makes the same when a page goes back."""
    present = "&".join(part for part in path.partition("?")[2].split("&") if part and not part.startswith("at="))
    address = f"{path.partition('?')[0]}?{present}" if present else path.partition("?")[0]
    href = words.own(address)
    moment = html.Time(full_clock(words.at, meta["timezone"]), className="n", dateTime=words.at)
    return html.Aside(
        [
            html.P([html.B(words.parts("past.banner", at=moment)), " ", words("past.why")]),
            html.P(words("past.before")) if meta["seq"] == 0 else None,
            html.P(
                [
                    html.A(words("past.now"), href=href, className="button", **marks.data(now="")),
                    html.Button(
                        words("past.copy"), type="button", className="quiet script-only", **marks.data(copy="")
                    ),
                ],
                className="pages",
            ),
        ],
        id=ids.MOMENT,
        className="moment",
        **marks.aria(label=words("replay.title")),
    )
