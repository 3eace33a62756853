"""The publisher: what one change set may hold, so that each of its values can be made again from what it names."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.publisher import Publisher
from tally.board import Board, Fact
from tally.changes import Change, ChangeSet
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.databases import sqlite_in
from tests.tally.makers import acta, count, fact, place

AT = "2026-06-08T02:12:03Z"


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    store = Store.open(sqlite_in(tmp_path))
    yield Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
    store.close()


def publish(writer: Writer, folder: Path, readings: list[list[Fact]], *, is_drained: bool) -> list[ChangeSet]:
    """The change sets that those readings become, put in at once."""
    announced: list[ChangeSet] = []
    publisher = Publisher(Board(2), writer, Archive(folder), announced.append, linger_s=0.01)

    async def run() -> None:
        for facts in readings:
            publisher.put(facts)
        if is_drained:
            await publisher.drain()
            return
        task = asyncio.create_task(publisher.run())
        await publisher.settled()
        task.cancel()

    asyncio.run(run())
    assert publisher.is_settled
    return announced


@pytest.mark.parametrize("is_drained", [False, True])
def test_of_two_readings_of_one_key_the_newest_is_published_and_a_name_and_a_count_are_two_versions(
    writer: Writer, tmp_path: Path, is_drained: bool
) -> None:
    first, second = count((60, 40)), count((70, 40))
    readings = [
        [Fact("nation", "TODOS", "sha256:n")],
        [Fact("department/14", first, "sha256:a")],
        [Fact("nation", count((90, 60), total=4, pending=2), "sha256:b"), Fact("department/15", first, "sha256:c")],
        [Fact("department/16", first, "sha256:d")],
        [Fact("department/16", second, "sha256:e")],
    ]
    sets = publish(writer, tmp_path / "archive", readings, is_drained=is_drained)
    told = [{change.key: change.src for change in one.changes if change.src is not None} for one in sets]
    assert told == [
        {"nation": "sha256:n", "department/14": "sha256:a", "department/15": "sha256:c", "department/16": "sha256:e"},
        {"nation": "sha256:b"},
    ]


class Held(Writer):
    """Keeps every commit waiting until it is let go."""

    let_go = threading.Event()

    def append(self, changes: Sequence[Change], at: str) -> ChangeSet:
        """See Writer."""
        assert self.let_go.wait(10)
        return super().append(changes, at)


def test_a_check_counts_once_what_it_said_is_committed(writer: Writer, tmp_path: Path) -> None:
    """Otherwise screens would say of old figures that they were looked at just now."""
    held = Held(writer.store, writer.info, writer.name)
    publisher = Publisher(Board(2), held, Archive(tmp_path / "archive"), linger_s=0.0)

    def checked() -> str | None:
        return publisher.health.status(None).checked_at

    async def run() -> None:
        held.let_go.clear()
        task = asyncio.create_task(publisher.run())
        publisher.put([Fact("nation", count(), "sha256:a")])
        publisher.checked("2026-06-08T02:00:00Z")
        await asyncio.sleep(0.1)
        assert checked() is None
        publisher.put([Fact("nation", count((70, 40)), "sha256:b")])
        publisher.checked("2026-06-08T02:01:00Z")
        held.let_go.set()
        await publisher.settled()
        assert checked() == "2026-06-08T02:01:00Z"
        publisher.checked("2026-06-08T02:02:00Z")  # it said the same again
        assert checked() == "2026-06-08T02:02:00Z"
        publisher.put([Fact("nation", count((60, 40)), "sha256:c")])  # lower: the gate wants to see it once more
        publisher.checked("2026-06-08T02:03:00Z")
        await publisher.settled()
        assert checked() == "2026-06-08T02:02:00Z"
        task.cancel()

    asyncio.run(run())


def test_the_contests_totals_and_the_areas_do_not_wait_behind_mesas(writer: Writer, tmp_path: Path) -> None:
    mesas = [[fact(f"{number:06}", acta())] for number in range(1, 1501)]
    later = [[Fact("department/14", count(), "sha256:a")], [Fact("nation", count(), "sha256:b")]]
    announced = publish(writer, tmp_path / "archive", [*mesas, *later], is_drained=False)
    assert [change.key for change in announced[0].changes[:2]] == ["nation", "department/14"]
    assert len(announced) == 2


def test_a_place_that_two_pages_describe_names_them_both(writer: Writer, tmp_path: Path) -> None:
    pages = [
        Fact(fact.key, fact.value, src)
        for fact, src in (
            (place(name="IE 1"), "sha256:p1"),
            (place(name="IE UNO"), "sha256:p2"),
            (place(name="IE 1"), "sha256:p2"),
        )
    ]
    [only] = publish(writer, tmp_path / "archive", [pages], is_drained=False)
    assert [change.src for change in only.changes if change.key == "place/0001"] == ["sha256:p1+sha256:p2"]
