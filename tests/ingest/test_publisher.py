"""The publisher: what one change set may hold, so that each of its values can be made again from what it names."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.publisher import Publisher
from tally.board import Board, Fact
from tally.changes import ChangeSet
from tally.store import Store
from tally.writer import Writer
from tests.databases import sqlite_in
from tests.tally.makers import count, place

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
def test_two_readings_of_one_key_are_two_versions_and_others_share_one(
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
        {"nation": "sha256:n", "department/14": "sha256:a"},
        {"nation": "sha256:b", "department/15": "sha256:c", "department/16": "sha256:d"},
        {"department/16": "sha256:e"},
    ]


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
