"""The gate's memory: what goes back is believed when the source says it again; old copies and wrong clocks are not."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tally.board import Board, Fact, Release
from tally.changes import Kind
from tally.gate import Gate, is_older
from tally.model import ActaState
from tests.tally.makers import acta, count, fact, place

NOW = datetime(2026, 6, 8, 3, 0, tzinfo=UTC)
EARLY, LATE, LATER = "2026-06-08T02:12:03Z", "2026-06-08T02:22:03.500Z", "2026-06-08T02:32:03Z"


class Rig:
    def __init__(self) -> None:
        self.board = Board(2)
        self.gate = Gate(self.board)

    def say(self, *facts: Fact) -> dict[str, Kind]:
        return {change.key: change.kind for change in self.board.apply(self.gate.admit(facts, NOW))}

    def nation(self, votes: tuple[int, int], source_at: str | None, **more: int) -> dict[str, Kind]:
        return self.say(Fact("nation", count(votes, source_at=source_at, **more)))


def test_a_lower_figure_is_published_as_a_correction_when_it_is_seen_twice() -> None:
    rig = Rig()
    rig.nation((60, 40), EARLY)
    assert rig.nation((59, 40), LATE) == {}
    assert set(rig.gate.waiting) == {"nation"}
    assert rig.nation((59, 40), LATE) == {"nation": Kind.CORRECTION}
    assert rig.gate.waiting == {}
    assert rig.board.published["nation"].votes == (59, 40)


def test_a_lower_figure_that_vanishes_again_is_never_shown() -> None:
    rig = Rig()
    rig.nation((60, 40), EARLY)
    assert rig.nation((6, 4), LATE) == {}
    assert rig.nation((61, 41), LATER) == {"nation": Kind.UPDATE}
    assert rig.nation((6, 4), LATER) == {}
    assert rig.board.published["nation"].votes == (61, 41)


def test_two_different_lower_figures_do_not_confirm_each_other() -> None:
    rig = Rig()
    rig.nation((60, 40), EARLY)
    assert rig.nation((59, 40), LATE) == rig.nation((58, 40), LATE) == {}


def test_a_lower_figure_whose_stamp_moves_is_still_the_same_figure() -> None:
    rig = Rig()
    rig.nation((60, 40), EARLY)
    rig.nation((59, 40), LATE)
    assert rig.nation((59, 40), LATER) == {"nation": Kind.CORRECTION}


def test_an_older_copy_is_ignored_even_when_an_edge_serves_it_twice() -> None:
    rig = Rig()
    rig.nation((61, 41), LATE)
    assert rig.nation((60, 40), EARLY) == rig.nation((60, 40), EARLY) == {}
    assert rig.nation((61, 41), LATE) == {}
    assert rig.gate.waiting == {}


def test_a_source_that_really_went_back_in_time_is_believed_the_third_time() -> None:
    rig = Rig()
    rig.nation((61, 41), LATE)
    rig.nation((60, 40), EARLY)
    rig.nation((60, 40), EARLY)
    assert rig.nation((60, 40), EARLY) == {"nation": Kind.CORRECTION}


def test_a_stamp_from_the_future_never_makes_true_ones_look_old() -> None:
    rig = Rig()
    rig.nation((60, 40), "2031-01-01T00:00:00Z")
    assert rig.nation((61, 41), EARLY) == {"nation": Kind.UPDATE}


def test_missing_stamps_order_nothing() -> None:
    rig = Rig()
    rig.nation((60, 40), EARLY)
    assert rig.nation((61, 41), None) == {"nation": Kind.UPDATE}
    assert rig.nation((62, 42), EARLY) == {"nation": Kind.UPDATE}


def test_stamps_of_both_precisions_are_compared() -> None:
    assert is_older(EARLY, LATE, NOW)
    assert not is_older("2026-06-08T02:22:03Z", LATE, NOW)


def test_an_acta_that_leaves_the_count_is_believed_the_second_time() -> None:
    rig = Rig()
    rig.say(place(), fact("000001", acta()))
    gone = fact("000001", acta(code="E", state=ActaState.AT_JEE, cast=None, valid=None))
    assert rig.say(gone) == {}
    assert rig.say(gone)["mesa/000001"] is Kind.CORRECTION


def test_an_acta_that_arrives_needs_no_second_look() -> None:
    rig = Rig()
    rig.say(place(), fact("000001", acta(None, code="P", state=ActaState.PENDING, cast=None, blank=None, null=None,
                                         challenged=None, valid=None)))  # fmt: skip
    assert rig.say(fact("000001", acta()))["mesa/000001"] is Kind.UPDATE


def test_a_held_value_is_published_when_a_person_releases_it() -> None:
    rig = Rig()
    rig.say(place(), fact("000001", acta()))
    rig.say(fact("000001", acta((600, 400))))  # replaced figures: a second look first
    assert rig.say(fact("000001", acta((600, 400)), "sha256:bb")) == {"mesa/000001": Kind.HOLD}
    changes = rig.board.release(Release("mesa/000001", "Ana", "ONPE confirmed the figures"))
    released = next(change for change in changes if change.key == "mesa/000001")
    assert (released.kind, released.src) == (Kind.RELEASE, "sha256:bb")
    assert released.note == '{"by":"Ana","reason":"ONPE confirmed the figures"}'
    assert rig.board.sums.of("nation").votes == (600, 400)
    assert rig.board.release(Release("mesa/000001", "Ana", "again")) == []
    assert rig.say(fact("000001", acta((600, 400)))) == {}


def test_a_released_area_is_not_held_again_for_the_same_figures() -> None:
    rig = Rig()
    rig.say(Fact("department/14", count()))
    assert rig.say(Fact("department/14", count(total=99))) == {"department/14": Kind.HOLD}
    [change] = rig.board.release(Release("department/14", "Ana", "seen on their page"))
    assert (change.kind, rig.board.published["department/14"].total) == (Kind.RELEASE, 99)
    assert rig.say(Fact("department/14", count(total=99))) == {}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.sampled_from([EARLY, LATE, LATER])), max_size=12))
def test_whatever_the_source_repeats_three_times_is_what_is_shown(said: list[tuple[int, int, str]]) -> None:
    rig = Rig()
    for first, second, stamp in said:
        rig.nation((first, second), stamp)
    for _ in range(3):
        rig.nation((7, 8), EARLY)
    assert rig.board.published["nation"].votes == (7, 8)
    assert rig.gate.waiting == {}
