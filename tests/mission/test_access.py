"""After a restored backup nobody comes in as before: what was revoked since would not be revoked."""

import pytest
from sqlalchemy import Engine, insert

from mission.people.access import end_all_access
from mission.people.accounts import find_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.contacts import find_sender, numbers_of, sender_hash
from mission.people.devices import find_device, invite, redeem
from mission.people.roles import Role
from mission.people.sessions import find_session
from mission.people.tables import contacts
from mission.people.tickets import Listener, give_ticket, use_ticket
from mission.transactions import exclusive
from tally.errors import Unidentified
from tests.mission.people import HERE, LATER, NOW, ORIGINS, add, deeds, enter


def test_every_way_in_ends_and_passwords_stay(engine: Engine) -> None:
    add(engine, "observer", Role.OBSERVER)
    cookie = enter(engine, "observer")
    token, device = redeem(engine, invite(engine, "observer", COMMAND_LINE, NOW).code, ORIGINS.origin(HERE), NOW, LATER)
    ticket = give_ticket(engine, Listener(device.account.id, device.account.role, device.hash), NOW)
    open_code = invite(engine, "observer", COMMAND_LINE, NOW).code
    assert end_all_access(engine, COMMAND_LINE, NOW) == 2
    for try_it in (
        lambda: find_session(engine, cookie, NOW),
        lambda: find_device(engine, token, NOW),
        lambda: use_ticket(engine, ticket, NOW),
        lambda: redeem(engine, open_code, ORIGINS.origin(HERE), NOW, LATER),
    ):
        with pytest.raises(Unidentified):
            try_it()
    assert find_session(engine, enter(engine, "observer"), NOW).account.name == "observer"
    assert deeds(engine).count("access ended") == 1


def test_numbers_are_a_way_in_that_ends_too(engine: Engine) -> None:
    add(engine, "observer", Role.OBSERVER)
    account, sender = find_account(engine, "observer"), sender_hash(b"k" * 32, "987654321")
    with exclusive(engine) as connection:
        connection.execute(insert(contacts).values(account_id=account.id, phone="+51987654321", sender=sender))
    assert find_sender(engine, sender) == account
    end_all_access(engine, COMMAND_LINE, NOW)
    assert (find_sender(engine, sender), numbers_of(engine, [account.id])) == (None, {})
    assert deeds(engine).count("access ended") == 1


def test_where_nobody_was_let_in_nothing_is_written(engine: Engine) -> None:
    before = deeds(engine)
    assert end_all_access(engine, COMMAND_LINE, NOW) == 0
    assert deeds(engine) == before
