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
    """One family of tests: x of n against the `share` of the rest of the place. `p` and `q` are NaN where not testable.

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
        """How many tests the correction is for."""
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
    around = look_around(place, x, n, limits.least_mesas)
    rows = around.is_testable
    p, q, cautious = (np.full(len(x), np.nan) for _ in range(3))
    rho = np.nan
    if rows.any():
        mine, of, share, ballots = x[rows], n[rows], around.share[rows], around.ballots[rows]
        rho = fit_rho(mine, of, share, ballots)
        p[rows] = two_sided(mine, of, share, rho)
        q[rows] = adjust(p[rows])
        cautious[rows] = adjust(two_sided(mine, of, share, widen_rho(of, rho, ballots), weight=1.0))
    is_significant = q <= limits.false_discovery  # a NaN is never
    is_flagged = is_significant & is_far(x, n, around.share, limits)
    return Tested(
        x,
        n,
        around.share,
        rho,
        p,
        q,
        rows,
        is_significant,
        is_flagged,
        is_firm=is_flagged & (cautious <= limits.firm_discovery),
    )


def is_far(x: Integers, n: Integers, share: Floats, limits: WithinPlace) -> Booleans:
    """Whether x is so far from the share of the place that it could matter: in points and in votes."""
    away = np.abs(x - n * share)
    return np.asarray((away >= limits.least_points / 100 * n) & (away >= limits.least_votes))
