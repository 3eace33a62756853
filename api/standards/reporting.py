"""A report before it is written in a standard's form: contests of an election, and the tree of all their units."""

from collections import Counter
from functools import cached_property

from msgspec import Struct, structs

from api.live.outlook import COMPLETE, PARTIAL
from api.standards import naming
from api.standards.figures import ContestFigures, UnitFigures
from tally import moments
from tally.election import Contest, Election, ListEntry
from tally.keys import NATION, Level, level_of
from tally.program import this_program


class Report(Struct, frozen=True, dict=True):
    """Contests at the versions that stood at `as_of`."""

    election: Election
    contests: tuple[ContestFigures, ...]
    as_of: str

    @cached_property
    def units(self) -> list[UnitFigures]:
        """Every unit once, the country first. Of one that several contests tell of only what is the same in all."""
        found = {NATION: UnitFigures(key=NATION)}
        for told in self.contests:
            for unit in told.units:
                above = unit.parent or (None if unit.key == NATION else NATION)
                known = structs.replace(unit, parent=above)
                if not self.is_told_once(unit.key):
                    known = UnitFigures(key=unit.key, parent=above, name=unit.name)
                found[unit.key] = known
        return list(found.values())

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """Keys of the units that each unit is made of."""
        found: dict[str, list[str]] = {}
        for unit in self.units:
            if unit.parent is not None:
                found.setdefault(unit.parent, []).append(unit.key)
        return found

    @cached_property
    def _told(self) -> Counter[str]:
        return Counter(unit.key for told in self.contests for unit in told.units)

    def is_told_once(self, key: str) -> bool:
        """Whether one contest, and no other, has figures of a unit."""
        return self._told[key] == 1

    @cached_property
    def lists(self) -> list[ListEntry]:
        """Each party's list once; without its colour where contests give it different ones."""
        found: dict[str, ListEntry] = {}
        for told in self.contests:
            for entry in told.contest.lists:
                known = found.setdefault(entry.id, entry)
                if known.color != entry.color:
                    found[entry.id] = structs.replace(known, color="")
        return list(found.values())

    @property
    def candidacies(self) -> list[tuple[Contest, ListEntry]]:
        """Lists with a candidate, by contest."""
        return [(told.contest, entry) for told in self.contests for entry in told.contest.lists if entry.candidate]

    @property
    def has_mesas(self) -> bool:
        """Whether it goes down to single mesas."""
        return any(level_of(unit.key) is Level.MESA for unit in self.units)

    @property
    def generated_at(self) -> str:
        """When the figures stood so, to the second."""
        return moments.write(moments.read(self.as_of).replace(microsecond=0))

    @property
    def status(self) -> str:
        """The standard's word: complete where every contest is."""
        return COMPLETE if all(told.status == COMPLETE for told in self.contests) else PARTIAL

    @property
    def is_test(self) -> bool:
        """Whether anything of it is a rehearsal's."""
        return any(told.is_test for told in self.contests)

    @property
    def notes(self) -> str:
        """Where the figures come from, in every language."""
        credit = self.election.credit
        told = {code: f"{credit.get(code, '')}. {note}" for code, note in naming.text("standards.notes").items()}
        return " / ".join(told.values())

    @property
    def program(self) -> str:
        """What wrote it."""
        return f"escrutinio/{this_program().version}"
