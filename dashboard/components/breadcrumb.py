"""Where this page lies: its parents, each a link."""

from dash import html
from dash.development.base_component import Component

from dashboard.figures import place_name
from dashboard.reading import View
from dashboard.routes import NATION, path_of


def layout(view: View) -> Component | None:
    """The parents from the nation down; nothing on the nation's own page."""
    if view.route.key == NATION:
        return None
    parents = view.parents or ((NATION, ""),)
    links = [html.Li(html.A(_name(view, key, name), href=view.href(path_of(key)))) for key, name in parents]
    return html.Nav(html.Ol(links), className="breadcrumb", **{"aria-label": view.words("page.breadcrumb")})


def _name(view: View, key: str, name: str) -> str:
    if key == NATION:
        return view.words("area.nation")
    if key.startswith("scope/"):
        return view.words(f"area.{key.partition('/')[2]}")
    return name if key.startswith("place/") else place_name(name)
