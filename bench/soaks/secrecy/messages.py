"""The soak of messages: an attacker with an observer's phone and a verifier's session listens to missions at work."""

import time
from collections import Counter
from collections.abc import Callable
from unittest.mock import patch

from bench.reliability import SoakSection
from tests.api.mission.messages.attacker import CONTROLS, attack, attack_one

NAME = "messages"
MISSIONS, OF_CONTROL = 10, 2
TITLE = f"Messages and text messages: {MISSIONS} missions, each twice with other people, one attacker"


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Attack them all and print what came out."""
    started, found = time.monotonic(), Counter[str]()
    controls = dict.fromkeys(CONTROLS, 0)
    # As the tests do: what is sent by itself leaves sooner.
    with patch("api.live.tasks._LOOK_S", 0.1), patch("api.alerts.listeners._LOOK_S", 0.05):
        for n in range(MISSIONS):
            say(f"mission {n} of {MISSIONS}")
            heard = attack(f"{seed}/{n}")
            found.update(statements=heard.statements, compared=heard.compared, gaps=heard.gaps)
            found.update({one.kind for one in heard.learned})
            found["found"] += bool(heard.learned)
            for one in heard.learned:
                say(f"learned: {one}")
        for name, control in CONTROLS.items():
            with control():
                controls[name] = sum(bool(attack_one(f"{seed}/{n}", "these").learned) for n in range(OF_CONTROL))
    section = SoakSection(NAME, TITLE, seed, _lines(found, controls, (time.monotonic() - started) / 60))
    say(section.text())
    return section


def _lines(found: Counter[str], controls: dict[str, int], minutes: float) -> list[str]:
    of_words = sum(found[kind] for kind in ("text", "answer", "misread", "report"))
    of_people = sum(found[kind] for kind in ("name", "number", "reference", "pseudonym", "team"))
    return [
        "Missions of 5 to 8 observers in three teams and two regions, served over HTTP with a text gateway, a webhook",
        "and a mail server: messages to all, a team, a region, those without a form and one person, also by text; read",
        "marks and answers; texts of members and strangers that report, answer a form, are no order, are very long,",
        "have strange signs, come twice or under an id that others use; suspensions; critical reports,",
        "answers to forms and both entries of actas by others; the purge of names and numbers.",
        "The attacker has one observer's phone, all numbers without the gateway's secret, a verifier's session and all",
        "that is public; it listens from before the first message on the sockets and event streams that a phone and a",
        "visitor can open, and reads every GET, the texts, alerts, log lines, and the database without its contacts.",
        "Each mission is played again with other people, teams, regions, readers and answers: what the phone, the",
        "public or who has no secret is then told otherwise, in words, status or size, told something of them.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| missions in which something is learned, of {MISSIONS} | 0 | {found['found']} |",
        f"| … words of a message, answer or text that are not for the reader | 0 | {of_words} |",
        f"| … a name, number, reference, pseudonym or team | 0 | {of_people} |",
        f"| … an alert that its role may not read | 0 | {found['alert']} |",
        f"| … by a reply that differs: that a message, or a number, is the mission's | 0 | {found['unlike']} |",
        f"| … something of others, by what differs with them | 0 | {found['others']} |",
        *(f"| control: {name}, of {OF_CONTROL} | all | {number} |" for name, number in controls.items()),
        f"| statements looked at | – | {found['statements']:,} |",
        f"| … of them set beside others | – | {found['compared']:,} |",
        f"| messages to others that the phone counts by the numbers of its own | – | {found['gaps']} |",
        "",
        f"{minutes:.0f} minutes.",
    ]
