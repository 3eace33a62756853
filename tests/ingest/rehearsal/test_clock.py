"""Simulated time and publications."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.rehearsal.cadence import Cadence
from ingest.rehearsal.clock import Clock, milliseconds, moment
from ingest.rehearsal.generations import generation_of
from tests.ingest.rehearsal.conftest import at


@pytest.mark.parametrize(
    ("generation", "steps", "second", "first"),
    [("onpe2026", [4, 6, 4, 6], 2, "06-08 02:12:02"), ("onpe2021", [30, 30, 30, 30], 0, "06-08 02:18:00")],
)
def test_the_source_publishes_in_the_steps_of_its_generation(
    generation: str, steps: list[int], second: int, first: str
) -> None:
    cadence = generation_of(generation).cadence
    cuts = [moment(cadence.after(milliseconds(at("06-08 02:06:10"))))]
    while len(cuts) < 5:
        cuts.append(moment(cadence.after(milliseconds(cuts[-1]) + 1)))
    assert cuts[0] == at(first)
    assert [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(cuts)] == steps
    assert {cut.second for cut in cuts} == {second}


@given(
    some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    some.sampled_from([(generation_of("onpe2021").cadence, 30), (generation_of("onpe2026").cadence, 6)]),
)
def test_any_moment_lies_between_two_neighbouring_cuts(instant: datetime, kind: tuple[Cadence, int]) -> None:
    ms, (cadence, longest) = milliseconds(instant), kind
    assert cadence.before(ms) <= ms <= cadence.after(ms)
    assert cadence.after(ms) - cadence.before(ms) <= longest * 60_000
    assert cadence.before(cadence.before(ms)) == cadence.before(ms)
    assert cadence.after(cadence.after(ms)) == cadence.after(ms)


def test_simulated_time_runs_as_fast_as_asked_and_stops() -> None:
    real = [at("10-01 12:00:00")]
    clock = Clock(at("06-07 22:00:00"), at("06-08 00:00:00"), 60.0, lambda: real[0])
    assert clock.at() == at("06-07 22:00:00")
    real[0] += timedelta(minutes=1)
    assert clock.at() == at("06-07 23:00:00")
    real[0] += timedelta(hours=5)
    assert clock.at() == at("06-08 00:00:00")


def test_without_a_speed_time_stands_at_the_end() -> None:
    clock = Clock(at("06-07 22:00:00"), at("06-08 00:00:00"), None, lambda: at("10-01 12:00:00"))
    assert clock.at() == at("06-08 00:00:00")
    clock.step_to(at("06-07 23:00:00"))
    assert clock.at() == at("06-07 23:00:00")
