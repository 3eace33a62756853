"""Mesas of one polling place with the same figures in every column, and how many there would be by chance alone."""

from collections import defaultdict

import numpy as np
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, flag_mesa
from mission.flags.sheets import Floats, Integers, Sheets

# An odd number without pattern: what it multiplies is spread over all bits.
_MIX = np.uint64(0x9E3779B97F4A7C15)
_OTHER_COLUMNS = 3  # blank, null, challenged
# Beyond this variance the normal's density serves; up to it two draws hardly ever differ by _AROUND or more.
_WIDE, _AROUND = 20, 80


class Twins(Struct, frozen=True):
    """`seen`: mesas that repeat another's figures (of three alike, two repeat); `expected` by chance; the flags."""

    seen: int
    expected: float
    flags: list[Flag]


def find_twins(sheets: Sheets, place: Integers, leader: int, rho: float) -> Twins:
    """Compare all figures: votes of every list, blank, null and challenged. `rho`: of the share of list `leader`."""
    figures = np.column_stack([sheets.votes, sheets.blank, sheets.null, sheets.challenged])
    rows = np.flatnonzero(place >= 0)
    alike = _find_alike(np.column_stack([place, figures])[rows])
    groups = [rows[group].tolist() for group in alike]
    seen = sum(len(group) - 1 for group in groups)
    expected = expect_twins(figures[rows], place[rows], leader, rho) if len(rows) else 0.0
    return Twins(seen, expected, [flag for mesas in groups for flag in _flags(sheets, mesas, seen, expected)])


def _find_alike(vectors: Integers) -> list[Integers]:
    """Groups of equal rows, of two or more. A hash of each is sorted: sorting the rows takes ten times as long."""
    mixed = np.zeros(len(vectors), dtype=np.uint64)
    for column in vectors.T:
        mixed = (mixed ^ column.astype(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    ordered = mixed[order]
    shared = np.flatnonzero(ordered[1:] == ordered[:-1])
    candidates = order[np.unique(np.concatenate([shared, shared + 1]))]
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for row in candidates.tolist():
        groups[tuple(vectors[row].tolist())].append(row)
    return [np.array(group) for group in groups.values() if len(group) > 1]


def expect_twins(figures: Integers, place: Integers, leader: int, rho: float) -> float:
    """Expected number of pairs with equal figures, given how many voted in each mesa.

    Only mesas with equally many votes can be alike. For those it is the chance that two draws agree: the valid votes
    of the votes cast (binomial), the leader's of the valid ones (beta-binomial, `rho`), then column by column what
    remains. Each draw has its expected size.
    """
    cast = figures.sum(axis=1)
    span = int(cast.max()) + 1
    pairs, sizes = np.unique(place * span + cast, return_counts=True)
    where, ballots = np.divmod(pairs[sizes > 1], span)
    sizes = sizes[sizes > 1]
    if not len(sizes):
        return 0.0
    votes = np.column_stack([np.bincount(place, column)[where] for column in figures.T]).astype(np.float64)
    lists = figures.shape[1] - _OTHER_COLUMNS
    valid = votes[:, :lists].sum(axis=1) / votes.sum(axis=1)
    order = [leader, *(column for column in range(lists) if column != leader)]
    chance = _agree(ballots, valid)
    chance *= _draw(votes[:, order], ballots * valid, rho) * _draw(votes[:, lists:], ballots * (1 - valid))
    return float((chance * sizes * (sizes - 1) / 2).sum())


def _draw(pools: Floats, ballots: Floats, rho: float = 0.0) -> Floats:
    """Chance that two mesas part their ballots among the columns alike; `rho` is of the first column."""
    chance, remaining, left = np.ones(len(ballots)), ballots.copy(), pools.sum(axis=1)
    for number, column in enumerate(pools.T[:-1]):
        share = np.divide(column, left, out=np.zeros_like(left), where=left > 0)
        chance *= _agree(remaining, share, rho if number == 0 else 0.0)
        remaining, left = remaining * (1 - share), left - column
    return chance


def _agree(n: Floats | Integers, p: Floats, rho: float = 0.0) -> Floats:
    """Chance that two binomial draws of n are equal.

    Where they vary much it is 1/√(4π·variance); elsewhere the mean of |characteristic function|² around the circle,
    which _AROUND points give exactly. The beta-binomial's chance is smaller by the root of its wider variance.
    """
    variance = n * p * (1 - p)
    wide = variance > _WIDE
    chance = 1 / np.sqrt(4 * np.pi * np.where(wide, variance, 1))
    rows = np.flatnonzero(~wide)
    turns = np.sin(np.pi * np.arange(_AROUND) / _AROUND) ** 2
    base = 1 - 4 * (p * (1 - p))[rows, None] * turns
    chance[rows] = (base ** np.asarray(n)[rows, None]).mean(axis=1)
    return np.asarray(chance / np.sqrt(1 + np.maximum(n - 1, 0) * rho))


def _flags(sheets: Sheets, alike: list[int], seen: int, expected: float) -> list[Flag]:
    """One flag for each mesa of a group with equal figures."""
    return [
        _flag(sheets, row, [sheets.mesas[other] for other in alike if other != row], seen, expected) for row in alike
    ]


def _flag(sheets: Sheets, row: int, others: list[str], seen: int, expected: float) -> Flag:
    ranked = sorted(sheets.votes[row].tolist(), reverse=True)
    figures = {"same_as": others, "seen": seen, "expected": round(expected, 1)}
    lead = ranked[0] - ranked[1]
    return flag_mesa(sheets, row, FlagKind.IDENTICAL, FlagSeverity.INFO, figures=figures, at_most_votes=lead)
