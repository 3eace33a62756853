"""Swap suspects: mesas where two columns of the acta, exchanged, would fit the polling place much better.

Any two lists are candidates, and the pair that fits best is named; what one exchange in a place explains is no second
one. Of more pairs one fits well by chance more often, so the ratio it must reach grows with their number.
"""

from collections import Counter
from itertools import combinations
from math import comb, log

import numpy as np
from msgspec import Struct

from mission.flags.binomial import LEAST_RHO
from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_mesa
from mission.flags.sheets import Floats, Integers, Sheets
from mission.flags.thresholds import Thresholds
from mission.flags.within import look_around

Pair = tuple[int, int]


class Swaps(Struct, frozen=True):
    """How many exchanges were compared, and the flags."""

    tests: int
    flags: list[Flag]


class _Exchange(Struct, frozen=True):
    """The exchange that fits a mesa best; `usual`: the first list's share of the two in the rest of the place."""

    pair: Pair
    usual: float
    ratio: float


def find_swaps(sheets: Sheets, place: Integers, setting: Setting, rho: float, limits: Thresholds) -> Swaps:
    """Log-likelihood of the exchanged columns over that of the columns as they stand, by the Dirichlet-multinomial.

    Of two lists that is the beta-binomial; `rho` is that of the shares. An exchange that would move the two by a few
    points only says that the columns are alike: it is no flag.
    """
    votes, pairs = sheets.votes, comb(setting.lists, 2)
    is_testable = look_around(place, votes[:, 0], votes.sum(axis=1), limits.within_place.least_mesas).is_testable
    rows = np.flatnonzero(is_testable)
    rho, bar = max(LEAST_RHO, rho), limits.swap.least_log_ratio + log(max(1, pairs))
    best = _find_best(votes, place, rows, rho, bar)
    wide = {row: found for row, found in best.items() if _is_wide(votes[row], found.pair, limits)}
    crowded = [code for code, suspects in Counter(place[list(wide)].tolist()).items() if suspects > 1]
    kept = {row: found for row, found in wide.items() if place[row] not in crowded}
    for code in crowded:
        inside = np.flatnonzero(place == code)
        kept |= {row: wide[row] for row in _settle(votes[inside], inside, set(wide), rho, bar)}
    ranked = sorted(kept.items(), key=lambda one: -one[1].ratio)
    return Swaps(len(rows) * pairs, [_flag(sheets, setting, row, found) for row, found in ranked])


def _settle(votes: Integers, rows: Integers, suspects: set[int], rho: float, bar: float) -> list[int]:
    """Which suspects of one place are left: with the surest one turned, another must still look exchanged.

    In a place of few mesas one exchanged acta makes honest ones look exchanged against it.
    """
    kept: list[int] = []
    turned, inside = votes.copy(), np.zeros(len(rows), dtype=np.int64)
    while True:
        found = _find_best(turned, inside, np.arange(len(rows)), rho, bar)
        left = [at for at in found if rows[at] in suspects and rows[at] not in kept]
        if not left:
            return kept
        at = max(left, key=lambda one: found[one].ratio)
        first, second = found[at].pair
        turned[at, [first, second]] = turned[at, [second, first]]
        kept.append(int(rows[at]))


def _find_best(votes: Integers, place: Integers, rows: Integers, rho: float, bar: float) -> dict[int, _Exchange]:
    """The exchange that fits best in each row, where one is above the bar."""
    best: dict[int, _Exchange] = {}
    if not len(rows):
        return best
    others = np.stack([np.bincount(place + 1, column)[place + 1] - column for column in votes.T])[:, rows] + 0.5
    columns, logs = votes[rows].T.astype(np.float64), np.log(others)
    # By the multinomial, which is surer of itself, hardly any could fit: only those are weighed.
    for first, second in combinations(range(len(columns)), 2):
        hits = np.flatnonzero((columns[second] - columns[first]) * (logs[first] - logs[second]) > bar)
        if not len(hits):
            continue
        usual = others[[first, second]][:, hits] * ((1 / rho - 1) / others[:, hits].sum(axis=0))
        ratios = _log_ratio(columns[[first, second]][:, hits], usual)
        shares = usual[0] / usual.sum(axis=0)
        for row, share, ratio in zip(rows[hits].tolist(), shares.tolist(), ratios.tolist(), strict=True):
            if ratio > bar and (row not in best or ratio > best[row].ratio):
                best[row] = _Exchange((first, second), share, ratio)
    return best


def _log_ratio(x: Floats, usual: Floats) -> Floats:
    """Of two columns [2, mesas], with what the place makes of them as parameters of the distribution."""
    from scipy.special import gammaln  # as in `binomial`

    turned = x[::-1]
    return np.asarray((gammaln(turned + usual) - gammaln(x + usual)).sum(axis=0))


def _is_wide(votes: Integers, pair: Pair, limits: Thresholds) -> bool:
    first, second = (int(votes[place]) for place in pair)
    return abs(first - second) >= limits.swap.least_points / 100 * (first + second)


def _flag(sheets: Sheets, setting: Setting, row: int, found: _Exchange) -> Flag:
    (first, second), (ahead, behind) = found.pair, setting.leaders
    votes = sheets.votes[row].tolist()
    turned = list(votes)
    turned[first], turned[second] = votes[second], votes[first]
    change = (turned[ahead] - turned[behind]) - (votes[ahead] - votes[behind])
    figures = {
        "list": first,
        "votes": votes[first],
        "other_list": second,
        "other_votes": votes[second],
        "expected": round(found.usual, 4),
        "log_ratio": round(found.ratio, 2),
        **setting.one_way(change),
    }
    return flag_mesa(sheets, row, FlagKind.SWAP, FlagSeverity.REVIEW, figures=figures, at_most_votes=abs(change))
