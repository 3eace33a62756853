"""How the mission's quick count is drawn and estimated, and how often its interval held the end of real elections."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.words import Words, unbroken

FIGURES = tomllib.loads((Path(__file__).parents[2] / "quickcount.toml").read_text("utf-8"))


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
    """A row for each kind of sample, a column for each run-off."""
    rows: dict[tuple[int, str], list[str]] = {}
    for one in FIGURES["all_in"]:
        if words.says(f"quick_count_methods.{one['design']}"):
            rows.setdefault((one["mesas"], one["design"]), []).append(f"{one['held']} % ±{one['half']:.2f}")
    years = sorted({one["year"] for one in FIGURES["all_in"]})
    heads = [html.Th(head, scope="col") for head in (words("quick_count_methods.sample"), *map(str, years))]
    body = html.Tbody([_row(words, mesas, design, cells) for (mesas, design), cells in rows.items()])
    return panel.table(heads, body, caption=words("quick_count_methods.table"), class_name="planted")


def _row(words: Words, mesas: int, design: str, cells: Sequence[str]) -> Component:
    name = words.spans(f"quick_count_methods.{design}", mesas=mesas)
    return html.Tr([html.Th(name, scope="row"), *(html.Td(unbroken(cell)) for cell in cells)])
