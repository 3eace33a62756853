"""What a roster would change: every line against who is there already, and every fault by line and column. Pure."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mission.people.contacts import Contact, normal_phone, sender_hash
from mission.people.roles import Role
from mission.people.roster.format import Field, load_format
from mission.people.roster.matching import Known, match
from mission.people.teams import NOBODY, Membership
from mission.spreadsheet import NOTHING, Fault, Near, Sheet, SheetLine, plain

Standing = Literal["new", "changed", "unchanged", "faulty"]
_WHERE: tuple[Field, ...] = ("mesa", "place", "ubigeo")
_BETWEEN_TAGS = re.compile(r"[,;|]|\s+")


class Whereabouts(Struct, frozen=True):
    """Where somebody is to be: a key of the count and its ubigeo prefix.

    Where the key is None: nowhere, or the field at fault and what may be meant.
    """

    key: str | None = None
    prefix: str | None = None
    field: Field | None = None
    near: tuple[Near, ...] = ()


# Finds a place by what a line says of it: mesa, place and ubigeo, as far as it does.
Locate = Callable[[Mapping[Field, str]], Whereabouts]


class PlannedPerson(Struct, frozen=True):
    """One line that can be entered. `pseudonym` is None for somebody new; `station`: where to, if that is said.

    `contact.account_id` is 0 for somebody new. `changes`: the fields that would be another. `had_phone`: there is a
    number of theirs now.
    """

    line: int
    pseudonym: str | None
    role: Role
    contact: Contact
    membership: Membership
    station: Whereabouts | None
    changes: tuple[str, ...]
    had_phone: bool = False

    @property
    def standing(self) -> Standing:
        """What entering it would do."""
        return "new" if self.pseudonym is None else "changed" if self.changes else "unchanged"


class PhonesAfter(Struct, frozen=True):
    """Who of a roster's people has a number once it is entered, and who has none: no text reaches them or is theirs.

    given: who is there without one, as after it ended with a lost phone, and has one from then on; taken: the reverse.
    """

    known: int
    missing: int
    given: int
    taken: int


class RosterPlan(Struct, frozen=True):
    """What a roster would change. `absent`: how many are there already and not in it; they stay."""

    people: tuple[PlannedPerson, ...]
    faults: tuple[Fault, ...]
    absent: int

    @property
    def phones(self) -> PhonesAfter:
        """Of the lines that can be entered."""
        has = [one.contact.phone is not None for one in self.people]
        there = [
            (one.had_phone, after) for one, after in zip(self.people, has, strict=True) if one.pseudonym is not None
        ]
        known = sum(has)
        return PhonesAfter(known, len(has) - known, there.count((False, True)), there.count((True, False)))

    @property
    def digest(self) -> str:
        """Names this very plan: another file or other people make another one."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


class Desk(Struct, frozen=True):
    """By what a roster is judged.

    `locate` finds places; `key` is that of senders' hashes, None where there is none.
    """

    locate: Locate
    may_add_verifiers: bool
    key: bytes | None


def plan_roster(sheet: Sheet, known: Sequence[Known], desk: Desk) -> RosterPlan:
    """Every line planned or at fault."""
    matches = match(sheet, known)
    faults = defaultdict(list)
    for fault in (*sheet.faults, *matches.faults):
        faults[fault.line].append(fault)
    phones = {one.contact.phone: one.account.id for one in known if one.contact.phone is not None}
    people = []
    for line in sheet.lines:
        reader = _LineReader(sheet, line, matches.people.get(line.line), desk)
        planned = reader.plan()
        owner = phones.get(planned.contact.phone or "", planned.contact.account_id)
        if owner != planned.contact.account_id:
            reader.blame("phone", "phone_taken")
        faults[line.line] += reader.faults
        if not faults[line.line]:
            people.append(planned)
    present = {one.account.id for one in matches.people.values()}
    absent = [one for one in known if one.account.id not in present and _is_ours(one)]
    return RosterPlan(tuple(people), tuple(each for n in sorted(faults) for each in faults[n]), len(absent))


def _is_ours(one: Known) -> bool:
    """Whether a roster could have them in it."""
    return one.account.revoked_at is None and one.account.role is Role.OBSERVER


class _LineReader:
    """Reads one line; what is wrong with it is in `faults`."""

    def __init__(self, sheet: Sheet, line: SheetLine, known: Known | None, desk: Desk) -> None:
        self._sheet, self._line, self._known, self._desk = sheet, line, known, desk
        self._limits = load_format().limits
        self.faults: list[Fault] = []

    def blame(self, field: str | None, kind: str, **said: object) -> None:
        """Note a fault."""
        self.faults.append(self._sheet.fault(self._line, field, kind, **said))

    def plan(self) -> PlannedPerson:
        """What the line says, as far as it can be read."""
        known, cells = self._known, self._line.cells
        naming = load_format().needed
        if known is None and not all(any(map(self._line.named, fields)) for fields in naming):
            self.blame(None, "nobody")
        for field, cell in cells.items():
            if not cell.isprintable():
                self.blame(field, "letters")
            elif field != "tags" and len(cell) > self._limits.longest_cell:
                self.blame(field, "long", most=self._limits.longest_cell)
        if known is not None and known.account.revoked_at is not None:
            self.blame(None, "revoked")
        role, contact, membership, station = self._role(), self._contact(), self._membership(), self._station()
        pseudonym = None if known is None else known.account.pseudonym
        changes = _changes(known, contact, membership, station)
        had_phone = known is not None and known.contact.phone is not None
        return PlannedPerson(self._line.line, pseudonym, role, contact, membership, station, changes, had_phone)

    def _said(self, field: Field, standing: str | None) -> str | None:
        cell = self._line.cells.get(field)
        return standing if cell is None else self._line.named(field)

    def _role(self) -> Role:
        standing = Role.OBSERVER if self._known is None else self._known.account.role
        word = self._line.cells.get("role")
        role = standing if word is None else load_format().role_of(word)
        if role is None:
            self.blame("role", "role_unknown")
        elif role in (Role.COORDINATOR, Role.ADMIN):
            self.blame("role", "role_too_high")
        elif self._known is not None and role is not standing:
            self.blame("role", "role_differs")
        elif role is Role.VERIFIER and not self._desk.may_add_verifiers:
            self.blame("role", "role_for_admin")
        return role or standing

    def _contact(self) -> Contact:
        before = Contact(0) if self._known is None else self._known.contact
        phone = self._said("phone", before.phone)
        kept = None if phone is None else normal_phone(phone)
        if phone is not None and kept is None:
            self.blame("phone", "phone_wrong")
        key = self._desk.key
        return Contact(
            before.account_id,
            name=self._said("name", before.name),
            phone=kept,
            sender=None if kept is None or key is None else sender_hash(key, kept),
            reference=self._said("reference", before.reference),
        )

    def _membership(self) -> Membership:
        before = NOBODY if self._known is None else replace(self._known.membership, region=None)
        team, is_lead = self._said("team", before.team), before.is_lead
        words, lead = load_format().words, plain(self._line.cells.get("is_lead", ""))
        if lead in words.yes or lead in words.no:
            is_lead = lead in words.yes
        elif lead:
            self.blame("is_lead", "lead_unknown")
        if is_lead and team is None:
            self.blame("is_lead", "lead_of_nothing")
        return Membership(team, is_lead, self._tags(before.tags))

    def _tags(self, standing: tuple[str, ...]) -> tuple[str, ...]:
        said = self._said("tags", None)
        if said is None:
            return () if "tags" in self._line.cells else standing
        tags = tuple(dict.fromkeys(filter(None, _BETWEEN_TAGS.split(said.lower()))))
        if len(tags) > self._limits.most_tags:
            self.blame("tags", "tags_many", most=self._limits.most_tags)
        if any(len(tag) > self._limits.longest_tag for tag in tags):
            self.blame("tags", "long", most=self._limits.longest_tag)
        return tags

    def _station(self) -> Whereabouts | None:
        said = {field: self._line.cells[field] for field in _WHERE if field in self._line.cells}
        if not said:
            return None
        if all(cell in NOTHING for cell in said.values()):
            return Whereabouts()
        found = self._desk.locate(said)
        if found.key is None:
            self.blame(found.field, "place_unclear" if found.near else "place_unknown", near=found.near)
        return found


def _changes(
    known: Known | None, contact: Contact, membership: Membership, station: Whereabouts | None
) -> tuple[str, ...]:
    before, was, key = (Contact(0), NOBODY, None) if known is None else (known.contact, known.membership, known.key)
    found = [name for name in ("name", "phone", "reference") if getattr(before, name) != getattr(contact, name)]
    # Another ADDRESS_KEY, or the first one: the number is the same, and its hash is made anew.
    if before.sender != contact.sender and "phone" not in found:
        found.append("phone")
    found += [name for name in ("team", "is_lead", "tags") if getattr(was, name) != getattr(membership, name)]
    return (*found, *(("place",) if station is not None and station.key != key else ()))
