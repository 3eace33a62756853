"""What stands below every page: the ways to the other pages, the source, and how it is to be read."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.reading import has_many
from dashboard.routes import BALLOT, BULLETIN, CUSTOMISER, DATA, LEDGER, METHODS, QUEUE, TIMELINE
from dashboard.words import Words


def layout(meta: Mapping[str, Any], words: Words, *, has_figures: bool = True) -> list[Component | None]:
    """Links first, then whose data these are and how they are to be read. has_figures: there are some, which change."""
    is_followed = has_figures and not words.copied_at and not words.at
    return [
        html.Nav(
            [
                *(html.A(words(f"{name}.title"), href=words.href(path)) for name, path in _ways(meta, words)),
                # A document of its own, which the navigation leaves to the browser.
                html.A(words("customiser.title"), href=words.front(_customiser(words)), target="_self"),
            ],
            className="about",
        ),
        html.P(words.of(meta["credit"])),
        html.P(words("page.timezone")),
        # What stands still for good is not asked for again.
        html.P(words("page.no_script"), className="no-script") if is_followed else None,
    ]


def _customiser(words: Words) -> str:
    return CUSTOMISER if words.contest is None else f"{CUSTOMISER}?contest={words.contest}"


def _ways(meta: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """The pages about a count; where there are many counts, those about all of them."""
    if words.contest is None and has_many(meta):
        return [("ballot", BALLOT), ("bulletin", BULLETIN), ("methods", METHODS), ("data", DATA)]
    return [
        ("queue", QUEUE),
        ("timeline", TIMELINE),
        ("bulletin", BULLETIN),
        ("corrections", LEDGER),
        ("methods", METHODS),
        ("data", DATA),
    ]
