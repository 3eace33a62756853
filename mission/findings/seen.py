"""What stands of one form at one place, as the findings count it."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

# As forms have it: "yes", a choice's id, a list of them, an integer, "HH:MM".
Answer = str | int | tuple[str, ...]
NOT_APPLICABLE = "na"


class Setting(StrEnum):
    """Whether a polling place is in a town. It is not told unless a register says so: nobody guesses."""

    URBAN = "urban"
    RURAL = "rural"
    NOT_TOLD = "not_told"


class Cell(Struct, frozen=True, order=True):
    """The smallest group of places that a finding is told of. `region`: prefix of a department, or of a continent."""

    region: str
    setting: Setting


class Seen(Struct, frozen=True):
    """One form at one mesa or polling place.

    unit: key of what the form was filled in for; place: code of the polling place it is at.
    observers: pseudonyms of all whose answers stand here, chosen or not.
    answers: by question, of those that are decided; undecided: questions to which two said different things.
    responses: ids of what it rests on.
    """

    unit: str
    place: str
    cell: Cell
    observers: frozenset[str]
    answers: Mapping[str, Answer]
    undecided: frozenset[str] = frozenset()
    is_doubtful: bool = False
    responses: tuple[str, ...] = ()
