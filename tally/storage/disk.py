"""What a folder takes of a disk, and what is left there: bytes, and inodes, of which every file takes one."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from tally.errors import StoreUnavailable


class DiskRoom(Struct, frozen=True):
    """What a disk has free for this process and in all. `inodes`: None on a file system that does not count them."""

    free_bytes: int
    whole_bytes: int
    free_inodes: int | None
    whole_inodes: int | None


class FolderUse(Struct, frozen=True):
    """How many files are in a folder and below it, and the bytes in them."""

    files: int
    bytes: int


def room_of(folder: Path) -> DiskRoom:
    """The room on the disk of a folder, or of the nearest one above it if it is not there yet.

    Raises: StoreUnavailable: the disk does not say.
    """
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        found = os.statvfs(there)
    except OSError as error:
        raise StoreUnavailable(f"the disk of {folder} does not say what is free: {error.strerror}") from error
    counts = found.f_files > 0
    return DiskRoom(
        free_bytes=found.f_bavail * found.f_frsize,
        whole_bytes=found.f_blocks * found.f_frsize,
        free_inodes=found.f_favail if counts else None,
        whole_inodes=found.f_files if counts else None,
    )


def use_of(folder: Path) -> FolderUse:
    """What a folder holds; nothing if it is not there. It looks at every file: half a second for 100,000."""
    files = size = 0
    below = [os.fspath(folder)]
    while below:
        try:
            with os.scandir(below.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        below.append(entry.path)
                    else:
                        files, size = files + 1, size + entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:  # a poller packs or puts aside meanwhile
            continue
    return FolderUse(files, size)


def rooms_of(folders: Mapping[str, Path]) -> dict[str, DiskRoom]:
    """The room on the disk of each of those folders, by the same names; of one that does not say nothing."""
    found = dict[str, DiskRoom]()
    for name, folder in folders.items():
        with suppress(StoreUnavailable):
            found[name] = room_of(folder)
    return found
