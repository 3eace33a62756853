"""Which groups of places a finding that leaves the house is told of, so that nobody is one of fewer than k.

All cells that somebody looked at are dealt into parts, each with at least k observers whose answer counts; every row of
a table is some of these parts taken together. So whatever is had by adding and subtracting rows is some of the parts,
too. Regions that may not be named (see `mission.zones`) or have too few are one part or more together.

Who is asked a question follows from the answers to others. So the parts of all questions of a form are nodes of one
tree, which follows from who sent the form: if one question could tell the regions 1 and 2 apart from the third and
another the regions 2 and 3 from the first, both together would tell of the second by itself.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

from msgspec import Struct

from mission.findings.seen import FindingCell, PlaceSetting

Observers = frozenset[str]
Behind = Mapping[FindingCell, Observers]
Cells = frozenset[FindingCell]


class FindingPart(Struct, frozen=True):
    """Cells that are never told apart. region: None where there are several; setting: likewise."""

    cells: Cells
    region: str | None
    setting: PlaceSetting | None


def fold(senders: Behind, counted: Behind, named: Set[str], k: int) -> list[FindingPart]:
    """All cells that a form came from, in parts of at least k observers who count; none if all together are fewer.

    senders: whoever sent the form, by where they looked; counted: those of them whose answer to the question stands.
    named: prefixes of the regions that may be named.
    """
    held = {cell: who for cell, who in senders.items() if who}
    regions = [_cells(held, region) for region in sorted({cell.region for cell in held})]
    apart = [own for own in regions if _region(own) in named and len(_who(held, own)) >= k]
    apart.sort(key=lambda own: (len(_who(held, own)), _region(own)))
    first = frozenset[FindingCell]().union(*(own for own in regions if own not in apart))
    chain = [first, *apart]
    always, here = _together(held, chain, k), _together(counted, chain, k)
    if always is None or here is None:
        return []
    rest = frozenset[FindingCell]().union(*chain[: here + 1])
    parts = [part for own in chain[here + 1 :] for part in _divide(held, counted, own, _region(own), k)]
    if not rest:
        return parts
    # By setting it is divided only while it is what it is for all who sent the form.
    return parts + (_divide(held, counted, rest, None, k) if here == always else [_part(rest, None)])


def whole(cells: Iterable[FindingCell]) -> list[FindingPart]:
    """Every cell a part of its own."""
    return [FindingPart(frozenset((cell,)), cell.region, cell.setting) for cell in cells]


def _together(behind: Behind, chain: Sequence[Cells], k: int) -> int | None:
    """Up to which link a chain is taken together, so that this and each link after it has k; None: all have fewer.

    The first link may be empty, and is then nobody's.
    """
    for last in range(len(chain)):
        rest = frozenset[FindingCell]().union(*chain[: last + 1])
        if all(len(_who(behind, own)) >= k for own in (*([rest] if rest else []), *chain[last + 1 :])):
            return last
    return None


def _divide(held: Behind, counted: Behind, cells: Cells, region: str | None, k: int) -> list[FindingPart]:
    """Those cells by setting, as far as each has k; the settings of the fewest senders are one part. All have k."""
    settings = [frozenset(cell for cell in cells if cell.setting is setting) for setting in PlaceSetting]
    chain = sorted((own for own in settings if own), key=lambda own: len(_who(held, own)))
    last = _together(counted, chain, k) or 0
    rest = frozenset[FindingCell]().union(*chain[: last + 1])
    return [_part(own, region) for own in (rest, *chain[last + 1 :])]


def _part(cells: Cells, region: str | None) -> FindingPart:
    settings = {cell.setting for cell in cells}
    return FindingPart(cells, region, settings.pop() if len(settings) == 1 else None)


def _region(cells: Cells) -> str:
    """The region that all of them are of."""
    return next(iter(cells)).region


def _cells(held: Behind, region: str) -> Cells:
    return frozenset(cell for cell in held if cell.region == region)


def _who(behind: Behind, cells: Iterable[FindingCell]) -> Observers:
    return frozenset[str]().union(*(behind.get(cell, frozenset()) for cell in cells))
