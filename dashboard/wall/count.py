"""The scenes of one count: board, map, areas below, and the queue at the juries, as its pages draw them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import actas, areas, headline, mappanel, outlook
from dashboard.figures import plain, shown
from dashboard.moments import told
from dashboard.pages import queue
from dashboard.queue import QueueChoice
from dashboard.reading import Data, PageView, Sheet, Source, whole_of
from dashboard.routes import Route
from dashboard.wall.scene import Scene, Wall
from dashboard.words import Words
from tally.keys import ABROAD, DOMESTIC, is_abroad

# What stands under another on one screen, a line each; and how many such columns.
_LINES, _COLUMNS = 17, 2


def wall_of(source: Source, words: Words, now: datetime) -> Wall:
    """The wall of one count.

    Raises: LookupError: there is no such contest. ConnectionError.
    """
    meta = source.meta()
    whole = whole_of(meta)
    view = source.view(Route(whole, whole), words, now)
    sheet = source.sheet(f"/queue{QueueChoice().query(limit=1)}", words, now)
    scenes = [*_count(view), *_tables(view), *_queue(sheet)]
    follows = {"contest": source.contest, "topics": [view.route.topic]}
    stamp = told(shown(view.data).get("source_at") or meta["feed"]["source_at"], now)
    of_it = {**meta, "feed": {**meta["feed"], "source_at": stamp}}
    return Wall(headline.title_of(view), of_it, (meta["epoch"], meta["seq"]), scenes, follows)


def _count(view: PageView) -> Iterator[Scene]:
    words = view.words
    board: list[Any] = [headline.layout(view), html.Div([outlook.layout(view), actas.layout(view)], className="beside")]
    yield Scene("board", words("wall.board"), board)
    if view.outline is not None:
        yield Scene("map", words("measures.lead_legend"), [mappanel.layout(view)])


def _tables(view: PageView) -> Iterator[Scene]:
    """The areas below in columns, as many scenes as they need; each scope's sum stands over its first."""
    title = view.words(f"table.{view.route.child_level}")
    tables = [html.Div(areas.table(column, title), className="card") for column in _columns(view)]
    for number, start in enumerate(range(0, len(tables), _COLUMNS)):
        yield Scene("table", title, tables[start : start + _COLUMNS], number)


def _columns(view: PageView) -> Iterator[PageView]:
    """The view with so many of its rows as stand under each other, the sum of a scope over the first of its rows."""
    sums, column = dict(view.scopes), dict[str, Data]()
    own, lines = dict[str, Data](), 0
    for key in sorted(view.rows, key=lambda key: (is_abroad(key), plain(view.rows[key].get("name", "")))):
        scope = ABROAD if is_abroad(key) else DOMESTIC
        more = 2 if scope in sums else 1
        if lines + more > _LINES:
            yield replace(view, rows=column, scopes=own)
            column, own, lines = {}, {}, 0
        column[key] = view.rows[key]
        lines += more
        if scope in sums:
            own[scope] = sums.pop(scope)
    if column:
        yield replace(view, rows=column, scopes=own)


def _queue(sheet: Sheet) -> Iterator[Scene]:
    """How many actas wait and why; no scene where the source counts none any more, though we read some again."""
    if not queue.count_waiting(sheet.body["summary"]):
        return
    body: list[Component | None] = [
        html.Section(queue.weight(sheet), className="card weight"),
        queue.reasons(sheet, QueueChoice()),
        queue.areas(sheet, QueueChoice()),
    ]
    yield Scene("queue", sheet.words("queue.title"), body)
