"""Ranks: everybody is told once, whoever pauses or goes in the middle of it, and nobody loses their place."""

from typing import Any

import pytest

from api.live.following import OwedFrames, Position
from api.live.frames import Frame
from api.live.ranks import SLICE, FollowerRank

BEFORE, AFTER = Position(("nation",), "e", 4, 4), Position(("nation",), "e", 5, 5)
STEP = OwedFrames((Frame("one"), Frame("two")), AFTER)


class Somebody:
    """A member with a transport that counts."""

    def __init__(self) -> None:
        self.rank: FollowerRank | None = None
        self.wire: Any = self
        self.transport = self
        self.heard: list[bytes] = []
        self.goes_away = False
        self.stood: Position | None = None

    def write(self, data: bytes) -> None:
        """Called by the rank; a transport may say in the middle of a write that its buffer is full."""
        self.heard.append(data)
        if self.goes_away:
            self.go()

    def go(self) -> None:
        assert self.rank is not None
        self.stood = self.rank.position_of(self)
        self.rank.remove(self)


@pytest.fixture
def people() -> list[Somebody]:
    return [Somebody() for _ in range(SLICE * 2 + 10)]


@pytest.fixture
def rank(people: list[Somebody]) -> FollowerRank:
    rank = FollowerRank(BEFORE, is_packed=False)
    for one in people:
        rank.add(one)
    return rank


def test_all_are_told_once_in_slices(rank: FollowerRank, people: list[Somebody]) -> None:
    assert list(rank.tell(STEP)) == [SLICE, SLICE, 10]
    assert all(one.heard == [Frame("one").plain + Frame("two").plain] for one in people)
    assert rank.position == AFTER


def test_whoever_pauses_in_the_middle_knows_whether_they_were_told(rank: FollowerRank, people: list[Somebody]) -> None:
    people[3].goes_away = True
    telling = rank.tell(STEP)
    next(telling)
    assert people[3].stood == AFTER
    people[5].go()
    people[SLICE + 1].go()
    assert (people[5].stood, people[SLICE + 1].stood) == (AFTER, BEFORE)
    assert list(telling) == [SLICE, 9]
    assert people[SLICE + 1].heard == []
    assert sum(len(one.heard) for one in people) == len(people) - 1
    assert len(rank) == len(people) - 3


def test_the_next_telling_is_of_those_who_are_there_then(rank: FollowerRank, people: list[Somebody]) -> None:
    list(rank.tell(STEP))
    people[0].go()
    late = Somebody()
    rank.add(late)
    assert sum(rank.tell(OwedFrames((Frame("three"),), AFTER))) == len(people)
    assert (len(people[0].heard), len(late.heard)) == (1, 1)


def test_who_comes_while_others_are_told_is_told_next_time(rank: FollowerRank, people: list[Somebody]) -> None:
    late = Somebody()
    telling = rank.tell(OwedFrames((Frame("beat"),), BEFORE))
    next(telling)
    rank.add(late)
    list(telling)
    assert (late.heard, rank.position_of(late)) == ([], BEFORE)
    list(rank.tell(STEP))
    assert len(late.heard) == 1


def test_nothing_is_written_where_nothing_is_owed(rank: FollowerRank, people: list[Somebody]) -> None:
    assert list(rank.tell(OwedFrames((), AFTER))) == []
    assert rank.position == AFTER
    assert not any(one.heard for one in people)


def test_two_ranks_at_one_place_become_one(rank: FollowerRank) -> None:
    other = FollowerRank(BEFORE, is_packed=False)
    late = Somebody()
    other.add(late)
    assert other.place == rank.place != FollowerRank(BEFORE, is_packed=True).place
    rank.absorb(other)
    assert late.rank is rank
    assert not other
    list(rank.tell(STEP))
    assert len(late.heard) == 1
