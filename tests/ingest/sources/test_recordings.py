"""Recordings: a folder answers like the source it was recorded from, and what it does not hold is not invented."""

import asyncio
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from api.commands.polling import PollOptions, open_poller
from ingest.archive import Archive, Attempt
from ingest.fetch import Question
from ingest.sources.recordings import Recordings
from tally.board import Board
from tally.errors import FeedEmpty, InvalidInput
from tally.settings import Settings
from tally.storage.store import Store
from tests.databases import sqlite_in
from tests.ingest.faults.drill import EARLY, LATE, Drill, assert_whole

BASE = "/presentacion-backend"
TOTALS = Question("/resumen-general/totales", (("idEleccion", "10"), ("tipoFiltro", "eleccion")))


def read_folder(folder: Path, drill: Drill, database_url: str) -> tuple[Board, bool]:
    """Poll a folder to its end; returns the count as it is then stored, and whether it says it is a rehearsal."""
    archive = drill.folder / "second"
    settings = Settings(feed=f"file:{folder}", database_url=database_url, archive=archive, election=drill.election.id)

    async def poll() -> None:
        async with open_poller(settings, drill.election, PollOptions(cycle_s=2.0)) as poller:
            await poller.run(until_final=True)

    asyncio.run(poll())
    store = Store.open(database_url)
    info = store.info(drill.election.id)
    board = Board(len(drill.contest.lists))
    board.restore((key, entry.change.data) for key, entry in store.latest(info.id).items())
    store.close()
    return board, info.is_test


def test_an_archive_is_read_like_the_source_it_came_from_and_the_newest_answers_count(
    drill: Drill, database_url: str
) -> None:
    drill.identify()
    for since in (EARLY, LATE):
        drill.step_to(since)
        truth = drill.poll()
    board, is_test = read_folder(drill.archive.folder, drill, database_url)
    assert_whole(board, truth)
    assert is_test  # its host was none of the election's: a rehearsal must not come out of the archive as a real count
    attempts = Archive(drill.folder / "second").attempts()
    assert {attempt.source for attempt in attempts} == {"file"}
    assert {urlsplit(attempt.url)[:2] for attempt in attempts} == {("file", "archive")}


def test_files_named_by_path_and_query_are_read_like_the_source(drill: Drill, tmp_path: Path) -> None:
    drill.identify()
    truth = drill.poll()
    folder = tmp_path / "files"
    for attempt in drill.archive.attempts():
        if attempt.sha256 is not None:
            parts = urlsplit(attempt.url)
            name = parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")
            path = folder / f"{quote(name, safe='/')}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drill.archive.read(attempt.sha256))
    board, is_test = read_folder(folder, drill, sqlite_in(tmp_path, "files.db"))
    assert_whole(board, truth)
    assert not is_test


def recordings(tmp_path: Path, folder: Path) -> Recordings:
    return Recordings(folder, Archive(tmp_path / "second"), BASE, ["onpe.example"])


def test_what_was_not_recorded_is_empty_and_the_attempt_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "resumen-general").mkdir()
    (folder / "resumen-general" / "totales?tipoFiltro=eleccion&idEleccion=10").write_bytes(b"{}")
    source = recordings(tmp_path, folder)
    assert asyncio.run(source(TOTALS)).body == b"{}"
    with pytest.raises(FeedEmpty, match="no answer to that question was recorded"):
        asyncio.run(source(Question("/resumen-general/totales", (("idEleccion", "11"),))))
    found, missed = source.archive.attempts()
    assert (found.status, found.source, found.bytes) == (200, "file", 2)
    assert (missed.status, missed.sha256, missed.error) == (None, None, "not recorded")


def test_an_archive_that_still_grows_is_followed(tmp_path: Path) -> None:
    growing = Archive(tmp_path / "growing")
    address = f"https://onpe.example{BASE}/resumen-general/totales?tipoFiltro=eleccion&idEleccion=10"

    def record(body: bytes, status: int = 200) -> None:
        growing.log(Attempt("2026-06-08T00:00:00Z", address, status, 1, None, len(body), growing.keep(body)))

    record(b"1")
    source = recordings(tmp_path, growing.folder)
    answer = asyncio.run(source(TOTALS))
    assert (answer.body, answer.headers, answer.fetched_at) == (b"1", {}, "2026-06-08T00:00:00Z")
    record(b"2")
    record(b"blocked", status=403)
    assert asyncio.run(source(TOTALS)).body == b"2"


def test_a_folder_that_cannot_answer_is_refused_at_once(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder, message in ((tmp_path / "none", "there is no folder"), (empty, "neither an archive with answers nor")):
        with pytest.raises(InvalidInput, match=message):
            recordings(tmp_path, folder)
    with pytest.raises(InvalidInput, match="cannot be both the recordings and the archive"):
        recordings(tmp_path, tmp_path / "second")
