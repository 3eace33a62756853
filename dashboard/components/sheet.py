"""A page about the count, which shows no area of its own."""

from typing import Any

from dashboard.components import footer
from dashboard.document import Page
from dashboard.reading import Sheet


def about(sheet: Sheet, body: list[Any], name: str, address: str) -> Page:
    """The page with its title from the texts, `name`."""
    title = f"{sheet.words(name)} · {sheet.words.of(sheet.meta['name'])}"
    return Page(body, title, address, footer=footer.layout(sheet.meta, sheet.words))
