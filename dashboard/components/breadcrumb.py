"""Where this page lies: its parents, each a link."""

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components.headline import title_of
from dashboard.naming import name_of
from dashboard.reading import PageView
from dashboard.routes import path_of
from tally.keys import NATION, ancestors


def layout(view: PageView) -> Component | None:
    """The parents from the whole down, before them the page of all contests; nothing on the page above all others."""
    words, whole = view.words, view.route.whole
    if view.route.is_whole and words.contest is None:
        return None
    above = [(words.of(view.meta["name"]), words.front("/"), "_self")] if words.contest is not None else []
    inner = [] if view.route.is_whole else [(name_of(words, NATION, None), view.href("/"), None)]
    outer = (*ancestors(whole), NATION, whole)
    for key, name in view.parents:
        if key not in outer:
            inner.append((name_of(words, key, name), view.href(path_of(key)), None))
    links = [html.Li(html.A(name, href=href, target=target)) for name, href, target in (*above, *inner)]
    here = html.Li(title_of(view), **marks.aria(current="page"))
    return html.Nav(html.Ol([*links, here]), className="breadcrumb", **marks.aria(label=words("page.breadcrumb")))
