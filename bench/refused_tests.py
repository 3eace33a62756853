"""Tests that are widely used, do not ship, and why: what each flags on an election judged clean."""

import numpy as np
from scipy.stats import chisquare

from mission.flags.sheets import Floats, Integers, Sheets
from tally.keys import Level, prefix_of

# What the specification states of the same file; Benford's law is rejected outright.
SPECIFIED = {"ninety_five": 1_987, "turnout_z": 1_105, "place_iqr": 3_143}
_LEAST_MESAS = 5


def count_refused(sheets: Sheets) -> dict[str, float]:
    """Mesas each refused test would flag; of Benford's law the p-values."""
    rows = sheets.is_tallied
    votes, place = sheets.votes[rows], sheets.place[rows]
    share = votes[:, 1] / votes.sum(axis=1)
    turnout = sheets.cast[rows] / sheets.registered[rows]
    department = np.array([int(prefix_of(ubigeo, Level.DEPARTMENT)) for ubigeo in np.asarray(sheets.ubigeos)[rows]])
    return {
        "ninety_five": int((np.maximum(share, 1 - share) >= 0.95).sum()),
        "turnout_z": int((np.abs(_z(turnout, department)) > 3).sum()),
        "place_iqr": _outside_whiskers(share, place),
        "benford_first": _benford_first(votes.ravel()),
        "benford_second": _benford_second(votes.ravel()),
    }


def _z(values: Floats, group: Integers) -> Floats:
    size = np.maximum(np.bincount(group), 1)
    mean = np.bincount(group, values) / size
    spread = np.sqrt(np.bincount(group, (values - mean[group]) ** 2) / size)
    return np.asarray((values - mean[group]) / spread[group])


def _outside_whiskers(share: Floats, place: Integers) -> int:
    """Beyond 1.5 interquartile ranges from the quartiles of the place, in places of five mesas or more."""
    order = np.argsort(place, kind="stable")
    groups = np.split(share[order], np.flatnonzero(np.diff(place[order])) + 1)
    outside = 0
    for group in groups:
        if len(group) >= _LEAST_MESAS:
            low, high = np.percentile(group, [25, 75])
            reach = 1.5 * (high - low)
            outside += int(((group < low - reach) | (group > high + reach)).sum())
    return outside


def _benford_first(votes: Integers) -> float:
    digits = np.array([int(str(vote)[0]) for vote in votes.tolist() if vote > 0])
    expected = np.log10(1 + 1 / np.arange(1, 10))
    return _p_value(np.bincount(digits, minlength=10)[1:], expected)


def _benford_second(votes: Integers) -> float:
    digits = np.array([int(str(vote)[1]) for vote in votes.tolist() if vote >= 10])
    expected = np.array([sum(np.log10(1 + 1 / (10 * first + digit)) for first in range(1, 10)) for digit in range(10)])
    return _p_value(np.bincount(digits, minlength=10), expected)


def _p_value(seen: Integers, expected: Floats) -> float:
    return float(chisquare(seen, expected / expected.sum() * seen.sum()).pvalue)
