"""The rules by which names of schools are read and compared, out of geo/data/schools.toml."""

from functools import cache

import msgspec
from msgspec import Struct

from geo.ubigeo import read_data


class Scores(Struct, frozen=True, forbid_unknown_fields=True):
    """0 to 1; what each is for stands in the file."""

    exact: float
    check: float
    numbers_agree: float
    one_without_words: float
    one_without_number: float
    doubted: float
    words: float


class Spelling(Struct, frozen=True, forbid_unknown_fields=True):
    """How far two words may differ and be one word."""

    letters: tuple[int, ...]
    endings: frozenset[str]

    def allowed(self, length: int) -> int:
        """How many letters may differ in a word of that length."""
        return sum(length >= least for least in self.letters)


class Numbers(Struct, frozen=True, forbid_unknown_fields=True):
    """In digits."""

    short: int
    ordinal: int


class Distances(Struct, frozen=True, forbid_unknown_fields=True):
    """Kilometres; `radii` and `nearer` are factors."""

    same_site_km: float
    outside_km: float
    radii: float
    least_km: float
    unknown_km: float
    placed_km: float
    nearer: float


class Vocabulary(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say little of which school it is, and those that say another building."""

    fillers: frozenset[str]
    ornaments: frozenset[str]
    sites: frozenset[str]
    former: str


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """Days that schools are named for."""

    months: tuple[str, ...]
    spelled: dict[str, str]


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """All of the file."""

    score: Scores
    spelling: Spelling
    number: Numbers
    place: Distances
    kinds: dict[str, tuple[str, ...]]
    levels: dict[str, tuple[str, ...]]
    words: Vocabulary
    abbreviations: dict[str, str]
    days: Days
    ordinals: dict[str, int]
    columns: dict[str, tuple[str, ...]]

    def openings(self) -> dict[tuple[str, ...], str]:
        """Kind by the words a name begins with."""
        return {tuple(text.split()): kind for kind, texts in self.kinds.items() for text in texts}

    def level_of(self) -> dict[str, str]:
        """Level by each of its words."""
        return {word: level for level, words in self.levels.items() for word in words}


@cache
def load_rules() -> Rules:
    """The rules this package carries."""
    return msgspec.toml.decode(read_data("schools.toml"), type=Rules)
