"""Alterations planted in a real run-off: what each test finds of them, and which honest mesas it accuses instead."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mission.flags.flag import FlagKind
from mission.flags.rules import is_broken
from mission.flags.screening import screen_sheets, setting_of
from mission.flags.sheets import Booleans, Integers, Sheets
from mission.flags.thresholds import load_thresholds
from tally.keys import code_of

# Every test that takes a mesa for what it is; a mesa without votes for one list is context, and accuses nobody.
TESTS = (FlagKind.ARITHMETIC, FlagKind.SWAP, FlagKind.SHARE, FlagKind.TURNOUT, FlagKind.IDENTICAL)
MESAS, PLACES, VOTES = 300, 30, 60
Flagged = Mapping[str, Booleans]


class Planted(Struct, frozen=True):
    """An altered count, and which of its mesas were altered."""

    sheets: Sheets
    rows: Booleans


class Sight(Struct, frozen=True):
    """What one test saw of an alteration. `honest`: mesas left alone that it flags now and did not before."""

    found: int
    missed: int
    honest: int


class Ground(Struct, frozen=True):
    """A count nobody touched: what is flagged there already, and how many tallied mesas the place of each row has."""

    sheets: Sheets
    flagged: Flagged
    mesas: Integers

    def draw(self, is_fit: Booleans, rng: np.random.Generator) -> Integers:
        """One mesa of each of some places, tallied, fit for it and not flagged by any test."""
        rows = rng.permutation(np.flatnonzero(is_fit & self._is_open))
        _, first = np.unique(self.sheets.place[rows], return_index=True)
        return np.asarray(rng.permutation(rows[first])[:MESAS])

    def draw_places(self, is_fit: Booleans, rng: np.random.Generator) -> list[Integers]:
        """All mesas of each of some places, testable ones of which every mesa is fit and none flagged."""
        place = self.sheets.place
        whole = np.bincount(place, self.sheets.is_tallied) == np.bincount(place, is_fit & self._is_open & self.is_large)
        codes = np.flatnonzero(whole & (np.bincount(place, self.is_large) > 0))
        chosen = rng.choice(codes, PLACES, replace=False).tolist()
        return [np.flatnonzero((place == code) & self.sheets.is_tallied) for code in chosen]

    @property
    def is_large(self) -> Booleans:
        """Rows whose place has mesas enough for a test."""
        return self.mesas >= load_thresholds().within_place.least_mesas

    @property
    def _is_open(self) -> Booleans:
        return self.sheets.is_tallied & ~np.any(list(self.flagged.values()), axis=0)


def read_ground(sheets: Sheets) -> Ground:
    """The count as it is."""
    tallied = np.bincount(sheets.place, sheets.is_tallied)[sheets.place].astype(np.int64)
    return Ground(sheets, flag_rows(sheets), tallied)


def flag_rows(sheets: Sheets) -> Flagged:
    """Which rows each test flags."""
    row = {mesa: number for number, mesa in enumerate(sheets.mesas)}
    flagged = {test.value: np.zeros(len(sheets), dtype=np.bool_) for test in TESTS}
    for flag in screen_sheets(sheets, setting_of(sheets), load_thresholds()).flags:
        if flag.kind in TESTS:
            flagged[flag.kind.value][row[code_of(flag.key)]] = True
    return {**flagged, FlagKind.ARITHMETIC.value: is_broken(sheets)}


def look(ground: Ground, planted: Planted) -> dict[str, Sight]:
    """What each test sees of it."""
    sights = {}
    for test, flagged in flag_rows(planted.sheets).items():
        found = int((flagged & planted.rows).sum())
        honest = int((flagged & ~planted.rows & ~ground.flagged[test]).sum())
        sights[test] = Sight(found, int(planted.rows.sum()) - found, honest)
    return sights


def plant(name: str, ground: Ground, seed: int) -> Planted:
    """The alteration of that name; the same whichever others are planted beside it."""
    return PLANTINGS[name](ground, np.random.default_rng([seed, list(PLANTINGS).index(name)]))


def _move(votes: int) -> Callable[[Ground, np.random.Generator], Planted]:
    """So many votes from one list to the other in single mesas of testable places, in a direction that is drawn."""

    def moved(ground: Ground, rng: np.random.Generator) -> Planted:
        rows = ground.draw(ground.is_large & (ground.sheets.votes >= votes).all(axis=1), rng)
        return _give(ground, rows, votes, rng.integers(0, 2, len(rows)))

    return moved


def _small(ground: Ground, rng: np.random.Generator) -> Planted:
    rows = ground.draw(~ground.is_large & (ground.sheets.votes >= VOTES).all(axis=1), rng)
    return _give(ground, rows, VOTES, rng.integers(0, 2, len(rows)))


def _places(part: float) -> Callable[[Ground, np.random.Generator], Planted]:
    """Votes moved to the second list in that part of the mesas of whole places."""

    def altered(ground: Ground, rng: np.random.Generator) -> Planted:
        chosen = ground.draw_places(ground.sheets.votes[:, 0] >= VOTES, rng)
        rows = np.concatenate([mesas[: round(part * len(mesas))] for mesas in chosen])
        return _give(ground, rows, VOTES, np.ones(len(rows), dtype=np.int64))

    return altered


def _give(ground: Ground, rows: Integers, votes: int, to: Integers) -> Planted:
    table = ground.sheets.votes.copy()
    table[rows, to] += votes
    table[rows, 1 - to] -= votes
    return _planted(ground, rows, votes=table)


def _swap(ground: Ground, rng: np.random.Generator) -> Planted:
    rows, votes = ground.draw(ground.is_large, rng), ground.sheets.votes.copy()
    votes[rows] = votes[rows][:, ::-1]
    return _planted(ground, rows, votes=votes)


def _stuff(reach: Callable[[Integers], Integers]) -> Callable[[Ground, np.random.Generator], Planted]:
    """Ballots for one list that nobody cast; `reach`: how many, of the voters who stayed away."""

    def stuffed(ground: Ground, rng: np.random.Generator) -> Planted:
        sheets = ground.sheets
        away = sheets.registered - sheets.cast
        rows = ground.draw(ground.is_large & (away >= VOTES), rng)
        more, votes = reach(away[rows]), sheets.votes.copy()
        votes[rows, rng.integers(0, 2, len(rows))] += more
        sums = {name: getattr(sheets, name).copy() for name in ("cast", "valid")}
        for column in sums.values():
            column[rows] += more
        return _planted(ground, rows, votes=votes, **sums)

    return stuffed


def _copy(ground: Ground, rng: np.random.Generator) -> Planted:
    """Every figure of another mesa of the same place, whose ballots are no more than the roll."""
    sheets = ground.sheets
    rows, others = [], []
    for row in ground.draw(ground.is_large, rng).tolist():
        fit = (sheets.place == sheets.place[row]) & sheets.is_tallied & (sheets.cast <= sheets.registered[row])
        fit[row] = False
        if fit.any():
            rows.append(row)
            others.append(int(rng.choice(np.flatnonzero(fit))))
    figures = {name: getattr(sheets, name).copy() for name in ("votes", "cast", "valid", "blank", "null", "challenged")}
    for column in figures.values():
        column[rows] = column[others]
    return _planted(ground, np.array(rows), **figures)


def _planted(ground: Ground, rows: Integers, **figures: Any) -> Planted:
    chosen = np.zeros(len(ground.sheets), dtype=np.bool_)
    chosen[rows] = True
    return Planted(replace(ground.sheets, **figures), chosen)


PLANTINGS: Mapping[str, Callable[[Ground, np.random.Generator], Planted]] = {
    "move_20": _move(20),
    "move_40": _move(40),
    "move_60": _move(60),
    "swap": _swap,
    "stuff_60": _stuff(lambda away: np.full_like(away, VOTES)),
    "stuff_roll": _stuff(lambda away: away),
    "stuff_over": _stuff(lambda away: away + 1),
    "copy": _copy,
    "half_place": _places(0.5),
    "whole_place": _places(1.0),
    "small_place": _small,
}
