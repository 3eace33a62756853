"""What a source says of one race, before anybody decides anything about it."""

from collections.abc import Callable

from msgspec import Struct

from tally.election import Process

# Told while areas are read: how many of them, of how many.
Progress = Callable[[int, int], None]


class FoundList(Struct, frozen=True):
    """One list as the source names it; `votes` as far as they are counted, `candidate` empty where it names none."""

    code: str
    name: str
    candidate: str
    votes: int = 0
    is_withdrawn: bool = False


class FoundContest(Struct, frozen=True):
    """One area's race: its `scope` (ubigeo prefix), the area's names from the department down, its lists."""

    scope: str
    area: tuple[str, ...]
    lists: tuple[FoundList, ...]

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """What tells it from another: two provinces may have the same lists, but not the same candidates."""
        return frozenset((one.code, one.candidate) for one in self.lists)


class FoundRace(Struct, frozen=True):
    """A race as it was found. `source_id` and `source_page`: see Contest. `day`: midnight in the source's own time.

    `empty`: areas of the contests' level of which the source has no list. `has_ballots`: whether an acta of each
    contest was read, which alone shows withdrawn lists.
    """

    process: Process
    day: str
    source_id: int
    name: str
    source_page: str | None
    contests: tuple[FoundContest, ...]
    empty: tuple[str, ...] = ()
    has_ballots: bool = False
    is_test: bool = False
