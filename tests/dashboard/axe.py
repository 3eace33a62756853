"""What axe-core objects to on a page as it stands, on a phone and in a window."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# By night nothing but colours differs, so only what is judged by colour is looked at again.
_BY_NIGHT = {"runOnly": ["color-contrast", "link-in-text-block"]}
SIZES = ({"width": 360, "height": 800}, {"width": 1280, "height": 800})
_SCRIPT: str = Axe().axe_script
_RUN = "async (options) => (await axe.run(document, { resultTypes: ['violations'], ...options })).violations"


def objections(page: Page) -> list[str]:
    """What axe objects to in both sizes, in the page's light and in its dark colours, each with the element."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_SCRIPT)
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme, rules in (("light", {}), ("dark", _BY_NIGHT)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} {scheme}: {one}" for one in _told(page.evaluate(_RUN, rules))]
    return found


def _told(violations: list[Any]) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in violations
        for node in one["nodes"]
    ]
