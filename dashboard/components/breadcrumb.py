"""Where this page lies: its parents, each a link."""

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components.headline import title_of
from dashboard.naming import name_of
from dashboard.reading import PageView
from dashboard.routes import path_of
from tally.keys import NATION


def layout(view: PageView) -> Component | None:
    """The parents from the nation down; nothing on the nation's own page."""
    if view.route.key == NATION:
        return None
    parents = view.parents or ((NATION, ""),)
    links = [html.Li(html.A(name_of(view.words, key, name), href=view.href(path_of(key)))) for key, name in parents]
    here = html.Li(title_of(view), **marks.aria(current="page"))
    return html.Nav(html.Ol([*links, here]), className="breadcrumb", **marks.aria(label=view.words("page.breadcrumb")))
