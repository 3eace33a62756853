"""The map's colours in words: a ramp for each list that leads somewhere, and what the hatches mean."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.colours import bin_labels, ramps
from dashboard.reading import PageView


def layout(view: PageView, leaders: Sequence[int]) -> list[Component | None]:
    """What `browser/map/legend.js` writes again when another measure is chosen or another list leads."""
    words, outline = view.words, view.outline
    return [
        html.H3(words("measures.lead_legend")),
        *(_ramp(view, index) for index in leaders),
        html.Ul(
            [
                _cover(None, "none", words("map.legend_none")),
                *(
                    _cover(view.presentation.neutral, cover, words(f"map.legend_{cover}"))
                    for cover in ("partial", "complete")
                ),
            ],
            className="covers",
        ),
        html.P(words.notice(outline["notice"]), className="soft") if outline and outline["schematic"] else None,
    ]


def _ramp(view: PageView, index: int) -> Component:
    entry, labels = view.lists[index], bin_labels(view.presentation.lead_bins)
    (colors,) = ramps([entry["color"]], view.presentation)
    cells = [html.Li(label, style={"--tile": color}) for color, label in zip(colors, labels, strict=True)]
    return html.Div([html.B(entry["short"]), html.Ol(cells)], className="ramp")


def _cover(color: str | None, cover: str, label: str) -> Component:
    style = {"backgroundColor": color} if color else None
    return html.Li([html.I(className=f"tile {cover}", style=style), label])
