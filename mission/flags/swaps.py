"""Swap suspects: mesas where exchanging the columns of the two leading lists fits the polling place much better."""

import numpy as np
from msgspec import Struct

from mission.flags.binomial import LEAST_RHO, fit_rho, log_likelihood
from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_mesa
from mission.flags.sheets import Floats, Integers, Sheets
from mission.flags.thresholds import Thresholds
from mission.flags.within import Siblings, look_around


class Swaps(Struct, frozen=True):
    """`log_ratio` by row (NaN where not testable), how many were compared, and the flags."""

    log_ratio: Floats
    tests: int
    flags: list[Flag]


def find_swaps(sheets: Sheets, place: Integers, setting: Setting, limits: Thresholds) -> Swaps:
    """Log-likelihood of the exchanged columns over that of the columns as they stand, by the beta-binomial.

    An exchange that would move the share by a few points only says that the two columns are alike: it is no flag.
    """
    first, second = sorted(setting.leaders)
    x = sheets.votes[:, first]
    n = x + sheets.votes[:, second]
    around = look_around(place, x, n, limits.within_place.least_mesas)
    rows = around.is_testable
    ratio = np.full(len(x), np.nan)
    if rows.any():
        mine, of, share = x[rows], n[rows], around.share[rows]
        rho = max(LEAST_RHO, fit_rho(mine, of, share, around.ballots[rows]))
        ratio[rows] = log_likelihood(of - mine, of, share, rho) - log_likelihood(mine, of, share, rho)
    is_wide = np.abs(2 * x - n) >= limits.swap.least_points / 100 * n
    found = np.flatnonzero((ratio > limits.swap.least_log_ratio) & is_wide)
    ranked = found[np.argsort(-ratio[found], kind="stable")].tolist()
    return Swaps(ratio, int(rows.sum()), [_flag(sheets, around, setting, row, float(ratio[row])) for row in ranked])


def _flag(sheets: Sheets, around: Siblings, setting: Setting, row: int, ratio: float) -> Flag:
    first, second = sorted(setting.leaders)
    a, b, usual = int(sheets.votes[row, first]), int(sheets.votes[row, second]), float(around.share[row])
    figures = {
        "list": first,
        "votes": a,
        "other_list": second,
        "other_votes": b,
        "expected": round(usual, 4),
        "log_ratio": round(ratio, 2),
        "margin": setting.margin,
    }
    move = 2 * abs(a - b)
    return flag_mesa(sheets, row, FlagKind.SWAP, FlagSeverity.REVIEW, figures=figures, at_most_votes=move)
