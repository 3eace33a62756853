"""How the mission's flags are found, how often they are false, and which well-known tests are refused, with numbers."""

import tomllib
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.methods import plantedtable
from dashboard.figures import percent
from dashboard.vocabulary import CHECKPOINTS, OUTLIERS
from dashboard.words import Words, unbroken

_FIGURES = tomllib.loads((Path(__file__).parents[2] / "calibration.toml").read_text("utf-8"))


def layout(words: Words) -> list[Component]:
    """The tests that ship, what they cannot see, and the refused ones."""
    population = _FIGURES["population"]
    untestable = percent(population["not_testable"], population["mesas"], 1)
    limits = {"points": f"{OUTLIERS['least_points']:g}", "votes": OUTLIERS["least_votes"]}
    shipped = {**limits, **_FIGURES["shipped"]}
    power = {name: unbroken(f"{number} %") for name, number in _FIGURES["power"].items()}
    percents = unbroken(f"{', '.join(CHECKPOINTS)} %")
    return [
        html.P(words.spans("flag_tests.about", mesas=population["mesas"], places=population["places"])),
        _list([words.spans(f"shipped_tests.{name}", **shipped) for name in words.texts["shipped_tests"]]),
        html.P(words.spans("flag_tests.model", discovery=unbroken(f"{100 * OUTLIERS['false_discovery']:g} %"))),
        html.P(words.spans("flag_tests.untestable", untestable=unbroken(untestable))),
        html.P(words.spans("flag_tests.power", **power)),
        html.P(words.spans("flag_tests.blind", **_blind())),
        html.P(words.spans("flag_tests.clean", **shipped)),
        html.P(words.spans("flag_tests.planted")),
        *plantedtable.layout(words),
        html.P(words.spans("flag_tests.frozen", percents=percents)),
        html.H3(words("flag_tests.refused_heading")),
        html.P(words("flag_tests.refused_about")),
        _list([words.spans(f"refused_tests.{name}", **_FIGURES["refused"]) for name in words.texts["refused_tests"]]),
        html.P(words.spans("flag_tests.places_refused", **_places())),
    ]


def _blind() -> dict[str, int]:
    """What the tests make of whole and of half places that are altered, in 2021."""
    planted = plantedtable.FIGURES["2021"]
    whole, half = planted["whole_place"], planted["half_place"]
    found, accused = half["share"][0], half["share"][2]
    told = {"half_planted": half["mesas"], "half_found": found, "half_accused": accused}
    return {"whole_planted": whole["mesas"], "whole_found": whole["share"][0], **told}


def _places() -> dict[str, Any]:
    """The refused test of whole places, by year; shares of its findings as percent."""
    told = {}
    for year, figures in plantedtable.FIGURES["places"].items():
        for name, number in figures.items():
            is_part = name.endswith(("found", "false"))
            told[f"{name}_{year}"] = unbroken(f"{number} %") if is_part else number
    return told


def _list(sentences: list[list[Any]]) -> Component:
    return html.Ul([html.Li(sentence) for sentence in sentences], className="marked")
