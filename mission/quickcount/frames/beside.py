"""A list of mesas beside those that the count names: equal, or which are missing, unknown or somewhere else. Pure."""

from collections.abc import Iterable

from msgspec import Struct

from mission.quickcount.frames.listing import Listing


class FrameDifferences(Struct, frozen=True):
    """Numbers of mesas, in order, by what is wrong with them.

    missing: the count has them, the list does not. unknown: the list has them, the count does not; which is final
    once the count has all that its source speaks of (`is_whole`). other_district: they lie elsewhere;
    other_place: at another place of their district, where the list names one.
    """

    named: int
    given: int
    is_whole: bool
    equal: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    other_district: tuple[str, ...]
    other_place: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the count, as far as it knows its mesas, is what the list says."""
        unknown = self.unknown if self.is_whole else ()
        return not (self.missing or unknown or self.other_district or self.other_place)

    def of(self, mesas: Iterable[str]) -> "FrameDifferences":
        """The same of some of the list's mesas, the drawn ones; none of them is missing from it."""
        own = set(mesas)
        parts = (self.unknown, self.other_district, self.other_place)
        unknown, district, place = (tuple(one for one in part if one in own) for part in parts)
        named = len(own) - len(unknown)
        equal = named - len(district) - len(place)
        return FrameDifferences(named, len(own), self.is_whole, equal, (), unknown, district, place)


def set_beside(given: Listing, count: Listing, *, is_whole: bool) -> FrameDifferences:
    """What the given list says of mesas that the count says otherwise."""
    known = {one.mesa: one for one in count.mesas}
    listed = {one.mesa for one in given.mesas}
    unknown, district, place, equal = [], [], [], 0
    for one in given.mesas:
        own = known.get(one.mesa)
        if own is None:
            unknown.append(one.mesa)
        elif own.ubigeo != one.ubigeo:
            district.append(one.mesa)
        elif None not in (one.place, own.place) and own.place != one.place:
            place.append(one.mesa)
        else:
            equal += 1
    missing = tuple(one.mesa for one in count.mesas if one.mesa not in listed)
    parts = (missing, tuple(unknown), tuple(district), tuple(place))
    return FrameDifferences(len(known), len(listed), is_whole, equal, *parts)
