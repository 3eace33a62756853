"""An attacker of what is public of a quick count, who wants to know a unit (a mesa, or a place) of its sample.

It has every publication, all actas of the country, the frame, the design and our code, and more than anybody has: all
that every earlier publication rested on. Where two of them differ by one unit, it puts each that could be it in its
place, reckons what would have been published, and strikes out those that do not fit. It tries the sample's digest too,
knowing every other unit of it, but not the seed.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mission.quickcount.disclosure import Told
from mission.quickcount.estimate import estimate, unit_of
from mission.quickcount.frame import Unit
from mission.quickcount.sampling import Sample
from mission.zones import K
from tests.mission.quickcount.plays import Play, Published, units_of

_NEAR = 1e-9
Figure = tuple[float, float, float]


class Telling(Protocol):
    """How figures are told."""

    def round(self, value: float, low: float, high: float) -> Figure:
        """A figure with its interval."""


class Exact:
    """The rule of whoever thinks of nothing: figures as they were reckoned."""

    def __init__(self, units: int) -> None:
        self.units = units

    def round(self, value: float, low: float, high: float) -> Figure:
        """As they are."""
        return value, low, high


class Learned(Struct, frozen=True):
    """A unit of the sample that could have been so many, and of which fewer than K are left."""

    unit: str
    possible: int
    left: int


def attack(play: Play, telling: Callable[[int], Telling] = Told) -> list[Learned]:
    """Units that the attacker learns from publications that are told by that rule."""
    found = []
    for later in play.published:
        for earlier in play.published:
            added = units_between(play, earlier, later)
            if len(added) == 1 and earlier.copies.keys() < later.copies.keys():
                found += match(play, added.pop(), [later], telling)
    return [*found, *_recognise(play)]


def units_between(play: Play, one: Published, other: Published) -> set[str]:
    """The units whose copies are not the same in two publications."""
    sample = play.count.drawn.sample
    changed = {mesa for mesa, _ in one.copies.items() ^ other.copies.items()}
    return {unit_of(sample, mesa) for mesa in sample.mesas if mesa.id in changed}


def match(
    play: Play, unit: str, published: Iterable[Published], telling: Callable[[int], Telling] = Told
) -> list[Learned]:
    """That unit, if fewer than K fit in its place; who asks so has the copies of all others."""
    supposed = list(_suppose(play, unit))
    left = [one for one in supposed if all(_fits(one, two, play, telling) for two in published)]
    return [Learned(unit, len(supposed), len(left))] if len(left) < K <= len(supposed) else []


def _recognise(play: Play) -> list[Learned]:
    """The first unit, if the digest names it."""
    unit, digests = next(iter(units_of(play))), {one.public.sample for one in play.published}
    supposed = list(_suppose(play, unit))
    is_named = any(digest_of(one.sample) in digests for one in supposed)
    return [Learned(unit, len(supposed), 1)] if is_named and len(supposed) >= K else []


def digest_of(sample: Sample) -> str:
    """The digest of a sample for whoever does not know its seed."""
    return hashlib.sha256(msgspec.json.encode(replace(sample, seed=""))).hexdigest()


class _Supposed(Struct, frozen=True):
    """A sample with another unit in the place of the one that is looked for; `stands`: whose acta is whose."""

    sample: Sample
    stands: Mapping[str, str]


def _suppose(play: Play, unit: str) -> Iterator[_Supposed]:
    """Whatever could be in that unit's place: its stratum is known from all the others."""
    sample = play.count.drawn.sample
    stratum_of = {area: number for number, stratum in enumerate(sample.strata) for area in stratum.areas}
    kept = [mesa for mesa in sample.mesas if unit_of(sample, mesa) != unit]
    own = [mesa for mesa in sample.mesas if unit_of(sample, mesa) == unit]
    drawn, groups = {unit_of(sample, mesa) for mesa in kept}, defaultdict[str, list[Unit]](list)
    for mesa in play.frame.units:
        groups[unit_of(sample, mesa)].append(mesa)
    for name, mesas in groups.items():
        is_alike = stratum_of[mesas[0].stratum] == stratum_of[own[0].stratum] and len(mesas) == len(own)
        if is_alike and name not in drawn:
            supposed = tuple(sorted((*kept, *mesas), key=lambda mesa: mesa.id))
            stands = {mesa.id: other.id for mesa, other in zip(own, mesas, strict=True)}
            yield _Supposed(replace(sample, mesas=supposed), stands)


def _fits(supposed: _Supposed, published: Published, play: Play, telling: Callable[[int], Telling]) -> bool:
    """Whether that sample would have been published so."""
    copies = {}
    for mesa, copy in published.copies.items():
        other = supposed.stands.get(mesa, mesa)
        copies[other] = copy if other == mesa else play.actas[other]
    found, public = estimate(supposed.sample, copies), published.public
    told = telling(found.response.units_copied)
    shares = [told.round(one.share, one.low, one.high) for one in found.shares]
    if not _is_near(shares, [(one.share, one.low, one.high) for one in public.shares]):
        return False
    leads = [] if found.lead is None else [told.round(found.lead.lead, found.lead.low, found.lead.high)]
    return _is_near(leads, [] if public.lead is None else [(public.lead.lead, public.lead.low, public.lead.high)])


def _is_near(some: Sequence[Figure], others: Sequence[Figure]) -> bool:
    pairs = zip(chain(*some), chain(*others), strict=True)
    return all(abs(one - other) < _NEAR for one, other in pairs)
