"""The map as SVG: each area in the colour of its lead, with a sign while it is not all counted, names
where they fit; abroad in boxes of its own.

Land looks the same in light and dark: its colours carry numbers. Everything else is drawn in `currentColor`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from dashboard.colours import texture_of
from dashboard.embed.scene import Data, Row, Scene
from dashboard.embed.text_width import width_of
from dashboard.figures import shown
from dashboard.markup import element, render
from dashboard.tokens import TOKENS, Palette

LINE = TOKENS.day["map-line"]
_NAME_SIZE, _GAP, _MOST_NAMES = 15, 4, 14


def definitions(palette: Palette) -> Markup:
    """What drawings refer to, in that palette; it must stand in the same document."""
    return render("embed/definitions.svg", palette=palette)


def draw_map(scene: Scene, outline: Data) -> Markup:
    """Areas, boxes abroad and incidents, in the outline's units."""
    paths, counts = outline["paths"], {} if scene.incidents is None else scene.incidents.counts
    inset = outline.get("inset")

    def drawn(paths: Mapping[str, str]) -> list[tuple[Row, str, str]]:
        return [(scene.row(key), path, _said(scene, key) if key in scene.rows else "") for key, path in paths.items()]

    return render(
        "embed/map.svg",
        words=scene.words,
        areas=drawn(paths),
        inset=inset,
        larger=drawn(inset["paths"]) if inset else [],
        boxes=[(scene.row(key), box, _said(scene, key)) for key, box in (outline["abroad"] or {}).items()],
        names=list(_names(scene, outline)),
        incidents=[(*outline["points"][key], n) for key, n in counts.items() if n and key in outline["points"]],
        **LOOK,
    )


def _names(scene: Scene, outline: Data) -> Iterator[tuple[str, float, float]]:
    """Names and where their middle stands: of the areas with most actas first, as many as stand clear of each other."""
    taken = [(x, y, x + width, y + height) for x, y, width, height in (outline["abroad"] or {}).values()]
    inset, named = outline.get("inset"), 0
    if inset and inset["key"] in scene.rows:
        x, y, side = inset["frame"]
        taken.append((x, y, x + side, y + side))
        yield scene.row(inset["key"]).name, x + side / 2, y + side - 8
    rows = {
        key: row for key, row in scene.rows.items() if key in outline["paths"] and (not inset or key != inset["key"])
    }
    for key in sorted(rows, key=lambda key: -(shown(rows[key]).get("total") or 0)):
        if key not in outline["points"] or named == _MOST_NAMES:
            continue
        name, (x, y) = scene.row(key).name, outline["points"][key]
        half = width_of(name, _NAME_SIZE, 600) / 2
        x = min(max(x, half), max(half, outline["width"] - half))
        box = (x - half - _GAP, y - _NAME_SIZE, x + half + _GAP, y + _GAP)
        if all(box[0] > right or box[2] < left or box[1] > low or box[3] < high for left, high, right, low in taken):
            taken.append(box)
            named += 1
            yield name, round(x), round(y)


def _said(scene: Scene, key: str) -> str:
    """An area in words: name, lead, share of actas counted."""
    row = scene.row(key)
    return f"{row.name}: {row.lead} · {scene.words('map.actas', pct=row.texts['counted_pct'])}"


def textured(index: int, color: str, **rectangle: Any) -> Markup:
    """A rectangle in a list's colour, its texture over it."""
    plain, texture = element("rect", **rectangle, fill=color), texture_of(index)
    return plain + element("rect", **rectangle, fill=f"url(#t{texture})") if texture else plain


# What the templates draw with.
LOOK = {"line": LINE, "textured": textured}
