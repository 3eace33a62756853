"""Whom a roster's lines are about: known by the house's own reference, else by number, else by a name only one has."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from mission.people.accounts import Account
from mission.people.contacts import Contact, normal_phone
from mission.people.teams import Membership
from mission.spreadsheet import Fault, Sheet, SheetLine, plain


class Known(Struct, frozen=True):
    """Somebody who is there already; `key`: where they are assigned."""

    account: Account
    contact: Contact
    membership: Membership
    key: str | None = None


class Matches(Struct, frozen=True):
    """Who each line is about, by its number (missing: somebody new), and the lines of which that cannot be told."""

    people: Mapping[int, Known]
    faults: tuple[Fault, ...]


def match(sheet: Sheet, known: Sequence[Known]) -> Matches:
    """Find who is there already. A name counts only for whom neither reference nor number found."""
    references, phones, names = _index(known)
    found: dict[int, Known] = {}
    for line in sheet.lines:
        reference, phone = line.named("reference"), normal_phone(line.cells.get("phone", ""))
        one = references.get(reference or "")
        if one is None and (other := phones.get(phone or "")) is not None and _fits(other, reference):
            one = other
        if one is not None:
            found[line.line] = one
    taken, faults = {one.account.id for one in found.values()}, []
    for line in sheet.lines:
        name = line.named("name")
        if line.line in found or name is None:
            continue
        free = [one for one in names[plain(name)] if one.account.id not in taken]
        free = [one for one in free if _fits(one, line.named("reference"))]
        if len(free) == 1:
            found[line.line] = free[0]
        elif free:
            faults.append(sheet.fault(line, "name", "name_of_several"))
    return Matches(found, (*faults, *_twice(sheet, found)))


def _fits(one: Known, reference: str | None) -> bool:
    return reference is None or one.contact.reference in (None, reference)


def _index(known: Iterable[Known]) -> tuple[dict[str, Known], dict[str, Known], defaultdict[str, list[Known]]]:
    names: defaultdict[str, list[Known]] = defaultdict(list)
    for one in known:
        if one.contact.name is not None:
            names[plain(one.contact.name)].append(one)
    references = {one.contact.reference: one for one in known if one.contact.reference is not None}
    return references, {one.contact.phone: one for one in known if one.contact.phone is not None}, names


def _twice(sheet: Sheet, found: Mapping[int, Known]) -> Iterable[Fault]:
    """Lines that say again what an earlier one says, or are about the same person."""
    people: dict[int, int] = {}
    for line in sheet.lines:
        one = found.get(line.line)
        if one is not None and people.setdefault(one.account.id, line.line) != line.line:
            yield sheet.fault(line, None, "twice", other=people[one.account.id])
    yield from _repeated(sheet, "reference", lambda line: line.named("reference"))
    yield from _repeated(sheet, "phone", lambda line: normal_phone(line.cells.get("phone", "")))
    yield from _repeated(sheet, "name", _bare_name)


def _repeated(sheet: Sheet, field: str, value: Callable[[SheetLine], str | None]) -> Iterable[Fault]:
    seen: dict[str, int] = {}
    for line in sheet.lines:
        said = value(line)
        if said is not None and seen.setdefault(said, line.line) != line.line:
            yield sheet.fault(line, field, "repeated", other=seen[said])


def _bare_name(line: SheetLine) -> str | None:
    """The name, where nothing else tells two people of that name apart."""
    name = line.named("name")
    return None if name is None or line.named("reference") or line.named("phone") else plain(name)
