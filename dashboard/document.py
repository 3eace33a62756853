"""The HTML document around a page: what stands on screen before any script runs."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard import ids
from dashboard.built import entries, style, text_of
from dashboard.embed import social
from dashboard.figures import running
from dashboard.installed import ICON, touch_icon
from dashboard.markup import as_json, render
from dashboard.moments import full_clock
from dashboard.needs import RACES, Needs, needs_of
from dashboard.reading import Data, Source, compared_list
from dashboard.routes import CORRECTIONS, Route
from dashboard.tokens import TOKENS
from dashboard.vendor import vendor_urls
from dashboard.wording import FIRST_SIZE, Wording
from dashboard.words import Words, in_language
from tally.keys import Level
from texts.language import NAMES


@dataclass(frozen=True)
class Page:
    """One page: its body, its heading, the address it stands at, the live topic it needs, and its footer.

    `at`: the moment whose count it shows, None for now. `about`: its numbers in a sentence. `geometry`: where its map's
    files are, if it has a map.
    `base`: what it follows of the API, where that is not one count; `more`: what else its scripts must know.
    `dataset`: its data in the words of schema.org.
    """

    body: list[Any]
    title: str
    path: str
    route: Route | None = None
    footer: Sequence[Any] = ()
    at: str | None = None
    about: str | None = None
    geometry: Data | None = None
    base: str | None = None
    more: Data = field(default_factory=dict)
    own_needs: Needs | None = None
    dataset: Data | None = None

    @property
    def needs(self) -> Needs:
        """What it needs beyond what every page has."""
        return self.own_needs or needs_of(self.path)

    def attributes(self) -> dict[str, Any]:
        """What the browser must know of the page: its moment, key, topic."""
        own = {"data-path": self.path} if self.at is None else {"data-path": self.path, "data-at": self.at}
        if self.route is None:
            return own
        shown = {**own, "data-key": self.route.key, "data-topic": self.route.topic}
        return {**shown, "data-whole": ""} if self.route.is_whole else shown

    @property
    def is_listed_first(self) -> bool:
        """Whether it begins with the table, on a wide window too; whoever comes from a map stays on it."""
        return self.route is not None and self.route.is_listed_first(self.geometry)


def icon_address() -> str:
    """Where the icon is; it changes with it."""
    return f"/assets/{ICON.name}?m={int(ICON.stat().st_mtime)}"


def start_hash() -> str:
    """The hash of the script that stands in the document, by which the content policy lets it."""
    digest = hashlib.sha256(text_of("first.js").encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def document_of(page: Page, dash: dict[str, str], words: Words, config: dict[str, Any], wording: Wording) -> str:
    """The whole document. `dash` is what Dash hands to `interpolate_index`; without it no script runs."""
    names = ("board", page.needs.entry) if page.needs.entry else ("board",)
    modules = {name: entries()[name] for name in names}
    later = entries("views")[page.needs.view] if page.needs.view else ()
    return render(
        "document.html",
        page=page,
        dash=dash and {**dash, "app_entry": _empty_entry(dash["app_entry"]), "config": lean_config(dash["config"])},
        words=words,
        config=config,
        is_test=config.get("is_test", False),
        told=social.tags(page.route.key if page.route else None, page.path, page.title, words, config, page.about),
        pieces=_map_pieces(page, config.get("base", ""), config.get("geometry")),
        is_styled=page.needs == RACES or (page.route is not None and page.route.has_map),
        wording=(wording.shared, wording.of[page.needs.words]) if page.needs.words else (wording.shared,),
        modules=modules,
        shared=dict.fromkeys(file.url for files in (*(each[1:] for each in modules.values()), later) for file in files),
        full_clock=full_clock,
        languages=[(code, name) for code, name in NAMES.items() if code != words.code],
        icon=icon_address(),
        manifest=wording.manifest if page.needs.view else None,
        touch_icon=touch_icon(),
        theme=[("light", TOKENS.day["card"]), ("dark", TOKENS.night["card"])],
        ids=ids,
        in_language=in_language,
        style=style,
        text_of=text_of,
    )


def browser_config(source: Source, meta: Data, page: Page, words: Words) -> dict[str, Any]:
    """What the client-side modules need to know of this page: where the API is, the lists, the words it adds."""
    lists, compared = meta["contest"]["lists"], compared_list(meta)
    return {
        "base": page.base or source.base,
        "contest": source.contest,
        "language": words.code,
        "zone": meta["timezone"],
        "is_test": meta["is_test"],
        "as_of": meta["as_of"],
        "feed": meta["feed"],
        "lists": [{"short": entry["short"], "color": entry["color"]} for entry in lists],
        "running": running(lists),
        "top_lists": source.presentation.top_lists,
        "geometry": page.geometry,
        **({"previous": compared} if compared else {}),
        **page.more,
    }


def _map_pieces(page: Page, base: str, geometry: Data | None) -> list[str]:
    """What the map needs first, asked for while the scripts load: MapLibre's files, or the numbers of the picture."""
    if page.route is None or not page.route.has_map or geometry is None:
        return []
    if page.route.has_picture:
        return [f"{base}/state?topic={page.route.topic}&topic={CORRECTIONS}"] if page.at is None else []
    return [*vendor_urls().values(), geometry["layers"][page.route.painted_level][FIRST_SIZE[Level.POLLING_PLACE]]]


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
