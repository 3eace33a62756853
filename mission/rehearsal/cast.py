"""Where the rehearsal's observers stand: crowded districts, and a few where so few are that they are shown larger."""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping

from tally.keys import Level, prefix_of

OBSERVERS = 40
_CROWDS, _CROWD = 5, 6
# Two small posts beside a crowd in one province, two in other provinces of one department: five each.
_SMALL = (3, 2)


def place_observers(mesas: Mapping[str, int], chance: random.Random, listed: Collection[str] = ()) -> list[str]:
    """A district (ubigeo) for each of the OBSERVERS; `mesas`: how large each district is, 0 where nobody knows yet.

    `listed`: districts whose mesas the count knows by now. They come first: reports there are about mesas.
    """
    by_size = sorted(
        mesas, key=lambda district: (district not in listed, -mesas[district], number_of(district), district)
    )
    crowds = _apart(by_size, _CROWDS)
    stations = [district for district in crowds for _ in range(_CROWD)]
    beside = _beside(by_size, crowds, chance)
    rest = [one for one in by_size if one not in beside]
    for group in (beside, _elsewhere(rest, crowds, chance)):
        for district, number in zip(group or [crowds[0]] * len(_SMALL), _SMALL, strict=True):
            stations += [district] * number
    stations += [crowds[0]] * (OBSERVERS - len(stations))
    return stations[:OBSERVERS]


def number_of(district: str) -> str:
    """Which one it is of its department: the part of the ubigeo that follows the department's."""
    return district.removeprefix(_department(district))


def _department(district: str) -> str:
    return prefix_of(district, Level.DEPARTMENT)


def _province(district: str) -> str:
    return prefix_of(district, Level.PROVINCE)


def _apart(districts: list[str], number: int) -> list[str]:
    """The first of that many departments; fewer departments are filled up with the next largest."""
    first = {_department(district): district for district in reversed(districts)}
    chosen = [district for district in districts if first[_department(district)] == district][:number]
    return chosen + [district for district in districts if district not in chosen][: number - len(chosen)]


def _beside(districts: list[str], crowds: list[str], chance: random.Random) -> list[str]:
    """Two districts of one province that has a crowd in another one; none if there is no such province."""
    groups: dict[str, list[str]] = defaultdict(list)
    crowded = set(map(_province, crowds))
    for district in districts:
        if district not in crowds and _province(district) in crowded:
            groups[_province(district)].append(district)
    return _choose(groups, chance)


def _elsewhere(districts: list[str], crowds: list[str], chance: random.Random) -> list[str]:
    """A district in each of two provinces without a crowd, of one department that has one; none if there is none."""
    provinces: dict[str, str] = {}
    crowded = set(map(_province, crowds))
    for district in districts:
        if _province(district) not in crowded:
            provinces.setdefault(_province(district), district)
    groups: dict[str, list[str]] = defaultdict(list)
    for district in provinces.values():
        if _department(district) in map(_department, crowds):
            groups[_department(district)].append(district)
    return _choose(groups, chance)


def _choose(groups: Mapping[str, list[str]], chance: random.Random) -> list[str]:
    full = [group for group in groups.values() if len(group) >= len(_SMALL)]
    return chance.choice(full)[: len(_SMALL)] if full else []
