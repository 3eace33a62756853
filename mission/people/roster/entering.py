"""Entering a roster: accounts, contacts, teams and assignments in one transaction, as its preview said, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, Engine, delete, insert, select

from mission.incidents.book import Book
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Member
from mission.journal import Journal, NewEntry
from mission.people.accounts import Account, account_of, add_accounts_within, stamp
from mission.people.auditlog import Action, Actor, record
from mission.people.contacts import Contact, read_contacts
from mission.people.roster.matching import Known
from mission.people.roster.planning import Desk, PlannedPerson, RosterPlan, plan_roster
from mission.people.tables import accounts, contacts
from mission.people.teams import Teams, joining
from mission.posting import post
from mission.spreadsheet import Sheet
from mission.stations import posted
from tally.errors import Conflict, InvalidInput
from tally.storage.database import transaction

_TEAM = {"team", "is_lead", "tags"}
_CONTACT = {"name", "phone", "reference"}


class Rooms(Struct, frozen=True):
    """Where a roster is entered: the people's journal, and the log that has the assignments."""

    engine: Engine
    journal: Journal[Teams]
    casebook: Casebook


class RosterOrder(Struct, frozen=True):
    """What is to be entered: a sheet, judged as by `desk`, if its plan is still `digest`.

    `without_faulty`: the lines at fault are left out, instead of all.
    """

    sheet: Sheet
    desk: Desk
    digest: str
    without_faulty: bool = False


def preview_roster(rooms: Rooms, sheet: Sheet, desk: Desk) -> RosterPlan:
    """What the roster would change now.

    Raises: StoreUnavailable.
    """
    teams = rooms.journal.read()
    with transaction(rooms.engine) as connection:
        return plan_roster(sheet, _known(connection, teams, rooms.casebook.read_within(connection)), desk)


def enter_roster(rooms: Rooms, order: RosterOrder, by: Account, now: datetime) -> RosterPlan:
    """Enter it all in one transaction; the plan that was entered.

    Raises: Conflict: by now it would change something else than its preview said. InvalidInput: lines are at fault.
    StoreUnavailable.
    """
    entered: list[RosterPlan] = []
    member = Member(by.pseudonym, by.role)

    def decide(connection: Connection, teams: Teams) -> Sequence[NewEntry]:
        known = _known(connection, teams, rooms.casebook.read_within(connection))
        plan = plan_roster(order.sheet, known, order.desk)
        if plan.digest != order.digest:
            raise Conflict("the people or the file are others than in the preview; look at it again")
        if plan.faults and not order.without_faulty:
            raise InvalidInput(f"{len({fault.line for fault in plan.faults})} lines are at fault; nothing was entered")
        entered.append(plan)
        people = _add_new(connection, plan, by, now)
        _keep_contacts(connection, people)
        orders = [(pseudonym, *_station(p)) for pseudonym, p in people.items() if "place" in p.changes]
        rooms.casebook.write_within(connection, member, now, post(orders, now))
        return [joining(pseudonym, p.membership) for pseudonym, p in people.items() if _TEAM & set(p.changes)]

    rooms.journal.write(member, now, decide)
    return entered[0]


def _known(connection: Connection, teams: Teams, book: Book) -> list[Known]:
    kept, where = read_contacts(connection), posted(book.postings)
    found = [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.id))]
    return [
        Known(
            account,
            kept.get(account.id, Contact(account.id)),
            teams.of(account.pseudonym),
            where[account.pseudonym].key if account.pseudonym in where else None,
        )
        for account in found
    ]


def _add_new(connection: Connection, plan: RosterPlan, by: Account, now: datetime) -> dict[str, PlannedPerson]:
    """Everybody whom entering the plan changes, by pseudonym; whoever is new has an account now."""
    actor = Actor(by.id, by.name)
    new = [person for person in plan.people if person.standing == "new"]
    changed = {p.pseudonym: p for p in plan.people if p.pseudonym is not None and p.changes}
    for account, person in zip(
        add_accounts_within(connection, [person.role for person in new], actor, now), new, strict=True
    ):
        contact = replace(person.contact, account_id=account.id)
        changed[account.pseudonym] = replace(person, pseudonym=account.pseudonym, contact=contact)
    if changed:
        record(connection, stamp(now), actor, Action.ROSTER_APPLIED, "", f"{len(new)}, {len(changed) - len(new)}")
    return changed


def _keep_contacts(connection: Connection, people: Mapping[str, PlannedPerson]) -> None:
    kept = [asdict(person.contact) for person in people.values() if _CONTACT & set(person.changes)]
    if kept:
        # All old ones first: what one gives up another may take.
        connection.execute(delete(contacts).where(contacts.c.account_id.in_([one["account_id"] for one in kept])))
        connection.execute(insert(contacts), kept)


def _station(person: PlannedPerson) -> tuple[str | None, str | None]:
    return (None, None) if person.station is None else (person.station.key, person.station.prefix)
