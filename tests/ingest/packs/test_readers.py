"""Whoever read an archive before it was packed reads it after: recordings, backups, restores."""

import asyncio
from pathlib import Path

import pytest

from api.commands.backups.folders import copy_archive, lay, missing
from ingest.archive import Archive, Attempt, read_format
from ingest.feeds import Question
from ingest.packs.lock import packing_alone
from ingest.packs.lookup import Packs
from ingest.packs.packing import pack
from ingest.sources.recordings import Recordings
from tally.errors import ArchiveError, InvalidInput

AT = "2026-06-08T00:00:00Z"


def deaf(_: int) -> None:
    """Whom nobody tells how far it is."""


def grow(archive: Archive, first: int, number: int) -> None:
    """So many more answers under a head."""
    for n in range(first, first + number):
        body = b"body %d" % n
        archive.log(Attempt(AT, f"https://host.example/base/{n}", 200, 1, None, len(body), archive.keep(body)))
    archive.flush()
    archive.keep_head(first + number, f"head {first + number}")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "archive")
    grow(archive, 0, 5)
    return archive


def whole(folder: Path, number: int) -> bool:
    archive = Archive(folder)
    named = [entry.sha256 for entry in archive.attempts() if entry.sha256 is not None]
    return {archive.read(name) for name in named} == {b"body %d" % n for n in range(number)}


def test_a_packed_archive_is_played_again_like_a_loose_one(archive: Archive, tmp_path: Path) -> None:
    pack(archive.folder)
    recordings = Recordings(archive.folder, Archive(tmp_path / "other"), "/base", ["host.example"])
    answers = [asyncio.run(recordings(Question(f"/{n}"))) for n in range(5)]
    assert [answer.body for answer in answers] == [b"body %d" % n for n in range(5)]


def test_a_backup_of_a_packed_archive_is_laid_back_as_it_was(archive: Archive, tmp_path: Path) -> None:
    pack(archive.folder)
    grow(archive, 5, 2)
    copy_archive(archive.folder, tmp_path / "backup", deaf)
    names = missing(tmp_path / "backup", tmp_path / "new")
    lay(tmp_path / "backup", tmp_path / "new", names, deaf)
    assert whole(tmp_path / "new", 7)
    assert missing(tmp_path / "backup", tmp_path / "new") == []


def test_a_copy_without_a_single_loose_file_is_played_and_packed_too(archive: Archive, tmp_path: Path) -> None:
    pack(archive.folder)
    copy_archive(archive.folder, tmp_path / "copy", deaf)
    assert not (tmp_path / "copy" / "objects").exists()
    recordings = Recordings(tmp_path / "copy", Archive(tmp_path / "other"), "/base", ["host.example"])
    assert asyncio.run(recordings(Question("/3"))).body == b"body 3"
    assert pack(tmp_path / "copy").pack is None


def test_a_backup_of_before_the_packing_brings_nothing_twice(archive: Archive, tmp_path: Path) -> None:
    copy_archive(archive.folder, tmp_path / "backup", deaf)
    grow(archive, 5, 2)
    pack(archive.folder)
    assert missing(tmp_path / "backup", archive.folder) == [Path("checkpoints/000000000005")]
    assert read_format(archive.folder) == 2
    (archive.folder / "log" / "2026-06-08.jsonl").write_bytes(b"another\n")
    with pytest.raises(InvalidInput, match="is not that of the backup"):
        missing(tmp_path / "backup", archive.folder)


def test_a_log_that_was_packed_is_that_of_a_backup_with_the_same_lines(archive: Archive, tmp_path: Path) -> None:
    copy_archive(archive.folder, tmp_path / "before", deaf)
    archive.log(Attempt("2026-06-09T00:00:00Z", "https://host.example/base/x", 500, 1))
    archive.flush()
    archive.keep_head(6, "head 6")
    assert [path.name for path in pack(archive.folder).logs] == ["2026-06-08.jsonl"]
    copy_archive(archive.folder, tmp_path / "after", deaf)
    assert missing(tmp_path / "before", archive.folder) == [Path("checkpoints/000000000005")]
    assert missing(tmp_path / "after", archive.folder) == []
    assert Path("log/2026-06-08.jsonl.gz") not in missing(tmp_path / "after", tmp_path / "before")
    lay(tmp_path / "after", tmp_path / "new", missing(tmp_path / "after", tmp_path / "new"), deaf)
    assert whole(tmp_path / "new", 5)
    (archive.folder / "log" / "2026-06-08.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(ArchiveError, match="cannot be read"):
        missing(tmp_path / "after", archive.folder)


def test_a_backup_of_after_the_packing_says_so_where_nothing_was_packed(archive: Archive, tmp_path: Path) -> None:
    copy_archive(archive.folder, tmp_path / "loose", deaf)
    grow(archive, 5, 2)
    pack(archive.folder)
    copy_archive(archive.folder, tmp_path / "backup", deaf)
    (tmp_path / "loose" / "log" / "2026-06-08.jsonl").unlink()
    lay(tmp_path / "backup", tmp_path / "loose", missing(tmp_path / "backup", tmp_path / "loose"), deaf)
    assert read_format(tmp_path / "loose") == 2
    assert whole(tmp_path / "loose", 7)


def test_nothing_is_packed_while_a_backup_is_made(archive: Archive, tmp_path: Path) -> None:
    refused: list[str] = []

    def try_to_pack(_: int) -> None:
        with pytest.raises(ArchiveError, match="by another process") as raised:
            pack(archive.folder)
        refused.append(str(raised.value))

    copy_archive(archive.folder, tmp_path / "backup", try_to_pack)
    assert refused
    assert Packs(archive.folder).files() == []
    with packing_alone(archive.folder):
        assert whole(tmp_path / "backup", 5)
