"""The board's tree: nation, scopes, areas, polling places and mesas, as integers ready for vectorised sums."""

import numpy as np
from numpy.typing import NDArray

from tally.keys import Level, area_key, level_of, parent, place_key

DEPTH = 6  # nation, scope, department, province, district, polling place: the ancestors of a mesa
NOWHERE = 0  # node 0 collects what has no polling place; it is never shown

Integers = NDArray[np.int64]

# Rows that a table begins with; it doubles as it grows. A district's race has hardly more, and there may be thousands.
FEW = 16


class Tree:
    """Nodes numbered in order of arrival, each with its key and parent; mesas point to their ancestors.

    `children` are the nodes right below each. `ancestors` [mesas, DEPTH]: node numbers from nation to polling place
    (NOWHERE if the mesa names no place).
    """

    def __init__(self) -> None:
        self.keys: list[str] = [""]
        self.parents: list[int] = [NOWHERE]
        self.children: list[list[int]] = [[]]
        self.names: list[str | None] = [None]
        self.nodes: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.ancestors: Integers = np.zeros((FEW, DEPTH), dtype=np.int64)
        self._paths: dict[tuple[str, str | None], tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def area(self, key: str) -> int:
        """Node of an area, made with its ancestors if new."""
        node = self.nodes.get(key)
        if node is None:
            above = parent(key)
            node = self._add(key, NOWHERE if above is None else self.area(above))
        return node

    def place(self, code: str, ubigeo: str) -> int:
        """Node of a polling place, made if new."""
        key, district = place_key(code), self.area(area_key(ubigeo))
        node = self.nodes.get(key)
        return self._add(key, district) if node is None else node

    def path(self, ubigeo: str, place: str | None) -> tuple[int, ...]:
        """The DEPTH ancestors of a mesa of that district and polling place."""
        path = self._paths.get((ubigeo, place))
        if path is None:
            district = self.area(area_key(ubigeo))
            chain = [district]
            while self.parents[chain[-1]] != NOWHERE:
                chain.append(self.parents[chain[-1]])
            path = (*reversed(chain), NOWHERE if place is None else self.place(place, ubigeo))
            self._paths[ubigeo, place] = path
        return path

    def row(self, mesa: str) -> int:
        """Row of a mesa, made if new."""
        row = self.rows.setdefault(mesa, len(self.rows))
        if row >= len(self.ancestors):
            self.ancestors = np.concatenate([self.ancestors, np.zeros_like(self.ancestors)])
        return row

    def level_nodes(self, level: Level) -> Integers:
        """Nodes of one level."""
        return np.array([n for n, key in enumerate(self.keys) if n and level_of(key) is level], dtype=np.int64)

    def _add(self, key: str, parent: int) -> int:
        node = self.nodes[key] = len(self.keys)
        self.keys.append(key)
        self.parents.append(parent)
        self.children.append([])
        self.children[parent].append(node)
        self.names.append(None)
        return node
