"""What the flags find and what they invent: votes moved on a real count, and counts in which nothing happened."""

from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy.stats import false_discovery_control

from mission.flags.binomial import two_sided
from mission.flags.sheets import Booleans, Floats, Integers, Sheets
from mission.flags.thresholds import WithinPlace
from mission.flags.within import Tested, compare_within, is_far


class Column(Struct, frozen=True):
    """One family's figures: x of n in each mesa of a polling place."""

    name: str
    place: Integers
    x: Integers
    n: Integers


class Invented(Struct):
    """Of how many counts without anything to find some mesa was flagged, and how many mesas in all of them.

    `given`: places whose true share is known, which is the model that ships, taken at its word. `whole`: places whose
    share has to be estimated from few mesas, as it has in fact. `firm`: the same, of firm flags only.
    """

    runs: int = 0
    given_runs: int = 0
    whole_runs: int = 0
    firm_runs: int = 0
    whole_mesas: int = 0
    firm_mesas: int = 0


def columns_of(sheets: Sheets) -> tuple[Column, Column]:
    """Share and turnout of the tallied mesas. Of two lists, the share of the second is the first's."""
    rows = sheets.is_tallied
    place, votes = sheets.place[rows], sheets.votes[rows]
    return (
        Column("share", place, votes[:, 1], votes.sum(axis=1)),
        Column("turnout", place, sheets.cast[rows], sheets.registered[rows]),
    )


def find_transfers(column: Column, limits: WithinPlace, votes: int, rng: np.random.Generator) -> tuple[int, int]:
    """In how many mesas a transfer of so many votes, in that mesa alone, becomes a flag; and of how many mesas.

    Mesas that are flagged already, or have not so many votes to move, are left out. The direction is drawn.
    """
    tested = compare_within(column.place, column.x, column.n, limits)
    # As Benjamini–Hochberg would: one more finding hardly moves the bar of those there are.
    bar = tested.p[tested.is_significant].max(initial=limits.false_discovery / tested.tests)
    moved = column.x + votes * rng.choice([-1, 1], len(column.x))
    rows = np.flatnonzero(tested.is_testable & ~tested.is_flagged & (moved >= 0) & (moved <= column.n))
    x, n, share = moved[rows], column.n[rows], tested.share[rows]
    found = (two_sided(x, n, share, tested.rho) <= bar) & is_far(x, n, share, limits)
    return int(found.sum()), len(rows)


class Exchanged(Struct, frozen=True):
    """A count with exchanges planted in it: which two lists, by mesa."""

    sheets: Sheets
    pairs: dict[str, tuple[int, int]]


def draw_lists(sheets: Sheets, lists: int, rng: np.random.Generator) -> Sheets:
    """The tallied mesas of a count, their places, rolls and valid votes, drawn anew for so many lists.

    A few lists have most of the votes, and every place its own; a mesa is drawn around its place as in 2021.
    """
    rows = np.flatnonzero(sheets.is_tallied)
    whole = 1 / np.arange(1, lists + 1) ** 1.3
    around = rng.gamma(np.tile(25 * whole / whole.sum() + 0.01, (len(sheets.places), 1)))
    drift = rng.gamma(270 * (around / around.sum(axis=1, keepdims=True))[sheets.place[rows]] + 1e-6)
    # The columns of a ballot do not stand by their votes.
    order = rng.permutation(lists)
    shares = (drift / drift.sum(axis=1, keepdims=True))[:, order]
    valid = sheets.votes[rows].sum(axis=1)
    figures: dict[str, Any] = {
        name: getattr(sheets, name)[rows]
        for name in ("place", "states", "is_held", "registered", "cast", "valid", "blank", "null", "challenged")
    }
    named = {name: [getattr(sheets, name)[row] for row in rows.tolist()] for name in ("mesas", "ubigeos")}
    return replace(sheets, **figures, **named, votes=rng.multinomial(valid, shares))


def exchange_columns(sheets: Sheets, each: int, rng: np.random.Generator) -> Exchanged:
    """Exchanges of neighbours on the ballot, of the place's first list and another, and of any two; so many of each."""
    votes, pairs = sheets.votes.copy(), {}
    chosen = rng.choice(len(votes), 3 * each, replace=False).tolist()
    for number, row in enumerate(chosen):
        first = int(rng.integers(0, votes.shape[1] - 1))
        carried = int(np.argmax(votes[sheets.place == sheets.place[row]].sum(axis=0)))
        kind = ((first, first + 1), (carried, first), (first, int(rng.integers(0, votes.shape[1]))))[number % 3]
        pair = tuple(sorted(kind))
        votes[row, list(pair)] = votes[row, list(reversed(pair))]
        pairs[sheets.mesas[row]] = (pair[0], pair[1])
    return Exchanged(replace(sheets, votes=votes), pairs)


def invent(column: Column, limits: WithinPlace, runs: int, rng: np.random.Generator) -> Invented:
    """Draw counts in which every place is one electorate and nothing else happened, and flag them."""
    real = compare_within(column.place, column.x, column.n, limits)
    pooled = _pooled(column)
    outcome = Invented(runs)
    for _ in range(runs):
        whole = compare_within(column.place, _draw(column.n, pooled, real.rho, rng), column.n, limits)
        outcome.given_runs += bool(_flag_given(column, real, limits, rng).any())
        outcome.whole_runs += bool(whole.is_flagged.any())
        outcome.firm_runs += bool(whole.is_firm.any())
        outcome.whole_mesas += int(whole.is_flagged.sum())
        outcome.firm_mesas += int(whole.is_firm.sum())
    return outcome


def _flag_given(column: Column, real: Tested, limits: WithinPlace, rng: np.random.Generator) -> Booleans:
    rows = real.is_testable
    n, share = column.n[rows], real.share[rows]
    x = _draw(n, share, real.rho, rng)
    q = false_discovery_control(two_sided(x, n, share, real.rho))
    return np.asarray((q <= limits.false_discovery) & is_far(x, n, share, limits))


def _pooled(column: Column) -> Floats:
    totals = [np.bincount(column.place, figures)[column.place] for figures in (column.x, column.n)]
    return np.asarray((totals[0] + 0.5) / (totals[1] + 1))


def _draw(n: Integers, share: Floats, rho: float, rng: np.random.Generator) -> Integers:
    total = 1 / rho - 1
    return rng.binomial(n, rng.beta(share * total, (1 - share) * total)).astype(np.int64)
