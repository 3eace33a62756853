"""The map's colours: each list's own colour from the data, mixed with white by how far it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any, Literal

import msgspec

from dashboard.figures import margin_of, ranking, shown, standing_of

# The measure that says what became of an area since the election before.
CHANGE = "change"

Cover = Literal["not_read", "nothing_counted", "no_valid_votes", "partial", "complete"]


@dataclass(frozen=True)
class Presentation:
    """How much is shown at once, and the bins of the map. `lead_bins` are upper edges in shares of valid votes.

    `top_lists` stand before a long contest's others fold away; `table_lists` have a column.

    `patterns` are the signs of areas that are not all counted, by cover. `measures` are the map's other measures, each
    with its own edges, in shares of what its words name. `change_…`: of the change since the election before, the
    colour of less and that of more, and `not_compared` of what has nothing to compare with.

    `shown`: how much of long lists, by what is listed; `mission_shown`: likewise, of those on the mission's pages;
    `nearby`: which polling places are near a phone; `wall`: how long its scenes stand.
    """

    top_lists: int
    table_lists: int
    lead_bins: tuple[float, ...]
    lead_tints: tuple[float, ...]
    night_tint: float
    neutral: str
    severity_shapes: Mapping[str, str]
    patterns: Mapping[str, str]
    measure_color: str
    measures: Mapping[str, tuple[float, ...]]
    change_bins: tuple[float, ...]
    change_colors: tuple[str, str]
    change_tints: tuple[float, ...]
    not_compared: str
    shown: Mapping[str, int]
    mission_shown: Mapping[str, int]
    nearby: Mapping[str, int]
    wall: Mapping[str, int]

    @property
    def change_ramp(self) -> list[str]:
        """The colour of each bin of the change: from much less over none to much more."""
        less, more = ([tint(color, amount) for amount in self.change_tints] for color in self.change_colors)
        return [*less, self.neutral, *reversed(more)]


def load_presentation(path: Path) -> Presentation:
    """The presentation settings of a TOML file."""
    return msgspec.toml.decode(path.read_bytes(), type=Presentation)


def tint(color: str, amount: float) -> str:
    """A colour mixed with white: amount 1 is the colour itself, 0 is white."""
    channels = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    # Halves go up, as the browser rounds them: the picture and the live map are one colour.
    return "#" + "".join(f"{floor(255 - (255 - channel) * amount + 0.5):02x}" for channel in channels)


def ramps(colors: Sequence[str], presentation: Presentation) -> list[list[str]]:
    """One ramp a list, near-white first: the colour of each lead bin."""
    return [[tint(color, amount) for amount in presentation.lead_tints] for color in colors]


def bin_labels(edges: Sequence[float]) -> list[str]:
    """What each bin is called, in percent: the first ends below an edge, the others begin at one."""
    marks = [f"{100 * edge:g}".replace("-", "−") for edge in edges]
    return [f"< {marks[0]}", *marks[:-1], f"> {marks[-1]}"]


@dataclass(frozen=True)
class Paint:
    """How one area is drawn: a colour (None: there is no lead to show), how much is counted, and which list leads."""

    color: str | None
    cover: Cover
    leader: int | None


def texture_of(index: int) -> int:
    """Which of four textures and dashes a list has beside its colour: by its place on the ballot, so it keeps it."""
    return index % 4


def dress(color: str | None, cover: str, patterns: Mapping[str, str]) -> dict[str, str]:
    """How SVG draws that: the sign of a cover fills what has no colour, and is a filter of what has one."""
    sign = f"url(#{patterns[cover]})" if cover in patterns else None
    if color is None:
        return {"fill": sign or "#fff"}
    return {"fill": color} if sign is None else {"fill": color, "filter": sign}


def paint_of(data: Mapping[str, Any] | None, colors: Sequence[str], presentation: Presentation) -> Paint:
    """The paint of an area's data; `browser/count/paint.js` states the same rules for the live map."""
    count = shown(data)
    standing = standing_of(count)
    if standing != "tie" and standing != "leads":
        return Paint(None, standing, None)
    # A mesa is its own count, and whole.
    cover: Cover = "partial" if count.get("counted", 1) < count.get("total", 1) else "complete"
    if standing == "tie":
        return Paint(presentation.neutral, cover, None)
    votes: Sequence[int] = count["votes"]
    valid, margin, first = sum(votes), margin_of(votes), ranking(votes)[0]
    if margin is None:  # a list alone leads by all there is
        margin = valid
    amount = presentation.lead_tints[sum(margin / valid >= edge for edge in presentation.lead_bins)]
    return Paint(tint(colors[first], amount), cover, first)


def covers(presentation: Presentation, measure: str | None = None) -> list[tuple[str, str | None, str]]:
    """What areas look like that a measure says nothing of, and those not all counted: name of the words, colour, cover.

    measure: None is the lead.
    """
    neutral, blank = presentation.neutral, list[tuple[str, str | None, str]]()
    if measure in (None, CHANGE):
        blank.append(("standing.no_valid_votes", None, "no_valid_votes"))
    if measure is None:
        blank.append(("standing.tie", neutral, "tie"))
    if measure == CHANGE:
        blank.append(("measures.not_compared", presentation.not_compared, "complete"))
    none = "standing.nothing_counted" if measure in (None, CHANGE) else "measures.none"
    return [
        ("standing.not_read", None, "not_read"),
        (none, None, "nothing_counted"),
        *blank,
        *((f"map.legend_{cover}", neutral, cover) for cover in ("partial", "complete")),
    ]
