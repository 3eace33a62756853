"""What is wrong with a number that stands on screen: held back by a rule, or published though the two sums differ."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.words import Words, unparted
from texts.issues import sentence

# Held: a newer value breaks a rule and the last good one stands. Flags: published, but worth a look.
SIDES = ("held", "flags")


def notes(data: Mapping[str, Any], words: Words) -> Component:
    """Label and sentences of each side, in full; empty where nothing is wrong. `browser/page/issues.js` repaints it."""
    return html.Div([_note(side, data[side], words) for side in SIDES if data.get(side)], **marks.data(issues="notes"))


def badges(data: Mapping[str, Any], words: Words) -> Component | None:
    """The same folded: a mark with its word, the sentences one press away; nothing where nothing is wrong."""
    found = [_badge(side, data[side], words) for side in SIDES if data.get(side)]
    return html.Div(found, **marks.data(issues="badges")) if found else None


def _label(side: str, issues: list[Mapping[str, Any]], words: Words) -> str:
    """What is wrong in two words: not every mark is about figures that differ."""
    return words("issues.noted" if side == "flags" and issues[0]["rule"] != "reconciliation" else f"issues.{side}")


def _note(side: str, issues: list[Mapping[str, Any]], words: Words) -> Component:
    return html.P(
        [html.B(_label(side, issues, words), className="issue-label"), ": ", _sentences(issues, words)],
        className=f"note amber issue {side}",
    )


def _badge(side: str, issues: list[Mapping[str, Any]], words: Words) -> Component:
    label = html.Summary(_label(side, issues, words), className="issue-label")
    return html.Details([label, _sentences(issues, words)], className=f"issue {side}")


def _sentences(issues: list[Mapping[str, Any]], words: Words) -> Component:
    return html.Span(unparted("; ".join(sentence(words, issue) for issue in issues) + "."))
