"""The page of an embed: complete before any script, and with one it repaints itself."""

from dataclasses import dataclass
from html import escape
from typing import Any

from dashboard.embed import parts
from dashboard.embed.drawing import DEFINITIONS, draw_map
from dashboard.embed.scene import BAR, CARD, MAP, TABLE, THEMES, Scene
from dashboard.embed.sharing import card_link, discovery_link, head_tags
from dashboard.markup import as_json
from dashboard.routes import Route
from tally.keys import Level, level_of
from texts.language import sections_of

SECTIONS = ("embed_live", "embed", "map")


@dataclass(frozen=True)
class Wiring:
    """What the page loads. live: the script that repaints, None where no server stands behind the page.

    base: the election in the API. sheet: the style itself, set into the page so that its first paint waits for nothing;
    "" where the page's policy cannot name its hash, as on a bare web server.
    """

    style: str
    frame: str
    live: str | None
    base: str
    sheet: str = ""


def topic_of(key: str) -> str:
    """The live topic with everything an embed of this key shows."""
    return Route(key).topic


def told(scene: Scene, address: str) -> str:
    """What the head tells those who are given the embed's address."""
    at, language = scene.at or scene.meta["as_of"], scene.words.code
    links = {
        "page": scene.permalink(),
        "card": card_link(scene.home, scene.key, language, at),
        "oembed": discovery_link(scene.home, address),
    }
    about = scene.words("embed.about", place=scene.title, status=scene.status, pct=scene.texts["counted_pct"])
    return head_tags(scene.home, scene.title, about, links)


def render_head(scene: Scene, view: str, wiring: Wiring, address: str) -> str:
    """The document up to its body: all that depends on theme and address, which is path and query."""
    title = f"{scene.title} · {scene.status}"
    if scene.is_test:
        title = f"{scene.words('page.rehearsal')} · {title}"
    scheme = "light dark" if scene.theme == THEMES[0] else scene.theme
    return (
        f'<!DOCTYPE html>\n<html lang="{scene.words.code}" class="{scene.theme} {view}"><head>'
        f'<meta charset="UTF-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="{scheme}"><link rel="icon" href="data:,">'
        f"{_style(wiring)}{told(scene, address)}"
        f"{_scripts(scene, wiring, is_live=_is_live(scene, wiring))}</head>"
    )


def render_body(scene: Scene, view: str, wiring: Wiring) -> str:
    """The rest of it, the same in every theme."""
    footer = parts.footer(scene, is_live=_is_live(scene, wiring))
    return (
        f'<body><svg width="0" height="0" class="defs" aria-hidden="true" focusable="false">{DEFINITIONS}</svg>'
        f'<main data-key="{scene.key}">{parts.header(scene)}{_BODIES[view](scene)}{footer}</main>{_watermark(scene)}'
        "</body></html>\n"
    )


def _style(wiring: Wiring) -> str:
    return f"<style>{wiring.sheet}</style>" if wiring.sheet else f'<link rel="stylesheet" href="{wiring.style}">'


def _is_live(scene: Scene, wiring: Wiring) -> bool:
    return wiring.live is not None and scene.at is None


def _watermark(scene: Scene) -> str:
    """Over the whole page, drawn and not read out: the bar above the numbers says it in words."""
    if not scene.is_test:
        return ""
    word = parts.attribute(scene.words("page.rehearsal"))
    return f'<div class="watermark" aria-hidden="true"><span data-word="{word}"></span></div>'


def _scripts(scene: Scene, wiring: Wiring, *, is_live: bool) -> str:
    frame = f'<script defer src="{wiring.frame}"></script>'
    if not is_live:
        return frame
    config = as_json(_config(scene, wiring))
    return (
        f'<script id="escrutinio-config" type="application/json">{config}</script>{frame}'
        f'<script defer src="{wiring.live}"></script>'
    )


def _config(scene: Scene, wiring: Wiring) -> dict[str, Any]:
    """What the scripts must know: the API, the lists, the colours, the words."""
    return {
        "base": wiring.base,
        "key": scene.key,
        "topic": topic_of(scene.key),
        "language": scene.words.code,
        "zone": scene.meta["timezone"],
        "feed": scene.meta["feed"],
        "lists": [{"short": entry["short"], "color": entry["color"]} for entry in scene.lists],
        "tints": scene.presentation.lead_tints,
        "bins": scene.presentation.lead_bins,
        "neutral": scene.presentation.neutral,
        "words": sections_of(scene.words, SECTIONS),
    }


def _map(scene: Scene) -> str:
    """Numbers and map side by side where there is room, the map's rows in a table that folds out."""
    left = f"{parts.headline(scene)}{parts.actas(scene)}"
    outline = scene.outline
    if outline is None:
        return f"{left}{parts.table(scene)}"
    label = parts.attribute(scene.words("embed.map", place=scene.title))
    drawn = (
        f'<svg class="{"map" if outline["paths"] else "map boxes"}" role="img" aria-label="{label}" '
        f'viewBox="0 -4 {outline["width"]} {outline["height"] + 8}">{draw_map(scene, outline)}</svg>'
    )
    summary = escape(scene.words("embed.as_table"))
    return (
        f'<div class="columns"><div>{left}</div><figure>{drawn}<p id="chosen" role="status" hidden></p>'
        f"{parts.legend(scene)}</figure></div>{parts.incidents(scene)}"
        f"<details><summary>{summary}</summary>{parts.table(scene)}</details>"
    )


def _bar(scene: Scene) -> str:
    return f"{parts.headline(scene)}{parts.actas(scene)}"


def _table(scene: Scene) -> str:
    return f"{parts.headline(scene)}{parts.incidents(scene)}{parts.table(scene)}"


def _card(scene: Scene) -> str:
    counted = parts.acta(scene) if level_of(scene.key) is Level.MESA else parts.actas(scene)
    return f"{parts.headline(scene)}{counted}{parts.incidents(scene)}"


_BODIES = {MAP: _map, BAR: _bar, TABLE: _table, CARD: _card}
