"""The archive's log and its seal: one order for all readers, nothing torn, and heads that only ever add."""

import asyncio
import base64
import errno
import os
import stat
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import ingest.log
from ingest.archive import Archive, Attempt
from ingest.log import Mark, read_line
from ingest.proof.keyring import key_file, load_signer, public_keys
from ingest.proof.merkle import is_consistent, leaf_hash, run_of
from ingest.proof.notes import VerifierKey, open_note
from ingest.proof.seal import Sealer, sealing
from tally.chain import chain
from tally.changes import Change, Kind
from tally.errors import ArchiveError, InvalidInput
from tally.program import this_program
from tally.storage.store import Store, StoredHead
from tally.storage.writer import Writer
from tests.waiting import wait_until

AT = "2026-06-08T23:59:59Z"


def attempt(n: int, at: str = AT) -> Attempt:
    return Attempt(at, f"http://host/{n}", 200, 1)


def urls(folder: Path) -> list[str]:
    return [one.url for one in Archive(folder).attempts()]


def test_lines_are_read_in_the_order_of_their_appending_whatever_their_times(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for n, at in enumerate((AT, "2026-06-09T00:00:01Z", AT, "2026-06-07T12:00:00Z", "2026-06-10T00:00:00Z")):
        archive.log(attempt(n, at))
    assert urls(tmp_path) == [f"http://host/{n}" for n in range(5)]
    names = sorted(path.name for path in (tmp_path / "log").glob("*.jsonl"))
    assert names == ["2026-06-08.jsonl", "2026-06-09.jsonl", "2026-06-10.jsonl"]


@pytest.mark.parametrize("torn", [b'{"torn":"', b"\x00" * 5000, b"x" * 3_000_000])
def test_a_torn_last_line_is_not_read_and_goes_with_the_next_append(tmp_path: Path, torn: bytes) -> None:
    Archive(tmp_path).log(attempt(1))
    with (tmp_path / "log" / "2026-06-08.jsonl").open("ab") as stream:
        stream.write(torn)
    assert urls(tmp_path) == ["http://host/1"]
    Archive(tmp_path).log(attempt(2))
    assert urls(tmp_path) == ["http://host/1", "http://host/2"]
    assert torn not in (tmp_path / "log" / "2026-06-08.jsonl").read_bytes()


def test_a_log_that_is_nothing_but_a_torn_line_begins_anew(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (tmp_path / "log" / "2026-06-08.jsonl").write_bytes(b'{"at"')
    archive.log(attempt(1))
    assert urls(tmp_path) == ["http://host/1"]


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    archive.log(attempt(1))

    append = ingest.log._append

    class Full:
        """A file whose disk takes nine bytes more."""

        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __getattr__(self, name: str) -> Any:
            return getattr(self.stream, name)

        def write(self, line: bytes) -> None:
            os.write(self.stream.fileno(), line[:9])
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ingest.log, "_append", lambda stream, line: append(Full(stream), line))
        with pytest.raises(ArchiveError, match="No space left"):
            archive.log(attempt(2))
    assert (tmp_path / "log" / "2026-06-08.jsonl").read_bytes().count(b"\n") == 1
    archive.log(attempt(3))
    assert urls(tmp_path) == ["http://host/1", "http://host/3"]


def test_two_writers_never_mix_their_lines(tmp_path: Path) -> None:
    def write(first: int) -> None:
        archive = Archive(tmp_path)
        for n in range(first, first + 200):
            archive.log(attempt(n))

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls(tmp_path)) == len(set(urls(tmp_path))) == 600


def test_a_name_without_its_bytes_is_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    name = archive.keep(b"body")
    (tmp_path / "objects" / name[:2] / name).write_bytes(b"")
    assert archive.keep(b"body") == name
    assert archive.read(name) == b"body"


def test_what_a_crash_left_half_written_is_cleared_away_once_it_is_old(tmp_path: Path) -> None:
    Archive(tmp_path)
    for name, age in (("old", 3600), ("young", 1)):
        (tmp_path / "aside" / name).write_bytes(b"half")
        seen = (tmp_path / "aside" / name).stat().st_mtime - age
        os.utime(tmp_path / "aside" / name, (seen, seen))
    Archive(tmp_path)
    assert [path.name for path in (tmp_path / "aside").iterdir()] == ["young"]


def test_the_key_is_made_once_kept_beside_the_archive_and_for_its_owner_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    signer = load_signer(archive.folder, None)
    again = load_signer(archive.folder, None)
    assert str(signer.verifier) == str(again.verifier)
    assert stat.S_IMODE(key_file(archive.folder).stat().st_mode) == 0o600
    assert [str(key) for key in public_keys(archive.folder)] == [str(signer.verifier)]
    with pytest.raises(InvalidInput, match="not a signing key"):
        load_signer(archive.folder, "secret")


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


class Sealed:
    """An archive with a writer, and sealers of both."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.archive = store, Archive(folder / "archive")
        self.signer = load_signer(self.archive.folder, None)
        self.restart()

    def restart(self) -> None:
        if hasattr(self, "writer"):
            self.writer.release()
        self.writer = Writer.acquire(self.store, "an-election", "president", is_test=False, at=AT)
        self.sealer = Sealer(self.archive, [self.writer], self.signer)

    def leaves(self) -> list[bytes]:
        return [leaf_hash(line) for line in self.archive.tail().read()]


@pytest.fixture
def sealed(store: Store, tmp_path: Path) -> Sealed:
    return Sealed(store, tmp_path)


def proves(older: StoredHead, newer: StoredHead) -> bool:
    steps = [base64.b64decode(step) for step in newer.proof]
    roots = (bytes.fromhex(older.root), bytes.fromhex(newer.root))
    return newer.since == older.size and is_consistent((older.size, newer.size), roots, steps)


def test_every_head_is_the_root_of_the_log_so_far_and_proves_the_one_before(sealed: Sealed) -> None:
    heads: list[StoredHead] = []
    for n in range(8):
        for k in range(n):
            sealed.archive.log(attempt(k))
        if n in (3, 6):
            sealed.restart()
        heads.append(sealed.sealer.seal(AT))
    leaves = sealed.leaves()
    for head in heads:
        assert run_of(leaves[: head.size]).root().hex() == head.root
        assert open_note(head.note, [sealed.signer.verifier]).size == head.size
        assert (sealed.archive.folder / "checkpoints" / f"{head.size:012}").read_text() == head.note
    assert heads[-1].size == len(leaves)
    assert all(proves(older, newer) for older, newer in pairwise(heads))
    assert sealed.store.heads(sealed.writer.info.id) == heads
    assert sealed.store.heads(sealed.writer.info.id, after=heads[2].size, limit=2) == heads[3:5]
    assert sealed.store.info("an-election").head == heads[-1]


def test_a_head_stands_for_what_was_published_too(sealed: Sealed) -> None:
    sets = []
    for n in range(3):
        sets.append(sealed.writer.append([Change("nation", Kind.UPDATE, b"%d" % n, "sha256:00")], AT))
        sealed.restart()
        sealed.sealer.seal(AT)
    *_, last = map(read_line, sealed.archive.tail().read())
    digest = ""
    for changes in sets:
        digest = chain(digest, changes)
    program = this_program()
    sealed_by = (program.version, program.commit)
    assert last == Mark(AT, "an-election", "president", sealed.writer.info.epoch, 3, digest, *sealed_by)


def test_an_archive_that_lost_sealed_lines_is_not_sealed_over(sealed: Sealed) -> None:
    for n in range(5):
        sealed.archive.log(attempt(n))
    sealed.sealer.seal(AT)
    path = sealed.archive.folder / "log" / "2026-06-08.jsonl"
    path.write_bytes(path.read_bytes().replace(b"http://host/2", b"http://host/7"))
    sealed.restart()
    for _ in range(2):
        with pytest.raises(ArchiveError, match="no longer begins with the 6 lines"):
            sealed.sealer.seal(AT)


def test_sealing_begins_at_once_goes_on_and_ends_with_all_there_is(sealed: Sealed) -> None:
    async def some_time() -> None:
        async with sealing(sealed.sealer, every_s=0.05):
            await asyncio.to_thread(wait_until, lambda: len(sealed.store.heads(sealed.writer.info.id)) >= 2)
            sealed.archive.log(attempt(1))

    asyncio.run(some_time())
    heads = sealed.store.heads(sealed.writer.info.id)
    assert len(heads) >= 3
    assert heads[0].size == 1
    assert heads[-1].size == len(sealed.leaves())


def test_a_seal_that_fails_is_said_once_and_does_not_end_the_count(
    sealed: Sealed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[int] = []

    def refuse(size: int, note: str) -> None:
        refused.append(size)
        raise ArchiveError("no space")

    async def some_time() -> None:
        async with sealing(sealed.sealer, every_s=0.02):
            with monkeypatch.context() as patch:
                patch.setattr(sealed.archive, "keep_head", refuse)
                await asyncio.to_thread(wait_until, lambda: len(refused) >= 3)

    asyncio.run(some_time())
    assert capsys.readouterr().out.count("cannot be sealed") == 1
    assert sealed.store.info("an-election").head is not None


def test_a_key_line_that_was_altered_is_refused(sealed: Sealed) -> None:
    path = sealed.archive.folder / "keys"
    path.write_text(path.read_text().replace("+", "-", 1))
    with pytest.raises(InvalidInput, match="public key"):
        public_keys(sealed.archive.folder)
    assert isinstance(sealed.signer.verifier, VerifierKey)
