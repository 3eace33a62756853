"""How the mission's quick count is drawn and estimated, and how often its interval held the end of real elections."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.figures import group
from dashboard.words import Words, unbroken

FIGURES = tomllib.loads((Path(__file__).parents[2] / "quickcount.toml").read_text("utf-8"))
_COLUMNS = ("runoff", "mesas", "design", "held", "half")


def layout(words: Words) -> list[Component]:
    """What it is, the draw, the estimate, what was measured, and what that leaves out."""
    return [
        *(html.P(words(f"quick_count_methods.{name}")) for name in ("about", "draw", "estimate")),
        html.P(words.spans("quick_count_methods.measured", **_tried())),
        panel.scroller(words("quick_count_methods.table"), _table(words)),
        html.P(words.spans("quick_count_methods.arrived", **_early())),
    ]


def _tried() -> dict[str, Any]:
    return {"samples": FIGURES["samples"], "confidence": unbroken(f"{FIGURES['confidence']} %")}


def _early() -> dict[str, Any]:
    """The fewest copies that were tried, and the worst and the best of what was held then."""
    arrived = min(one["arrived"] for one in FIGURES["some_in"])
    tried = [one for one in FIGURES["some_in"] if one["arrived"] == arrived]
    held = [one["held"] for one in tried]
    parts = {"arrived": arrived, "least": min(held), "most": max(held)}
    return {"year": str(tried[0]["year"]), **{name: unbroken(f"{part:g} %") for name, part in parts.items()}}


def _table(words: Words) -> Component:
    heads = [html.Th(words(f"quick_count_methods.{name}"), scope="col") for name in _COLUMNS]
    rows = [_row(words, one) for one in FIGURES["all_in"] if words.says(f"quick_count_methods.{one['design']}")]
    return panel.table(heads, html.Tbody(rows), caption=words("quick_count_methods.table"), class_name="planted")


def _row(words: Words, one: Mapping[str, Any]) -> Component:
    design = words(f"quick_count_methods.{one['design']}")
    figures = (group(one["mesas"]), design, f"{one['held']} %", f"{one['half']:.2f}")
    return html.Tr([html.Th(str(one["year"]), scope="row"), *(html.Td(figure) for figure in figures)])
