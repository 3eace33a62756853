"""Who is served next, of many contests that share one source."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.turns import Turns


def test_before_the_first_whole_of_every_contest_was_asked_for_nothing_else_is() -> None:
    turns = Turns(3)
    for contest in range(3):
        turns.want_whole(contest)
        turns.want_others(contest)
    asked = []
    while turns.is_for_whole:
        asked.append(turns.take_whole())
        turns.served(0, 1.0)
    assert asked == [0, 1, 2]
    assert turns.take_other() == 0


def test_wholes_and_others_take_turns_while_both_wait() -> None:
    turns = Turns(2)
    for contest in (0, 1):
        turns.want_whole(contest)
        assert turns.take_whole() == contest
    kinds = []
    for moment in range(6):
        turns.want_whole(0)
        turns.want_others(1)
        kinds.append(turns.is_for_whole)
        if turns.is_for_whole:
            assert turns.take_whole() == 0
        else:
            assert turns.take_other() == 1
            turns.served(1, float(moment))
    assert kinds == [False, True] * 3


def test_a_contest_waits_once_however_often_it_is_said() -> None:
    turns = Turns(1)
    turns.want_whole(0)
    turns.want_whole(0)
    turns.want_others(0)
    turns.want_others(0)
    assert (turns.take_whole(), turns.take_whole()) == (0, None)
    assert (turns.take_other(), turns.take_other()) == (0, None)
    assert turns.is_empty


@given(st.lists(st.integers(0, 4), min_size=1, max_size=200))
def test_whoever_was_served_longest_ago_is_served_next(wishes: list[int]) -> None:
    turns = Turns(5)
    served_at = dict.fromkeys(range(5), -1.0)
    waiting: set[int] = set()
    for moment, contest in enumerate(wishes):
        turns.want_others(contest)
        waiting.add(contest)
        if moment % 3 == 2:
            chosen = turns.take_other()
            assert chosen is not None
            assert served_at[chosen] == min(served_at[one] for one in waiting)
            waiting.remove(chosen)
            served_at[chosen] = float(moment)
            turns.served(chosen, float(moment))


def test_what_moved_comes_before_the_rest_of_all_others_but_for_one_turn_in_four() -> None:
    turns, many = Turns(25), 0
    for contest in range(25):
        turns.want_whole(contest)
        assert turns.take_whole() == contest
    served = []
    for moment in range(100):
        for contest in range(1, 25):
            turns.want_rest(contest)
        turns.want_others(many)
        chosen = turns.take_other()
        assert chosen is not None
        turns.served(chosen, float(moment))
        served.append(chosen)
    assert served.count(many) == 75
    assert {served.count(contest) for contest in range(1, 25)} == {1, 2}
