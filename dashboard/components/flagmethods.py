"""How the mission's flags are found, how often they are false, and which well-known tests are refused, with numbers."""

import tomllib
from pathlib import Path

from dash import html
from dash.development.base_component import Component

from dashboard.figures import percent
from dashboard.words import Words

_FIGURES = tomllib.loads((Path(__file__).parents[1] / "calibration.toml").read_text("utf-8"))
SHIPPED = ("arithmetic", "totals", "share", "turnout", "swap", "identical", "zero")
REFUSED = ("ninety_five", "turnout_z", "place_iqr", "benford")


def layout(words: Words) -> list[Component]:
    """The tests that ship, what they cannot see, and the refused ones."""
    population = _FIGURES["population"]
    untestable = percent(population["not_testable"], population["mesas"], 1)
    power = {name: f"{number} %" for name, number in _FIGURES["power"].items()}
    return [
        html.P(words("flag_tests.about", mesas=population["mesas"], places=population["places"])),
        _list([words(f"flag_tests.{name}", **_FIGURES["shipped"]) for name in SHIPPED]),
        html.P(words("flag_tests.model")),
        html.P(words("flag_tests.untestable", untestable=untestable)),
        html.P(words("flag_tests.power", **power)),
        html.P(words("flag_tests.frozen")),
        html.H3(words("flag_tests.refused_heading")),
        html.P(words("flag_tests.refused_about")),
        _list([words(f"refused_tests.{name}", **_FIGURES["refused"]) for name in REFUSED]),
    ]


def _list(sentences: list[str]) -> Component:
    return html.Ul([html.Li(sentence) for sentence in sentences], className="marked")
