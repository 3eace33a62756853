"""Which groups of places a finding that leaves the house is told of, so that nobody is one of fewer than k.

All cells are dealt into parts, each with at least k observers behind it; every row of a table is some of these parts
taken together. So whatever is had by adding and subtracting rows is some of the parts, too. Regions that may not be
named (see `mission.zones`) or have too few are one part or more together.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from mission.findings.seen import FindingCell, PlaceSetting

Observers = frozenset[str]


class FindingPart(Struct, frozen=True):
    """Cells that are never told apart. region: None where there are several; setting: likewise."""

    cells: frozenset[FindingCell]
    region: str | None
    setting: PlaceSetting | None


def fold(observers: Mapping[FindingCell, Observers], named: Iterable[str], k: int) -> list[FindingPart]:
    """All cells with somebody in them, in parts of at least k observers; none if all together are fewer.

    `named`: prefixes of the regions that may be named.
    """
    held = {cell: who for cell, who in observers.items() if who}
    if len(_who(held, held)) < k:
        return []
    regions = {region: {cell for cell in held if cell.region == region} for region in sorted({c.region for c in held})}
    apart = {region for region in regions if region in set(named) and len(_who(held, regions[region])) >= k}
    together = {cell for cell in held if cell.region not in apart}
    while together and len(_who(held, together)) < k:
        smallest = min(apart, key=lambda region: (len(_who(held, regions[region])), region))
        apart.remove(smallest)
        together |= regions[smallest]
    parts = [part for region in sorted(apart) for part in _divide(held, regions[region], region, k)]
    return parts + (_divide(held, together, None, k) if together else [])


def whole(cells: Iterable[FindingCell]) -> list[FindingPart]:
    """Every cell a part of its own."""
    return [FindingPart(frozenset((cell,)), cell.region, cell.setting) for cell in cells]


def _divide(
    held: Mapping[FindingCell, Observers], cells: set[FindingCell], region: str | None, k: int
) -> list[FindingPart]:
    """Those cells by setting, as far as each has k; they have k together."""
    settings = {setting: {cell for cell in cells if cell.setting is setting} for setting in PlaceSetting}
    large = {setting for setting, own in settings.items() if len(_who(held, own)) >= k}
    rest = {cell for cell in cells if cell.setting not in large}
    while rest and len(_who(held, rest)) < k:
        smallest = min(large, key=lambda setting: (len(_who(held, settings[setting])), setting))
        large.remove(smallest)
        rest |= settings[smallest]
    parts = [FindingPart(frozenset(settings[setting]), region, setting) for setting in PlaceSetting if setting in large]
    return parts + ([FindingPart(frozenset(rest), region, _only(rest))] if rest else [])


def _only(cells: Iterable[FindingCell]) -> PlaceSetting | None:
    settings = {cell.setting for cell in cells}
    return settings.pop() if len(settings) == 1 else None


def _who(held: Mapping[FindingCell, Observers], cells: Iterable[FindingCell]) -> Observers:
    return frozenset[str]().union(*(held[cell] for cell in cells))
