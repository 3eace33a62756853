"""The source's last word on the whole count: shown apart, never mixed into what was followed here."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.figures import fields, group
from dashboard.reading import Sheet

_FIGURES = ("cast", "blank", "null")


def layout(sheet: Sheet) -> list[Component]:
    """Votes and shares of every list, then the other figures, of an election that has an official final."""
    final: Mapping[str, Any] = sheet.meta["official_final"]
    words = sheet.words
    shorts = [entry["short"] for entry in sheet.meta["contest"]["lists"]]
    texts = fields(final, shorts)
    rows = [(short, texts[f"votes.{index}"], texts[f"share.{index}"]) for index, short in enumerate(shorts)]
    rows += [(words(f"figure.{name}"), texts[name], "") for name in _FIGURES]
    rows += [
        (words("mesa.registered"), group(final["registered"]), ""),
        (words("figure.total"), group(final["actas"]), ""),
    ]
    return [
        html.P(words("official.about")),
        panel.facts((name, _value(number, share)) for name, number, share in rows),
        html.P(words("official.source", source=words.of(final["source"])), className="soft"),
    ]


def _value(number: str, share: str) -> list[Component]:
    return [html.B(number, className="n"), html.Span(f" {share}" if share else "", className="soft n")]
