"""What is promised of a source that is unwell, fault by fault: docs/drills.md says it, these tests hold us to it."""

import pytest

from tally.errors import WrongElection
from tally.model import AreaState
from tests.ingest.faults.drill import EARLY, LATE, Drill, assert_whole

# Whatever of these the source does, no figure is published that was not its own.
HARMLESS = (
    "stale-edge",
    "echo",
    "null-general",
    "duplicate-mesa",
    "clock-skew",
    "wrong-election",
    "truncate:0.3",
    "html-200:0.3",
    "202-challenge:0.3",
    "429:0.3",
    "403-storm",
)


@pytest.mark.parametrize("fault", HARMLESS)
def test_no_figure_is_published_that_was_never_true_and_afterwards_all_is_read(drill: Drill, fault: str) -> None:
    truth = drill.spoil(fault)
    assert drill.wrong() == []
    drill.recover()
    assert_whole(drill.poll(), truth)


def test_faults_together_do_no_more_harm_than_one(drill: Drill) -> None:
    truth = drill.spoil("truncate:0.1", "html-200:0.1", "429:0.05", "duplicate-mesa:0.2", "echo:0.3")
    assert drill.wrong() == []
    drill.recover()
    assert_whole(drill.poll(), truth)


def test_html_200_is_kept_as_evidence_and_named(drill: Drill) -> None:
    drill.spoil("html-200:0.3")
    pages = [attempt for attempt in drill.archive.attempts() if attempt.type == "text/html; charset=utf-8"]
    assert pages
    assert all(attempt.status == 200 and attempt.sha256 is not None for attempt in pages)


def test_a_403_storm_is_met_with_doubling_pauses_and_few_questions(drill: Drill) -> None:
    drill.spoil("403-storm:10m")
    assert all(pause >= 30 for pause in drill.budget.pauses)
    assert max(drill.budget.pauses) > 4 * min(drill.budget.pauses)
    refused = [attempt for attempt in drill.archive.attempts() if attempt.status == 403]
    assert 2 <= len(refused) == len(drill.budget.pauses) <= 20


def test_429_is_obeyed_to_the_second(drill: Drill) -> None:
    drill.spoil("429:0.3")
    assert drill.budget.pauses
    assert min(drill.budget.pauses) >= 60


def test_a_202_challenge_is_a_refusal_and_not_an_empty_answer(drill: Drill) -> None:
    drill.spoil("202-challenge:0.3")
    challenged = [attempt for attempt in drill.archive.attempts() if attempt.status == 202]
    assert len(challenged) == len(drill.budget.pauses) > 0
    assert min(drill.budget.pauses) >= 30
    assert drill.last("nation").published.counted == 40


def test_an_echo_is_held_with_its_reason_and_the_last_good_figures_stay(drill: Drill) -> None:
    truth = drill.spoil("echo:1")
    state: AreaState = drill.last("department/14")
    assert [issue.rule for issue in state.held or ()] == ["scope_echo"]
    assert state.published is not None
    assert state.published.counted < truth.published["department/14"].counted
    assert drill.last("nation").published.counted == 40


def test_null_general_is_never_zero(drill: Drill) -> None:
    drill.spoil("null-general:1")
    # In 2021 the rest of the answer says all; in 2026 nothing else is there, and the last good figures stay.
    counted = drill.last("nation").published.counted
    assert counted == 40 if drill.election.generation == "onpe2021" else 0 < counted < 40


def test_a_duplicate_mesa_is_never_counted_twice(drill: Drill) -> None:
    drill.spoil("duplicate-mesa:1")
    computed = drill.last("nation").computed
    assert computed.total == 40
    assert computed.counted <= 40


def test_a_wrong_election_is_refused_at_the_start(drill: Drill) -> None:
    drill.order("wrong-election@0s")
    with pytest.raises(WrongElection, match="check --feed and --election"):
        drill.identify()


def test_not_a_number_of_a_wrong_election_is_taken_later(drill: Drill) -> None:
    drill.step_to(EARLY)
    drill.order("wrong-election@1s")
    drill.poll()
    drill.hours.now += 1
    drill.step_to(LATE)
    before = drill.store.info(drill.election.id).seq
    drill.poll()
    assert drill.store.info(drill.election.id).seq == before


def test_a_zero_acta_is_published_and_marked_and_its_areas_show_the_difference(drill: Drill) -> None:
    truth = drill.spoil("zero-acta:0.3")
    empty = {said.partition(":")[0] for said in drill.wrong()}
    assert empty
    assert {issue.rule for key in empty for issue in drill.last(key).flags or ()} == {"all_zero"}
    assert {issue.rule for issue in drill.last("nation").flags or ()} == {"reconciliation"}
    drill.recover()
    assert_whole(drill.poll(), truth)
