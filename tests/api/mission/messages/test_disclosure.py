"""No attacker with an observer's phone, all numbers and a verifier's session learns of messages to others."""

from contextlib import ExitStack

import pytest

from tests.api.mission.messages.attacker import CONTROLS, attack, attack_one

pytestmark = pytest.mark.long


# The soak `messages` lets the attacker loose on more evenings.
def test_no_attacker_learns_a_message_to_others_or_who_they_are() -> None:
    heard = attack("everyday")
    assert heard.learned == frozenset()
    assert heard.statements > 500


def test_the_same_attacker_finds_what_is_told_when_it_should_not_be() -> None:
    with ExitStack() as stack:
        for control in CONTROLS.values():
            stack.enter_context(control())
        learned = attack_one("everyday", "these").learned
    assert {(one.kind, one.who) for one in learned} >= {
        ("pseudonym", "device"),
        ("unlike", "device"),
        ("unlike", "nobody"),
        ("name", "after the purge"),
        ("alert", "device"),
    }
