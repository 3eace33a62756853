"""The map of races: each area in its first list's colour, with a pattern and a sign for what is certain already."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dashboard.components.races import Data
from dashboard.components.racetable import name_of
from dashboard.markup import render
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


def layout(races: Sequence[Data], outline: Mapping[str, Any] | None, words: Words) -> Markup | None:
    """The drawing, where every area has one race at most; None where there is nothing to draw it on."""
    by_area = {race["whole"]: race for race in races}
    if outline is None or len(by_area) < len(races) or not by_area.keys() & outline["paths"].keys():
        return None
    areas = [
        (key, path, outline["points"][key], _painted(by_area.get(key), words)) for key, path in outline["paths"].items()
    ]
    return render("regions.svg", outline=outline, areas=areas, label=words("races.map_label"))


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
