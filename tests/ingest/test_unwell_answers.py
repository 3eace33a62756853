"""A helping of the second suite of false answers and of failing lines; the whole is in RELIABILITY.md."""

from bench.mutations import MUTATIONS
from bench.mutations.unwell import CLASSES
from bench.mutations.unwell.line import LINES
from bench.soaks.line import MOST_CYCLES, run
from bench.soaks.unwell import run as run_answers

_LINES = ("a byte at a time", "a thousand cookies", "gzip cut off", "silence in the body")


def test_no_class_of_a_source_that_is_unwell_ends_stalls_or_misleads_a_count() -> None:
    assert len(CLASSES) >= 120
    assert CLASSES.keys().isdisjoint(MUTATIONS)
    results = run_answers(seed=20260607, mutants=len(CLASSES))
    assert [result.outcome.crash for result in results if result.outcome.crash] == []
    assert [result.outcome.name for result in results if result.is_stalled] == []
    assert [result.outcome.name for result in results if result.is_decided] == []
    assert [(result.outcome.name, result.outcome.silent) for result in results if result.outcome.silent] == []
    # The suite would mean nothing if its answers never led astray.
    assert any(result.outcome.wrong for result in results)


def test_a_poller_lives_through_a_failing_line_and_is_back_within_three_cycles() -> None:
    assert len(LINES) >= 50
    for one in run(_LINES):
        assert one.is_alive, one
        assert one.is_told, one
        assert not one.is_wrong, one
        assert one.cycles is not None, one
        assert one.cycles <= MOST_CYCLES, one
