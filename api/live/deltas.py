"""Change sets as a subscription sees them: filtered by topic, merged by key, written as the protocol's JSON."""

from collections.abc import Iterable
from functools import partial

import msgspec
from msgspec import UNSET, Struct, UnsetType

from api.http.components import Value, raw
from api.live.ring import Tagged, Topics
from tally.changes import Change, ChangeSet, Kind
from tally.topics import CORRECTIONS, topics_of


class NewValue(Struct, frozen=True):
    """A key's value from a version on. `topic` says why it is there, where that is not the subscription's own state."""

    k: str
    kind: Kind
    d: Value
    src: str | None
    topic: str | UnsetType = UNSET


def tag(changes: ChangeSet) -> Tagged:
    """The change set with the topics of each change, read from the changes themselves."""
    return Tagged(changes, tuple(topics_of(change.key, partial(_data, change)) for change in changes.changes))


def write_delta(tagged: Iterable[Tagged], topics: frozenset[str]) -> bytes | None:
    """JSON array of the changes those sets bring to a subscription, or None if there are none.

    Of several values of one key the newest stands; corrections are all there when the subscription has that topic.
    One that is only there because of it, and not part of the subscription's state, says `"topic":"corrections"`.
    """
    wants_corrections = CORRECTIONS in topics
    newest: dict[str, Change] = {}
    passing: list[Change] = []
    for one in tagged:
        for change, own in zip(one.changes.changes, one.topics, strict=True):
            is_mine = _meets(own, topics)
            if wants_corrections and change.kind is Kind.CORRECTION:
                # Kept even if a later change replaces the value: a correction is an event, not only a state.
                passing.append(change)
            if is_mine:
                newest.pop(change.key, None)
                newest[change.key] = change
    shown = [_value_of(change, CORRECTIONS) for change in passing if newest.get(change.key) is not change]
    shown += [_value_of(change) for change in newest.values()]
    return msgspec.json.encode(shown) if shown else None


def count_changes(tagged: Tagged, topics: frozenset[str]) -> int:
    """How many changes of the set a subscription would see."""
    wants_corrections = CORRECTIONS in topics
    return sum(
        _meets(own, topics) or (wants_corrections and change.kind is Kind.CORRECTION)
        for change, own in zip(tagged.changes.changes, tagged.topics, strict=True)
    )


def _data(change: Change) -> bytes:
    return change.data


def _meets(own: Topics, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(own)


def _value_of(change: Change, only: str | UnsetType = UNSET) -> NewValue:
    return NewValue(change.key, change.kind, raw(change.data), change.src, only)
