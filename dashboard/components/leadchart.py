"""The lead in votes between the two lists that are ahead now: zero in the middle, one list above it, the other below.

Two lines at 50 % show nothing; their difference does. It is drawn over time and over the actas that were counted.
"""

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

from dashboard.components.chart import Axis, ChartLine, Data, between, in_zone, svg, times_of, turns
from dashboard.figures import group
from dashboard.markup import element


def over_time(
    points: Sequence[Data], pair: Sequence[ChartLine], zone: str, marks: Sequence[tuple[float, str]]
) -> Markup:
    """The lead at each moment; `marks` are moments with a class."""
    return _drawn(points, pair, times_of(points), in_zone(zone), marks)


def over_counted(points: Sequence[Data], pair: Sequence[ChartLine], marks: Sequence[tuple[float, str]]) -> Markup:
    """The lead by how many of a hundred actas were counted; `marks` are such shares with a class."""
    return _drawn(points, pair, counted_of(points), lambda share: f"{share:.0f} %", marks)


def counted_of(points: Sequence[Data]) -> list[float]:
    """How many of a hundred actas were counted at each point; one that went back stands still."""
    found: list[float] = []
    for point in points:
        count = point["count"]
        share = 100 * count["counted"] / count["total"] if count["total"] else 0.0
        found.append(max(share, found[-1]) if found else share)
    return found


def round_step(most: int) -> int:
    """A round number of votes, two of which reach the greatest lead; `roundStep` of page/timeline.js is the same."""
    half = max(1.0, most / 2)
    unit = 10 ** int(math.log10(half))
    steps = (part * unit for part in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10))
    return next(int(step) for step in steps if step >= half and step == int(step))


def _drawn(
    points: Sequence[Data],
    pair: Sequence[ChartLine],
    across: Sequence[float],
    write_across: Callable[[float], str],
    marks: Sequence[tuple[float, str]],
) -> Markup:
    first, second = (line.index for line in pair)
    leads = [votes[first] - votes[second] if (votes := point["count"].get("votes")) else 0 for point in points]
    most = max(map(abs, leads))
    if not most:
        return Markup()
    most = 2 * round_step(most)
    axis = Axis(across, -most, most)
    zero = [(axis.x(place), axis.y(0)) for place in across]
    sides = []
    for line, limit in zip(pair, (max, min), strict=True):
        edge = [(axis.x(place), axis.y(limit(own, 0))) for place, own in zip(across, leads, strict=True)]
        sides.append(element("path", className="side", d=between(edge, zero), style=line.colors))
    level = element("path", className="zero", d=f"M{zero[0][0]:g} {axis.y(0):g}H{zero[-1][0]:g}")
    return svg(axis, [*sides, level, *turns(axis, marks)], lambda value: group(abs(round(value))), write_across)
