"""Who is shut out after failures to come in, for how long, and what is kept of it; on both databases."""

from contextlib import suppress
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from mission.people import locks
from mission.people.accounts import stamp
from mission.people.attempts import LIMITS, Origins
from mission.people.auditlog import COMMAND_LINE, read_log
from mission.people.devices import find_device, invite, redeem
from mission.people.locks import LockKind, clear_lock, list_locks
from mission.people.retention import purge
from mission.people.sessions import ABSOLUTE, Claim, check_throttle, log_in
from mission.people.tables import attempts, devices, invitations, sessions
from mission.people.tokens import hash_of
from tally.errors import NotFound, TooMany, Unidentified
from tally.storage.database import transaction
from tests.mission.people import ELSEWHERE, HERE, LATER, NOW, ORIGINS, PASSWORD, QUICK, add, deeds, enter

BROWSER = "a token of this browser"


def fail(engine: Engine, name: str, address: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Unidentified):
            enter(engine, name, "guess number one", address=address)


@pytest.fixture
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets that a test can use up."""
    most = {LockKind.NAME: 20, LockKind.ADDRESS: 30, LockKind.CODES: 12, LockKind.ALL_CODES: 15}
    names = {"per_name": 20, "per_address": 30, "codes_per_address": 12, "codes_in_all": 15}
    monkeypatch.setattr("mission.people.attempts.LIMITS", structs.replace(LIMITS, **names))
    for kind, limit in most.items():
        monkeypatch.setitem(locks._KINDS, kind, (*locks._KINDS[kind][:2], limit))


@pytest.mark.usefixtures("_narrow")
def test_a_name_alone_is_shut_out_after_its_budget_but_not_where_it_is_known(engine: Engine) -> None:
    add(engine, "ana")
    enter(engine, "ana", address=HERE)
    for n in range(20):
        fail(engine, "ana", f"198.51.100.{n}")
    with pytest.raises(TooMany) as refused:
        enter(engine, "ana", address=ELSEWHERE)
    assert refused.value.retry_s == 15 * 60
    assert enter(engine, "ana", address=HERE)
    assert enter(engine, "ana", address=ELSEWHERE, now=NOW + timedelta(minutes=16))


@pytest.mark.usefixtures("_narrow")
def test_an_address_is_shut_out_for_one_name_after_ten_and_for_all_after_its_budget(engine: Engine) -> None:
    add(engine, "ana")
    fail(engine, "ana", HERE, 10)
    with pytest.raises(TooMany):
        enter(engine, "ana")
    assert enter(engine, "ana", address=ELSEWHERE)
    for n in range(20):
        fail(engine, f"name{n}", HERE)
    with pytest.raises(TooMany):
        enter(engine, "hunter2 typed as a name")


def test_the_same_browser_is_known_wherever_it_is_and_for_its_own_account_only(engine: Engine) -> None:
    add(engine, "ana")
    add(engine, "eva")
    log_in(engine, QUICK, ORIGINS, Claim("ana", PASSWORD, ORIGINS.origin(HERE, BROWSER)), NOW)
    for name in ("ana", "eva"):
        fail(engine, name, ELSEWHERE, 10)
    moved = ORIGINS.origin(ELSEWHERE, BROWSER)
    assert check_throttle(engine, ORIGINS, Claim("ana", PASSWORD, moved), NOW).is_known
    for name, origin in (("eva", moved), ("ana", ORIGINS.origin(ELSEWHERE, "another token"))):
        with pytest.raises(TooMany):
            check_throttle(engine, ORIGINS, Claim(name, PASSWORD, origin), NOW)


def test_a_known_browser_is_shut_out_by_failures_of_its_own(engine: Engine) -> None:
    add(engine, "ana")
    known = ORIGINS.origin(HERE, BROWSER)
    log_in(engine, QUICK, ORIGINS, Claim("ana", PASSWORD, known), NOW)
    for _ in range(20):  # ten as the browser, ten as its address
        with pytest.raises(Unidentified):
            log_in(engine, QUICK, ORIGINS, Claim("ana", "guess number one", known), NOW)
    with pytest.raises(TooMany):
        log_in(engine, QUICK, ORIGINS, Claim("ana", PASSWORD, known), NOW)


def test_who_is_shut_out_is_told_once_and_a_name_that_nobody_has_is_not_written_down(engine: Engine) -> None:
    add(engine, "ana")
    for name in ("ana", "hunter2 typed as a name"):
        fail(engine, name, HERE, 10)
        for _ in range(3):
            with pytest.raises(TooMany):
                check_throttle(engine, ORIGINS, Claim(name, PASSWORD, ORIGINS.origin(HERE)), NOW)
    lines = [line for line in read_log(engine) if line.deed == "sign-in throttled"]
    assert [(line.subject, line.detail) for line in lines] == [("(no such name)", ""), ("ana", "")]


@pytest.mark.usefixtures("_narrow")
def test_every_lock_is_seen_is_over_by_itself_and_can_be_cleared(engine: Engine) -> None:
    add(engine, "ana")
    fail(engine, "ana", HERE, 10)
    for n in range(10):
        fail(engine, "ana", f"198.51.100.{n}")
    for n in range(20):
        fail(engine, f"name{n}", HERE)
    for n in range(15):
        with pytest.raises(Unidentified):
            redeem(engine, "no code", ORIGINS.origin(ELSEWHERE if n < 12 else HERE), NOW, LATER)
    for address in (ELSEWHERE, "192.0.2.3"):
        with pytest.raises(TooMany):
            redeem(engine, "no code", ORIGINS.origin(address), NOW, LATER)
    seen = list_locks(engine, NOW)
    assert {(lock.kind, lock.name, lock.failures) for lock in seen} == {
        ("pair", "ana", 10),
        ("name", "ana", 20),
        ("address", None, 30),
        ("codes", None, 12),
        ("all_codes", None, 15),
    }
    assert {lock.until for lock in seen} == {"2030-01-06T12:15:00Z"}
    assert list_locks(engine, NOW + timedelta(minutes=15)) == []
    for lock in seen:
        with suppress(NotFound):  # it went with another one
            clear_lock(engine, lock.id, COMMAND_LINE, NOW)
    assert list_locks(engine, NOW) == []
    assert enter(engine, "ana")
    with pytest.raises(NotFound, match="no such lock"):
        clear_lock(engine, seen[0].id, COMMAND_LINE, NOW)
    assert "lock cleared" in deeds(engine)


def test_replicas_with_one_key_know_each_others_addresses_and_nobody_else_does() -> None:
    one, other = Origins("the same in both"), Origins("the same in both")
    assert one.origin(HERE) == other.origin(HERE) != one.origin(ELSEWHERE)
    assert len({Origins(key).origin(HERE).address for key in ("another", None, None)} - {one.origin(HERE).address}) == 3


def test_neither_addresses_nor_names_that_nobody_has_stand_in_the_database(engine: Engine) -> None:
    add(engine, "ana")
    enter(engine, "ana")
    fail(engine, "hunter2 typed as a name", HERE)
    code = invite(engine, "observer", COMMAND_LINE, NOW).code
    redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)
    with pytest.raises(Unidentified):
        redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)
    with transaction(engine) as connection:
        tables = SQLModel.metadata.tables.values()
        everything = str([connection.execute(table.select()).all() for table in tables])
    for told in (HERE, hash_of(HERE), "hunter2", hash_of("hunter2 typed as a name")):
        assert told not in everything
    assert ORIGINS.origin(HERE).address in everything


def test_what_has_served_its_time_is_removed_and_nothing_else(engine: Engine) -> None:
    add(engine, "ana")
    enter(engine, "ana")
    fail(engine, "ana", ELSEWHERE)
    invite(engine, "phone", COMMAND_LINE, NOW)
    code = invite(engine, "phone", COMMAND_LINE, NOW).code
    token = redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)[0]
    with engine.begin() as connection:  # as a program before this one wrote it
        connection.execute(insert(attempts).values(subject=hash_of("ana"), address=HERE, at=stamp(NOW), is_good=True))
    logged = len(read_log(engine))
    assert purge(engine, NOW) == 3  # the address in the clear, and two codes: one used, one given up
    assert purge(engine, NOW + timedelta(minutes=15)) == 1  # the failure
    assert purge(engine, NOW + ABSOLUTE) == 1  # the session
    assert find_device(engine, token, LATER - timedelta(seconds=1))
    assert purge(engine, LATER + timedelta(seconds=1)) == 2  # the device, and that this address was known
    with transaction(engine) as connection:
        tables = (attempts, sessions, invitations, devices)
        assert [connection.execute(table.select()).all() for table in tables] == [[]] * 4
    assert len(read_log(engine)) == logged
