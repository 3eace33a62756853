"""Simulated time and publications."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from ingest.rehearsal.clock import Clock, cut_after, cut_before, milliseconds, moment
from tests.ingest.rehearsal.conftest import at


def test_the_source_publishes_in_steps_of_four_and_six_minutes() -> None:
    cuts = [at("06-08 02:12:02")]
    while len(cuts) < 5:
        cuts.append(moment(cut_after(milliseconds(cuts[-1]) + 1)))
    minutes = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(cuts)]
    assert minutes == [4, 6, 4, 6]
    assert {cut.second for cut in cuts} == {2}


@given(some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)))  # noqa: DTZ001
def test_any_moment_lies_between_two_neighbouring_cuts(instant: datetime) -> None:
    ms = milliseconds(instant)
    assert cut_before(ms) <= ms <= cut_after(ms)
    assert cut_after(ms) - cut_before(ms) <= 6 * 60_000
    assert cut_before(cut_before(ms)) == cut_before(ms)
    assert cut_after(cut_after(ms)) == cut_after(ms)


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
