"""Where a roster says that somebody is to be: mesas, codes, ubigeos and names of places, as the count has them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from api.mission.places import is_whole
from api.tables.search import SearchIndex, fold_text
from mission.people.roster.format import Field, load_format
from mission.people.roster.planning import Whereabouts
from mission.quickcount.frames.given import GivenFrame
from mission.quickcount.frames.listing import ListedMesa
from mission.spreadsheet import Near
from tally.errors import InvalidInput
from tally.keys import (
    MESA_LENGTH,
    PREFIX_LENGTH,
    UBIGEO_LEVELS,
    Level,
    area_key,
    code_of,
    is_area,
    is_digits,
    is_key,
    is_within,
    level_of,
    mesa_key,
    place_key,
)
from tally.view import View

_NAMED = (Level.POLLING_PLACE, *UBIGEO_LEVELS)
# Exact names stand first among those that are found; no name is more often a place's than this.
_MOST_FOUND = 60


class ListedStations:
    """Where the list that was given before the night says that mesas and places are; read when one is asked for."""

    def __init__(self, frame: GivenFrame | None = None) -> None:
        self._frame = frame

    @cached_property
    def mesas(self) -> Mapping[str, ListedMesa]:
        """Its mesas by number; a tenth of a second for a country's."""
        return {} if self._frame is None else {one.mesa: one for one in self._frame.read().mesas}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The ubigeo of each place's district, by its code."""
        return {one.place: one.ubigeo for one in self.mesas.values() if one.place is not None}

    @cached_property
    def called(self) -> Mapping[str, Sequence[str]]:
        """Codes of the places of a name, as `fold_text` makes it."""
        found = defaultdict[str, list[str]](list)
        for code, name in ({} if self._frame is None else self._frame.names).items():
            found[fold_text(name)].append(code)
        return found


class StationFinder(Struct, frozen=True):
    """Finds them in one version of the count. A spreadsheet takes leading zeros away: they are put back.

    Until the count names all its mesas, `listed` says where a mesa or a place is that it does not know; what is found
    is the count's.
    """

    view: View
    names: SearchIndex
    listed: ListedStations

    def locate(self, said: Mapping[Field, str]) -> Whereabouts:
        """Where that is; a mesa before a place, and a place within the ubigeo if both are said."""
        if "mesa" in said:
            station = self._station_of(mesa_key(said["mesa"].zfill(MESA_LENGTH)))
            return Whereabouts(field="mesa") if station is None else self._at(station)
        area = self._area(said["ubigeo"]) if "ubigeo" in said else None
        if "ubigeo" in said and area is None:
            return Whereabouts(field="ubigeo", near=self._near(said["ubigeo"], None))
        if "place" in said:
            return self._place(said["place"], area)
        return Whereabouts(field="ubigeo") if area is None else self._at(area)

    def station(self, key: str) -> tuple[str, str]:
        """The polling place of a mesa (or its district), or the place or area itself, and its ubigeo prefix.

        Raises: InvalidInput: the count has none.
        """
        station = self._station_of(key) if is_key(key, Level.MESA) else key
        prefix = None if station is None else self.prefix(station)
        if station is None or prefix is None:
            raise InvalidInput(
                f"{key[:40]!r} is no mesa, polling place, district, province or department of this count"
            )
        return station, prefix

    def prefix(self, key: str) -> str | None:
        """The ubigeo prefix of a place or area of the count; None: it is none of them."""
        if key not in self.view.entries or level_of(key) not in _NAMED:
            return None
        return code_of(key if is_area(key) else self.view.topics(key)[0])

    def _station_of(self, mesa: str) -> str | None:
        if not is_key(mesa, Level.MESA):
            return None
        if mesa in self.view.entries:
            return next((key for key in self.view.topics(mesa) if is_key(key, Level.POLLING_PLACE)), None)
        listed = None if is_whole(self.view) else self.listed.mesas.get(code_of(mesa))
        if listed is None:
            return None
        keys = (None if listed.place is None else place_key(listed.place), area_key(listed.ubigeo))
        return next((key for key in keys if key in self.view.entries), None)

    def _at(self, key: str) -> Whereabouts:
        return Whereabouts(key, self.prefix(key))

    def _area(self, text: str) -> str | None:
        digits = text.zfill(len(text) + 1) if len(text) + 1 in PREFIX_LENGTH.values() else text
        if not is_digits(digits) or len(digits) not in PREFIX_LENGTH.values():
            return None
        return key if (key := area_key(digits)) in self.view.entries else None

    def _place(self, text: str, area: str | None) -> Whereabouts:
        for key in (text, place_key(text)):
            if is_key(key) and self.prefix(key) is not None:
                return self._at(key)
        found = [key for key in self._named(text, area) if fold_text(self.names.names[key]) == fold_text(text)]
        # An area's name is looked for where no place is called so.
        places = [key for key in found if not is_area(key)]
        fitting = places or found
        if len(fitting) == 1:
            return self._at(fitting[0])
        if not places and (around := self._listed_place(text, area)) is not None:
            return self._at(around)
        return Whereabouts(field="place", near=self._told(fitting) if fitting else self._near(text, area))

    def _listed_place(self, text: str, area: str | None) -> str | None:
        """The district of the place of the given list that has that code, or alone that name."""
        if is_whole(self.view):
            return None
        codes = [text] if text in self.listed.places else self.listed.called.get(fold_text(text), ())
        ubigeos = [self.listed.places[code] for code in codes if code in self.listed.places]
        keys = [area_key(one) for one in ubigeos if area is None or is_within(one, area)]
        return keys[0] if len(keys) == 1 and keys[0] in self.view.entries else None

    def _named(self, text: str, area: str | None) -> list[str]:
        found = [(key, self.prefix(key)) for key in self.names.find(text, _MOST_FOUND)]
        return [key for key, prefix in found if prefix is not None and (area is None or is_within(prefix, area))]

    def _near(self, text: str, area: str | None) -> tuple[Near, ...]:
        """What has a word of it in its name, what is written most alike first."""
        from rapidfuzz import fuzz  # here: 3 MB, which a replica that takes no roster does without

        typed = fold_text(text)
        found = {key for word in typed.split() for key in self._named(word, area)}
        alike = {key: fuzz.token_sort_ratio(typed, fold_text(self.names.names[key])) for key in found}
        return self._told(sorted(found, key=lambda key: (-alike[key], key)))

    def _told(self, keys: list[str]) -> tuple[Near, ...]:
        return tuple(Near(key, self._spoken(key)) for key in keys[: load_format().limits.most_near])

    def _spoken(self, key: str) -> str:
        """A place with its district: many are called alike."""
        prefix = self.prefix(key)
        around = None if is_area(key) or prefix is None else self.names.names.get(area_key(prefix))
        return " · ".join(filter(None, (self.names.names[key], around)))
