"""What is found by a name or a number, where no script runs and on the page of a path that names nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.components import footer
from dashboard.document import Page
from dashboard.markup import element
from dashboard.naming import kind_of, name_of
from dashboard.reading import Data, Visit
from dashboard.routes import LANGUAGE, MOMENT, SEARCH, path_of
from dashboard.words import Words
from texts.language import DEFAULT_LANGUAGE
from texts.spelling import proper_name

_FIELD = "asked"
_LONGEST, _MOST_HITS = 100, 30


def page(visit: Visit) -> Page:
    """The page at /search."""
    source, words = visit.source, visit.words
    query = visit.query.get("q", "").strip()[:_LONGEST]
    meta = source.meta()
    is_asked = bool(query)
    # Names are those of now, whatever moment is shown.
    named = replace(source, at=None)
    hits = named.get(f"/search?q={quote(query)}&limit={_MOST_HITS}")["hits"] if is_asked else []
    found = _found(hits, query, words) if is_asked else None
    lead = html.Div([html.H1(words("page.search")), form(words, query)], className="lead")
    body: list[Any] = [lead, html.Div(found, className="below")]
    title = f"{words('page.search')} · {words.of(meta['name'])}"
    return Page(body, title, visit.address, footer=footer.layout(meta, words, has_figures=False))


def form(words: Words, query: str = "") -> Markup:
    """The question. It works without a script."""
    kept = {LANGUAGE: None if words.code == DEFAULT_LANGUAGE else words.code, MOMENT: words.at}
    hidden = [element("input", type="hidden", name=name, value=value) for name, value in kept.items() if value]
    label = html.Label(words("search.label"), htmlFor=_FIELD)
    field = element("input", type="search", name="q", id=_FIELD, value=query or None, required=True)
    button = html.Button(words("page.find"), className="quiet")
    return element("form", [label, field, button, *hidden], action=f"{words.root}{SEARCH}", className="search-form")


def _found(hits: Sequence[Data], query: str, words: Words) -> Component:
    if not hits:
        return html.P(words("search.none", query=query), className="note", role="alert")
    return html.Section(html.Ul([_hit(hit, words) for hit in hits], className="found"), className="card")


def _hit(hit: Data, words: Words) -> Component:
    key = hit["key"]
    around = [proper_name(part) for part in hit["context"].split(" · ") if part]
    told = " · ".join([kind_of(words, key), *dict.fromkeys(around)])
    return html.Li(
        [
            html.A(name_of(words, key, hit["name"]), href=words.href(path_of(key))),
            html.Small(told, className="soft"),
        ]
    )
