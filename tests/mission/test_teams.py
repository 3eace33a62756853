"""Teams, contacts and suspensions: who is where with whom, whose number that is, and who may not come in for now."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from mission.incidents.incident import Member
from mission.people.accounts import find_account
from mission.people.auditlog import COMMAND_LINE, Action, read_log
from mission.people.contacts import (
    Contact,
    find_sender,
    normal_phone,
    numbers_of,
    purge_contacts,
    read_contacts,
    sender_hash,
    sender_key,
)
from mission.people.devices import find_device, invite, redeem
from mission.people.retention import purge
from mission.people.roles import Role
from mission.people.sessions import find_session
from mission.people.suspensions import end_suspension, suspend
from mission.people.tables import contacts
from mission.people.teams import Membership, Teams, joining, team_journals
from mission.people.tickets import Listener, give_ticket, still_valid, use_ticket
from mission.stations import Posting
from mission.thresholds import THRESHOLDS
from tally.errors import Conflict, Forbidden, InvalidInput, NotFound, Suspended, Unidentified
from tally.storage.database import transaction
from tests.mission.people import HERE, LATER, NOW, ORIGINS, add, before_the_upgrade, enter

CARLA = Member("lechuza-1", Role.COORDINATOR)
KEY = sender_key("an address key of the tests")


def test_a_team_is_known_by_its_members_and_its_leads_come_first(engine: Engine) -> None:
    journal = team_journals(engine).of("an-election")
    joined = [
        joining("garza-1", Membership("Norte", tags=("quechua",))),
        joining("ibis-2", Membership("Norte", is_lead=True)),
        joining("loro-3", Membership("Sur")),
    ]
    journal.write(CARLA, NOW, lambda _, __: joined)
    teams = journal.write(CARLA, NOW, lambda _, __: [joining("loro-3", Membership("Norte"))])
    assert teams.names == ("Norte",)
    assert teams.members("Norte") == ("ibis-2", "garza-1", "loro-3")
    assert teams.of("garza-1").tags == ("quechua",)
    assert teams.of("nobody") == Membership()
    assert team_journals(engine).of("another").read() == Teams()


def test_the_region_of_somebody_is_the_department_they_are_assigned_in() -> None:
    teams = Teams({"garza-1": Membership("Norte"), "ibis-2": Membership("Norte")})
    at = "2030-01-06T10:00:00Z"
    placed = teams.placed([
        Posting("garza-1", at, "place/0001", "140101"),
        Posting("ibis-2", at, "province/2401", "2401"),
        Posting("ibis-2", at, None, None),
        Posting("loro-3", at, "department/14", "14"),
    ])  # fmt: skip
    assert placed.of("garza-1") == Membership("Norte", region="department/14")
    assert placed.of("ibis-2").region is None
    assert placed.of("loro-3").region == "department/14"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("987654321", "+51987654321"),
        ("+51 987 654 321", "+51987654321"),
        ("51987654321", "+51987654321"),
        ("0051-987-654-321", "+51987654321"),
        ("(+1) 202.555.0123", "+12025550123"),
        ("9.87654E+08", None),
        ("98765432", None),
        ("no tiene", None),
        ("", None),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_is_written(typed: str, kept: str | None) -> None:
    assert normal_phone(typed) == kept


def keep(engine: Engine, name: str, phone: str) -> int:
    account = find_account(engine, name).id
    row = {"account_id": account, "name": "Ana Quispe", "phone": normal_phone(phone), "sender": sender_hash(KEY, phone)}
    with engine.begin() as connection:
        connection.execute(contacts.insert().values(**row))
    return account


def test_whoever_sends_is_known_by_a_hash_and_their_number_is_for_the_gateway(engine: Engine) -> None:
    add(engine, "garza", Role.OBSERVER)
    account = keep(engine, "garza", "987654321")
    found = find_sender(engine, sender_hash(KEY, "+51 987 654 321"))
    assert found is not None
    assert found.id == account
    assert find_sender(engine, sender_hash(KEY, "987654322")) is None
    assert find_sender(engine, sender_hash(sender_key("another key"), "987654321")) is None
    assert numbers_of(engine, [account, account + 1]) == {account: "+51987654321"}


def test_without_a_key_of_ones_own_no_sender_is_known_and_it_says_so() -> None:
    with pytest.raises(InvalidInput, match="address_key"):
        sender_hash(sender_key(None), "987654321")


def test_after_the_purge_no_name_and_no_number_is_left(engine: Engine) -> None:
    add(engine, "garza", Role.OBSERVER)
    account = keep(engine, "garza", "987654321")
    assert purge_contacts(engine, COMMAND_LINE, LATER) == 1
    assert numbers_of(engine, [account]) == {}
    assert [line.deed for line in read_log(engine)].count(Action.CONTACTS_PURGED) == 1
    assert purge_contacts(engine, COMMAND_LINE, LATER) == 0
    assert [line.deed for line in read_log(engine)].count(Action.CONTACTS_PURGED) == 1


def test_names_and_numbers_go_by_themselves_some_time_after_the_mission(engine: Engine) -> None:
    add(engine, "garza", Role.OBSERVER)
    account = keep(engine, "garza", "987654321")
    days = timedelta(days=THRESHOLDS.retention.contacts_days)
    for now, ends in ((LATER, None), (NOW + days - timedelta(minutes=1), NOW)):
        purge(engine, now, ends)
        assert numbers_of(engine, [account])
    purge(engine, NOW + days, NOW)
    assert numbers_of(engine, [account]) == {}
    assert read_log(engine)[0].actor == "(retention)"


def test_whoever_is_suspended_is_refused_at_once_and_comes_in_as_before_afterwards(engine: Engine) -> None:
    add(engine, "garza", Role.OBSERVER)
    add(engine, "carla", Role.COORDINATOR)
    garza, carla = find_account(engine, "garza"), find_account(engine, "carla")
    session = enter(engine, "garza")
    code = invite(engine, "garza", COMMAND_LINE, NOW).code
    token, device = redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)
    listener = Listener(garza.id, garza.role, device.hash)
    ticket, another = give_ticket(engine, listener, NOW), give_ticket(engine, listener, NOW)
    suspend(engine, garza.pseudonym, "the phone is lost", carla, NOW)
    with pytest.raises(Suspended):
        find_session(engine, session, NOW)
    with pytest.raises(Suspended):
        find_device(engine, token, NOW)
    with pytest.raises(Suspended):
        enter(engine, "garza")
    with pytest.raises(Unidentified):
        use_ticket(engine, ticket, NOW)
    assert still_valid(engine, [device.hash], NOW) == set()
    code = invite(engine, "garza", COMMAND_LINE, NOW).code
    with pytest.raises(Suspended):
        redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)
    with pytest.raises(Conflict):
        suspend(engine, garza.pseudonym, "again", carla, NOW)
    end_suspension(engine, garza.pseudonym, carla, NOW)
    assert find_session(engine, session, NOW).account == garza
    assert find_device(engine, token, NOW).account == garza
    assert use_ticket(engine, another, NOW) == listener
    assert redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)[1].account == garza
    told = [line.deed for line in read_log(engine)]
    assert (told.count(Action.ACCOUNT_SUSPENDED), told.count(Action.SUSPENSION_ENDED)) == (1, 1)
    assert not [line for line in read_log(engine) if "phone is lost" in line.detail]


def test_a_coordinator_suspends_observers_alone_and_nobody_themselves(engine: Engine) -> None:
    for name, role in (("vera", Role.VERIFIER), ("carla", Role.COORDINATOR), ("root", Role.ADMIN)):
        add(engine, name, role)
    vera, carla, root = (find_account(engine, name) for name in ("vera", "carla", "root"))
    with pytest.raises(Forbidden):
        suspend(engine, vera.pseudonym, "why", carla, NOW)
    with pytest.raises(Forbidden):
        suspend(engine, root.pseudonym, "why", root, NOW)
    with pytest.raises(NotFound):
        suspend(engine, "nobody", "why", root, NOW)
    suspend(engine, vera.pseudonym, "why", root, NOW)
    with pytest.raises(Forbidden):
        end_suspension(engine, vera.pseudonym, carla, NOW)
    with pytest.raises(Conflict):
        end_suspension(engine, carla.pseudonym, root, NOW)


def test_before_the_upgrade_that_makes_the_tables_nobody_is_suspended_and_nothing_is_kept(engine: Engine) -> None:
    add(engine, "garza", Role.OBSERVER)
    with before_the_upgrade(engine, "suspensions", "contacts"):
        assert find_session(engine, enter(engine, "garza"), NOW).account.name == "garza"
        code = invite(engine, "garza", COMMAND_LINE, NOW).code
        token, device = redeem(engine, code, ORIGINS.origin(HERE), NOW, LATER)
        assert find_device(engine, token, NOW).hash == device.hash
        assert still_valid(engine, [device.hash], NOW) == {device.hash}
        assert purge_contacts(engine, COMMAND_LINE, NOW) == 0
        with transaction(engine) as connection:
            assert read_contacts(connection) == dict[int, Contact]()
        assert find_sender(engine, sender_hash(KEY, "987654321")) is None
