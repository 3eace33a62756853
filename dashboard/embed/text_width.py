"""How wide text is in the font that pictures are drawn with, so that it fits before it is drawn."""

from collections.abc import Mapping
from functools import lru_cache

import font_source_sans_pro
from PIL import ImageFont

FAMILY = "Source Sans Pro"
# In a browser that shows the SVG itself the font may be missing: these are as narrow or narrower.
FALLBACKS = f"'{FAMILY}', 'Source Sans 3', 'Segoe UI', 'Liberation Sans Narrow', Arial, sans-serif"
FILES: Mapping[int, str] = {
    400: font_source_sans_pro.font_files_ttf["SourceSansPro"],
    600: font_source_sans_pro.font_files_ttf["SourceSansProSemibold"],
    700: font_source_sans_pro.font_files_ttf["SourceSansProBold"],
}
_MEASURED_AT = 100
_ELLIPSIS = "…"


def width_of(text: str, size: float, weight: int = 400) -> float:
    """Width of a line in the picture's units."""
    return _font(weight).getlength(text) * size / _MEASURED_AT


def fitted(text: str, size: float, room: float, weight: int = 400) -> str:
    """The text, cut and marked as cut where it is wider than the room."""
    if width_of(text, size, weight) <= room:
        return text
    while text and width_of(text + _ELLIPSIS, size, weight) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def shrunk(text: str, size: float, room: float, weight: int = 400) -> float:
    """The size at which the text fits the room, at most the one given."""
    return min(size, size * room / max(width_of(text, size, weight), 1))


def wrapped(text: str, size: float, room: float, weight: int = 400, most: int = 2) -> list[str]:
    """The text in at most so many lines, the last one cut where it must be; a no-break space breaks none."""
    lines: list[str] = []
    words = [word for word in text.split(" ") if word]
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size, weight) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(fitted(line, size, room, weight))
    return [*lines, fitted(" ".join(words), size, room, weight)] if words else lines


@lru_cache(maxsize=len(FILES))
def _font(weight: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FILES[weight], _MEASURED_AT)
