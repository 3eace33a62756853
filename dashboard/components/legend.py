"""The map's colours in words: a ramp for each list that leads somewhere, and what the hatches mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.colours import CHANGE, Presentation, bin_labels, covers, ramps
from dashboard.words import Words
from tally.keys import Level

LEAD = "lead"


@dataclass(frozen=True)
class Shown:
    """What of a map its legend depends on. `leaders`: lists that lead somewhere; `has_places`: they stand as points,
    `has_exact`: some of them where their school is."""

    leaders: tuple[int, ...]
    level: Level
    measure: str = LEAD
    has_places: bool = False
    has_exact: bool = False

    def query(self, words: Words) -> str:
        """The same as the browser asks for it: where this is what stands, it need not ask."""
        leaders = ",".join(map(str, self.leaders)) if self.measure == LEAD else ""
        names = {"lang": words.code, "measure": self.measure, "level": self.level.value, "leaders": leaders}
        contest = {} if words.contest is None else {"contest": words.contest}
        exact = {"exact": 1} if self.has_exact else {}
        return urlencode({**names, "places": int(self.has_places), **exact, **contest})


def layout(
    shown: Shown,
    words: Words,
    lists: Sequence[Mapping[str, Any]],
    presentation: Presentation,
    geometry: Mapping[str, Any] | None,
    compared: Mapping[str, Any] | None = None,
) -> list[Component]:
    """A heading that says what the colours are, the ramps, the three covers, and what is not exact.

    compared: what is told of the list that is compared with the election before; its measure needs it.
    """
    is_lead = shown.measure == LEAD
    signs = covers(presentation, None if is_lead else shown.measure)
    notices = [
        words.notice(geometry["notice"]) if geometry and _is_said(geometry, shown.level) else "",
        words(f"map.places_{'mixed' if shown.has_exact else 'notice'}") if shown.has_places else "",
    ]
    return [
        html.H3(words(f"measures.{shown.measure}_legend", **(compared or {}))),
        *(_leads(shown.leaders, lists, presentation) if is_lead else [_measure(shown.measure, presentation, words)]),
        html.Ul([_cover(color, cover, words(name)) for name, color, cover in signs], className="covers"),
        *(html.P(text, className="soft") for text in notices if text),
    ]


def _is_said(geometry: Mapping[str, Any], level: Level) -> bool:
    """Of borders that are not real, where they are drawn; of whose the real ones are, everywhere."""
    return bool(geometry["schematic"].get(level)) or "credit" in (geometry["notice"] or {}).get("figures", {})


def _leads(leaders: Sequence[int], lists: Sequence[Mapping[str, Any]], presentation: Presentation) -> list[Component]:
    return [
        _ramp(lists[index]["short"], lists[index]["color"], presentation.lead_bins, presentation) for index in leaders
    ]


def _measure(name: str, presentation: Presentation, words: Words) -> Component:
    if name == CHANGE:
        return _cells(words("measures.points"), presentation.change_ramp, presentation.change_bins)
    return _ramp("%", presentation.measure_color, presentation.measures[name], presentation)


def _ramp(name: str, color: str, bins: Sequence[float], presentation: Presentation) -> Component:
    (colors,) = ramps([color], presentation)
    return _cells(name, colors, bins)


def _cells(name: str, colors: Sequence[str], bins: Sequence[float]) -> Component:
    cells = [html.Li(label, style={"--tile": tile}) for tile, label in zip(colors, bin_labels(bins), strict=True)]
    return html.Div([html.B(name), html.Ol(cells)], className="ramp")


def _cover(color: str | None, cover: str, label: str) -> Component:
    style = {"backgroundColor": color} if color else None
    return html.Li([html.I(className=f"tile {cover}", style=style), label])
