"""How the election before ended: the last figures of its areas and polling places, by key and by name."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from tally.changes import Entry
from tally.election import slug
from tally.keys import NATION, Level, area_key, is_digits, level_of, place_key
from tally.model import Acta, AreaCount, AreaState, PlaceState, Sums
from tally.previous.declaration import PlaceNames
from tally.storage.store import CountInfo


class Figures(Struct, frozen=True):
    """What is compared of a unit. Missing is None.

    registered: the roll of all its mesas. cast, roll: of the mesas whose acta is counted, by our own sum. valid, votes:
    as they are shown, votes in the order of the count's lists.
    """

    registered: int | None = None
    roll: int | None = None
    cast: int | None = None
    valid: int | None = None
    votes: tuple[int, ...] | None = None

    def plus(self, other: "Figures") -> "Figures":
        """The figures of both together; what one of them does not know, nobody knows."""
        mine, theirs = self.votes, other.votes
        known = mine is not None and theirs is not None
        votes = tuple(map(sum, zip(mine or (), theirs or (), strict=True))) if known else None
        names = ("registered", "roll", "cast", "valid")
        return Figures(**{name: _sum(getattr(self, name), getattr(other, name)) for name in names}, votes=votes)


class FormerPlace(Struct, frozen=True):
    """A polling place of a count."""

    key: str
    name: str
    mesas: int
    figures: Figures


# Areas by key, each with its name then. Places by the key of their district, then by the plain form of their name.
Areas = dict[str, tuple[str | None, Figures]]
Places = dict[str, dict[str, list[FormerPlace]]]


class FormerCount(Struct, frozen=True):
    """One count of the election before, at version `seq` of history `epoch`. `actas`: counted, and all there are.

    mesas: where each stood, the key of its place by its own; None where they are not read.
    """

    election_id: str
    epoch: str
    seq: int
    as_of: str
    is_test: bool
    areas: Areas
    places: Places
    actas: tuple[int, int] | None
    mesas: dict[str, str | None] | None = None


def figures_of(state: AreaState | PlaceState) -> Figures:
    """What is compared of an area's or a place's state."""
    sums, shown = state.computed, shown_of(state)
    has_votes = shown.counted > 0
    return Figures(
        registered=sums.registered if sums.total else None,
        roll=sums.registered_counted if sums.counted else None,
        cast=sums.cast if sums.counted else None,
        valid=shown.valid if has_votes else None,
        votes=shown.votes if has_votes else None,
    )


def shown_of(state: AreaState | PlaceState) -> AreaCount | Sums:
    """What a page leads with: what the source publishes, else our own sum."""
    return (state.published if isinstance(state, AreaState) else None) or state.computed


def make_former(info: CountInfo, entries: Mapping[str, Entry], names: PlaceNames) -> FormerCount:
    """The count of those values."""
    areas, places = collect(entries.values(), names)
    newest = max((entry.at for entry in entries.values()), default=info.created_at)
    about = info.election_id, info.epoch, info.seq, newest, info.is_test
    whole = entries.get(NATION)
    shown = None if whole is None else shown_of(msgspec.json.decode(whole.change.data, type=AreaState))
    actas = None if shown is None else (shown.counted, shown.total)
    return FormerCount(*about, areas, places, actas, mesas_of(entries) or None)


def mesas_of(entries: Mapping[str, Entry]) -> dict[str, str | None]:
    """The key of the place at which each mesa of those values stands."""
    actas = (
        (key, msgspec.json.decode(entry.change.data, type=Acta))
        for key, entry in entries.items()
        if level_of(key) is Level.MESA
    )
    return {key: None if acta.place is None else place_key(acta.place) for key, acta in actas}


def collect(entries: Iterable[Entry], names: PlaceNames) -> tuple[Areas, Places]:
    """Areas by key, and places by district and plain name, of those entries."""
    areas: Areas = {}
    places: Places = {}
    for entry in entries:
        key, data = entry.change.key, entry.change.data
        if level_of(key) is Level.POLLING_PLACE:
            place = msgspec.json.decode(data, type=PlaceState)
            found = FormerPlace(key, place.name, place.computed.total, figures_of(place))
            places.setdefault(area_key(place.ubigeo), {}).setdefault(plain_name(names, place.name), []).append(found)
        elif level_of(key) is not Level.MESA:
            area = msgspec.json.decode(data, type=AreaState)
            areas[key] = area.name, figures_of(area)
    return areas, places


def plain_name(names: PlaceNames, name: str) -> str:
    """The form of a polling place's name that is equal where the place is."""
    words = slug(name).split("_")
    least = names.number_digits
    numbers = [word for word in words if least is not None and is_digits(word) and len(word) >= least]
    if len(numbers) == 1:
        return numbers[0].lstrip("0") or "0"
    while len(words) > 1 and words[0] in names.leading_words:
        words.pop(0)
    return "_".join(words)


def _sum(mine: int | None, theirs: int | None) -> int | None:
    return None if mine is None or theirs is None else mine + theirs
