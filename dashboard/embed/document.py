"""The page of an embed: complete before any script, and with one it repaints itself."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboard.colours import covers, dress
from dashboard.components import outlook
from dashboard.embed import bars
from dashboard.embed.drawing import LOOK, definitions, draw_map
from dashboard.embed.scene import THEMES, Scene
from dashboard.embed.sharing import card_link, discovery_link, head_tags
from dashboard.embed.summary import summary
from dashboard.figures import running
from dashboard.markup import html_of, render
from dashboard.routes import Route
from dashboard.tokens import STYLED, bucket_fills
from tally.keys import Level, level_of
from texts.issues import sentence


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


def told(scene: Scene, address: str) -> Markup:
    """What the head tells those who are given the embed's address."""
    at = scene.at or scene.meta["as_of"]
    links = {
        "page": scene.permalink(),
        "card": card_link(scene.home, scene.key, scene.words, at),
        "oembed": discovery_link(scene.home, address),
    }
    return head_tags(scene.home, scene.title, summary(scene.title, scene.data, scene.meta, scene.words), links)


def render_head(scene: Scene, view: str, wiring: Wiring, address: str) -> str:
    """The document up to its body: all that depends on theme and address, which is path and query."""
    return render(
        "embed/head.html",
        scene=scene,
        words=scene.words,
        view=view,
        wiring=wiring,
        scheme="light dark" if scene.theme == THEMES[0] else scene.theme,
        told=told(scene, address),
        config=_config(scene, wiring) if _is_live(scene, wiring) else None,
    )


def render_body(scene: Scene, view: str, wiring: Wiring) -> str:
    """The rest of it, the same in every theme."""
    return render(
        "embed/body.html",
        scene=scene,
        words=scene.words,
        view=view,
        is_acta=level_of(scene.key) is Level.MESA,
        is_live=_is_live(scene, wiring),
        segments=bars.segments(scene),
        buckets=bars.buckets(scene),
        legend=bars.legend,
        draw_map=draw_map,
        definitions=definitions(STYLED),
        fills=bucket_fills(STYLED),
        columns=scene.columns(scene.presentation.table_lists),
        outlook=html_of(outlook.sentence(scene.meta, scene.words)) if scene.meta.get("outlook") else None,
        covers=covers(scene.presentation),
        dress=lambda color, cover: dress(color, cover, scene.presentation.patterns),
        held=[sentence(scene.words, issue) for issue in scene.data.get("held") or ()],
        **LOOK,
    )


def _is_live(scene: Scene, wiring: Wiring) -> bool:
    return wiring.live is not None and scene.at is None


def _config(scene: Scene, wiring: Wiring) -> dict[str, Any]:
    """What the scripts must know: the API, the lists, the colours, the words."""
    return {
        "base": wiring.base,
        "contest": scene.words.contest,
        "key": scene.key,
        "is_whole": scene.is_whole,
        "topic": topic_of(scene.key),
        "language": scene.words.code,
        "zone": scene.meta["timezone"],
        "feed": scene.meta["feed"],
        "lists": [{"short": entry["short"], "color": entry["color"]} for entry in scene.lists],
        "running": running(scene.lists),
        "top_lists": scene.presentation.top_lists,
        "tints": scene.presentation.lead_tints,
        "bins": scene.presentation.lead_bins,
        "neutral": scene.presentation.neutral,
        "patterns": scene.presentation.patterns,
        "words": scene.words.for_embed,
    }
