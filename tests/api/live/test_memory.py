"""What is kept in memory: the ring, finished answers. And what a subscription makes of them."""

import json
import threading
from typing import Any

import anyio
import pytest

from api.http.answers import Representation
from api.http.making import AnswerCache
from api.live.count import LiveCount, load
from api.live.following import Position
from api.live.ring import Ring, Tagged
from api.live.subscription import Subscribe, advance, begin
from api.options import ServeOptions
from tally.changes import Change, ChangeSet, Kind
from tally.storage.store import Store
from tests.api.country import ELECTION, Country, minute


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def one(seq: int, size: int = 10) -> Tagged:
    changes = tuple(Change(f"mesa/{n:06}", Kind.UPDATE, b'{"a":1}') for n in range(size))
    return Tagged(ChangeSet(seq, minute(seq), changes), (("district/140101",),) * size)


def test_the_ring_holds_what_is_young_however_much_it_is() -> None:
    clock = Clock()
    ring = Ring(5, keep_s=600, keep_changes=30, now=clock)
    for seq in range(6, 26):
        ring.add(one(seq), 1000)
    assert [tagged.changes.seq for tagged in ring.since(5) or ()] == list(range(6, 26))


def test_the_ring_holds_enough_changes_however_old_they_are() -> None:
    clock = Clock()
    ring = Ring(5, keep_s=600, keep_changes=30, now=clock)
    for seq in range(6, 26):
        clock.now += 601
        ring.add(one(seq), 1000)
    assert ring.floor == 22
    assert [tagged.changes.seq for tagged in ring.since(22) or ()] == [23, 24, 25]
    assert ring.since(21) is None
    assert ring.since(25) == []


@pytest.mark.parametrize(("apart_s", "sets"), [(601, 5), (1, 50)])
def test_the_ring_of_a_small_count_holds_few_that_are_old_and_more_that_are_young(apart_s: int, sets: int) -> None:
    clock = Clock()
    ring = Ring(5, keep_s=600, keep_changes=5000, now=clock)
    for seq in range(6, 106):
        clock.now += apart_s
        ring.add(one(seq), keys=10)
    assert ring.floor == 105 - sets
    assert len(ring.since(ring.floor) or ()) == sets


def test_one_answer_is_built_once_for_all_who_wait() -> None:
    built: list[int] = []
    gate = threading.Event()

    def build() -> Representation:
        gate.wait(5)
        built.append(1)
        return Representation(b"x", None)

    async def ask_ten_times() -> None:
        cache = AnswerCache()
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(cache.get, "key", build)
            await anyio.sleep(0.05)
            gate.set()

    anyio.run(ask_ten_times)
    assert built == [1]


def test_answers_are_forgotten_when_they_are_too_many() -> None:
    built: list[str] = []

    async def ask() -> None:
        cache = AnswerCache(limit_bytes=25)

        async def get(key: str) -> None:
            await cache.get(key, lambda: built.append(key) or Representation(b"0123456789", None))

        for key in "abacb":
            await get(key)

    anyio.run(ask)
    assert built == ["a", "b", "c", "b"]


def test_a_failed_answer_is_not_kept() -> None:
    async def ask() -> bytes:
        cache = AnswerCache()

        def fail() -> Representation:
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            await cache.get("key", fail)
        return (await cache.get("key", lambda: Representation(b"good", None))).body

    assert anyio.run(ask) == b"good"


@pytest.fixture
def live(store: Store, country: Country) -> LiveCount:
    options = ServeOptions(ring_s=0, ring_changes=100)
    return LiveCount(ELECTION, load(store, store.info(ELECTION.id)), options)


def news(live: LiveCount, position: Position) -> tuple[dict[str, Any], Position]:
    """The one message that is owed at a position, and where it leads to."""
    step = advance(live, position)
    (frame,) = step.frames
    return json.loads(frame.payload), step.position


def test_a_slow_client_finds_the_newest_value_of_each_key_once(live: LiveCount, country: Country) -> None:
    position = begin(live, Subscribe(["mesa/000001"])).position
    for n in range(5):
        live.advance([country.count(["000001"], minute(n), (50 + n, 40))])
    delta, position = news(live, position)
    assert (delta["prev"], delta["seq"]) == (1, 6)
    assert [change["d"]["votes"] for change in delta["changes"]] == [[54, 40]]
    assert advance(live, position).frames == ()


def test_a_slow_client_misses_no_correction(live: LiveCount, country: Country) -> None:
    position = begin(live, Subscribe(["corrections", "mesa/000001"])).position
    for n in range(5):
        live.advance([country.count(["000001"], minute(n), (50 - n, 40))])
    delta, _ = news(live, position)
    changes = [change for change in delta["changes"] if change["k"] == "mesa/000001"]
    assert [change["d"]["votes"][0] for change in changes] == [49, 48, 47, 46]
    assert ["topic" in change for change in changes] == [True, True, True, False]


def test_a_client_slower_than_the_ring_gets_the_state(live: LiveCount, country: Country) -> None:
    position = begin(live, Subscribe(["district/140101"])).position
    for n in range(20):
        live.advance([country.count(country.mesas[:8], minute(n), (50 + n, 40))])
    snap, _ = news(live, position)
    assert (snap["t"], snap["why"], snap["seq"]) == ("snap", "slow", 21)
    assert snap["state"]["mesa/000001"]["votes"] == [69, 40]


def test_equal_subscriptions_share_one_frame(live: LiveCount, country: Country) -> None:
    first, second = (begin(live, Subscribe(["nation"])) for _ in range(2))
    assert first.frames[1] is second.frames[1]
    live.advance([country.count(country.mesas[:8], minute(1))])
    assert advance(live, first.position).frames[0] is advance(live, second.position).frames[0]
