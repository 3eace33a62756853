"""The beta-binomial: votes of one list in a mesa whose true share varies a little around that of its polling place.

`rho` is the correlation of two ballots of one mesa beyond what the place explains; at 0 it is the binomial.
One number for all mesas, or one for each.
Source of the parametrisation: mean n·p, variance n·p·(1−p)·(1 + (n−1)·rho).
"""

import numpy as np

from mission.flags.sheets import Floats, Integers

# Where the rest of the sum can no longer change the sixteenth digit.
_NEGLIGIBLE = 1e-17
# Below it the gamma functions lose more digits than the difference from the binomial is worth.
LEAST_RHO = 1e-6


def log_likelihood(x: Integers, n: Integers, p: Floats, rho: float | Floats) -> Floats:
    """Logarithm of the probability of exactly x of n."""
    from scipy.special import gammaln  # here: 27 MB, which a replica that computes no flags does without

    total = 1 / rho - 1
    a, b = p * total, (1 - p) * total
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    beta = gammaln(x + a) + gammaln(n - x + b) - gammaln(n + total)
    return np.asarray(ways + beta + gammaln(total) - gammaln(a) - gammaln(b))


def two_sided(x: Integers, n: Integers, p: Floats, rho: float | Floats, weight: float = 0.5) -> Floats:
    """p-value: twice the tail beyond x, to which x itself counts by `weight` (½: the mid-p, 1: the full p).

    The tail is summed outwards from x by the ratio of neighbours, all mesas in step.
    """
    total = 1 / rho - 1
    is_upper = x > n * p
    # The lower tail of x is the upper tail of n − x with both parameters exchanged.
    k = np.where(is_upper, x, n - x).astype(np.float64)
    a = np.where(is_upper, p, 1 - p) * total
    b = total - a
    term = np.exp(log_likelihood(x, n, p, rho))
    tail = weight * term
    rows = np.flatnonzero(k < n)
    open_terms = np.stack([k, a, b, n.astype(np.float64), term])[:, rows]
    while len(rows):
        k, a, b, top, term = open_terms
        term *= (top - k) * (k + a) / ((k + 1) * (top - k - 1 + b))
        k += 1
        tail[rows] += term
        goes_on = (k < top) & (term > _NEGLIGIBLE * tail[rows])
        if not goes_on.all():
            rows, open_terms = rows[goes_on], open_terms[:, goes_on]
    return np.minimum(1.0, 2 * tail)


def fit_rho(x: Integers, n: Integers, p: Floats, n_others: Integers) -> float:
    """`rho` by moments, from how much z² exceeds 1: z = (x − n·p) / √(n·p·(1−p)·(1 + n/n_others)).

    The last factor is the noise of p itself, which comes from n_others ballots. Never less than LEAST_RHO.
    """
    variance = n * p * (1 - p) * (1 + n / n_others)
    excess = float(np.mean((x - n * p) ** 2 / variance)) - 1
    spread = float(np.mean(n)) - 1
    return max(LEAST_RHO, min(0.5, excess / spread)) if spread > 0 else LEAST_RHO


def widen_rho(n: Integers, rho: float, n_others: Integers) -> Floats:
    """`rho` with the noise of p counted in: the variance grows by the factor 1 + n/n_others of `fit_rho`."""
    factor = (1 + (n - 1) * rho) * (1 + n / n_others)
    return np.asarray(np.clip((factor - 1) / np.maximum(n - 1, 1), LEAST_RHO, 0.5))
