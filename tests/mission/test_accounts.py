"""Accounts, sessions, devices and the audit log, on both databases."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from mission.incidents.intake import check_intake, read_intake, turn_intake
from mission.people.accounts import (
    Newcomer,
    add_account,
    find_account,
    has_admin,
    list_accounts,
    revoke_account,
    set_password,
)
from mission.people.auditlog import COMMAND_LINE, Actor, read_log
from mission.people.devices import invite, redeem
from mission.people.passwords import Passwords, check_password, new_password
from mission.people.pseudonyms import draw_pseudonym
from mission.people.roles import Role
from mission.people.sessions import ABSOLUTE, IDLE, Claim, find_session, log_in, log_out
from mission.people.tickets import Listener, give_ticket
from mission.people.tokens import hash_of
from tally.errors import Conflict, IntakeStopped, InvalidInput, NotFound, TooMany, Unidentified
from tally.storage.database import transaction
from tests.mission.people import HERE, LATER, NOW, ORIGINS, PASSWORD, QUICK, add, deeds, enter


def test_roles_are_a_ladder() -> None:
    assert [role for role in Role if role.covers(Role.COORDINATOR)] == [Role.COORDINATOR, Role.ADMIN]
    assert all(role.covers(Role.OBSERVER) for role in Role)


def test_passwords_are_hashed_with_the_low_memory_profile_of_the_rfc() -> None:
    kept = Passwords().hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (RFC_9106_LOW_MEMORY.memory_cost, RFC_9106_LOW_MEMORY.time_cost) == (65536, 3)
    assert Passwords().is_right(kept, PASSWORD)
    assert not Passwords().is_right(kept, PASSWORD + " ")
    assert not Passwords().is_right("no hash", PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_has_a_length_that_serves(password: str) -> None:
    with pytest.raises(InvalidInput, match="12 to 200 characters"):
        check_password(password)
    assert check_password(new_password())


def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(engine: Engine) -> None:
    add(engine, "ana")
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    log_in(engine, stronger, ORIGINS, Claim("ana", PASSWORD, ORIGINS.origin(HERE)), NOW)
    with transaction(engine) as connection:
        kept = connection.execute(text("SELECT password FROM accounts")).scalar_one()
    assert "m=16,t=2,p=1" in kept
    assert enter(engine, "ana")


@pytest.mark.parametrize("name", ["a", "", "ana maría", "-ana", "a/b", "x" * 41, "ñandú"])
def test_a_name_is_one_that_can_be_typed_anywhere(engine: Engine, name: str) -> None:
    with pytest.raises(InvalidInput, match="2 to 40 small letters"):
        add_account(engine, Newcomer(name, Role.OBSERVER), COMMAND_LINE, NOW)


def test_a_name_is_given_once_for_good(engine: Engine) -> None:
    add(engine, "ana")
    revoke_account(engine, "ana", COMMAND_LINE, NOW)
    with pytest.raises(Conflict, match="never given twice"):
        add_account(engine, Newcomer("ANA", Role.OBSERVER), COMMAND_LINE, NOW)


def test_pseudonyms_are_drawn_by_chance_and_differ(engine: Engine) -> None:
    for n in range(40):
        add_account(engine, Newcomer(f"observer{n}", Role.OBSERVER), COMMAND_LINE, NOW)
    found = list_accounts(engine)
    assert len({account.pseudonym for account in found}) == 40
    assert not any(account.name in account.pseudonym for account in found)
    # Another mission gives other ones: the same would be a coincidence of one in 45,000 each.
    assert len({draw_pseudonym() for _ in range(1000)}) > 900


def test_there_is_a_mission_once_there_is_an_admin_and_the_last_one_stays(engine: Engine) -> None:
    add(engine, "ana", Role.COORDINATOR)
    assert not has_admin(engine)
    add(engine, "root", Role.ADMIN)
    assert has_admin(engine)
    with pytest.raises(Conflict, match="'root' is the last admin; add another one first"):
        revoke_account(engine, "root", COMMAND_LINE, NOW)
    add(engine, "second", Role.ADMIN)
    assert revoke_account(engine, "root", COMMAND_LINE, NOW).revoked_at == "2030-01-06T12:00:00Z"
    with pytest.raises(Conflict, match="was revoked at"):
        revoke_account(engine, "root", COMMAND_LINE, NOW)
    with pytest.raises(NotFound, match="there is no account 'nobody'"):
        revoke_account(engine, "nobody", COMMAND_LINE, NOW)
    assert find_account(engine, "ROOT").revoked_at is not None


def test_two_admins_who_revoke_each_other_leave_one(engine: Engine) -> None:
    add(engine, "ana", Role.ADMIN)
    add(engine, "eva", Role.ADMIN)
    ready, refused = Barrier(2), list[Conflict]()

    def revoke(name: str) -> None:
        ready.wait()
        try:
            revoke_account(engine, name, COMMAND_LINE, NOW)
        except Conflict as error:
            refused.append(error)

    threads = [Thread(target=revoke, args=(name,)) for name in ("ana", "eva")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert has_admin(engine)


def test_a_session_ends_by_silence_by_time_and_by_signing_out(engine: Engine) -> None:
    add(engine, "ana")
    token = enter(engine, "ana")
    assert find_session(engine, token, NOW).expires_at == "2030-01-06T12:30:00Z"
    assert find_session(engine, token, NOW + IDLE - timedelta(seconds=1)).account.name == "ana"
    with pytest.raises(Unidentified, match="sign in"):
        find_session(engine, token, NOW + 2 * IDLE)
    at, token = NOW, enter(engine, "ana")
    while at + IDLE / 2 < NOW + ABSOLUTE:
        at += IDLE / 2
        session = find_session(engine, token, at) if at < NOW + ABSOLUTE else None
    assert session is None or session.expires_at == "2030-01-07T00:00:00Z"
    with pytest.raises(Unidentified):
        find_session(engine, token, NOW + ABSOLUTE)
    token = enter(engine, "ana")
    log_out(engine, find_session(engine, token, NOW), NOW)
    with pytest.raises(Unidentified):
        find_session(engine, token, NOW)


@pytest.mark.parametrize("how", ["revoked", "another password"])
def test_all_sessions_end_with_the_account_and_with_its_password(engine: Engine, how: str) -> None:
    add(engine, "ana")
    tokens = [enter(engine, "ana") for _ in range(2)]
    if how == "revoked":
        revoke_account(engine, "ana", COMMAND_LINE, NOW)
    else:
        set_password(engine, "ana", QUICK.hash("another one entirely"), COMMAND_LINE, NOW)
    for token in tokens:
        with pytest.raises(Unidentified):
            find_session(engine, token, NOW)
    with pytest.raises(Unidentified):
        enter(engine, "ana")


def test_a_revoked_account_gets_no_other_password(engine: Engine) -> None:
    add(engine, "ana")
    revoke_account(engine, "ana", COMMAND_LINE, NOW)
    with pytest.raises(Conflict, match="was revoked at"):
        set_password(engine, "ana", QUICK.hash(PASSWORD), COMMAND_LINE, NOW)


def test_no_secret_stands_in_the_database(engine: Engine) -> None:
    add(engine, "ana")
    token, code = enter(engine, "ana"), invite(engine, "observer", COMMAND_LINE, NOW).code
    device = redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)[0]
    ticket = give_ticket(engine, Listener(1, Role.VERIFIER, hash_of(token)), NOW)
    kept = []
    with transaction(engine) as connection:
        for table in ("accounts", "mission_sessions", "invitations", "devices", "tickets", "attempts", "deeds"):
            kept += [str(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - of ours
    everything = "\n".join(kept)
    for secret in (PASSWORD, token, code, code.replace("-", ""), device, ticket):
        assert secret not in everything
    assert hash_of(token) in everything


def test_attempts_at_the_same_time_count_like_attempts_one_by_one(engine: Engine) -> None:
    add(engine, "ana")
    ready, seen = Barrier(16), list[str]()

    def guess() -> None:
        ready.wait()
        try:
            enter(engine, "ana", "guess number one")
        except (Unidentified, TooMany) as error:
            seen.append(type(error).__name__)

    threads = [Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (seen.count("Unidentified"), seen.count("TooMany")) == (10, 6)


@pytest.mark.parametrize("table", ["deeds", "intake_turns", "alerts"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = 'never'", "DELETE FROM {}"])
def test_the_database_itself_keeps_the_logs(engine: Engine, table: str, change: str) -> None:
    add(engine, "ana")
    turn_intake(engine, COMMAND_LINE, "a drill", NOW, is_stopped=True)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO alerts (key, kind, least, es, en, at) VALUES ('k', 'hold', 'observer', 'e', 'e', 'now')")
        )
    with pytest.raises(DBAPIError, match="nothing is changed in or removed from"), engine.begin() as connection:
        connection.execute(text(change.format(table)))


def test_every_deed_is_one_line_with_who_what_and_when(engine: Engine) -> None:
    add_account(engine, Newcomer("ana", Role.ADMIN), Actor(7, "root"), NOW)
    [line] = read_log(engine)
    assert (line.at, line.actor, line.deed, line.subject) == ("2030-01-06T12:00:00Z", "root", "account added", "ana")
    add(engine, "eva")
    assert [entry.subject for entry in read_log(engine, before=line.id + 1)] == ["ana"]
    assert [entry.subject for entry in read_log(engine, limit=1)] == ["eva"]


def test_the_intake_can_be_stopped_and_opened_and_every_turn_is_kept(engine: Engine) -> None:
    assert not read_intake(engine).is_stopped
    turn_intake(engine, COMMAND_LINE, "a drill", NOW, is_stopped=True)
    turn_intake(engine, COMMAND_LINE, "again", NOW, is_stopped=True)
    assert read_intake(engine).reason == "a drill"
    with transaction(engine) as connection, pytest.raises(IntakeStopped, match="a drill"):
        check_intake(connection)
    turn_intake(engine, COMMAND_LINE, "", NOW, is_stopped=False)
    with transaction(engine) as connection:
        check_intake(connection)
    assert deeds(engine) == ["intake stopped", "intake opened"]
