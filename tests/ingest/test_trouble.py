"""Trouble on our own side: the database away or locked, the disk full, two pollers by mistake."""

import asyncio
import errno
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.publisher import Publisher
from ingest.reports import Reports
from tally.board import Fact, Release
from tally.changes import Kind, fold
from tally.errors import ArchiveError, LeaseLost, WriterBusy
from tally.ledger import read_ledger
from tally.storage.lease import free
from tally.storage.releases import open_requests, request_release
from tally.storage.writer import Writer
from tests.databases import sqlite_in
from tests.ingest.rig import AT, SOURCES, Rig, a_small_country
from tests.tally.makers import count
from tests.waiting import PATIENCE_S


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    source = SOURCES["onpe2026"]
    mesas = a_small_country(tmp_path / "mesas.csv", source.election)
    rig = Rig(source, mesas, sqlite_in(tmp_path), tmp_path)
    yield rig
    rig.store.close()


def test_a_database_that_is_away_for_a_while_loses_nothing(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tally.storage.database._BUSY_S", 0.1)
    monkeypatch.setattr("ingest.commits._RETRY_S", 0.1)
    locked, released = threading.Event(), threading.Event()
    rig.store.engine.dispose()

    def hold() -> None:
        """Another program sits on the database as soon as something was published."""
        while not rig.announced:
            time.sleep(0.005)
        other = sqlite3.connect(tmp_path / "count.db", timeout=PATIENCE_S)
        other.execute("BEGIN EXCLUSIVE")
        locked.set()
        time.sleep(3)
        rig_seen.append(len(rig.announced))
        other.rollback()
        other.close()
        released.set()

    rig_seen: list[int] = []
    thread = threading.Thread(target=hold)
    thread.start()
    board = rig.poll()
    thread.join()
    assert locked.is_set()
    assert released.is_set()
    assert rig_seen[0] < len(rig.announced)
    assert len(board.actas) == board.published["nation"].total == 60
    assert [changes.seq for changes in rig.announced] == list(range(1, len(rig.announced) + 1))
    assert rig.store.latest(rig.store.info(rig.election.id).id) == fold(rig.announced)


def test_a_full_disk_stops_the_poller_before_anything_unarchived_is_published(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [40]
    write = Path.write_bytes

    def full(path: Path, body: Any) -> int:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, body)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ArchiveError, match="No space left on device"):
        rig.poll()
    for changes in rig.announced:
        for change in changes.changes:
            for source in filter(None, (change.src or "").split("+")):
                assert rig.archive.read(source.removeprefix("sha256:"))
    monkeypatch.undo()
    board = rig.poll()
    assert len(board.actas) == 60


def test_a_second_poller_is_refused_and_a_paused_first_one_is_fenced_off(rig: Rig) -> None:
    first = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT)
    with pytest.raises(WriterBusy):
        rig.poll()
    # The first one is paused for longer than its lease, and another takes over.
    free(rig.store, first.info, None)
    board = rig.poll()
    assert len(board.actas) == 60
    before = rig.store.info(rig.election.id).seq
    publisher = Publisher(board, first, rig.archive, linger_s=0.0)

    async def wake_up() -> None:
        await Reports([publisher]).tell()

    with pytest.raises(LeaseLost, match="took over"):
        asyncio.run(wake_up())
    assert rig.store.info(rig.election.id).seq == before


def test_a_held_value_is_released_while_the_poller_runs(rig: Rig) -> None:

    board = rig.poll()
    writer = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT)
    publisher = Publisher(board, writer, rig.archive, rig.announced.append, linger_s=0.0)
    writer.append(board.apply([Fact("department/14", count(total=9, cast=900, valid=100), "sha256:x")]), AT)
    request_release(rig.store, writer.info.id, Release("department/14", "Ana", "seen on their page"), AT)
    request_release(rig.store, writer.info.id, Release("department/15", "Ana", "nothing is held there"), AT)

    asyncio.run(Reports([publisher]).carry_out_releases())
    [line] = read_ledger(rig.store, writer.info.id, [Kind.RELEASE])
    assert (line.key, line.note) == ("department/14", '{"by":"Ana","reason":"seen on their page"}')
    assert open_requests(rig.store) == []
    assert board.published["department/14"].cast == 900
