"""A value that the database refuses is set aside, and an outage is waited out: never the one for the other.

What the source says is refused where it is read; here such values are put in behind that door.
"""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from ingest.archive import Archive
from ingest.publisher import Publisher
from tally.board import Board, Fact
from tally.changes import Change, ChangeSet, Kind, fold
from tally.errors import StoreUnavailable, Unforeseen, ValueRefused
from tally.keys import place_key
from tally.model import PollingPlace
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.tally.makers import acta, count, fact, place

AT = "2026-06-08T02:12:03Z"
# What each of the two cannot be given as a code. An index's key may have 2,704 bytes, squeezed as they are.
_LONG = "".join(random.Random(1).choices("0123456789abcdef", k=9000))
REFUSED = {"sqlite": ["0\ud800", "1\udfff"], "postgresql": ["0\x00", "1\ud800", _LONG]}


class Desk:
    """A publisher over an empty store, and what it announced."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.writer = Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
        self.announced: list[ChangeSet] = []
        self.board = Board(2)
        self.publisher = Publisher(self.board, self.writer, Archive(folder), self.announced.append, linger_s=0.0)

    def publish(self, *rounds: Sequence[Fact]) -> None:
        """Publish each of them once the one before is stored."""

        async def run() -> None:
            task = asyncio.create_task(self.publisher.run())
            for facts in rounds:
                self.publisher.put(facts)
                settled = asyncio.create_task(self.publisher.settled())
                await asyncio.wait({task, settled}, return_when=asyncio.FIRST_COMPLETED)
                settled.cancel()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        asyncio.run(run())

    def stored(self) -> set[str]:
        latest = self.store.latest(self.writer.info.id)
        assert latest == fold(self.announced)
        return set(latest)


@pytest.fixture
def desk(any_store: Store, tmp_path: Path) -> Desk:
    return Desk(any_store, tmp_path / "archive")


def refused(desk: Desk) -> list[Fact]:
    """Polling places that this database cannot keep."""
    codes = REFUSED[desk.store.engine.dialect.name]
    return [
        Fact(place_key(code), PollingPlace(code=code, name="IE", ubigeo="140101"), f"sha256:{n}")
        for n, code in enumerate(codes)
    ]


def test_a_refused_value_is_set_aside_with_its_reason_and_all_others_are_published(desk: Desk) -> None:
    sound = [Fact("nation", count(), "sha256:n"), *(fact(f"{number:06}", acta()) for number in range(1, 40))]
    bad = refused(desk)
    with capture_logs() as logs:
        desk.publish([*sound[:20], *bad, *sound[20:]])
    told = [log for log in logs if log["event"] == "a value was set aside"]
    assert {(log["key"], log["src"]) for log in told} == {(one.key, one.src) for one in bad}
    assert all(log["detail"] for log in told)
    assert not {one.key for one in bad} & desk.stored()
    assert {one.key for one in sound} <= desk.stored()
    # The board is what the log says, not what was tried.
    assert desk.board.sums.of("district/140101").counted == 39
    desk.board.sums.cross_check()
    assert desk.publisher.health.set_aside == len(bad)


def test_the_same_refused_value_costs_nothing_more_and_another_is_tried(desk: Desk) -> None:
    bad = refused(desk)[-1]
    better = Fact(bad.key, replace(bad.value, name="IE 2"), "sha256:b")
    with capture_logs() as logs:
        desk.publish([bad], [bad, place()], [bad, place("0002")], [better])
    told = [log["src"] for log in logs if log["event"] == "a value was set aside"]
    assert told == [bad.src, better.src]
    assert desk.stored() >= {"place/0001", "place/0002"}
    assert desk.publisher.health.set_aside == 1


def test_an_outage_is_waited_out_and_nothing_of_it_is_set_aside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.commits._RETRY_S", 0.01)
    append, tries = Writer.append, []

    def away(writer: Writer, changes: Sequence[Change], at: str) -> ChangeSet:
        tries.append(len(changes))
        if len(tries) % 3:
            raise StoreUnavailable("the database is away")
        return append(writer, changes, at)

    monkeypatch.setattr(Writer, "append", away)
    bad = refused(desk)
    with capture_logs() as logs:
        desk.publish([Fact("nation", count(), "sha256:n"), *bad, fact("000001", acta())])
    assert {log["key"] for log in logs if log["event"] == "a value was set aside"} == {one.key for one in bad}
    assert {"nation", "mesa/000001"} <= desk.stored()
    assert desk.publisher.health.set_aside == len(bad)


def test_a_slip_of_our_own_over_one_value_is_set_aside_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    check = desk.board._check_acta
    monkeypatch.setattr(desk.board, "_check_acta", lambda acta: 1 // 0 if acta.registered == 7 else check(acta))
    with capture_logs() as logs:
        desk.publish([fact("000001", acta()), fact("000002", acta(registered=7)), fact("000003", acta())])
    [told] = [log for log in logs if log["event"] == "a value was set aside"]
    assert told["key"] == "mesa/000002"
    assert isinstance(told["exc_info"], ZeroDivisionError)
    assert {"mesa/000001", "mesa/000003"} <= desk.stored()


def test_a_failure_over_every_value_is_no_matter_of_the_values_and_ends_publishing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.board, "_check_acta", lambda acta: 1 // 0)
    with pytest.raises(Unforeseen, match="ZeroDivisionError"):
        desk.publish([fact(f"{number:06}", acta()) for number in range(1, 400)])


def test_the_writer_tells_a_refused_value_from_a_database_that_is_away(desk: Desk) -> None:
    for one in refused(desk):
        with pytest.raises(ValueRefused):
            desk.writer.append([Change(one.key, Kind.UPDATE, b"{}")], AT)
    assert desk.writer.seq == 0
    desk.writer.append(desk.board.apply([place()]), AT)
