"""Who has how much: every list's share and votes, most first, and the difference between the first two."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard import marks, naming
from dashboard.components import issues
from dashboard.components.binding import bar, colour, counted, number, scope
from dashboard.figures import arrange, fields, margin_of, running, shown
from dashboard.naming import kind_of
from dashboard.reading import PageView
from tally.keys import UBIGEO_LEVELS, is_abroad
from texts.spelling import candidacy_of


def title_of(view: PageView) -> str:
    """What the numbers are of, as the page's heading says it."""
    return naming.title_of(view.words, view.meta, view.route.key, view.name, is_whole=view.route.is_whole)


def heading(view: PageView) -> Component:
    """The page's heading: what the numbers are of, and of which of the areas that share a name (Lima is three)."""
    level = view.route.level
    if view.words.whole and view.route.is_whole:
        return html.H1([view.words.whole, " ", html.Small(view.words.of(view.meta.get("short")))])
    is_shared = level in UBIGEO_LEVELS and not is_abroad(view.route.key)
    title = title_of(view)
    return html.H1([title, " ", html.Small(kind_of(view.words, view.route.key))] if is_shared else title)


def layout(view: PageView) -> Component:
    """The headline of the page's area."""
    count = shown(view.data)
    texts, words = fields(count, view.shorts), view.words
    votes = count.get("votes")
    margin = counted("margin", "vote", margin_of(votes), words, html.B)
    top, others = arrange(votes, running(view.lists), view.presentation.top_lists)
    return html.Section(
        [
            html.Ol([_entry(index, texts, view) for index in top], className="lists"),
            _rest([_folded(index, texts, view) for index in others], view),
            _withdrawn(view),
            html.P(
                words.parts("headline.difference", votes=margin, points=number("lead_points", texts)),
                className="difference",
            ),
            issues.notes(view.data, view.words),
        ],
        className="headline card",
        **scope(view.route.key),
    )


def _entry(index: int, texts: Mapping[str, str], view: PageView) -> Component:
    """A list with its colour and a bar as long as its share."""
    name, share, full, votes = _said(index, texts, view)
    drawn = [name, share, full, bar(f"width.{index}", texts), votes]
    return html.Li(drawn, **colour(view.lists[index]["color"], index), **marks.data(list=str(index)))


def _folded(index: int, texts: Mapping[str, str], view: PageView) -> Component:
    """The same in words alone: nobody compares dozens of bars; `browser/page/board.js` draws one that rises."""
    return html.Li(_said(index, texts, view), **marks.data(list=str(index)))


def _said(index: int, texts: Mapping[str, str], view: PageView) -> list[Component]:
    """Short name, share, candidate and party, votes."""
    entry, votes = view.lists[index], shown(view.data).get("votes")
    return [
        html.B(entry["short"]),
        number(f"share.{index}", texts),
        html.Small(candidacy_of(entry)),
        counted(f"votes.{index}", "vote", votes[index] if votes else None, view.words),
    ]


def _rest(entries: list[Component], view: PageView) -> Component | None:
    """The fold, which stands ready also while a tie shows all lists."""
    if len(running(view.lists)) <= view.presentation.top_lists:
        return None
    summary = html.Summary(view.words("lists.rest", n=len(entries)))
    return html.Details([summary, html.Ol(entries, className="lists small")], hidden=not entries or None)


def _withdrawn(view: PageView) -> Component | None:
    """Who is on the ballot and runs no more: they have no votes, and no place among the others."""
    names = [entry["short"] for entry in view.lists if entry.get("is_withdrawn")]
    said = view.words("lists.withdrawn", n=len(names), names=", ".join(names))
    return html.P(said, className="soft withdrawn") if names else None
