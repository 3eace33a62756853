"""The room of a disk and the use of a folder."""

import os
from pathlib import Path

import pytest

from tally.errors import StoreUnavailable
from tally.storage.disk import FolderUse, room_of, use_of


def test_the_room_of_a_folder_that_is_not_there_yet_is_that_of_its_disk(tmp_path: Path) -> None:
    room = room_of(tmp_path / "not" / "yet")
    assert 0 < room.free_bytes < room.whole_bytes
    assert room.whole_inodes is None or (room.free_inodes is not None and room.free_inodes <= room.whole_inodes)


def test_a_file_system_that_counts_no_inodes_says_none_and_not_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = list(os.statvfs(tmp_path))
    figures[5] = figures[6] = figures[7] = 0
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(figures))
    assert room_of(tmp_path).free_inodes is None


def test_a_disk_that_does_not_answer_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> os.statvfs_result:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "statvfs", refuse)
    with pytest.raises(StoreUnavailable, match="does not say what is free: Input/output error"):
        room_of(tmp_path)


def test_a_folder_s_files_and_bytes_are_counted_at_every_depth(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "one").write_bytes(b"12345")
    (tmp_path / "a" / "b" / "two").write_bytes(b"123")
    assert use_of(tmp_path) == FolderUse(2, 8)
    assert use_of(tmp_path / "nowhere") == FolderUse(0, 0)
