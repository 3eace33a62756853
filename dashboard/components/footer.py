"""What stands below every page: the source, the ways to the ledger and the methods, and the archive's newest seal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.moments import clock
from dashboard.routes import CUSTOMISER, LEDGER, METHODS, QUEUE, TIMELINE
from dashboard.words import Words


def layout(meta: Mapping[str, Any], words: Words, now: datetime) -> list[Component | None]:
    """Links first, then whose data these are and how they are to be read."""
    return [
        html.Nav(
            [
                html.A(words("queue.title"), href=words.href(QUEUE)),
                html.A(words("timeline.title"), href=words.href(TIMELINE)),
                html.A(words("corrections.title"), href=words.href(LEDGER)),
                html.A(words("methods.title"), href=words.href(METHODS)),
                # A document of its own, which the navigation leaves to the browser.
                html.A(words("customiser.title"), href=words.href(CUSTOMISER), target="_self"),
                _seal(meta, words, now),
            ],
            className="about",
        ),
        html.P(words.of(meta["credit"])),
        html.P(words("page.timezone")),
        None if words.copied_at else html.P(words("page.no_script"), className="no-script"),
    ]


def _seal(meta: Mapping[str, Any], words: Words, now: datetime) -> Component | None:
    head = meta["archive"]
    if head is None:
        return None
    text = words("archive.sealed", root=head["short"], at=clock(head["at"], now, meta["timezone"]))
    return html.A(text, href=f"{words.href(METHODS)}#{ids.ARCHIVE}")
