"""The false discovery rate of many tests at once, after Benjamini and Hochberg (1995)."""

import numpy as np

from mission.flags.sheets import Floats


def adjust(p: Floats) -> Floats:
    """Each p-value's q: the smallest rate at which its test is still among those found.

    As `scipy.stats.false_discovery_control`, whose import alone would take a second of every start.
    """
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(scaled)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(q, 1.0)
