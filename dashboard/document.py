"""The HTML document around a page: what stands on screen before any script runs."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks, social
from dashboard.bundle import ASSETS, Bundle, bundle_of, lean_style
from dashboard.colours import Presentation
from dashboard.markup import html_of
from dashboard.needs import Needs, needs_of
from dashboard.reading import Data, Source
from dashboard.routes import CHOICES, Route
from dashboard.vendor import vendor_urls
from dashboard.words import Words, in_language
from texts.language import NAMES

# Load order: each file adds its part to `window.escrutinio` and may use the parts above it.
SCRIPTS = (
    "start.js",
    "words.js",
    "vocabulary.js",
    "dom.js",
    "figures.js",
    "moments.js",
    "replica.js",
    "channels.js",
    "mending.js",
    "live.js",
    "issues.js",
    "board.js",
    "measures.js",
    "badges.js",
    "outlook.js",
    "why.js",
    "moment.js",
    "replay.js",
    "status.js",
    "news.js",
    "announce.js",
    "table.js",
    "column.js",
    "legend.js",
    "picture.js",
    "mapstyle.js",
    "mapdata.js",
    "maplevels.js",
    "mapsheet.js",
    "maplabels.js",
    "mapcanvas.js",
    "map.js",
    "search.js",
    "navigation.js",
    "mission_badges.js",
    "share.js",
    "page.js",
)
# The first stands in the document; the others come after the first paint.
STYLES = ("first.css", "board.css", "map.css", "story.css", "print.css")
# How finely a page's areas are drawn at first, by what lies below it; `assets/mapdata.js` is told.
FIRST_SIZE = {"department": "low", "province": "mid", "district": "mid", "place": "high"}


@dataclass(frozen=True)
class Page:
    """One page: its body, its heading, the address it stands at, the live topic it needs, and its footer.

    `at`: the moment whose count it shows, None for now.
    """

    body: list[Any]
    title: str
    path: str
    route: Route | None = None
    footer: Sequence[Any] = ()
    at: str | None = None

    @property
    def needs(self) -> Needs:
        """What it needs beyond what every page has."""
        return needs_of(self.path)

    def attributes(self) -> dict[str, Any]:
        """What the browser must know of the page: its moment, key, level of its rows, topic."""
        own = {"data-path": self.path} if self.at is None else {"data-path": self.path, "data-at": self.at}
        if self.route is None:
            return own
        return {
            **own,
            "data-key": self.route.key,
            "data-child": self.route.child_level or "",
            "data-topic": self.route.topic,
        }


def scripts(words: Words, presentation: Presentation) -> Bundle:
    """The modules of every page, but the first, which stands in the document; before them the words and settings."""
    said = f"Object.assign(escrutinio, {as_json({'words': words.for_browser(), 'settings': _settings(presentation)})});"
    return bundle_of(f"board.{words.code}.js", SCRIPTS[1:], said)


def _settings(presentation: Presentation) -> dict[str, Any]:
    """What the modules must know that is the same on every page."""
    return {
        "tints": presentation.lead_tints,
        "night_tint": presentation.night_tint,
        "bins": presentation.lead_bins,
        "neutral": presentation.neutral,
        "measures": presentation.measures,
        "measure_color": presentation.measure_color,
        "vendor": vendor_urls(),
        "first_size": FIRST_SIZE,
        "choices": CHOICES,
    }


def styles() -> Bundle:
    """The styles of every page but the first, which stands in the document."""
    return bundle_of("board.css", STYLES[1:])


def start_hash() -> str:
    """The first module's hash, by which the content policy lets it stand in the document."""
    digest = hashlib.sha256(_start().encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def render(
    page: Page, dash_parts: dict[str, str], words: Words, config: dict[str, Any], presentation: Presentation
) -> str:
    """The whole document. `dash_parts` are what Dash hands to `interpolate_index`; without them no script runs."""
    rehearsal = config.get("is_test", False)
    title = ("" if not rehearsal else f"{words('page.rehearsal')} · ") + words("page.title", place=page.title)
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="{words.code}">\n<head>',
            '<meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html_of(title)}</title>",
            html_of(html.Meta(name="description", content=words("page.description", place=page.title))),
            social.tags(page.route.key if page.route else None, page.path, page.title, words, config),
            '<meta name="color-scheme" content="light dark">',
            f'<link rel="icon" type="image/svg+xml" href="{_asset("favicon.svg")}">',
            f"<style>{lean_style(STYLES[0])}</style>",
            *(_early_parts(page, config) if dash_parts else (_later_style(),)),
            *(f'<link rel="stylesheet" href="{_asset(name)}">' for name in page.needs.styles),
            *(_script_heads(page.needs.scripts, scripts(words, presentation)) if dash_parts else ()),
            "</head>",
            f'<body class="{"rehearsal" if rehearsal else ""}">',
            html_of(_frame(page, words, config)),
            *(_script_parts(dash_parts, config) if dash_parts else ()),
            "</body>\n</html>",
        )
    )


def _later_style() -> str:
    return f'<link rel="stylesheet" href="{styles().url}">'


def _early_parts(page: Page, config: dict[str, Any]) -> tuple[str, ...]:
    """What runs before the first paint; it asks for what the map needs, and for the styles that may come after it."""
    return (
        html_of(html.Meta(name="later-style", content=styles().url)),
        html_of(html.Meta(name="map-pieces", content=" ".join(_map_pieces(page, config["geometry"])))),
        f"<noscript>{_later_style()}</noscript>",
        f"<script>{_start()}</script>",
    )


def _script_heads(own: Sequence[str], modules: Bundle) -> tuple[str, ...]:
    """Asked for at once, run when the document stands: the page's numbers never wait for a script."""
    return tuple(f'<script defer src="{url}"></script>' for url in (modules.url, *map(_asset, own)))


def _script_parts(dash_parts: dict[str, str], config: dict[str, Any]) -> tuple[str, ...]:
    """What the modules read once. Dash only navigates: its scripts lie inert until nothing else waits."""
    return (
        f'<script id="{ids.CONFIG}" type="application/json">{as_json(config)}</script>',
        f"<div hidden>{_empty_entry(dash_parts['app_entry'])}</div>",
        lean_config(dash_parts["config"]),
        f'<template id="{ids.DASH}">{dash_parts["scripts"]}{dash_parts["renderer"]}</template>',
    )


def _start() -> str:
    """The first module as it stands in the document: without its comments and indents."""
    bare = re.sub(r"/\*.*?\*/", "", (ASSETS / SCRIPTS[0]).read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*(?: //.*)?\n\s*", "\n", bare).strip()


def as_json(value: Any) -> str:
    """JSON that can stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def browser_config(source: Source, meta: Data, page: Page, words: Words) -> dict[str, Any]:
    """What the client-side modules need to know of this page: where the API is, the lists, the words it adds."""
    lists = meta["contest"]["lists"]
    has_map = page.route is not None and page.route.has_map
    return {
        "base": source.base,
        "language": words.code,
        "zone": meta["timezone"],
        "is_test": meta["is_test"],
        "as_of": meta["as_of"],
        "feed": meta["feed"],
        "lists": [{"short": entry["short"], "color": entry["color"]} for entry in lists],
        "geometry": _geometry(source, words) if has_map else None,
        "words": {section: words.texts[section] for section in page.needs.sections},
    }


def _geometry(source: Source, words: Words) -> Data | None:
    """Where the shapes of the areas are, and what is to be said of them in this language."""
    found = source.optional("/api/v1/geometry")
    return found and {**found, "notice": found["notice"] and {words.code: words.of(found["notice"])}}


def _map_pieces(page: Page, geometry: Data | None) -> list[str]:
    """What the page's map needs first: asked for while the scripts still load."""
    if page.route is None or geometry is None:
        return []
    level = "district" if page.route.child_level == "place" else page.route.child_level
    return [*vendor_urls().values(), geometry["layers"][level][FIRST_SIZE[page.route.child_level or ""]]]


def lean_config(config: str) -> str:
    """Dash's own configuration without what no visitor needs: versions, a foreign address, whatever is off or empty.

    `end_id` signs the handles of background jobs, which we have none of; it would make every answer another one.
    """
    found = re.fullmatch(r"(<script[^>]*>)(.*)(</script>)", config, re.DOTALL)
    if found is None:
        return config
    unread = {"dash_version_url", "python_version", "plotly_version", "end_id"}
    kept = {key: value for key, value in json.loads(found[2]).items() if value and key not in unread}
    kept["children_props"] = {
        package: {name: props for name, props in components.items() if props}
        for package, components in kept.get("children_props", {}).items()
    }
    return f"{found[1]}{as_json(kept)}{found[3]}"


def _empty_entry(entry: str) -> str:
    """Dash's mount point; its "Loading..." would be one more thing to read out."""
    return re.sub(r'<div class="_dash-loading">.*?</div>', "", entry, flags=re.DOTALL)


def _asset(name: str) -> str:
    return f"/assets/{name}?m={int((ASSETS / name).stat().st_mtime)}"


def _rehearsal(words: Words) -> tuple[Component, Component]:
    """A bar that says it in words, and a watermark over the whole page, which is drawn and not read out."""
    word = words("page.rehearsal")
    return (
        html.Aside(words("page.rehearsal_note"), className="rehearsal-bar", **marks.aria(label=word)),
        html.Div(className="watermark", **marks.data(word=word)),
    )


def _frame(page: Page, words: Words, config: dict[str, Any]) -> list[Any]:
    return [
        html.A(words("page.skip"), href=f"#{ids.PAGE}", className="skip"),
        *(_rehearsal(words) if config.get("is_test") else ()),
        html.Header(
            [
                html.A(words("page.brand"), href=words.href("/"), className="brand"),
                html.Div(id=ids.SEARCH, className="script-only"),
                *(
                    html.A(
                        html.Span(name),
                        href=in_language(page.path, code),
                        className="language",
                        lang=code,
                        **marks.data(language=code),
                    )
                    for code, name in NAMES.items()
                    if code != words.code
                ),
            ],
            className="site",
        ),
        html.Main(page.body, id=ids.PAGE, tabIndex=-1, **page.attributes()),
        html.Div(id=ids.ANNOUNCER, role="status", className="visually-hidden", **marks.aria(live="polite")),
        html.Div(id=ids.NOTICE, role="status", hidden=True),
        html.Footer(page.footer, className="site"),
        html.P(
            words.parts("page.printed", address=html.Span(page.path, **marks.data(printed=""))),
            className="printed",
        ),
    ]
