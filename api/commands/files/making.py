"""One set of files: the log of a count read up to a version, and its tables written as they come."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from api.commands.files.due import DueSet
from api.commands.files.folding import Fold
from api.tables.sets.database import open_database
from api.tables.sets.index import DATABASE, MANIFEST, MEDIA_TYPES, PACKAGE, SUMS, PublishedSet, SetFile, SetHead
from api.tables.sets.outputs import TableSink, WrittenTable, open_table
from api.tables.sets.package import make_package
from api.tables.sets.tables import SetTable, make_tables
from tally import moments
from tally.changes import ChangeSet
from tally.election import Contest, Election
from tally.storage.store import CountInfo, Store

# Versions that are read at a time: a reader that goes on for long keeps the writer's journal from being put away.
_AT_ONCE = 20
# Heads that are looked through for the one that covers a version.
_HEADS_AT_ONCE = 1000
# The log stands beside the database: it would be most of it.
_NOT_IN_DATABASE = "changes"


class CountFiles(Struct, frozen=True):
    """A count of which files are made, and where it is read. `breathe` is called between pieces of work."""

    store: Store
    info: CountInfo
    election: Election
    breathe: Callable[[], None] = lambda: None

    @property
    def name(self) -> tuple[str, str]:
        """By which its files are found."""
        return self.info.election_id, self.info.contest_id

    @property
    def contest(self) -> Contest:
        """What was voted on."""
        return self.election.contest(self.info.contest_id)

    def version(self, seq: int) -> str:
        """What a version is called in addresses: another history has another name for it."""
        return f"{seq}-{self.info.epoch}"


def make_set(count: CountFiles, due: DueSet, address: str, folder: Path) -> PublishedSet:
    """Write all files of a version into an empty folder.

    Raises: StoreUnavailable, OSError.
    """
    tables = make_tables([entry.id for entry in count.contest.lists])
    files = (*_write_tables(count, due, folder, tables), _file(folder, DATABASE, "sqlite"))
    found = PublishedSet(
        version=count.version(due.seq),
        epoch=count.info.epoch,
        seq=due.seq,
        as_of=due.as_of,
        checkpoint=due.checkpoint,
        progress=due.progress,
        is_test=count.info.is_test,
        made_at=moments.write(moments.utc_now().replace(microsecond=0)),
        address=address,
        bytes=sum(file.bytes for file in files),
        head=_head(count, due.as_of),
        files=files,
    )
    package = make_package(count.election, count.contest, tables, found)
    (folder / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")
    described = _file(folder, PACKAGE, "json")
    found = msgspec.structs.replace(found, files=(*files, described), bytes=found.bytes + described.bytes)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))
    summed = (*found.files, _file(folder, MANIFEST, "json"))
    (folder / SUMS).write_text("".join(f"{file.sha256}  {file.name}\n" for file in summed))
    return found


def _write_tables(count: CountFiles, due: DueSet, folder: Path, tables: Mapping[str, SetTable]) -> Iterator[SetFile]:
    about: dict[str, Any] = {
        "election": count.info.election_id,
        "contest": count.info.contest_id,
        "epoch": count.info.epoch,
    }
    about |= {"seq": due.seq, "as_of": due.as_of, "checkpoint": due.checkpoint, "is_test": count.info.is_test}
    stored = {name: table for name, table in tables.items() if name != _NOT_IN_DATABASE}
    written, sinks = list[WrittenTable](), dict[str, TableSink]()
    with open_database(folder / DATABASE, stored) as database:
        with ExitStack() as stack:
            for name, table in tables.items():
                others = [database.taker(name)] if name in stored else []
                sinks[name], one = stack.enter_context(open_table(folder, table, about, *others))
                written.append(one)
            fold = Fold(count.info, count.contest, sinks)
            for changes in _read(count, due.seq):
                fold.take(changes)
            fold.finish()
        database.finish(count.contest.lists, about)
    for one in written:
        for form, name in one.files.items():
            yield _file(folder, name, form, one)


def _read(count: CountFiles, until: int) -> Iterator[ChangeSet]:
    after = 0
    while after < until:
        count.breathe()
        sets = count.store.read(count.info.id, after, min(_AT_ONCE, until - after))
        if not sets:
            return
        yield from (one for one in sets if one.seq <= until)
        after = sets[-1].seq


def _head(count: CountFiles, as_of: str) -> SetHead | None:
    """The first head that was sealed after the version; the newest one while there is none."""
    found, after = None, 0
    while heads := count.store.heads(count.info.id, after, _HEADS_AT_ONCE):
        found = next((head for head in heads if head.at >= as_of), heads[-1])
        if found.at >= as_of:
            break
        after = heads[-1].size
    return None if found is None else SetHead(found.size, found.root, found.at)


def _file(folder: Path, name: str, form: str, table: WrittenTable | None = None) -> SetFile:
    path = folder / name
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    about: tuple[Any, Any] = (None, None) if table is None else (table.table.name, table.rows)
    return SetFile(name, about[0], form, MEDIA_TYPES[form], path.stat().st_size, digest, about[1])
