"""Where this page lies: its parents, each a link."""

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components.headline import title_of
from dashboard.figures import proper_name
from dashboard.reading import View
from dashboard.routes import NATION, path_of


def layout(view: View) -> Component | None:
    """The parents from the nation down; nothing on the nation's own page."""
    if view.route.key == NATION:
        return None
    parents = view.parents or ((NATION, ""),)
    links = [html.Li(html.A(_name(view, key, name), href=view.href(path_of(key)))) for key, name in parents]
    here = html.Li(title_of(view), **marks.aria(current="page"))
    return html.Nav(html.Ol([*links, here]), className="breadcrumb", **marks.aria(label=view.words("page.breadcrumb")))


def _name(view: View, key: str, name: str) -> str:
    if key == NATION:
        return view.words("area.nation")
    if key.startswith("scope/"):
        return view.words(f"area.{key.partition('/')[2]}")
    return name if key.startswith("place/") else proper_name(name)
