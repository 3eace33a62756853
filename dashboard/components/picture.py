"""The server's own drawing of the areas: the first picture of the map, and the one where a browser has no WebGL.

Each area is drawn twice from one outline: its colour, and over it the hatch that says how much is counted.
`browser/map/picture.js` repaints both; the page's map and the pictures of embeds are drawn here alike.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.colours import Cover, Paint
from dashboard.markup import render
from tally.keys import code_of

# The same lines as on the live map: dense for "nothing counted", sparse for "partly counted".
COVERS: Mapping[Cover, str] = {"none": "url(#hatch)", "partial": "url(#lines)", "complete": "none"}


def layout(outline: Mapping[str, Any], paints: Mapping[str, Paint], label: str) -> Markup:
    """An <svg> of the outline's areas. An area without a paint is one where nothing is counted."""
    bare = Paint(None, "none", None)
    # Codes are short and unique within one picture, whose areas are of one level.
    areas = [(key, code_of(key), path, paints.get(key, bare)) for key, path in outline["paths"].items()]
    return render("picture.svg", outline=outline, areas=areas, covers=COVERS, label=label)
