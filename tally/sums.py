"""Sums of actas for every area and polling place: moved by differences, and added up from nothing to check them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from tally.errors import CountInconsistent
from tally.keys import Level
from tally.model import Acta, ActaState, Sums
from tally.tree import FEW, NOWHERE, Integers, Tree

# Columns of every sum, in the order of the published value; the votes of the lists follow.
FIGURES = Sums.__struct_fields__[:-1]
_FIRST_LIST = len(FIGURES)
_WITH_VOTES = (ActaState.COUNTED, ActaState.ANNULLED)
_BOTTOM_UP = (Level.DISTRICT, Level.PROVINCE, Level.DEPARTMENT, Level.SCOPE)


class SumChange(Struct, frozen=True):
    """One area or place whose sums changed; `lower`: a figure that a growing count only raises went down."""

    key: str
    lower: bool


class RunningSums:
    """Sums by node of a tree. `_numbers` [mesas, figures + lists] are the mesas' contributions, `_sums` the nodes'.

    `rising` are the figures that a growing count only raises, beside the lists' votes.
    """

    def __init__(self, tree: Tree, lists: int, rising: Sequence[str]) -> None:
        self.tree = tree
        self._width = _FIRST_LIST + lists
        self.watch(rising)
        self._numbers: Integers = np.zeros((FEW, self._width), dtype=np.int64)
        self._sums: Integers = np.zeros((FEW, self._width), dtype=np.int64)

    def watch(self, rising: Sequence[str]) -> None:
        """Take a fall of those figures, and of any list's votes, for a correction from now on."""
        self._rising = [*map(FIGURES.index, rising), *range(_FIRST_LIST, self._width)]

    def move(self, actas: Sequence[tuple[str, Acta]]) -> list[SumChange]:
        """Put those mesas' present actas (each key once) in place of their earlier ones."""
        if not actas:
            return []
        tree, known = self.tree, len(self.tree.rows)
        paths = np.array([tree.path(acta.ubigeo, acta.place) for _, acta in actas], dtype=np.int64)
        rows = np.array([tree.row(key) for key, _ in actas], dtype=np.int64)
        self._numbers = _grown(self._numbers, len(tree.rows))
        self._sums = _grown(self._sums, len(tree))
        new = np.array([contribution(acta, self._width) for _, acta in actas], dtype=np.int64)
        old = self._numbers[rows]
        old_paths = np.where((rows < known)[:, None], tree.ancestors[rows], paths)
        if np.array_equal(paths, old_paths):
            moved = self._shift(paths, new - old)
        else:  # a mesa changed its district or polling place
            moved = self._shift(np.concatenate([paths, old_paths]), np.concatenate([new, -old]))
        self._numbers[rows], tree.ancestors[rows] = new, paths
        return moved

    def _shift(self, paths: Integers, difference: Integers) -> list[SumChange]:
        """Add each row's difference to all nodes of its path."""
        nodes, inverse = np.unique(paths, return_inverse=True)
        total = np.zeros((len(nodes), self._width), dtype=np.int64)
        inverse = inverse.reshape(paths.shape)
        for level in range(paths.shape[1]):
            _add_groups(total, inverse[:, level], difference)
        self._sums[nodes] += total
        rising = total[:, self._rising]
        changed, lower = np.any(total, axis=1).tolist(), np.any(rising < 0, axis=1).tolist()
        keys = self.tree.keys
        return [SumChange(keys[node], lower[i]) for i, node in enumerate(nodes) if changed[i] and node != NOWHERE]

    def of(self, key: str) -> Sums:
        """Sums of one area or place of the tree."""
        node = self.tree.nodes[key]
        if node >= len(self._sums):
            return _as_sums([0] * self._width)
        return _as_sums(self._sums[node].tolist())

    def recompute(self) -> Integers:
        """All sums from nothing, [nodes, figures + lists]: places and districts from mesas, the rest from below."""
        tree, mesas = self.tree, len(self.tree.rows)
        fresh = np.zeros((len(tree), self._width), dtype=np.int64)
        numbers, ancestors = self._numbers[:mesas], tree.ancestors[:mesas]
        for column in (-1, -2):  # polling place, district
            _add_groups(fresh, ancestors[:, column], numbers)
        parents = np.array(tree.parents, dtype=np.int64)
        for level in _BOTTOM_UP:
            nodes = tree.level_nodes(level)
            _add_groups(fresh, parents[nodes], fresh[nodes])
        return fresh

    def cross_check(self) -> None:
        """Compare the running sums with the recomputed ones.

        Raises: CountInconsistent: they differ; nothing of this board may be published any more.
        """
        self._sums = _grown(self._sums, len(self.tree))
        wrong = np.flatnonzero((self.recompute() != self._sums[: len(self.tree)]).any(axis=1))
        if len(wrong):
            names = ", ".join(self.tree.keys[node] or "mesas without polling place" for node in wrong[:5])
            raise CountInconsistent(f"running sums of {len(wrong)} areas differ from the recomputed ones: {names}")


def _add_groups(target: Integers, groups: Integers, rows: Integers) -> None:
    """target[g] += Σ rows whose group is g. Sorting and reduceat: 20 times as fast as np.add.at here."""
    if not len(groups):
        return
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    target[ordered[starts]] += np.add.reduceat(rows[order], starts, axis=0)


def contribution(acta: Acta, width: int) -> tuple[int, ...]:
    """What one acta adds to every area above it, in the columns' order. Only counted and annulled actas add votes.

    ONPE's buckets: counted holds every acta that needs nothing more, so also the annulled and not installed. Where an
    annulled acta shows figures (all its votes null), ONPE counts them among the null votes and the votes cast.
    """
    registered, state = acta.registered or 0, acta.state
    if state in _WITH_VOTES and acta.votes is not None:
        votes = (vote or 0 for vote in acta.votes)
        cast, valid, blank, null, challenged = acta.cast, acta.valid, acta.blank, acta.null, acta.challenged
        return 0, blank or 0, cast or 0, challenged or 0, 1, null or 0, 0, registered, registered, 1, valid or 0, *votes
    at_jee, pending = state is ActaState.AT_JEE, state is ActaState.PENDING
    counted = not (at_jee or pending)
    roll = registered if counted else 0
    return int(at_jee), 0, 0, 0, int(counted), 0, int(pending), registered, roll, 1, 0, *(0,) * (width - _FIRST_LIST)


def _as_sums(row: list[int]) -> Sums:
    values: Any = (*row[:_FIRST_LIST], tuple(row[_FIRST_LIST:]))
    return Sums(*values)


def _grown(array: Integers, needed: int) -> Integers:
    while needed > len(array):
        array = np.concatenate([array, np.zeros_like(array)])
    return array
