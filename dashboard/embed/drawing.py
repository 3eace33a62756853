"""The map as SVG: each area in the colour of its lead, hatched while it is not all counted; abroad in boxes of its own.

Land looks the same in light and dark: its colours carry numbers. Everything else is drawn in `currentColor`.
"""

from typing import Any

from markupsafe import Markup

from dashboard.embed.scene import Data, Scene
from dashboard.markup import element, render

LINE = "#4d565b"
EMPTY = "#ffffff"
PATTERNS = {"none": "hatch", "partial": "lines"}
DEFINITIONS = render("embed/definitions.svg")


def draw_map(scene: Scene, outline: Data) -> Markup:
    """Areas, boxes abroad and incidents, in the outline's units; DEFINITIONS must stand in the same document."""
    return render("embed/map.svg", scene=scene, words=scene.words, outline=outline, **LOOK)


def cover(name: str, kind: str) -> Markup:
    """What lies over the shape of that name, an area that is not all counted."""
    return element("use", href=f"#{name}", fill=f"url(#{PATTERNS[kind]})") if kind in PATTERNS else Markup()


def textured(index: int, color: str, **rectangle: Any) -> Markup:
    """A rectangle in a list's colour, its texture over it."""
    plain = element("rect", **rectangle, fill=color)
    return plain if index % 4 == 0 else plain + element("rect", **rectangle, fill=f"url(#t{index % 4})")


# What the templates draw with.
LOOK = {"line": LINE, "empty": EMPTY, "patterns": PATTERNS, "cover": cover, "textured": textured}
