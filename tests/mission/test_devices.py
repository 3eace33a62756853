"""Invitations, devices' tokens and tickets, on both databases."""

from contextlib import suppress
from threading import Barrier, Thread

import pytest
from msgspec import structs
from sqlalchemy import Engine

from mission.people.accounts import (
    revoke_account,
)
from mission.people.attempts import LIMITS
from mission.people.auditlog import COMMAND_LINE, Actor
from mission.people.devices import INVITED, find_device, invite, redeem
from mission.people.roles import Role
from mission.people.sessions import find_session, log_out
from mission.people.tickets import Listener, give_ticket, use_ticket
from mission.people.tokens import new_code, normal_code
from tally.errors import Conflict, TooMany, Unidentified
from tests.mission.people import ELSEWHERE, HERE, LATER, NOW, ORIGINS, add, deeds, enter


def test_a_code_turns_into_a_token_once(engine: Engine) -> None:
    invitation = invite(engine, "observer", Actor(7, "root"), NOW)
    token, device = redeem(engine, invitation.code.lower().replace("-", " "), ORIGINS.origin(HERE), NOW, LATER)
    assert device.account.pseudonym == invitation.pseudonym
    assert find_device(engine, token, NOW).account.role is Role.OBSERVER
    with pytest.raises(Unidentified, match="used already"):
        redeem(engine, invitation.code, ORIGINS.origin(HERE), NOW, LATER)
    assert [line for line in deeds(engine) if "device" in line] == ["device invited", "device added"]


def test_two_who_type_the_same_code_at_once_are_not_both_let_in(engine: Engine) -> None:
    code, ready = invite(engine, "observer", COMMAND_LINE, NOW).code, Barrier(4)
    tokens = list[str]()

    def type_it() -> None:
        ready.wait()
        with suppress(Unidentified):
            tokens.append(redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)[0])

    threads = [Thread(target=type_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 1


def test_codes_end_by_time_by_a_newer_one_and_with_the_account(engine: Engine) -> None:
    late = invite(engine, "observer", COMMAND_LINE, NOW).code
    with pytest.raises(Unidentified):
        redeem(engine, late, ORIGINS.origin(HERE), NOW + INVITED, LATER)
    newer = invite(engine, "observer", COMMAND_LINE, NOW).code
    with pytest.raises(Unidentified):
        redeem(engine, late, ORIGINS.origin(HERE), NOW, LATER)
    revoke_account(engine, "observer", COMMAND_LINE, NOW)
    with pytest.raises(Unidentified):
        redeem(engine, newer, ORIGINS.origin(HERE), NOW, LATER)
    with pytest.raises(Conflict, match="was revoked"):
        invite(engine, "observer", COMMAND_LINE, NOW)


def test_a_code_is_not_worth_more_than_an_observer(engine: Engine) -> None:
    add(engine, "root", Role.ADMIN)
    with pytest.raises(Conflict, match="only an observer comes in with a device"):
        invite(engine, "root", COMMAND_LINE, NOW)


def test_guessing_codes_is_throttled_by_address_and_the_right_one_is_taken_all_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mission.people.attempts.LIMITS", structs.replace(LIMITS, codes_per_address=10))
    code = invite(engine, "observer", COMMAND_LINE, NOW).code
    for _ in range(10):
        with pytest.raises(Unidentified):
            redeem(engine, new_code(), ORIGINS.origin(HERE), NOW, LATER)
    with pytest.raises(TooMany):
        redeem(engine, new_code(), ORIGINS.origin(HERE), NOW, LATER)
    with pytest.raises(Unidentified):
        redeem(engine, new_code(), ORIGINS.origin(ELSEWHERE), NOW, LATER)
    assert redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)


def test_a_device_ends_with_the_mission_and_with_the_account(engine: Engine) -> None:
    token = redeem(engine, invite(engine, "one", COMMAND_LINE, NOW).code, ORIGINS.origin(HERE), NOW, LATER)[0]
    other = redeem(engine, invite(engine, "two", COMMAND_LINE, NOW).code, ORIGINS.origin(HERE), NOW, LATER)[0]
    with pytest.raises(Unidentified, match="the mission is over"):
        find_device(engine, token, LATER)
    revoke_account(engine, "one", COMMAND_LINE, NOW)
    with pytest.raises(Unidentified):
        find_device(engine, token, NOW)
    assert find_device(engine, other, NOW).account.name == "two"


def test_codes_are_read_as_they_are_typed() -> None:
    code = new_code()
    assert normal_code(f" {code.lower()} ") == normal_code(code.replace("-", "")) == code
    assert len({new_code() for _ in range(1000)}) == 1000


def test_a_ticket_is_no_good_without_what_its_holder_came_in_with(engine: Engine) -> None:
    add(engine, "ana")
    token = enter(engine, "ana")
    session = find_session(engine, token, NOW)
    ticket = give_ticket(engine, Listener(session.account.id, Role.VERIFIER, session.hash), NOW)
    log_out(engine, session, NOW)
    with pytest.raises(Unidentified):
        use_ticket(engine, ticket, NOW)
