"""The server's own drawing of the areas: the first picture of the map, and the one where a browser has no WebGL.

Each area is drawn twice from one outline: its colour, and over it the hatch that says how much is counted.
`browser/map/picture.js` repaints both; the page's map and the pictures of embeds are drawn here alike.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from dashboard.colours import Cover, Paint
from dashboard.markup import Finished
from tally.keys import code_of

_BARE = "#ffffff"
_LINE = "#4d565b"
# The same lines as on the live map: dense for "nothing counted", sparse for "partly counted".
_PATTERNS = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0v6" stroke="#7d7d78" stroke-width="3"/></pattern>'
    '<pattern id="lines" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0v10" stroke="#141414" stroke-opacity=".45" stroke-width="2"/></pattern>'
)
COVERS: Mapping[Cover, str] = {"none": "url(#hatch)", "partial": "url(#lines)", "complete": "none"}


def layout(outline: Mapping[str, Any], paints: Mapping[str, Paint], label: str) -> Finished:
    """An <svg> of the outline's areas. An area without a paint is one where nothing is counted."""
    bare = Paint(None, "none", None)
    areas = "".join(_area(key, path, paints.get(key, bare)) for key, path in outline["paths"].items())
    return Finished(
        f'<svg class="picture" role="img" aria-label="{escape(label)}" viewBox="0 0 {outline["width"]} '
        f'{outline["height"]}"><defs>{_PATTERNS}</defs>'
        f'<g class="areas" stroke="{_LINE}" stroke-linejoin="round">{areas}</g></svg>'
    )


def _area(key: str, path: str, paint: Paint) -> str:
    """The outline has no colour of its own: it takes that of the group, and of the copy over it."""
    name = _name(key)
    colour = f'<g data-k="{escape(key)}" fill="{paint.color or _BARE}"><path id="o{name}" d="{path}"/></g>'
    return f'{colour}<use href="#o{name}" fill="{COVERS[paint.cover]}"/>'


def _name(key: str) -> str:
    """Short and unique within one picture, whose areas are of one level."""
    return escape(code_of(key))
