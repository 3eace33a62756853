"""The server's own drawing of the areas: the first picture of the map, and the one where a browser has no WebGL.

Each area is drawn twice from one outline: its colour, and over it the hatch that says how much is counted.
`browser/map/picture.js` repaints both; the page's map and the pictures of embeds are drawn here alike.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.colours import Paint
from dashboard.markup import render
from tally.keys import code_of


def layout(outline: Mapping[str, Any], paints: Mapping[str, Paint], patterns: Mapping[str, str], label: str) -> Markup:
    """An <svg> of the outline's areas. An area without a paint is one that we have not read."""
    bare = Paint(None, "not_read", None)
    # Codes are short and unique within one picture, whose areas are of one level.
    areas = [(key, code_of(key), path, paints.get(key, bare)) for key, path in outline["paths"].items()]
    return render("picture.svg", outline=outline, areas=areas, patterns=patterns, label=label)
