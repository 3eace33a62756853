"""The client-side modules as they are written, in a browser: a page without a dashboard that imports them."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

BROWSER = Path(__file__).parents[2] / "dashboard" / "browser"
_ORIGIN = "http://modules.test"
_MODULES = {
    "figures": "text/figures.js",
    "moments": "text/moments.js",
    "measures": "count/measures.js",
    "paint": "count/paint.js",
    "issues": "count/issues.js",
    "marks": "page/issues.js",
    "words": "text/words.js",
    "keys": "text/keys.js",
    "races": "count/races.js",
    "addresses": "text/addresses.js",
    "flagtext": "mission/flagtext.js",
}
_EMPTY = '<main id="page"></main><script id="escrutinio-config" type="application/json">{"measures": {}}</script>'


def read_cases(name: str) -> dict[str, Any]:
    """A table of cases that Python's rules and the browser's both pass."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "cases" / f"{name}.json").read_bytes())
    return found


def open_modules(page: Page) -> None:
    """Import the modules; each stands in `modules` under its name."""
    page.route(f"{_ORIGIN}/**", _serve)
    page.goto(_ORIGIN)
    page.evaluate(
        """async (modules) => {
          const found = Object.entries(modules).map(async ([name, path]) => [name, await import(`/${path}`)]);
          window.modules = Object.fromEntries(await Promise.all(found));
        }""",
        _MODULES,
    )


def configure(page: Page, **config: Any) -> None:
    """What the modules find in the page's configuration."""
    page.evaluate("(config) => { Object.assign(escrutinio, config); }", config)


def _serve(route: Route) -> None:
    path = BROWSER / route.request.url.removeprefix(f"{_ORIGIN}/")
    if path.is_file():
        route.fulfill(path=path, content_type="text/javascript")
    else:
        route.fulfill(body=_EMPTY, content_type="text/html")
