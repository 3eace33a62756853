"""The whole count in memory at every level: what the source publishes, and our own sum of the actas below.

`apply` takes what a feed said and returns the changes it makes. A fact that says nothing new makes no change; an
impossible one holds the last good value.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, Struct

from tally.changes import Change, Kind, encode
from tally.checks import check_acta, check_area
from tally.model import (
    NATION,
    Acta,
    ActaState,
    AreaCount,
    AreaState,
    Issue,
    PlaceState,
    PollingPlace,
    place_key,
)
from tally.sums import RunningSums
from tally.tree import Tree

_SEVERITY = (Kind.UPDATE, Kind.RELEASE, Kind.HOLD, Kind.CORRECTION)


class Fact(Struct, frozen=True):
    """One thing a feed said about one key: an area's name or its count, a polling place, an acta."""

    key: str
    value: str | AreaCount | PollingPlace | Acta
    src: str | None = None


class _Touched(Struct):
    """Keys changed by one `apply`, each with its most severe kind and the raw bytes that said so."""

    kinds: dict[str, Kind]
    sources: dict[str, str | None]

    def add(self, key: str, kind: Kind, src: str | None = None) -> None:
        known = self.kinds.get(key, kind)
        self.kinds[key] = max(known, kind, key=_SEVERITY.index)
        if src is not None or key not in self.sources:
            self.sources[key] = src


class Board:
    """The count of one contest. `lists` is the number of its lists. Not safe to share between threads."""

    def __init__(self, lists: int) -> None:
        self.lists = lists
        self.tree = Tree()
        self.sums = RunningSums(self.tree, lists)
        self.published: dict[str, AreaCount] = {}
        self.actas: dict[str, Acta] = {}
        self.places: dict[str, PollingPlace] = {}
        self.held: dict[str, tuple[Issue, ...]] = {}
        self.tree.area(NATION)

    def apply(self, facts: Sequence[Fact]) -> list[Change]:
        """The changes those facts make: areas, places, then mesas. Of two facts about one mesa the later counts."""
        touched = _Touched({}, {})
        actas: dict[str, tuple[Acta, str | None]] = {}
        for fact in facts:
            value = fact.value
            if isinstance(value, Acta):
                actas[fact.key] = (value, fact.src)
            elif isinstance(value, AreaCount):
                self._publish(fact.key, value, fact.src, touched)
            elif isinstance(value, PollingPlace):
                self._describe_place(fact.key, value, fact.src, touched)
            else:
                self._name(fact.key, value, fact.src, touched)
        mesas = self._take(actas)
        for moved in self.sums.move([(key, self.actas[key]) for key in mesas]):
            touched.add(moved.key, Kind.CORRECTION if moved.lower else Kind.UPDATE)
        return [
            Change(key, kind, encode(self.state(key)), touched.sources[key]) for key, kind in touched.kinds.items()
        ] + [Change(key, kind, encode(self.actas[key]), actas[key][1]) for key, kind in mesas.items()]

    def state(self, key: str) -> AreaState | PlaceState:
        """All that is shown of one area or polling place."""
        place, sums = self.places.get(key), self.sums.of(key)
        if place is not None:
            return PlaceState(
                code=place.code,
                computed=sums,
                name=place.name,
                populated_place=place.populated_place,
                ubigeo=place.ubigeo,
            )
        name = self.tree.names[self.tree.nodes[key]]
        held = self.held.get(key, UNSET)
        return AreaState(computed=sums, held=held, name=name, published=self.published.get(key))

    def restore(self, values: Iterable[tuple[str, bytes]]) -> None:
        """Load the state of every key from its canonical JSON (a fold of the log) into an empty board."""
        for key, data in values:
            if key.startswith("mesa/"):
                self.actas[key] = msgspec.json.decode(data, type=Acta)
            elif key.startswith("place/"):
                place = self.places[key] = msgspec.json.decode(data, type=PollingPlace)
                self.tree.place(place.code, place.ubigeo)
            else:
                area = msgspec.json.decode(data, type=AreaState)
                self.tree.names[self.tree.area(key)] = area.name
                if area.published is not None:
                    self.published[key] = area.published
                if area.held is not UNSET:
                    self.held[key] = area.held
        self.sums.move(list(self.actas.items()))

    def _name(self, key: str, name: str, src: str | None, touched: _Touched) -> None:
        node = self.tree.area(key)
        if self.tree.names[node] != name:
            self.tree.names[node] = name
            touched.add(key, Kind.UPDATE, src)

    def _describe_place(self, key: str, place: PollingPlace, src: str | None, touched: _Touched) -> None:
        if self.places.get(key) != place:
            self.tree.place(place.code, place.ubigeo)
            self.places[key] = place
            touched.add(key, Kind.UPDATE, src)

    def _know_place(self, acta: Acta) -> None:
        """A place that only an acta has named so far is shown under its code."""
        if acta.place is not None and (key := place_key(acta.place)) not in self.places:
            self.places[key] = PollingPlace(code=acta.place, name=acta.place, ubigeo=acta.ubigeo)

    def _publish(self, key: str, count: AreaCount, src: str | None, touched: _Touched) -> None:
        self.tree.area(key)
        issues = check_area(count, self.lists, None if key == NATION else self.published.get(NATION))
        if issues:
            if self.held.get(key) != issues:
                self.held[key] = issues
                touched.add(key, Kind.HOLD, src)
            return
        released, before = self.held.pop(key, None) is not None, self.published.get(key)
        if count != before or released:
            self.published[key] = count
            lower = before is not None and _is_lower(count, before)
            touched.add(key, Kind.CORRECTION if lower else Kind.RELEASE if released else Kind.UPDATE, src)

    def _take(self, actas: dict[str, tuple[Acta, str | None]]) -> dict[str, Kind]:
        """Keep those actas that say something new; returns their kinds."""
        kinds: dict[str, Kind] = {}
        for key, (acta, _) in actas.items():
            before = self.actas.get(key)
            issues = check_acta(acta, self.lists)
            if issues:
                acta = msgspec.structs.replace(before or _unread(acta), held=issues)
            if acta != before:
                self.actas[key] = acta
                self._know_place(acta)
                kinds[key] = _kind(before, acta)
        return kinds


def _is_lower(count: AreaCount, before: AreaCount) -> bool:
    now, then = ((value.counted, value.cast, value.valid, *value.votes) for value in (count, before))
    return any(a < b for a, b in zip(now, then, strict=True))


def _unread(acta: Acta) -> Acta:
    """What may be shown of a mesa whose only known acta is impossible: that it exists."""
    return Acta(
        code=acta.code, place=acta.place, registered=acta.registered, state=ActaState.PENDING, ubigeo=acta.ubigeo
    )


def _kind(before: Acta | None, acta: Acta) -> Kind:
    if acta.held is not UNSET:
        return Kind.HOLD
    if before is None:
        return Kind.UPDATE
    replaced = before.state is ActaState.COUNTED and (
        acta.state is not ActaState.COUNTED or (acta.votes, acta.cast) != (before.votes, before.cast)
    )
    if replaced:
        return Kind.CORRECTION
    return Kind.UPDATE if before.held is UNSET else Kind.RELEASE
