"""Random quick counts of small countries, published as their copies come, for an attacker of what is public of them."""

import random
from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from api.mission.quickcount.estimates import make_public
from mission.quickcount.book import DrawnSample, QuickCount
from mission.quickcount.copies import CopyEntry
from mission.quickcount.disclosure import check_apart
from mission.quickcount.estimate import Copy, unit_of
from mission.quickcount.frame import Frame, SampleUnit
from mission.quickcount.limits import LIMITS
from mission.quickcount.publication import Basis, PublicationStep, PublicQuickCount
from mission.quickcount.sampling import Design, SampleDesign, draw
from tally.errors import Conflict
from tests.mission.quickcount.makers import frame

_AT = "2030-01-06T23:00:00Z"
_MOST_LISTS = 8
Check = Callable[[QuickCount, Basis], None]


def unchecked(count: QuickCount, basis: Basis) -> None:
    """The rule of whoever publishes whenever another copy came."""


class Published(Struct, frozen=True):
    """What became public, and the copies it rests on."""

    public: PublicQuickCount
    copies: Mapping[str, Copy]


class Play(Struct, frozen=True):
    """A country's mesas with what they voted, the quick count, and all that became public of it, oldest first."""

    frame: Frame
    actas: Mapping[str, Copy]
    count: QuickCount
    published: tuple[Published, ...]


def draw_play(chance: random.Random, check: Check = check_apart) -> Play:
    """Up to 400 mesas, half of them drawn or fewer; published at up to eight moments where `check` allows it."""
    country = frame([chance.randint(40, 200) for _ in range(chance.randint(1, 3))], each=chance.choice((1, 2, 4)))
    lists = chance.randint(2, _MOST_LISTS)
    actas = _draw_actas(chance, country, lists)
    unit = chance.choice((SampleUnit.MESA, SampleUnit.MESA, SampleUnit.PLACE))
    names = {one.id if unit is SampleUnit.MESA else one.cluster for one in country.units}
    least = LIMITS.response.least_copied
    if len(names) < 2 * least:
        unit, names = SampleUnit.MESA, {one.id for one in country.units}
    size = min(len(names), chance.randint(least, max(least, len(names) // 2)))
    sample = draw(country, Design(chance.choice(list(SampleDesign)), unit, size), f"{chance.randrange(10**20):020}")
    count = QuickCount("q1", _AT, "carla", DrawnSample("Muestra", sample, "epoch", 7))
    arriving = [mesa.id for mesa in sample.mesas]
    chance.shuffle(arriving)
    moments = {chance.randint(len(arriving) // 2, len(arriving)) for _ in range(chance.randint(1, 4))}
    moments |= {moment + chance.choice((1, 1, 2, 4)) for moment in moments}
    published: list[Published] = []
    for number, mesa in enumerate(arriving, start=1):
        misread = chance.random() < 0.05 and number < len(arriving)
        copy = replace(actas[mesa], votes=tuple(votes + 1 for votes in actas[mesa].votes if votes is not None))
        count = _copied(count, mesa, copy if misread else actas[mesa])
        if chance.random() < 0.05:  # one that was misread is put right
            count = _copied(count, chance.choice(arriving[:number]), actas[arriving[number - 1]], actas)
        if number in moments:
            count = _publish(count, published, check)
    return Play(country, actas, count, tuple(published))


def _draw_actas(chance: random.Random, country: Frame, lists: int) -> dict[str, Copy]:
    strength = {mesa.stratum: [chance.uniform(0.2, 3) for _ in range(lists)] for mesa in country.units}
    actas = {}
    for mesa in country.units:
        valid = chance.randint(120, 220)
        weights = [chance.gammavariate(8 * of + 0.1, 1) for of in strength[mesa.stratum]]
        actas[mesa.id] = Copy(tuple(int(valid * one / sum(weights)) for one in weights))
    return actas


def _copied(count: QuickCount, mesa: str, copy: Copy, actas: Mapping[str, Copy] | None = None) -> QuickCount:
    """Two entries alike; where `actas` are given, of what that mesa's says."""
    own = count.copies.get(mesa, ())
    right = actas[mesa] if actas else copy
    last = max((entry.id for entries in count.copies.values() for entry in entries), default=0)
    entries = [
        CopyEntry(last + turn, _AT, f"ave-{mesa}", mesa, turn, right, f"{mesa}-{last + turn}") for turn in (1, 2)
    ]
    return replace(count, copies={**count.copies, mesa: (*own, *entries)})


def _publish(count: QuickCount, published: list[Published], check: Check) -> QuickCount:
    """The count after it was published, if it may be."""
    basis = count.basis()
    try:
        public = make_public(count, _AT, range(_MOST_LISTS))
        check(count, basis)
    except Conflict:
        return count
    copies = {mesa: own.copy for mesa, own in count.standings().items() if own.copy is not None}
    published.append(Published(public, copies))
    number = 2 * len(published)
    steps = (
        PublicationStep(number, _AT, "carla", "propose", public, basis),
        PublicationStep(number + 1, _AT, "vera", "confirm"),
    )
    return replace(count, steps=(*count.steps, *steps))


def units_of(play: Play) -> dict[str, list[str]]:
    """The mesas of each unit that is in the sample, by its name."""
    found: dict[str, list[str]] = {}
    for mesa in play.count.drawn.sample.mesas:
        found.setdefault(unit_of(play.count.drawn.sample, mesa), []).append(mesa.id)
    return found
