"""The map as SVG: each area in the colour of its lead, hatched while it is not all counted; abroad in boxes of its own.

Land looks the same in light and dark: its colours carry numbers. Everything else is drawn in `currentColor`.
"""

from typing import Any

from markupsafe import Markup

from dashboard.embed.scene import EMPTY, Data, Scene
from dashboard.markup import element, render

LINE = "#4d565b"
DEFINITIONS = render("embed/definitions.svg")


def draw_map(scene: Scene, outline: Data) -> Markup:
    """Areas, boxes abroad and incidents, in the outline's units; DEFINITIONS must stand in the same document."""
    paths, counts = outline["paths"], {} if scene.incidents is None else scene.incidents.counts
    return render(
        "embed/map.svg",
        words=scene.words,
        areas=[(scene.row(key), path, _said(scene, key) if key in scene.rows else "") for key, path in paths.items()],
        patterns=scene.presentation.patterns,
        boxes=[(scene.row(key), box, _said(scene, key)) for key, box in (outline["abroad"] or {}).items()],
        incidents=[(*outline["points"][key], n) for key, n in counts.items() if n and key in outline["points"]],
        **LOOK,
    )


def _said(scene: Scene, key: str) -> str:
    """An area in words: name, lead, share of actas counted."""
    row = scene.row(key)
    return f"{row.name}: {row.lead} · {scene.words('map.actas', pct=row.texts['counted_pct'])}"


def textured(index: int, color: str, **rectangle: Any) -> Markup:
    """A rectangle in a list's colour, its texture over it."""
    plain = element("rect", **rectangle, fill=color)
    return plain if index % 4 == 0 else plain + element("rect", **rectangle, fill=f"url(#t{index % 4})")


# What the templates draw with.
LOOK = {"line": LINE, "empty": EMPTY, "textured": textured}
