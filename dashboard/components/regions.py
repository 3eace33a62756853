"""The map of races: each area in its first list's colour, with a pattern and a sign for what is certain already."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dashboard.components.races import Data
from dashboard.components.racetable import name_of
from dashboard.markup import element, render
from dashboard.routes import root_of
from dashboard.words import Words

# What stands over an area's colour, and the sign in its middle; the browser is told the same table.
LOOKS: Mapping[str, tuple[str, str]] = {
    "won": ("none", "✓"),
    "runoff": ("url(#duel)", "2"),
    "first_round": ("url(#lines)", "1"),
    "open": ("url(#dots)", "?"),
}
BARE = ("url(#hatch)", "")
_EMPTY = "#ffffff"
_LINE, _PATTERNS = "#4d565b", "region_patterns.svg"


def layout(races: Sequence[Data], outline: Mapping[str, Any] | None, words: Words) -> Markup | None:
    """The drawing, where every area has one race at most; None where there is nothing to draw it on."""
    areas = _areas(races, outline, words)
    if outline is None or not areas:
        return None
    label, patterns = words("races.map_label"), render(_PATTERNS)
    return render("regions.svg", outline=outline, areas=areas, label=label, patterns=patterns)


def draw(races: Sequence[Data], outline: Mapping[str, Any] | None, words: Words) -> Markup | None:
    """The same as a part of a picture, in the outline's units: no style reaches there, and nothing can be followed."""
    areas = _areas(races, outline, words)
    if not areas:
        return None
    shapes = [element("path", d=path, fill=area["color"]) for _, path, _, area in areas]
    covers = [element("path", d=path, fill=area["cover"]) for _, path, _, area in areas if area["id"]]
    signs = [element("text", area["sign"], x=x, y=y + 7) for _, _, (x, y), area in areas if area["sign"]]
    outlined = {"stroke": "#fff", "stroke_width": 4, "paint_order": "stroke"}
    return Markup("").join(
        [
            render(_PATTERNS),
            element("g", [*shapes, *covers], stroke=_LINE, stroke_linejoin="round"),
            element("g", signs, fill="#111", font_size=22, font_weight=700, text_anchor="middle", **outlined),
        ]
    )


def _areas(
    races: Sequence[Data], outline: Mapping[str, Any] | None, words: Words
) -> list[tuple[str, str, tuple[float, float], Mapping[str, Any]]]:
    """Key, path, middle and look of every area; none where two races have one area, or no area a race."""
    by_area = {race["whole"]: race for race in races}
    if outline is None or len(by_area) < len(races) or not by_area.keys() & outline["paths"].keys():
        return []
    return [
        (key, path, outline["points"][key], _painted(by_area.get(key), words)) for key, path in outline["paths"].items()
    ]


def _painted(race: Data | None, words: Words) -> Mapping[str, Any]:
    if race is None:
        return {"id": None, "color": _EMPTY, "cover": "none", "sign": ""}
    first = race["lists"][0] if race["lists"] and race["state"] in LOOKS else None
    cover, sign = LOOKS.get(race["state"], BARE)
    return {
        "id": race["id"],
        "color": first["color"] if first else _EMPTY,
        "cover": cover,
        "sign": sign,
        "href": words.front(f"{root_of(race['id'])}/"),
        "said": f"{name_of(race, words)}: {words('race_state.' + race['state'])}",
    }
