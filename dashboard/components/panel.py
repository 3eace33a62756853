"""What pages list in: a card with a table that scrolls sideways on a phone, facts, and links to other lists."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.routes import NEWS
from dashboard.words import Words


def layout(heading: str, table: Component) -> Component:
    """The heading, and the table in a region that can be focused and scrolled."""
    return html.Section([html.H2(heading), scroller(heading, table)], className="table-panel card")


def scroller(label: str, table: Component) -> Component:
    """The region alone."""
    return html.Div(table, className="scroller", role="region", tabIndex=0, **marks.aria(label=label))


def head(label: Any, kind: str, field: str | None = None, class_name: str | None = None) -> Component:
    """A column's head; the browser sorts it by `kind`, "text" or "number", and by that field where a cell has many."""
    by = marks.data(sort_field=field) if field else {}
    return html.Th(label, scope="col", className=class_name, **marks.data(sort=kind), **by)


def table(
    heads: Iterable[Any],
    *bodies: Component,
    caption: str | None = None,
    class_name: str | None = None,
    style: Mapping[str, str] | None = None,
) -> Component:
    """A table; its heads are texts, or heads of `head`. The caption is read out only."""
    told = [html.Caption(caption, className="visually-hidden")] if caption else []
    row = [one if isinstance(one, Component) else html.Th(one, scope="col") for one in heads]
    return html.Table([*told, html.Thead(html.Tr(row)), *bodies], className=class_name, style=style)


def facts(pairs: Iterable[tuple[Any, Any]]) -> Component:
    """Names, each with its value."""
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs], className="buckets")


def choices(label: str, *lists: Component | None) -> Component:
    """Links that narrow a page's list, under a name."""
    name = html.B(label, **marks.aria(hidden="true"))
    return html.Nav([name, *lists], className="choices", **marks.aria(label=label))


def sheets(words: Words, address_of: Callable[[str], str]) -> Component:
    """The ways to a list as a file, in each form that it can be had in."""
    links = [html.A(words(f"files.{form}"), href=address_of(form)) for form in ("csv", "spreadsheet")]
    return html.P([links[0], " · ", links[1]])


def news(words: Words) -> Component | None:
    """The way to the feed of what happens; none beside a past or a copy, which have none."""
    if words.at is not None or words.copied_at is not None:
        return None
    return html.P(html.A(words("news_feed.follow"), href=words.href(NEWS), target="_self"))


def pages(links: Iterable[tuple[str, str]]) -> Component | None:
    """Links to newer and older lines: text and address; nothing where there are none."""
    shown = [html.A(text, href=href, className="quiet button") for text, href in links]
    return html.P(shown, className="pages") if shown else None
