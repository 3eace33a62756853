"""What a backup's folder holds, and whether it still does.

`count.db`, an SQLite database whichever the installation has; `archive/` and `photos/`, copies of those folders; and
`manifest.json`, written last: a folder without one is the remains of a backup that did not end. No secret is in it:
the private key of the archive lies beside the archive's folder, not in it.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from api.commands.backups.bar import Advance
from tally.errors import InvalidInput

FORMAT = 1
NAME, DATABASE, ARCHIVE, PHOTOS = "manifest.json", "count.db", "archive", "photos"


class KeptCount(Struct, frozen=True):
    """A count as the backup has it: at version `seq` of history `epoch`."""

    election: str
    contest: str
    epoch: str
    seq: int


class KeptFile(Struct, frozen=True):
    """A file's bytes: how many, and their SHA-256 (hexadecimal)."""

    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """`made_at`: the moment of the database, ISO UTC. `schema`: its revision. `rows` by table, `files` by path."""

    format: int
    made_at: str
    program: str
    schema: str
    counts: list[KeptCount]
    rows: dict[str, int]
    files: dict[str, KeptFile]


def describe(path: Path) -> KeptFile:
    """What a file is."""
    with path.open("rb") as file:
        return KeptFile(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def files_below(folder: Path) -> Iterator[Path]:
    """Every file in a folder and in those below it, in the order of their names."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def write(folder: Path, manifest: Manifest) -> None:
    """Say that the backup is whole."""
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def read(folder: Path) -> Manifest:
    """What the backup in that folder says of itself.

    Raises: InvalidInput: it is none, it did not end, or it is of a program newer than this one.
    """
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidInput(f"{folder} is no backup: it has no {NAME}, which is written when one is whole") from None
    except OSError as error:
        raise InvalidInput(f"{folder / NAME} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise InvalidInput(f"{folder / NAME} is damaged: {error}") from error
    if manifest.format != FORMAT:
        raise InvalidInput(f"{folder} has format {manifest.format}; this program knows {FORMAT}")
    return manifest


def check(folder: Path, manifest: Manifest, heard: Advance) -> None:
    """Return if every byte of the backup is as it was. `heard` is told the size of each file that was read.

    Raises: InvalidInput: the first file that is missing, changed, or nowhere in the manifest.
    """
    found = {path.relative_to(folder).as_posix() for path in files_below(folder)} - {NAME}
    for name, kept in manifest.files.items():
        if name not in found:
            raise InvalidInput(f"{folder} is not whole: {name} is missing")
        if describe(folder / name) != kept:
            raise InvalidInput(f"{folder} is not what was kept: {name} has changed")
        heard(kept.size)
    strange = sorted(found - {*manifest.files})
    if strange:
        raise InvalidInput(f"{folder} has a file that the backup did not: {strange[0]}")
