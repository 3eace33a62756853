"""What a download really is, and the one file of a zip that is wanted, whatever else the zip holds."""

import shutil
import zipfile
import zlib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from geo.fetching.catalogue import ENDINGS, Form, Limits, Source
from tally.errors import BoundaryError

_HEAD, _CHUNK = 512, 1 << 20
_MAGIC: dict[Form, bytes] = {
    "geopackage": b"SQLite format 3\0",
    "geoparquet": b"PAR1",
    "shapefile": b"\x00\x00\x27\x0a",
}
_ZIP = b"PK\x03\x04"
_MARK = b"\xef\xbb\xbf"


def take(download: Path, source: Source, folder: Path, limits: Limits) -> Path:
    """The geographic file of a download, under a name that its readers know it by, in that folder.

    Raises: BoundaryError: it is something else, or a zip that is not to be opened.
    """
    if source.member is None:
        file = folder / f"{source.name}{ENDINGS[source.form]}"
        _check_form(download, source.form)
        shutil.copyfile(download, file)
        return file
    _check_head(download, _ZIP, "zip")
    try:
        with zipfile.ZipFile(download) as archive:
            return _unpack(archive, source, folder, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BoundaryError(f"the zip cannot be unpacked: {error}") from error


def _unpack(archive: zipfile.ZipFile, source: Source, folder: Path, limits: Limits) -> Path:
    """The member that is wanted; of a Shapefile all that belongs to it."""
    entries = archive.infolist()
    if len(entries) > limits.members:
        raise BoundaryError(f"the zip holds {len(entries):,} files, more than the {limits.members:,} taken")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise BoundaryError(f"the zip names a file outside itself ({entry.filename[:80]!r}): not opened")
    pattern = str(source.member).lower()
    found = [one for one in entries if fnmatch(PurePosixPath(one.filename).name.lower(), pattern)]
    if len(found) != 1:
        raise BoundaryError(f"{len(found)} files of the zip are called {source.member}, one was expected")
    stem = PurePosixPath(found[0].filename).with_suffix("")
    parts = [one for one in entries if PurePosixPath(one.filename).with_suffix("") == stem]
    wanted = parts if source.form == "shapefile" else found
    left = limits.unpacked_bytes
    for entry in wanted:
        ending = PurePosixPath(entry.filename).suffix.lower()
        left -= _copy(archive, entry, folder / f"{source.name}{ending}", left)
    file = folder / f"{source.name}{PurePosixPath(found[0].filename).suffix.lower()}"
    _check_form(file, source.form)
    return file


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path, room: int) -> int:
    """Bytes written. What a zip says of its sizes is not believed: it is counted."""
    written = 0
    with archive.open(entry) as packed, file.open("wb") as plain:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise BoundaryError(f"{entry.filename} grows beyond what is taken when it is unpacked: not used")
            plain.write(chunk)
    return written


def _check_form(file: Path, form: Form) -> None:
    """A server that has nothing often answers with a page, and says that all is well."""
    if form in _MAGIC:
        _check_head(file, _MAGIC[form], form)
    else:
        _check_head(file, b"{", form)


def _check_head(file: Path, expected: bytes, form: str) -> None:
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    if expected == b"{":
        head = head.removeprefix(_MARK).lstrip()
    if head.startswith(expected):
        return
    if head.lstrip()[:1] == b"<":
        raise BoundaryError(f"a web page came instead of the file ({form})")
    raise BoundaryError(f"what came is no {form}")
