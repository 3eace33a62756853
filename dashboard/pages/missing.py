"""The page of a path that names nothing, with a search for what was meant, or of a count that is not ready."""

from dash import html
from dash.development.base_component import Component

from dashboard.pages import search
from dashboard.words import Words


def layout(words: Words, name: str, home: str, **values: str) -> list[Component]:
    """What happened, why, and a way home; `name` is the text's key, `values` are what it asks for."""
    return [
        html.Div(
            [
                html.H1(words(name)),
                html.P(words(f"{name}_why", **values)),
                search.form(words) if name == "page.missing" else None,
                html.P(html.A(words("page.home"), href=home)),
            ],
            className="lead",
        )
    ]
