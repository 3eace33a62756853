"""The mission as an application that a phone installs: its manifest by language, and its icons."""

import re
from functools import cache
from pathlib import Path

import resvg_py

from dashboard.built import File, made
from dashboard.markup import as_json
from dashboard.mission_pages import PAGES, ROOT
from dashboard.tokens import TOKENS
from dashboard.words import Words, in_language

ICON = Path(__file__).parent / "assets" / "favicon.svg"
# Pixels of what stands as it is drawn, of what a system cuts to its own shape, and of what iOS rounds.
_PLAIN, _CUT, _ROUNDED = (192, 512), 512, 180
# Around the drawing, so that it lies within the circle that every shape leaves: 80 % of the icon.
_MARGIN = 0.125


@cache
def icons() -> dict[str, File]:
    """PNG files of the site's icon: as it is ("plain-192", "plain-512"), and on a whole ground ("cut-512", …)."""
    drawing = ICON.read_text("utf-8").strip()
    ground = _on_whole_ground(drawing)
    drawn = {f"plain-{size}": _png(drawing, size) for size in _PLAIN}
    drawn |= {f"cut-{size}": _png(ground, size) for size in (_CUT, _ROUNDED)}
    return {name: made(f"{name}.png", content) for name, content in drawn.items()}


def touch_icon() -> File:
    """The icon for a home screen of iOS."""
    return icons()[f"cut-{_ROUNDED}"]


def manifest(words: Words) -> File:
    """The manifest in one language; it covers the mission's pages and no other."""
    files = icons()
    shown = [(f"plain-{size}", size, "any") for size in _PLAIN] + [(f"cut-{_CUT}", _CUT, "maskable")]
    path_of = {name: path for path, name in PAGES.items()}
    plain = {
        "id": ROOT,
        "lang": words.code,
        "name": words("mission_app.name"),
        "short_name": words("mission_title.desk"),
        "description": words("mission_app.about"),
        "start_url": in_language(ROOT, words.code),
        "scope": ROOT,
        "display": "standalone",
        "theme_color": TOKENS.day["card"],
        "background_color": TOKENS.day["page"],
        "icons": [
            {"src": files[name].url, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in shown
        ],
        "shortcuts": [
            {"name": words(f"mission_title.{name}"), "url": in_language(path_of[name], words.code)}
            for name in ("fill", "report")
        ],
    }
    return made(f"mission.{words.code}.webmanifest", as_json(plain).encode())


def _png(drawing: str, size: int) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size))


def _on_whole_ground(drawing: str) -> str:
    """The drawing with its ground to the edges, and smaller within it."""
    side = int(re.findall(r'viewBox="0 0 ([0-9]+) \1"', drawing)[0])
    colour = re.findall(r'fill="([^"]+)"', drawing)[0]
    edge, whole = -side * _MARGIN, side * (1 + 2 * _MARGIN)
    inner = drawing.partition(">")[2].removesuffix("</svg>")
    ground = f'<rect x="{edge}" y="{edge}" width="{whole}" height="{whole}" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{edge} {edge} {whole} {whole}">{ground}{inner}</svg>'
