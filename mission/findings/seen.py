"""What stands of one form at one place, as the findings count it."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from mission.responses.response import Given

NOT_APPLICABLE = "na"


class PlaceSetting(StrEnum):
    """Whether a polling place is in a town. It is not told unless a register says so: nobody guesses."""

    URBAN = "urban"
    RURAL = "rural"
    NOT_TOLD = "not_told"


class FindingCell(Struct, frozen=True, order=True):
    """The smallest group of places that a finding is told of.

    region: prefix of a department or of a continent; "" where the count does not know the mesa yet.
    """

    region: str
    setting: PlaceSetting


class Seen(Struct, frozen=True):
    """One form at one mesa or polling place.

    unit: key of what the form was filled in for; place: code of the polling place it is at.
    observers: pseudonyms of all whose answers stand here, chosen or not.
    answers: by question, of those that are decided; undecided: questions to which two said different things.
    responses: ids of what it rests on.
    """

    unit: str
    place: str
    cell: FindingCell
    observers: frozenset[str]
    answers: Mapping[str, Given]
    undecided: frozenset[str] = frozenset()
    is_doubtful: bool = False
    responses: tuple[str, ...] = ()
