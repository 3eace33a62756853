"""The folders of a backup, copied while somebody writes to them, and laid back where some of their files may be."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from api.commands.backups.bar import Advance
from api.commands.backups.manifest import files_below
from ingest.archive import read_format
from ingest.log import GZIP_ENDING, log_pieces
from ingest.packs.lock import unmoved
from ingest.packs.lookup import Packs
from tally.errors import InvalidInput

# A signed head says that so many lines are there, and a line that an object is: what says comes before what is said.
_ORDER = ("checkpoints", "log")
# What is being written just now.
_NOT_YET = "aside"
# What a pack may hold instead, and what says that there are packs.
_BODIES, _FORMAT = "objects", Path("format")
_LOG = "log"
# Files that grow, each whole up to the end of a line; all others are never changed once they are there.
_GROWING = ("log", "keys", "key-changes")


def copy_archive(source: Path, target: Path, heard: Advance) -> None:
    """Copy a raw archive of which a poller may be writing more, but which nobody packs meanwhile."""
    with unmoved(source):
        for path in _archive_files(source):
            _copy(path, target / path.relative_to(source), is_growing=_grows(path.relative_to(source)))
            heard(path.stat().st_size)


def copy_photos(source: Path, target: Path, heard: Advance) -> None:
    """Copy pictures, of which more may come."""
    for path in files_below(source):
        if not path.name.startswith("."):  # one that is being written
            _copy(path, target / path.relative_to(source), is_growing=False)
            heard(path.stat().st_size)


def missing(source: Path, target: Path) -> list[Path]:
    """The files of a backup's folder that are not in `target`, by their paths in either.

    A log that goes on where the backup's ends is newer, and stays; so do bodies that were packed since.

    Raises: InvalidInput: one that is there is another. ArchiveError: a pack that is there cannot be searched.
    """
    found, packs = [], Packs(target)
    for path in files_below(source):
        name = path.relative_to(source)
        there = target / name
        if name.parts[0] == _LOG:
            found += [] if _has_log(there, path) else [name]
        elif not there.exists():
            if not (name.parts[0] == _BODIES and packs.holds(name.name)):
                found.append(name)
        elif name == _FORMAT:
            found += [name] if read_format(target) < read_format(source) else []
        elif not _agrees(there, path, is_growing=_grows(name)):
            raise InvalidInput(f"{there} is not that of the backup; name another folder to restore into")
    return found


def lay(source: Path, target: Path, names: list[Path], heard: Advance) -> None:
    """Copy those files."""
    for name in names:
        _copy(source / name, target / name, is_growing=False)
        heard((source / name).stat().st_size)


def _has_log(there: Path, kept: Path) -> bool:
    """Whether the lines of a file of the log are there, packed or not.

    Raises: InvalidInput: others are.
    """
    ours, theirs = (path.with_name(path.name.removesuffix(GZIP_ENDING)) for path in (there, kept))
    if not ours.exists() and not ours.with_name(ours.name + GZIP_ENDING).exists():
        return False
    if not b"".join(log_pieces(ours)).startswith(b"".join(log_pieces(theirs))):
        raise InvalidInput(f"{there} is not that of the backup; name another folder to restore into")
    return True


def _archive_files(source: Path) -> Iterator[Path]:
    for name in _ORDER:
        yield from files_below(source / name)
    for path in files_below(source):
        if path.relative_to(source).parts[0] not in (*_ORDER, _NOT_YET):
            yield path


def _grows(name: Path) -> bool:
    return name.parts[0] in _GROWING and name.suffix != GZIP_ENDING


def _copy(path: Path, target: Path, *, is_growing: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_growing:
        written = path.read_bytes()
        target.write_bytes(written[: written.rfind(b"\n") + 1])
    else:
        shutil.copyfile(path, target)


def _agrees(there: Path, kept: Path, *, is_growing: bool) -> bool:
    ours, theirs = there.read_bytes(), kept.read_bytes()
    return ours.startswith(theirs) if is_growing else ours == theirs
