"""Whole numbers that add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.rehearsal.apportion import fit_table, spread


@given(
    some.lists(some.tuples(some.floats(0.01, 1000), some.integers(0, 50), some.integers(0, 300)), min_size=1),
    some.floats(0, 1),
)
def test_a_spread_adds_up_within_its_bounds(entries: list[tuple[float, int, int]], where: float) -> None:
    weights, low, room = (np.array(column) for column in zip(*entries, strict=True))
    high = low + room
    total = int(low.sum() + where * room.sum())
    shares = spread(total, weights.astype(float), low, high)
    assert shares.sum() == total
    assert (low <= shares).all()
    assert (shares <= high).all()


def test_a_total_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot lie between"):
        spread(11, np.ones(2), np.zeros(2, dtype=np.int64), np.full(2, 5))


@given(some.integers(0, 2**32 - 1), some.integers(1, 30), some.integers(1, 6))
def test_a_fitted_table_has_the_sums_it_was_asked_for(seed: int, height: int, width: int) -> None:
    random = np.random.default_rng(seed)
    wanted = random.integers(0, 200, (height, width)) * random.integers(0, 2, (height, 1))
    rows, columns = wanted.sum(axis=1), wanted.sum(axis=0)
    table = fit_table(random.lognormal(0, 1, (height, width)), rows, columns)
    assert (table.sum(axis=1) == rows).all()
    assert (table.sum(axis=0) == columns).all()
    assert table.min() >= 0
