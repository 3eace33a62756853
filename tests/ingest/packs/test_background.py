"""Packing beside a poller: each closed day in a process of its own, which neither stops nor delays the count."""

import asyncio
import os
import time
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from ingest.archive import Archive, Attempt
from ingest.packs import background
from ingest.packs.background import closed_day, packing
from ingest.packs.lock import unmoved
from ingest.packs.lookup import Packs
from tests.waiting import wait_until

Logged = list[MutableMapping[str, Any]]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Two days, of which a head seals the first and a part of the second."""
    archive = Archive(tmp_path / "archive")
    for n in range(4):
        body = b"body %d" % n
        at = f"2026-06-0{8 + n // 2}T00:00:00Z"
        archive.log(Attempt(at, f"http://host/{n}", 200, 1, None, len(body), archive.keep(body)))
    archive.flush()
    archive.keep_head(3, "head")
    return archive


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logged]:
    """What is said meanwhile; a logger that has said something keeps what it was told with."""
    with capture_logs() as lines:
        monkeypatch.setattr(background, "_log", structlog.get_logger())
        yield lines


def events(logged: Logged) -> list[str]:
    return [line["event"] for line in logged]


def make_old(archive: Archive) -> None:
    path = archive.tail().files()[0]
    os.utime(path, (time.time() - 3600, time.time() - 3600))


def test_a_day_is_closed_once_another_has_begun_and_a_head_can_have_sealed_all_of_it(archive: Archive) -> None:
    assert closed_day(archive.folder, time.time()) is None
    assert closed_day(archive.folder, time.time() + 3600) == "2026-06-08.jsonl"
    make_old(archive)
    assert closed_day(archive.folder, time.time()) == "2026-06-08.jsonl"
    for path in archive.tail().files():
        path.unlink()
    assert closed_day(archive.folder, time.time()) is None


def test_a_poller_packs_a_closed_day_once_and_leaves_the_day_that_goes_on(archive: Archive, logged: Logged) -> None:
    make_old(archive)

    async def some_time() -> None:
        async with packing(archive.folder, every_s=0.02):
            await asyncio.to_thread(wait_until, lambda: "archive packed" in events(logged))
            await asyncio.sleep(0.1)

    asyncio.run(some_time())
    assert [path.name for path in Packs(archive.folder).files()] == ["000000000002.warc.gz"]
    assert len([path for path in (archive.folder / "objects").rglob("*") if path.is_file()]) == 2
    assert {archive.read(entry.sha256) for entry in archive.attempts() if entry.sha256} == {
        b"body %d" % n for n in range(4)
    }


def test_a_packing_that_cannot_be_is_said_once_and_tried_again(
    archive: Archive, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(archive)
    tried: list[Path] = []
    works = background._pack

    async def count(folder: Path) -> str | None:
        tried.append(folder)
        return await works(folder)

    monkeypatch.setattr(background, "_pack", count)

    async def some_time() -> None:
        async with packing(archive.folder, every_s=0.02):
            with unmoved(archive.folder):
                await asyncio.to_thread(wait_until, lambda: len(tried) >= 3)
            await asyncio.to_thread(wait_until, lambda: bool(Packs(archive.folder).files()))

    asyncio.run(some_time())
    assert events(logged).count("the archive cannot be packed") == 1
    [said] = [line["detail"] for line in logged if "cannot" in line["event"]]
    assert "is being packed, verified or copied by another process" in said


def test_a_poller_that_ends_ends_the_packing_too(archive: Archive) -> None:
    make_old(archive)

    async def some_time() -> None:
        async with packing(archive.folder, every_s=0.0):
            await asyncio.sleep(0.05)

    started = time.monotonic()
    asyncio.run(some_time())
    assert time.monotonic() - started < 5
    assert {archive.read(entry.sha256) for entry in archive.attempts() if entry.sha256} == {
        b"body %d" % n for n in range(4)
    }
