"""The map as SVG: each area in the colour of its lead, hatched while it is not all counted; abroad in boxes of its own.

Land looks the same in light and dark: its colours carry numbers. Everything else is drawn in `currentColor`.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from dashboard.embed.scene import Data, Scene, lead_words, paint

LINE = "#4d565b"
EMPTY = "#ffffff"
PATTERNS = {"none": "hatch", "partial": "lines"}
# One texture a list, as everywhere: colour is never alone.
TEXTURES = (
    "",
    '<pattern id="t1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<path d="M0 1h6" stroke="#fff" stroke-opacity=".5" stroke-width="2"/></pattern>',
    '<pattern id="t2" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<path d="M1 0v5" stroke="#fff" stroke-opacity=".5" stroke-width="2"/></pattern>',
    '<pattern id="t3" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<circle cx="2" cy="2" r="1" fill="#fff" fill-opacity=".65"/></pattern>',
)
COVERS = (
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<path d="M0 1h7" stroke="#7d7d78" stroke-width="2"/></pattern>'
    '<pattern id="lines" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<path d="M0 1h10" stroke="#141414" stroke-opacity=".45" stroke-width="1.2"/></pattern>'
)
DEFINITIONS = f"<defs>{''.join(TEXTURES)}{COVERS}</defs>"


def draw_map(scene: Scene, outline: Data) -> str:
    """Areas, boxes abroad and incidents, in the outline's units; DEFINITIONS must stand in the same document."""
    areas = [_area(scene, key, path) for key, path in outline["paths"].items()]
    boxes = [_box(scene, key, box) for key, box in (outline["abroad"] or {}).items()]
    heading = _heading(scene, outline["abroad"]) if boxes else ""
    land = f'<g stroke="{LINE}" stroke-width="1" stroke-linejoin="round">{"".join(areas)}</g>'
    return f"{land}{heading}{''.join(boxes)}{_incidents(scene, outline)}"


def cover(identity: str, kind: str) -> str:
    """What lies over an area that is not all counted."""
    return f'<use href="#{identity}" fill="url(#{PATTERNS[kind]})"/>' if kind in PATTERNS else ""


def textured(shape: str, index: int, color: str, attributes: str = "") -> str:
    """A shape in a list's colour, its texture over it. `shape` is an element without its end: "rect width=…"."""
    plain = f'<{shape} fill="{color}"{attributes}/>'
    return plain if index % 4 == 0 else f'{plain}<{shape} fill="url(#t{index % 4})"{attributes}/>'


def told(scene: Scene, key: str, data: Data) -> str:
    """An area in words: name, lead, share of actas counted."""
    counted = scene.words("map.actas", pct=scene.texts_of(key, data)["counted_pct"])
    return f"{scene.named(key, data)}: {lead_words(scene, key, data)} · {counted}"


def _area(scene: Scene, key: str, path: str) -> str:
    data = scene.rows.get(key, {})
    look, identity = paint(scene, data), key.replace("/", "-")
    title = escape(told(scene, key, data)) if data else ""
    return (
        f'<g data-map="{key}" fill="{look.color or EMPTY}"><title>{title}</title>'
        f'<path id="{identity}" d="{path}"/>{cover(identity, look.cover)}</g>'
    )


def _box(scene: Scene, key: str, box: tuple[int, int, int, int]) -> str:
    x, y, _, height = box
    data = scene.rows.get(key, {})
    look, identity = paint(scene, data), key.replace("/", "-")
    tile = f'<rect id="{identity}" x="{x}" y="{y}" width="26" height="{height}" rx="3"/>'
    name = escape(scene.named(key, data))
    return (
        f'<g data-map="{key}" fill="{look.color or EMPTY}" stroke="{LINE}"><title>{escape(told(scene, key, data))}'
        f'</title>{tile}{cover(identity, look.cover)}<text x="{x + 33}" y="{y + height / 2 + 6:g}" font-size="17" '
        f'fill="currentColor" stroke="none">{name}</text></g>'
    )


def _heading(scene: Scene, boxes: Mapping[str, Any]) -> str:
    x, y, _, _ = next(iter(boxes.values()))
    name = escape(scene.words("area.abroad"))
    return f'<text x="{x}" y="{y - 9}" font-size="17" font-weight="600" fill="currentColor">{name}</text>'


def _incidents(scene: Scene, outline: Data) -> str:
    """How many public incidents each area has, as a mark where its name would stand."""
    counts = {} if scene.incidents is None else scene.incidents.counts
    marks = (
        f'<g><circle cx="{x}" cy="{y}" r="12" fill="#7a1f5c" stroke="#fff" stroke-width="2"/>'
        f'<text x="{x}" y="{y + 5}" font-size="14" font-weight="700" text-anchor="middle" fill="#fff">{number}'
        "</text></g>"
        for key, number in counts.items()
        if number and key in outline["points"]
        for x, y in [outline["points"][key]]
    )
    return "".join(marks)
