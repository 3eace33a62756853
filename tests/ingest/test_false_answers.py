"""A quick helping of the soak of false answers: every class of them, a few times; the whole is in RELIABILITY.md."""

from bench.mutations import MUTATIONS
from bench.soaks.mutations import control, run


def test_true_answers_are_published_whole() -> None:
    assert control()


def test_no_false_answer_crashes_anything_or_becomes_a_number_without_a_mark() -> None:
    outcomes = run(seed=20260607, mutants=5 * len(MUTATIONS))
    assert len(MUTATIONS) >= 36
    assert [(outcome.name, outcome.crash) for outcome in outcomes if outcome.crash] == []
    assert [(outcome.name, outcome.silent) for outcome in outcomes if outcome.silent] == []
    # The soak would mean nothing if its answers never led astray.
    assert any(outcome.unmarked for outcome in outcomes)
