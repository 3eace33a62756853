"""The HTML document around a page: what stands on screen before any script runs."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks, social
from dashboard.built import entries, style, text_of
from dashboard.markup import as_json, html_of
from dashboard.needs import Needs, needs_of
from dashboard.reading import Data, Source
from dashboard.routes import Route
from dashboard.vendor import vendor_urls
from dashboard.wording import FIRST_SIZE, Wording
from dashboard.words import Words, in_language
from texts.language import NAMES

_ICON = Path(__file__).parent / "assets" / "favicon.svg"


@dataclass(frozen=True)
class Page:
    """One page: its body, its heading, the address it stands at, the live topic it needs, and its footer.

    `at`: the moment whose count it shows, None for now. `geometry`: where its map's files are, if it has a map.
    """

    body: list[Any]
    title: str
    path: str
    route: Route | None = None
    footer: Sequence[Any] = ()
    at: str | None = None
    geometry: Data | None = None

    @property
    def needs(self) -> Needs:
        """What it needs beyond what every page has."""
        return needs_of(self.path)

    def attributes(self) -> dict[str, Any]:
        """What the browser must know of the page: its moment, key, topic."""
        own = {"data-path": self.path} if self.at is None else {"data-path": self.path, "data-at": self.at}
        if self.route is None:
            return own
        return {**own, "data-key": self.route.key, "data-topic": self.route.topic}


def start_hash() -> str:
    """The hash of the script that stands in the document, by which the content policy lets it."""
    digest = hashlib.sha256(text_of("first.js").encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def render(page: Page, dash_parts: dict[str, str], words: Words, config: dict[str, Any], wording: Wording) -> str:
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
            f'<link rel="icon" type="image/svg+xml" href="/assets/{_ICON.name}?m={int(_ICON.stat().st_mtime)}">',
            f"<style>{text_of('first.css')}</style>",
            *(_early_parts(page, config) if dash_parts else (_later_style(),)),
            *((_sheet(page.needs.style),) if page.needs.style else ()),
            *(_script_heads(page.needs, wording) if dash_parts else ()),
            "</head>",
            f'<body class="{"rehearsal" if rehearsal else ""}">',
            html_of(_frame(page, words, config)),
            *(_script_parts(dash_parts, config) if dash_parts else ()),
            "</body>\n</html>",
        )
    )


def _sheet(name: str) -> str:
    return f'<link rel="stylesheet" href="{style(name).url}">'


def _later_style() -> str:
    return _sheet("board")


def _early_parts(page: Page, config: dict[str, Any]) -> tuple[str, ...]:
    """What runs before the first paint; it asks for what the map needs, and for the styles that may come after it."""
    return (
        html_of(html.Meta(name="later-style", content=style("board").url)),
        html_of(html.Meta(name="map-pieces", content=" ".join(_map_pieces(page, config["geometry"])))),
        f"<noscript>{_later_style()}</noscript>",
        f"<script>{text_of('first.js')}</script>",
    )


def _script_heads(needs: Needs, wording: Wording) -> tuple[str, ...]:
    """Asked for at once, run in this order when the document stands: the page's numbers never wait for a script."""
    names = ("board", needs.entry) if needs.entry else ("board",)
    words = (wording.shared, wording.mission) if needs.is_mission else (wording.shared,)
    shared = dict.fromkeys(file.url for name in names for file in entries()[name][1:])
    return (
        *(f'<script defer src="{file.url}"></script>' for file in words),
        *(f'<script type="module" data-entry="{name}" src="{entries()[name][0].url}"></script>' for name in names),
        *(f'<link rel="modulepreload" href="{url}">' for url in shared),
    )


def _script_parts(dash_parts: dict[str, str], config: dict[str, Any]) -> tuple[str, ...]:
    """What the modules read once. Dash only navigates: its scripts lie inert until nothing else waits."""
    return (
        f'<script id="{ids.CONFIG}" type="application/json">{as_json(config)}</script>',
        f"<div hidden>{_empty_entry(dash_parts['app_entry'])}</div>",
        lean_config(dash_parts["config"]),
        f'<template id="{ids.DASH}">{dash_parts["scripts"]}{dash_parts["renderer"]}</template>',
    )


def browser_config(source: Source, meta: Data, page: Page, words: Words) -> dict[str, Any]:
    """What the client-side modules need to know of this page: where the API is, the lists, the words it adds."""
    lists = meta["contest"]["lists"]
    return {
        "base": source.base,
        "language": words.code,
        "zone": meta["timezone"],
        "is_test": meta["is_test"],
        "as_of": meta["as_of"],
        "feed": meta["feed"],
        "lists": [{"short": entry["short"], "color": entry["color"]} for entry in lists],
        "geometry": page.geometry,
    }


def _map_pieces(page: Page, geometry: Data | None) -> list[str]:
    """What the page's map needs first: asked for while the scripts still load."""
    child = None if page.route is None else page.route.child_level
    if page.route is None or child is None or geometry is None:
        return []
    return [*vendor_urls().values(), geometry["layers"][page.route.painted_level][FIRST_SIZE[child]]]


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
