"""The whole count in memory at every level: what the source publishes, and our own sum of the actas below.

`apply` takes what a feed said and returns the changes it makes. A fact that says nothing new makes no change; an
impossible one holds the last good value.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, Struct

from tally.changes import Change, Kind, encode
from tally.keys import NATION, Level, area_key, areas_of, code_of, level_of, place_key
from tally.model import Acta, ActaState, AreaCount, AreaState, PlaceState, PollingPlace
from tally.neighbours import Neighbours
from tally.places import Places
from tally.rules.arithmetic import PRESENT, Arithmetic
from tally.rules.checks import ANY_SIZE, Largest, unknown_area
from tally.rules.issues import Issue, say_the_same
from tally.sums import RunningSums
from tally.tree import Tree

_SEVERITY = (Kind.UPDATE, Kind.RELEASE, Kind.HOLD, Kind.CORRECTION)


class Fact(Struct, frozen=True):
    """One thing a feed said about one key: an area's name or its count, a polling place, an acta."""

    key: str
    value: str | AreaCount | PollingPlace | Acta
    src: str | None = None


class Release(Struct, frozen=True):
    """A person's decision to publish a held value after all."""

    key: str
    by: str
    reason: str


class ReleaseNote(Struct, frozen=True):
    """Who published a held value after all, and why."""

    by: str
    reason: str


class _Touched(Struct):
    """Keys changed by one `apply`, each with its most severe kind and the raw bytes that said so."""

    kinds: dict[str, Kind]
    sources: dict[str, str | None]

    def add(self, key: str, kind: Kind, src: str | None = None) -> None:
        known = self.kinds.get(key, kind)
        self.kinds[key] = max(known, kind, key=_SEVERITY.index)
        named = self.sources.setdefault(key, src)
        # The order tells which answers belong together, so only a whole source that stands there already is left out.
        if src is not None and f"+{src}+" not in f"+{named}+":
            self.sources[key] = src if named is None else f"{named}+{src}"


class Board:
    """The count of one contest of `lists` lists, in the area `scope` (ubigeo prefix, "" the whole country).

    `wholes`: areas beside the nation that hold the whole contest. `largest` is the most voters of a mesa, `arithmetic`
    the rules. Not safe to share between threads.
    """

    def __init__(self, lists: int, scope: str = "", largest: Largest = ANY_SIZE) -> None:
        self.lists, self.largest = lists, largest
        self.arithmetic = PRESENT
        self.wholes = _chain(scope)
        self._clear()

    def _clear(self) -> None:
        self.tree = Tree()
        self.sums = RunningSums(self.tree, self.lists, self.arithmetic.rising)
        self.published: dict[str, AreaCount] = {}
        self.actas: dict[str, Acta] = {}
        self.places = Places()
        self.held: dict[str, tuple[Issue, ...]] = {}
        self.candidates: dict[str, Fact] = {}
        self.neighbours = Neighbours(self.tree, self.sums, self.published, self.wholes, self.largest)
        self.neighbours.go_by(self.arithmetic)
        self._is_catalogued = False
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
                self._describe_place(self.places.own(value), fact.src, touched)
            else:
                self._name(fact.key, value, fact.src, touched)
        return self._changes(touched, self._take(actas), actas)

    def release(self, release: Release) -> list[Change]:
        """Publish the value that was held under that key, unchecked, with the releasing person's name and reason.

        Nothing happens if no held value is known: after a restart it is, as soon as the source says it again.
        """
        fact = self.candidates.pop(release.key, None)
        if fact is None:
            return []
        touched, mesas, value = _Touched({}, {}), {}, fact.value
        if isinstance(value, Acta):
            self.actas[fact.key] = value
            mesas[fact.key] = Kind.RELEASE
        elif isinstance(value, AreaCount):
            self.published[fact.key] = value
            self.held.pop(fact.key, None)
            touched.add(fact.key, Kind.RELEASE, fact.src)
        note = encode(ReleaseNote(release.by, release.reason)).decode()
        changes = self._changes(touched, mesas, {fact.key: (value, fact.src)} if isinstance(value, Acta) else {})
        return [msgspec.structs.replace(change, note=note) if change.key == fact.key else change for change in changes]

    def is_held(self, key: str) -> bool:
        """Whether a newer value of that key was refused and its last good one still stands."""
        acta = self.actas.get(key)
        return key in self.held or (acta is not None and acta.held is not UNSET)

    def follow(self, arithmetic: Arithmetic) -> None:
        """Go by other rules from now on."""
        self.arithmetic = arithmetic
        self.sums.watch(arithmetic.rising)
        self.neighbours.go_by(arithmetic)

    @property
    def is_catalogued(self) -> bool:
        """Whether the source has named its areas."""
        return self._is_catalogued

    def _changes(
        self, touched: _Touched, mesas: dict[str, Kind], actas: dict[str, tuple[Acta, str | None]]
    ) -> list[Change]:
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
        published, doubled = self.published.get(key), self.places.doubled.get(key, ())
        return AreaState(
            computed=sums,
            flags=(*self.arithmetic.flag(published, sums), *self.neighbours.flags(key), *doubled) or UNSET,
            held=self.held.get(key, UNSET),
            name=name,
            published=published,
        )

    def restore(self, values: Iterable[tuple[str, bytes]]) -> None:
        """Load the state of every key from its canonical JSON (a fold of the log), in place of all that is known."""
        self._clear()
        places: dict[str, PollingPlace] = {}
        for key, data in values:
            level = level_of(key)
            if level is Level.MESA:
                self.actas[key] = msgspec.json.decode(data, type=Acta)
            elif level is Level.POLLING_PLACE:
                place = places[key] = msgspec.json.decode(data, type=PollingPlace)
                self.tree.place(place.code, place.ubigeo)
            else:
                area = msgspec.json.decode(data, type=AreaState)
                self.tree.names[self.tree.area(key)] = area.name
                self._is_catalogued = self._is_catalogued or (level is Level.DISTRICT and area.name is not None)
                if area.published is not None:
                    self.published[key] = area.published
                if area.held is not UNSET:
                    self.held[key] = area.held
                self.neighbours.recall(key, area.flags or ())
        self.places.recall(places)
        self.sums.move(list(self.actas.items()))

    def _name(self, key: str, name: str, src: str | None, touched: _Touched) -> None:
        node = self.tree.area(key)
        self._is_catalogued = self._is_catalogued or level_of(key) is Level.DISTRICT
        if self.tree.names[node] != name:
            self.tree.names[node] = name
            touched.add(key, Kind.UPDATE, src)

    def _describe_place(self, place: PollingPlace, src: str | None, touched: _Touched) -> None:
        key = place_key(place.code)
        if self.places.get(key) != place:
            self.tree.place(place.code, place.ubigeo)
            self.places.keep(place)
            touched.add(key, Kind.UPDATE, src)

    def _check_acta(self, acta: Acta) -> tuple[Issue, ...]:
        if self._is_nowhere(acta):
            return (unknown_area(acta.ubigeo),)
        return self.arithmetic.check_acta(acta, self.lists, self.largest)

    def _unread(self, acta: Acta) -> Acta:
        """What may be shown of a mesa whose only known acta is impossible: that it exists."""
        roll = acta.registered
        if roll is not None and self.arithmetic.watches_parts and self.largest.is_exceeded(roll, acta.ubigeo):
            roll = None
        return Acta(code=acta.code, place=acta.place, registered=roll, state=ActaState.PENDING, ubigeo=acta.ubigeo)

    def _is_nowhere(self, acta: Acta) -> bool:
        """Whether an acta names no district, or one that the source's catalogue does not have."""
        key = area_key(acta.ubigeo)
        return level_of(key) is not Level.DISTRICT or self._is_unknown(key)

    def _know_place(self, acta: Acta) -> None:
        """A place that only an acta has named so far is shown under its code."""
        if acta.place is not None and place_key(acta.place) not in self.places:
            self.places.keep(PollingPlace(code=acta.place, name=acta.place, ubigeo=acta.ubigeo))

    def _publish(self, key: str, count: AreaCount, src: str | None, touched: _Touched) -> None:
        before, was_held = self.published.get(key), key in self.held
        issues = () if count == before else self._check_area(key, count)
        if issues:
            self.candidates[key] = Fact(key, count, src)
            if not say_the_same(self.held.get(key, ()), issues):
                self.held[key] = issues
                touched.add(key, Kind.HOLD, src)
            return
        self.held.pop(key, None)
        self.candidates.pop(key, None)
        if count != before or was_held:
            self.published[key] = count
            lower = before is not None and self.arithmetic.is_lower(count, before)
            touched.add(key, Kind.CORRECTION if lower else Kind.RELEASE if was_held else Kind.UPDATE, src)
            above = self.neighbours.note(key, before)
            if above is not None:
                touched.add(above, Kind.UPDATE)

    def _check_area(self, key: str, count: AreaCount) -> tuple[Issue, ...]:
        if self._is_unknown(key):
            return (unknown_area(code_of(key)),)
        return self.arithmetic.check_area(count, self.lists, self.neighbours.around(key, count))

    def _is_unknown(self, key: str) -> bool:
        """Whether the source's catalogue is known and has no such area."""
        node = self.tree.nodes.get(key)
        return self._is_catalogued and (node is None or self.tree.names[node] is None)

    def _take(self, actas: dict[str, tuple[Acta, str | None]]) -> dict[str, Kind]:
        """Keep those actas that say something new; returns their kinds."""
        kinds: dict[str, Kind] = {}
        for key, (acta, src) in actas.items():
            before = self.actas.get(key)
            acta = self.arithmetic.mark_acta(self.places.at_own(acta), before)
            issues = () if acta == before else self._check_acta(acta)
            if issues:
                self.candidates[key] = Fact(key, acta, src)
                if before is None and self._is_nowhere(acta):
                    continue  # there is no place in the tree where it could be shown
                if before is not None and say_the_same(before.held or (), issues):
                    continue
                acta = msgspec.structs.replace(before or self._unread(acta), held=issues)
            else:
                self.candidates.pop(key, None)
            if acta != before:
                self.actas[key] = acta
                self._know_place(acta)
                kinds[key] = self._kind(before, acta)
        return kinds

    def _kind(self, before: Acta | None, acta: Acta) -> Kind:
        if acta.held is not UNSET:
            return Kind.HOLD
        if before is None:
            return Kind.UPDATE
        if self.arithmetic.is_replaced(acta, before):
            return Kind.CORRECTION
        return Kind.UPDATE if before.held is UNSET else Kind.RELEASE


def _chain(scope: str) -> set[str]:
    """Keys of the areas that hold the whole contest, if it has not the whole country."""
    return set(areas_of(scope)[1:]) if scope else set()
