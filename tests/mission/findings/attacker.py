"""An attacker of the findings that leave the house.

It has every row of a question's table, knows which regions and settings each is of, how they were dealt into parts, and
who looked where; it adds and subtracts rows as it likes, and looks for the total of fewer than K observers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

import numpy as np

from mission.findings.folding import fold
from mission.findings.seen import FindingCell
from mission.findings.table import FindingGroup, FindingRow, FindingsGround
from mission.zones import K

Cells = frozenset[FindingCell]
Observers = Mapping[FindingCell, frozenset[str]]


def who(ground: FindingsGround, question: str | None = None) -> Observers:
    """Everybody behind each cell of a ground; of a question, those whose answer to it stands."""
    found = {one.cell: frozenset[str]() for one in ground.seen["opening"]}
    for one in ground.seen["opening"]:
        if question is None or question in one.answers:
            found[one.cell] |= one.observers
    return found


def attack(rows: Iterable[Cells], observers: Observers) -> list[Cells]:
    """Every set of cells of fewer than K observers whose total follows from the totals of the rows."""
    cells = sorted(observers)
    told = np.array([[cell in row for cell in cells] for row in rows], dtype=float)
    if not told.size:
        return []
    rank = np.linalg.matrix_rank(told)
    return [
        few
        for few in _few(cells, observers, frozenset(), frozenset())
        if np.linalg.matrix_rank(np.vstack((told, [cell in few for cell in cells]))) == rank
    ]


def told_of(
    rows: Iterable[FindingRow], senders: Observers, named: Set[str], counted: Observers | None = None
) -> list[Cells]:
    """The cells of each row that says how many count."""
    parts, cells = fold(senders, senders if counted is None else counted, named, K), frozenset(senders)
    apart = {row.region for row in rows if row.group is FindingGroup.REGION}

    def of(row: FindingRow) -> Cells:
        if row.group is FindingGroup.ALL:
            return cells
        if row.group in (FindingGroup.REGION, FindingGroup.OTHER_REGIONS):
            return frozenset(cell for cell in cells if (cell.region if cell.region in apart else None) == row.region)
        return frozenset().union(*(part.cells for part in parts if part.setting is row.setting))

    return [of(row) for row in rows if row.observers is not None]


def leave_out(observers: Observers) -> list[Cells]:
    """The rows of the rule that others go by: all but those of fewer than K."""
    groups = [
        frozenset(observers),
        *_by(observers, lambda cell: cell.region),
        *_by(observers, lambda cell: cell.setting),
    ]
    return [cells for cells in groups if len(_behind(cells, observers)) >= K]


def _by(observers: Observers, key: Callable[[FindingCell], str]) -> list[Cells]:
    return [frozenset(cell for cell in observers if key(cell) == one) for one in sorted({key(c) for c in observers})]


def _few(cells: Sequence[FindingCell], observers: Observers, some: Cells, behind: frozenset[str]) -> Iterator[Cells]:
    """Every larger set of cells with fewer than K behind it."""
    for at, cell in enumerate(cells):
        more = behind | observers[cell]
        if len(more) < K:
            yield some | {cell}
            yield from _few(cells[at + 1 :], observers, some | {cell}, more)


def _behind(cells: Iterable[FindingCell], observers: Observers) -> frozenset[str]:
    return frozenset().union(*(observers[cell] for cell in cells))
