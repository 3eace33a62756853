"""A machine's clock beside the database's, which has one of its own only where it is a server."""

import time

import pytest

from tally.storage.clocks import clock_offset
from tally.storage.store import Store


@pytest.mark.postgres
@pytest.mark.parametrize("ahead_s", [0.0, 600.0, -90.0])
def test_how_far_the_machines_clock_is_off_is_told_within_a_second(standing_postgres: Store, ahead_s: float) -> None:
    offset = clock_offset(standing_postgres.engine, lambda: time.time() + ahead_s)
    assert offset == pytest.approx(ahead_s, abs=1.0)


def test_a_file_goes_by_the_clock_of_whoever_asks(store: Store) -> None:
    assert clock_offset(store.engine, lambda: 0.0) is None
