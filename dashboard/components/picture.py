"""The server's own drawing of the areas: the first picture of the map, and the one where a browser has no WebGL.

`browser/map/picture.js` repaints it.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.colours import Paint, dress
from dashboard.markup import render


def layout(outline: Mapping[str, Any], paints: Mapping[str, Paint], patterns: Mapping[str, str], label: str) -> Markup:
    """An <svg> of the outline's areas. An area without a paint is one that we have not read."""
    bare = Paint(None, "not_read", None)
    inset = outline.get("inset")
    known = {key: paints.get(key, bare) for key in outline["paths"]}
    looks = {key: dress(paint.color, paint.cover, patterns) for key, paint in known.items()}
    return render("picture.svg", outline=outline, looks=looks, inset=inset, label=label)
