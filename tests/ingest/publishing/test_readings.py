"""When a unit was last read: its own answer moves that, whether it says something new or not, and nothing else does."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ingest.archive import Archive
from ingest.publisher import Publisher
from tally.board import Board, Fact, Release
from tally.changes import Change, ChangeSet
from tally.errors import FeedError
from tally.keys import mesa_key, place_key
from tally.storage.database import transaction
from tally.storage.readings import UnitTimes, times_beside
from tally.storage.releases import open_requests, request_release
from tally.storage.store import Store
from tally.storage.tables import ReadingRow, table_of
from tally.storage.writer import Writer, append_all, report_all
from tests.ingest.rig import Rig
from tests.tally.makers import acta, count, fact, pending, place

DISTRICT, OTHER = "district/140101", "district/140102"
MESA, PLACE = mesa_key("000001"), place_key("0001")
AT = "2026-06-08T02:00:00Z"

Said = Sequence[Fact] | str  # facts, or an area of which the source said what is known


def minute(n: int) -> str:
    return f"2026-06-08T02:{n:02}:00Z"


class Desk:
    """A publisher over an empty store: what is said in one minute after the other is stored before the next."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.minute, self.loop = store, 0, asyncio.Runner()
        self.writer = Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
        self.publisher = Publisher(Board(2), self.writer, Archive(folder), linger_s=0.0)

    def hear(self, *minutes: Said) -> None:
        async def run() -> None:
            task = asyncio.create_task(self.publisher.run())
            for said in minutes:
                self.minute += 1
                if isinstance(said, str):
                    self.publisher.confirm(said, minute(self.minute))
                else:
                    self.publisher.put(said, minute(self.minute))
                    await self.publisher.settled()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        self.loop.run(run())

    def release(self, key: str) -> None:
        request_release(self.store, self.writer.info.id, Release(key, "Ana", "seen on paper"), AT)
        [request] = open_requests(self.store)
        self.loop.run(self.publisher.carry_out(request))

    def kept(self, key: str) -> UnitTimes | None:
        """What stands beside the log."""
        report_all([self.writer], [])
        return self.store.readings.of(self.writer.info.id, [key]).get(key)

    def read_at(self, key: str) -> str:
        times = self.kept(key)
        assert times is not None
        return times.checked_at

    def shown(self, key: str) -> UnitTimes:
        return times_beside(self.kept(key), self.store.latest(self.writer.info.id)[key].at)


@pytest.fixture
def desk(any_store: Store, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(any_store, tmp_path)
    with desk.loop:
        yield desk


def stated(*votes: int) -> Fact:
    return Fact(DISTRICT, count(votes), "sha256:d")


def test_a_unit_whose_answer_is_not_read_again_keeps_its_time_though_the_feed_runs(desk: Desk) -> None:
    desk.hear([stated(60, 40), Fact(OTHER, count(), "sha256:o")], OTHER, [Fact("nation", count(), "sha256:n")], OTHER)
    assert (desk.read_at(DISTRICT), desk.read_at(OTHER)) == (minute(1), minute(4))
    assert desk.kept("nation") is None  # of the whole the feed says it


def test_our_own_sum_is_no_answer_of_the_source(desk: Desk) -> None:
    desk.hear([stated(60, 40)])
    before = desk.shown(DISTRICT)
    desk.hear([fact("000001", acta((30, 20)))])
    assert before.changed_at is not None
    assert desk.store.latest(desk.writer.info.id)[DISTRICT].at > before.changed_at
    assert desk.shown(DISTRICT) == before
    desk.hear([stated(70, 40)])
    assert (desk.read_at(DISTRICT), desk.shown(DISTRICT).changed_at) == (
        minute(3),
        desk.store.latest(desk.writer.info.id)[DISTRICT].at,
    )


def test_a_list_that_says_nothing_new_has_read_its_place_and_what_its_rows_say_in_full(desk: Desk) -> None:
    rows = [place(), fact("000001", pending()), fact("000002", pending())]
    desk.hear(rows)
    assert desk.kept(PLACE) is desk.kept(MESA) is None  # the log says when
    desk.hear(rows, [*rows[:2], fact("000002", acta())])
    assert [desk.read_at(key) for key in (MESA, mesa_key("000002"))] == [minute(3), minute(2)]
    assert desk.read_at(PLACE) == minute(2)  # what its mesas add up to changed after that
    assert len(desk.store.read(desk.writer.info.id, 0)) == 2


def test_a_doubtful_value_has_not_been_read_until_it_is_seen_again(desk: Desk) -> None:
    desk.hear([stated(60, 40), fact("000001", acta())], [stated(50, 40), fact("000001", acta((10, 9)))])
    assert desk.read_at(DISTRICT) == minute(1)
    assert desk.kept(MESA) is None
    desk.hear([stated(50, 40)])
    assert desk.read_at(DISTRICT) == minute(3)


def test_a_value_that_is_held_was_read_and_one_that_is_released_has_changed(desk: Desk) -> None:
    desk.hear([stated(60, 40)], [Fact(DISTRICT, count((60, 40), cast=999), "sha256:bad")])
    changed = desk.shown(DISTRICT).changed_at
    assert desk.read_at(DISTRICT) == minute(2)
    desk.release(DISTRICT)
    times = desk.shown(DISTRICT)
    assert times.checked_at >= (times.changed_at or "") > (changed or "")


def test_of_what_was_relayed_nobody_knows_when_it_was_read(desk: Desk) -> None:
    async def relay() -> None:
        for _ in range(2):
            desk.publisher.put([stated(60, 40), place()])
            await desk.publisher.drain()

    desk.loop.run(relay())
    published = desk.store.latest(desk.writer.info.id)[DISTRICT].at
    assert desk.kept(DISTRICT) == UnitTimes(published, published)
    assert desk.kept(PLACE) is None


def test_what_the_source_repeats_counts_once_the_log_has_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[int] = []

    def append(news: Sequence[tuple[Writer, Sequence[Change]]], at: str) -> list[ChangeSet]:
        desk.publisher.confirm(OTHER, minute(9))
        noted.append(len(desk.writer.readings))
        return append_all(news, at)

    monkeypatch.setattr(Writer, "append", lambda writer, changes, at: append([(writer, changes)], at)[0])
    desk.hear([fact("000001", acta())])
    assert noted == [0]
    assert desk.read_at(OTHER) == minute(9)


def rows_of(rig: Rig) -> dict[str, str]:
    readings = table_of(ReadingRow)
    with transaction(rig.store.engine) as connection:
        return {row.key: row.checked_at for row in connection.execute(readings.select())}


class Away(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)


def test_a_source_read_anew_moves_the_times_of_its_areas_and_one_that_is_away_none(rig: Rig) -> None:
    rig.poll()
    first, seq = rows_of(rig), rig.store.info(rig.election.id).seq
    assert {"scope/domestic", "department/14", "district/140101"} <= first.keys()
    rig.poll()  # another process: what it reads again says nothing new
    second = rows_of(rig)
    assert rig.store.info(rig.election.id).seq == seq
    assert second.keys() >= first.keys()
    assert all(second[key] >= at for key, at in first.items())
    assert second["department/14"] > first["department/14"]
    rig.transport = Away()
    with pytest.raises((FeedError, TimeoutError)):
        asyncio.run(asyncio.wait_for(rig.poll_to_the_end(), 1.0))
    assert rows_of(rig) == second


def test_no_unit_changed_later_than_it_was_read(rig: Rig) -> None:
    rig.poll()
    count_id = rig.store.info(rig.election.id).id
    entries = rig.store.latest(count_id)
    known = rig.store.readings.of(count_id, list(entries))
    assert known
    for key, entry in entries.items():
        times = times_beside(known.get(key), entry.at)
        assert times.changed_at is not None
        assert times.changed_at <= times.checked_at, key
