"""A mesa against the other mesas of its own polling place, one electorate parted by number or surname.

No wider comparison survived the calibration.
"""

import numpy as np
from msgspec import Struct

from mission.flags.binomial import fit_rho, two_sided, widen_rho
from mission.flags.discovery import adjust
from mission.flags.sheets import Booleans, Floats, Integers
from mission.flags.thresholds import WithinPlace


class Siblings(Struct, frozen=True):
    """What the other mesas of each row's place say: their share, their ballots; and which rows have enough of them."""

    share: Floats
    ballots: Integers
    is_testable: Booleans


class Tested(Struct, frozen=True):
    """x of n against the `share` of the rest of the place. `p` and `q` are NaN where not testable, and `p` is 1 where x
    is so near that no correction would let it count.

    is_significant: after Benjamini–Hochberg. is_flagged: and far enough away to matter.
    is_firm: flagged, and more significant still by the full p with the noise of the place's own share counted in.
    """

    x: Integers
    n: Integers
    share: Floats
    rho: float
    p: Floats
    q: Floats
    is_testable: Booleans
    is_significant: Booleans
    is_flagged: Booleans
    is_firm: Booleans

    @property
    def tests(self) -> int:
        """How many there are."""
        return int(self.is_testable.sum())


def look_around(place: Integers, x: Integers, n: Integers, least_mesas: int) -> Siblings:
    """Leave-one-out: p̂ = (Σ others + ½) / (n_others + 1). Rows without a place (−1) are not testable."""
    group = place + 1
    mesas = np.bincount(group)[group]
    ballots = np.bincount(group, n)[group].astype(np.int64) - n
    others = np.bincount(group, x)[group].astype(np.int64) - x
    share = (others + 0.5) / (ballots + 1)
    return Siblings(share, ballots, (mesas >= least_mesas) & (place >= 0) & (ballots > 0) & (n > 0))


def compare_within(place: Integers, x: Integers, n: Integers, limits: WithinPlace) -> Tested:
    """Whether x of n fits the rest of the place: one test a row."""
    return compare_columns(place, x[:, None], n, limits)[0]


def compare_columns(place: Integers, columns: Integers, n: Integers, limits: WithinPlace) -> list[Tested]:
    """Whether each column [mesas, columns] fits the rest of the place as a part of n; all corrected together."""
    fits = [_fit(place, x, n, limits) for x in columns.T]
    q, cautious = (_adjust_all([getattr(fit, name) for fit in fits]) for name in ("p", "cautious"))
    tested = []
    for number, (fit, x) in enumerate(zip(fits, columns.T, strict=True)):
        is_significant = q[number] <= limits.false_discovery  # a NaN is never
        is_flagged = is_significant & is_far(x, n, fit.around.share, limits)
        is_firm = is_flagged & (cautious[number] <= limits.firm_discovery)
        told = (fit.around.is_testable, is_significant, is_flagged, is_firm)
        tested.append(Tested(x, n, fit.around.share, fit.rho, fit.p, q[number], *told))
    return tested


class _Fit(Struct, frozen=True):
    """p-values of one column before any correction; `cautious`: with the noise of the place's own share counted in."""

    around: Siblings
    rho: float
    p: Floats
    cautious: Floats


def _fit(place: Integers, x: Integers, n: Integers, limits: WithinPlace) -> _Fit:
    around = look_around(place, x, n, limits.least_mesas)
    rows = np.flatnonzero(around.is_testable)
    p, cautious = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if not len(rows):
        return _Fit(around, np.nan, p, cautious)
    rho = fit_rho(x[rows], n[rows], around.share[rows], around.ballots[rows])
    p[rows] = cautious[rows] = 1.0
    # Within a standard deviation nothing is rare; the tails of all others are summed, which takes most of the time.
    variance = n * around.share * (1 - around.share) * (1 + (n - 1) * rho)
    rows = rows[(x - n * around.share)[rows] ** 2 > variance[rows]]
    mine, of, share = x[rows], n[rows], around.share[rows]
    p[rows] = two_sided(mine, of, share, rho)
    rows = rows[p[rows] <= limits.false_discovery]
    mine, of, share = x[rows], n[rows], around.share[rows]
    cautious[rows] = two_sided(mine, of, share, widen_rho(of, rho, around.ballots[rows]), weight=1.0)
    return _Fit(around, rho, p, cautious)


def _adjust_all(columns: list[Floats]) -> list[Floats]:
    table = np.array(columns)
    known = ~np.isnan(table)
    if known.any():
        table[known] = adjust(table[known])
    return list(table)


def is_far(x: Integers, n: Integers, share: Floats, limits: WithinPlace) -> Booleans:
    """Whether x is so far from the share of the place that it could matter: in points and in votes."""
    away = np.abs(x - n * share)
    return np.asarray((away >= limits.least_points / 100 * n) & (away >= limits.least_votes))
