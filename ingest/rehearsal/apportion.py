"""Whole numbers that add up: shares of a total within bounds, and tables with given row and column sums."""

import numpy as np
import numpy.typing as npt

from ingest.rehearsal.mesas import Integers

Reals = npt.NDArray[np.float64]

_STEPS = 60
_CLOSE = 1e-3
_MOST_ROUNDS = 1000


def spread(total: int, weights: Reals, low: Integers, high: Integers) -> Integers:
    """Whole numbers that add up to `total`, as near to proportional to `weights` as `low` and `high` allow.

    Raises: ValueError: the bounds leave no room for `total`.
    """
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"{total} cannot lie between {low.sum()} and {high.sum()}")
    weights = np.maximum(weights, 1e-9)
    bottom, top = 0.0, float((high / weights).max(initial=0.0)) + 1.0
    for _ in range(_STEPS):
        middle = (bottom + top) / 2
        if np.clip(weights * middle, low, high).sum() < total:
            bottom = middle
        else:
            top = middle
    exact = np.clip(weights * bottom, low, high)
    shares = np.floor(exact).astype(np.int64)
    missing = total - int(shares.sum())
    while missing > 0:
        room = np.flatnonzero(shares < high)
        first = room[np.argsort(-(exact - shares)[room], kind="stable")][:missing]
        shares[first] += 1
        missing -= len(first)
    return shares


def fit_table(seed: Reals, rows: Integers, columns: Integers) -> Integers:
    """A table of whole numbers with those row and column sums, in the proportions of the positive table `seed`.

    Raises: ValueError: rows and columns do not add up to the same.
    """
    if rows.sum() != columns.sum():
        raise ValueError(f"rows add up to {rows.sum()}, columns to {columns.sum()}")
    table = seed.copy()
    for _ in range(_MOST_ROUNDS):
        table *= (columns / np.maximum(table.sum(axis=0), 1e-12))[None, :]
        table *= (rows / np.maximum(table.sum(axis=1), 1e-12))[:, None]
        if np.abs(table.sum(axis=0) - columns).max() < _CLOSE:
            break
    return _round_table(table, rows, columns)


def _round_table(table: Reals, rows: Integers, columns: Integers) -> Integers:
    """Round down, then give each column what it lacks, first to the rows that lost most and still lack something."""
    whole = np.floor(table).astype(np.int64)
    lost = table - whole
    lacking = rows - whole.sum(axis=1)
    for column in range(table.shape[1]):
        need = int(columns[column] - whole[:, column].sum())
        while need > 0:
            open_rows = np.flatnonzero(lacking > 0)
            first = open_rows[np.argsort(-lost[open_rows, column], kind="stable")][:need]
            whole[first, column] += 1
            lacking[first] -= 1
            need -= len(first)
    return whole
