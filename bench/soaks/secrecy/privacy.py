"""The soak of the public layer: an attacker with every public answer and more looks for people in 10,000 missions."""

import random
import time
from collections.abc import Callable
from unittest.mock import patch

import msgspec

from api.mission.public_layer import tell_layer
from bench.reliability import SoakSection
from mission.publication import public_layer
from tests.mission.attacker import attack
from tests.mission.missions import SECRET, draw_mission
from tests.mission.test_privacy import RollUp

NAME, TITLE = "privacy", "The public layer of incidents: 10,000 missions, one attacker"
MISSIONS, CONTROLS = 10_000, 500


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Attack them all and print what came out."""
    started = time.monotonic()
    found, notices, answers, leaks = 0, 0, 0, 0
    for n in range(MISSIONS):
        if n % 500 == 0:
            say(f"mission {n} of {MISSIONS}")
        mission = draw_mission(random.Random(f"{seed}/{n}"))
        found += bool(attack(mission))
        for step in mission.steps:
            layer = public_layer(mission.until(step), mission.terms, step)
            body = msgspec.json.encode(tell_layer(layer, mission.terms))
            answers += 1
            leaks += SECRET.encode() in body or b"77.12" in body
        notices += len(layer.notices)
    with patch("mission.publication.Zones", RollUp):
        drawn = (draw_mission(random.Random(f"{seed}/{n}")) for n in range(CONTROLS))
        controls = sum(bool(attack(mission, RollUp)) for mission in drawn)
    minutes = (time.monotonic() - started) / 60
    section = SoakSection(NAME, TITLE, seed, _lines((found, leaks, controls), answers, notices, minutes))
    say(section.text())
    return section


def _lines(counts: tuple[int, int, int], answers: int, notices: int, minutes: float) -> list[str]:
    found, leaks, controls = counts
    return [
        "Missions of up to 60 observers who move about, and up to 40 incidents that are verified, settled, reopened",
        "and published in steps. The attacker has every public answer of every step, who was assigned where at every",
        "moment, when each published incident came in, and the true totals of the country and of every named area.",
        "Somebody is found when incidents can be placed among 1 to 4 assigned observers.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| missions in which somebody is found, of {MISSIONS:,} | 0 | {found} |",
        f"| public answers with a planted name, text, position or id, of {answers:,} | 0 | {leaks} |",
        f"| control: the same attacker where areas are only rolled up, of {CONTROLS} | many | {controls} |",
        f"| incidents that were public in the end | – | {notices:,} |",
        "",
        f"{minutes:.0f} minutes.",
    ]
