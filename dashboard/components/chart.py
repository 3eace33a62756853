"""Lines and bands over time as the server draws them: what stands before, and without, the interactive chart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dashboard.colours import texture_of
from dashboard.figures import share_decimals
from dashboard.markup import element, render
from dashboard.moments import parse, told
from dashboard.tokens import STYLED, bucket_fills
from dashboard.vocabulary import BUCKETS

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 8, 12, 36
_TICKS = 4
_BANDS = bucket_fills(STYLED)
_SIGNS = element("defs", render("acta_patterns.svg", palette=STYLED))

Data = Mapping[str, Any]


@dataclass(frozen=True)
class ChartLine:
    """One list's line: which list, what it is called, its colour by day and by night."""

    index: int
    name: str
    color: str
    night: str

    @property
    def colors(self) -> dict[str, str]:
        """What `styles/story.css` draws it in."""
        return {"--list": self.color, "--night": self.night}


class Axis:
    """Maps moments of the points to x, and a range of values to y."""

    def __init__(self, times: Sequence[float], low: float, high: float) -> None:
        self.first, self.last = times[0], times[-1]
        self.low, self.high = low, high if high > low else low + 1

    def x(self, time: float) -> float:
        """Across, in drawing units."""
        span = (self.last - self.first) or 1
        return round(_LEFT + (time - self.first) / span * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        """Down, in drawing units."""
        return round(_TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - _TOP - _BOTTOM), 1)


def times_of(points: Sequence[Data]) -> list[float]:
    """The moment of each point, the source's where it gives one; a stamp that goes back stands still."""
    found: list[float] = []
    for point in points:
        moment = parse(told(point["count"].get("source_at"), point["at"]) or point["at"])
        time = moment.timestamp() if moment else 0.0
        found.append(max(time, found[-1]) if found else time)
    return found


def shares(points: Sequence[Data], drawn: Sequence[ChartLine], zone: str, marks: Sequence[tuple[float, str]]) -> Markup:
    """The share of valid votes of each list as an SVG; `marks` are moments with a class."""
    times, told = times_of(points), [[_share(point["count"], line.index) for point in points] for line in drawn]
    known = [value for values in told for value in values if value is not None]
    if not known:
        return Markup()
    room = max(0.5, (max(known) - min(known)) * 0.08)
    axis = Axis(times, max(0.0, min(known) - room), min(100.0, max(known) + room))
    lines = [
        _line([(axis.x(time), axis.y(value)) for time, value in zip(times, values, strict=True) if value is not None])
        for values in told
    ]
    paths = [
        element("path", className=f"line dash-{texture_of(line.index)}", d=path, style=line.colors)
        for path, line in zip(lines, drawn, strict=True)
    ]
    digits = 0 if axis.high - axis.low > 4 else 1 if axis.high - axis.low > 0.4 else 2
    return svg(axis, [*turns(axis, marks), *paths], lambda value: f"{value:.{digits}f} %", in_zone(zone))


def buckets(points: Sequence[Data], zone: str) -> Markup:
    """Counted, at the JEE and pending actas, one on the other, as an SVG."""
    times = times_of(points)
    top = max(point["count"]["total"] for point in points)
    if not top:
        return Markup()
    axis = Axis(times, 0, top)
    below, bands = [0] * len(points), []
    for bucket in BUCKETS:
        above = [base + point["count"][bucket] for base, point in zip(below, points, strict=True)]
        edge = [(axis.x(time), axis.y(value)) for time, value in zip(times, above, strict=True)]
        floor = [(axis.x(time), axis.y(value)) for time, value in zip(times, below, strict=True)]
        bands.append(element("path", className="band", fill=_BANDS[bucket], d=between(edge, floor)))
        below = above
    return svg(axis, [_SIGNS, *bands], lambda value: f"{value:,.0f}".replace(",", " "), in_zone(zone))


def decimals(count: Data) -> int:
    """How finely shares of a count are written."""
    votes = sorted(count.get("votes") or [0], reverse=True)
    return share_decimals(votes[0] - votes[1], sum(votes)) if len(votes) > 1 and sum(votes) else 1


def _share(count: Data, index: int) -> float | None:
    votes = count.get("votes") or []
    valid = sum(votes)
    return 100 * votes[index] / valid if valid else None


def _line(spots: Sequence[tuple[float, float]], *, stairs: bool = True) -> str:
    """A value stands until the next one is published: steps, not slopes."""
    spots = _stairs(spots) if stairs else list(spots)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in spots)


def _stairs(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for x, y in spots:
        if found and found[-1][1] != y:
            found.append((x, found[-1][1]))
        found.append((x, y))
    return found


def between(edge: Sequence[tuple[float, float]], floor: Sequence[tuple[float, float]]) -> str:
    """What lies between two lines of steps, as path data."""
    return f"{_line(_stairs(edge) + _stairs(floor)[::-1], stairs=False)}Z"


def turns(axis: Axis, marks: Sequence[tuple[float, str]]) -> list[Markup]:
    """A line across for each mark: where it is, and its class."""
    lines = ((axis.x(min(max(time, axis.first), axis.last)), name) for time, name in marks)
    return [element("path", className=f"turn {name}", d=f"M{x:g} {_TOP}V{HEIGHT - _BOTTOM}") for x, name in lines]


def in_zone(zone: str) -> Callable[[float], str]:
    """How a moment is written below a chart."""
    return lambda time: f"{datetime.fromtimestamp(time, ZoneInfo(zone)):%d/%m %H:%M}"


def svg(
    axis: Axis, drawn: Sequence[Markup], write: Callable[[float], str], write_across: Callable[[float], str]
) -> Markup:
    """The drawing with its grid; hidden from readers of text, who have the table."""
    grid = []
    for step in range(_TICKS + 1):
        value = axis.low + (axis.high - axis.low) * step / _TICKS
        y = axis.y(value)
        grid.append(element("path", className="grid", d=f"M{_LEFT} {y:g}H{WIDTH - _RIGHT}"))
        grid.append(element("text", write(value), x=_LEFT - 8, y=f"{y + 4:g}", text_anchor="end"))
    for place, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        across = axis.first + (axis.last - axis.first) * place
        grid.append(element("text", write_across(across), x=f"{axis.x(across):g}", y=HEIGHT - 8, text_anchor=anchor))
    hidden = {"aria-hidden": "true", "focusable": "false"}
    box = f"0 0 {WIDTH} {HEIGHT}"
    return element("svg", [grid, drawn], viewBox=box, **hidden, xmlns="http://www.w3.org/2000/svg")
