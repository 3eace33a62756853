"""Mesas of one polling place with the same figures in every column, and how many there would be by chance alone."""

from collections import defaultdict

import numpy as np
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, flag_mesa, lead_of
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


def find_twins(sheets: Sheets, place: Integers, leader: int, rho: float, least_chance: float) -> Twins:
    """Compare all figures: votes of every list, blank, null and challenged. `rho`: of the share of list `leader`.

    Equal ones whose `chance` is below the least are beyond what chance explains, and are to be looked at.
    """
    figures = np.column_stack([sheets.votes, sheets.blank, sheets.null, sheets.challenged])
    rows = np.flatnonzero(place >= 0)
    alike = _find_alike(np.column_stack([place, figures])[rows])
    groups = [rows[group].tolist() for group in alike]
    seen = sum(len(group) - 1 for group in groups)
    pairs = _expect(figures[rows], place[rows], leader, rho)
    found = [
        _flag(sheets, row, mesas, _About(seen, pairs.total, pairs.chance_of(place[row], figures[row]), least_chance))
        for mesas in groups
        for row in mesas
    ]
    return Twins(seen, pairs.total, found)


class _About(Struct, frozen=True):
    """What a flag says beside its mesas: equal ones seen, expected, and the chance of any so improbable."""

    seen: int
    expected: float
    chance: float
    least_chance: float


class _Pairs(Struct, frozen=True):
    """Pairs of mesas that could be equal, by place and votes cast (`codes`), the least probable first.

    up_to: how many equal pairs are expected among those up to there.
    """

    codes: Integers
    up_to: Floats
    span: int

    @property
    def total(self) -> float:
        """Expected equal pairs of the whole count."""
        return float(self.up_to[-1]) if len(self.up_to) else 0.0

    def chance_of(self, place: int, figures: Integers) -> float:
        """The chance that the count has any equal pair as improbable as one of that place with those figures."""
        at = np.flatnonzero(self.codes == place * self.span + figures.sum())[0]
        return float(-np.expm1(-self.up_to[at]))


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
    """Expected number of pairs with equal figures, given how many voted in each mesa."""
    return _expect(figures, place, leader, rho).total


def _expect(figures: Integers, place: Integers, leader: int, rho: float) -> _Pairs:
    """Only mesas with equally many votes can be alike. For those it is the chance that two draws agree: the valid votes
    of the votes cast (binomial), the leader's of the valid ones (beta-binomial, `rho`), then column by column what
    remains. Each draw has its expected size.
    """
    cast = figures.sum(axis=1)
    span = int(cast.max(initial=0)) + 1
    codes, sizes = np.unique(place * span + cast, return_counts=True)
    codes, sizes = codes[sizes > 1], sizes[sizes > 1]
    if not len(sizes):
        return _Pairs(codes, np.zeros(0), span)
    where, ballots = np.divmod(codes, span)
    votes = np.column_stack([np.bincount(place, column)[where] for column in figures.T]).astype(np.float64)
    lists = figures.shape[1] - _OTHER_COLUMNS
    valid = votes[:, :lists].sum(axis=1) / votes.sum(axis=1)
    order = [leader, *(column for column in range(lists) if column != leader)]
    chance = _agree(ballots, valid)
    chance *= _draw(votes[:, order], ballots * valid, rho) * _draw(votes[:, lists:], ballots * (1 - valid))
    rising = np.argsort(chance, kind="stable")
    return _Pairs(codes[rising], np.cumsum((chance * sizes * (sizes - 1) / 2)[rising]), span)


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


def _flag(sheets: Sheets, row: int, alike: list[int], about: _About) -> Flag:
    is_beyond = about.chance < about.least_chance
    figures = {
        "same_as": [sheets.mesas[other] for other in alike if other != row],
        "seen": about.seen,
        "expected": round(about.expected, 1),
        "beyond" if is_beyond else "chance": about.chance,
    }
    severity = FlagSeverity.REVIEW if is_beyond else FlagSeverity.INFO
    most = lead_of(sheets.votes[row].tolist())
    return flag_mesa(sheets, row, FlagKind.IDENTICAL, severity, figures=figures, at_most_votes=most)
