"""Packing: what is sealed moves from a file for each answer into one pack, and is at every moment in one of the two.

The pack is written aside, put on the disk, and read back; every body's hash and every head is compared; then index and
pack take their names, and only then are the loose files removed. A crash at any step leaves the loose files, or both:
the next packing goes on from there. Whatever is not as its name says stays where it is, for `verify` to tell.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

import msgspec
from msgspec import Struct, field

from ingest.archive import FORMAT, read_format
from ingest.log import Attempt, Tail, read_line, sync
from ingest.packs.index import PackIndex, index_file, make_index, read_index
from ingest.packs.lock import packing_alone
from ingest.packs.logs import count_lines, pack_logs
from ingest.packs.lookup import FOLDER, Packs
from ingest.packs.pack import ENDING, HEAD_URI, TITLE, PackWriter, read_heads
from ingest.packs.records import RecordKind, write_record
from tally import moments
from tally.errors import ArchiveError

# What tells somebody who waits: step, how much is done, how much there is.
Heard = Callable[[str, int, int], None]

_BEAT = 500
_NAMED = b'"sha256":"'


class Packing(Struct):
    """What a packing did. `packed` and `heads` went into `pack`; `twice`: files of what was in another one already.

    `altered`: objects that are not what their names say, and stay. `logs`: files of the log that are gzip from now on.
    `mended`: how many indexes were made again.
    """

    pack: Path | None = None
    packed: list[str] = field(default_factory=list)
    heads: dict[int, Path] = field(default_factory=dict)
    twice: list[str | Path] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)
    mended: int = 0


def pack(archive: Path, *, closed_days: bool = False, heard: Heard = lambda step, done, whole: None) -> Packing:
    """Pack what the newest kept head seals: of every day, or of those whose log is closed. A poller may be at work.

    Raises: ArchiveError: somebody else packs or reads the whole, a pack is damaged, or the disk refuses; nothing that
    was there is lost.
    """
    with packing_alone(archive):
        read_format(archive)
        try:
            for name in ("aside", "objects"):  # a copy of a packed archive has no empty folders
                (archive / name).mkdir(exist_ok=True)
            return _pack(archive, heard, closed_days=closed_days)
        except OSError as error:
            raise ArchiveError(f"packing ended: {error.filename}: {error.strerror}; nothing is lost") from error


def mend(archive: Path) -> int:
    """Make each index again that is missing or damaged; returns how many.

    Raises: ArchiveError: a pack is damaged itself.
    """
    mended = 0
    for path in Packs(archive).files():
        with suppress(ArchiveError):
            read_index(path)
            continue
        index, altered = make_index(path)
        if altered:
            raise ArchiveError(f"the pack {path.name} is damaged: object {altered[0]} hashes to something else")
        _place(archive, index.data, index_file(path))
        mended += 1
    return mended


def _pack(archive: Path, heard: Heard, *, closed_days: bool) -> Packing:
    done = Packing(mended=mend(archive))
    lines = _sealed_lines(archive, done, closed_days=closed_days)
    aside = archive / "aside" / f"pack-{os.getpid()}"
    try:
        _write(archive, aside, lines, done, heard)
        if done.packed or done.heads:
            index = _read_back(aside, done)
            done.pack = _settle(archive, aside, index, lines)
    finally:
        aside.unlink(missing_ok=True)
    _remove(archive, done, heard)
    done.logs = pack_logs(archive, lines)
    return done


def _sealed_lines(archive: Path, done: Packing, *, closed_days: bool) -> int:
    """How many log lines a kept head seals; the heads that may be packed with them are noted.

    The newest head stays loose: it says who sealed last.
    """
    heads = {int(path.name): path for path in sorted((archive / "checkpoints").glob("[0-9]*"))}
    newest = max(heads, default=0)
    lines = newest
    if closed_days:
        closed = (count_lines(path) for path in Tail(archive / "log").files()[:-1])
        lines = min(lines, sum(closed))
    known = dict(head for pack in Packs(archive).files() for head in read_heads(pack))
    for size, path in heads.items():
        if size <= lines and size != newest:
            if size not in known:
                done.heads[size] = path
            elif path.read_text() == known[size]:
                done.twice.append(path)
    return lines


def _write(archive: Path, aside: Path, lines: int, done: Packing, heard: Heard) -> None:
    packs, at = Packs(archive), moments.write(moments.utc_now())
    with aside.open("wb") as stream:
        writer = PackWriter(stream)
        writer.add(_record(RecordKind.INFO, at, "", ("application/warc-fields", TITLE)))
        for size, path in done.heads.items():
            writer.add(_record(RecordKind.HEAD, at, f"{HEAD_URI}{size:012}", ("text/plain", path.read_bytes())))
        writer.end_member()
        for name, entry in _loose_objects(archive, lines, heard):
            if packs.holds(name):
                if hashlib.sha256(packs.read(name) or b"").hexdigest() == name:
                    done.twice.append(_object(archive, name))
                continue
            with open(_object(archive, name), "rb", buffering=0) as file:
                body = file.read()
            if hashlib.sha256(body).hexdigest() == name:
                writer.add(write_record(RecordKind.BODY, name, entry.at, entry.url, (entry.type, body)))
                done.packed.append(name)
            else:
                done.altered.append(name)
        writer.end_member()
        stream.flush()
        os.fsync(stream.fileno())


def _record(kind: RecordKind, at: str, uri: str, content: tuple[str | None, bytes]) -> bytes:
    return write_record(kind, hashlib.sha256(content[1]).hexdigest(), at, uri, content)


def _loose_objects(archive: Path, lines: int, heard: Heard) -> Iterator[tuple[str, Attempt]]:
    """The objects of the first so many log lines that lie in a file of their own, each with its first line."""
    loose = {entry.name for folder in _folders(archive / "objects") for entry in os.scandir(folder)}
    for number, line in enumerate(islice(Tail(archive / "log").read(), lines), 1):
        at = line.find(_NAMED) + len(_NAMED)
        name = line[at : at + 64].decode(errors="replace")
        if name in loose:
            loose.discard(name)
            with suppress(msgspec.MsgspecError):  # `verify` says so
                entry = read_line(line)
                if isinstance(entry, Attempt):
                    yield name, entry
        if number % _BEAT == 0:
            heard("log lines packed", number, lines)


def _read_back(aside: Path, done: Packing) -> PackIndex:
    """The index of what was written, if that is what was meant to be.

    Raises: ArchiveError: the disk gives back something else.
    """
    index, altered = make_index(aside)
    heads = {size: path.read_text() for size, path in done.heads.items()}
    if altered or index.names() != sorted(map(bytes.fromhex, done.packed)) or dict(read_heads(aside)) != heads:
        raise ArchiveError("packing ended: the disk does not give back what was written; nothing was removed")
    return index


def _settle(archive: Path, aside: Path, index: PackIndex, lines: int) -> Path:
    """Give index and pack their names, on the disk itself; returns the pack's."""
    folder = archive / FOLDER
    folder.mkdir(exist_ok=True)
    names = (f"{lines:012}{'' if number == 1 else f'-{number}'}{ENDING}" for number in count(1))
    path = next(folder / name for name in names if not (folder / name).exists())
    _place(archive, b"%d\n" % FORMAT, archive / "format")
    _place(archive, index.data, index_file(path))
    aside.rename(path)
    sync(folder)
    return path


def _place(archive: Path, data: bytes, path: Path) -> None:
    """Write a file as a whole, on the disk itself."""
    aside = archive / "aside" / f"{path.name}-{os.getpid()}"
    with aside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    aside.rename(path)
    sync(path.parent)


def _remove(archive: Path, done: Packing, heard: Heard) -> None:
    """Remove the loose files of what is in a pack."""
    for number, name in enumerate(done.packed, 1):
        os.unlink(_object(archive, name))
        if number % _BEAT == 0:
            heard("loose files removed", number, len(done.packed))
    for other in (*done.heads.values(), *done.twice):
        os.unlink(other)


def _object(archive: Path, name: str) -> str:
    return f"{archive}/objects/{name[:2]}/{name}"


def _folders(folder: Path) -> list[str]:
    return [entry.path for entry in os.scandir(folder) if entry.is_dir()]
