"""Packing: what was sealed reads as before from few files, whatever crashes or lies in the way."""

import gzip
import hashlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from bench.soaks.archive import make_evidence, newest_head
from bench.tampering import copy_evidence
from ingest.archive import Archive, Attempt, read_format
from ingest.packs import logs, packing
from ingest.packs.index import index_file, read_index
from ingest.packs.lock import packing_alone, unmoved
from ingest.packs.lookup import Packs
from ingest.packs.pack import read_heads, read_pack
from ingest.packs.packing import pack
from ingest.packs.records import RecordKind
from ingest.proof.verification import ArchiveVerdict, Trust, verify
from ingest.registry import feed_of
from tally.errors import ArchiveError
from tally.storage.disk import use_of
from tally.storage.store import Store

AT = "2026-06-08T00:00:00Z"


def examine(folder: Path, trust: Trust | None = None) -> ArchiveVerdict:
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    try:
        return verify(store, folder / "archive", feed_of, trust or Trust())
    finally:
        store.close()


def faults_of(folder: Path) -> list[str]:
    """As the command line has them: also what ends the check."""
    try:
        return examine(folder).faults
    except ArchiveError as error:
        return [str(error)]


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_evidence(tmp_path_factory.mktemp("evidence") / "whole")


@pytest.fixture(scope="module")
def evidence(loose: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, packed."""
    folder = tmp_path_factory.mktemp("packed") / "whole"
    copy_evidence(loose, folder)
    pack(folder / "archive")
    return folder


@pytest.fixture
def copy(evidence: Path, tmp_path: Path) -> Path:
    copy_evidence(evidence, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def unpacked(loose: Path, tmp_path: Path) -> Path:
    copy_evidence(loose, tmp_path / "copy")
    return tmp_path / "copy"


def bodies(archive: Path) -> dict[str, bytes]:
    """Every body that the log names, by name."""
    read = Archive(archive)
    return {entry.sha256: read.read(entry.sha256) for entry in read.attempts() if entry.sha256 is not None}


def objects(archive: Path) -> list[Path]:
    return [path for path in (archive / "objects").rglob("*") if path.is_file()]


def only_pack(archive: Path) -> Path:
    [path] = Packs(archive).files()
    return path


def last_bodies(path: Path) -> list[str]:
    """Those of a pack's last member."""
    index = read_index(path)
    places = {name.hex(): place for name in index.names() if (place := index.find(name)) is not None}
    last = max(place.member for place in places.values())
    return [name for name, place in places.items() if place.member == last]


def test_a_packed_archive_holds_the_same_bytes_in_few_files_and_verifies(loose: Path, evidence: Path) -> None:
    assert bodies(evidence / "archive") == bodies(loose / "archive")
    assert objects(evidence / "archive") == []
    assert use_of(evidence / "archive").files < 12 < use_of(loose / "archive").files
    verdict = examine(evidence, Trust(outside=newest_head(evidence)))
    assert verdict.faults == []
    assert verdict.checked[2:] == examine(loose, Trust(outside=newest_head(loose))).checked[2:]
    assert f"{len(bodies(evidence / 'archive'))} of them in packs" in verdict.checked[1]
    assert (read_format(loose / "archive"), read_format(evidence / "archive")) == (1, 2)


def test_a_pack_is_a_gzip_file_of_warc_records_as_other_programs_read_them(evidence: Path) -> None:
    path = only_pack(evidence / "archive")
    text = gzip.decompress(path.read_bytes())
    assert text.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    records = list(read_pack(path))
    named = {one.record.sha256 for one in records if one.record.kind == RecordKind.BODY}
    assert named == bodies(evidence / "archive").keys()
    first = next(one.record for one in records if one.record.kind == RecordKind.BODY)
    head, _, rest = text[text.index(b"WARC-Type: resource") :].partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    assert rest.startswith(first.body + b"\r\n\r\nWARC/1.1\r\n")
    assert fields["WARC-Target-URI"].startswith("http://127.0.0.1")
    assert fields["WARC-Block-Digest"] == f"sha256:{hashlib.sha256(first.body).hexdigest()}"
    assert int(fields["Content-Length"]) == len(first.body)


def test_heads_are_packed_and_the_newest_stays_where_it_says_who_sealed_last(loose: Path, evidence: Path) -> None:
    kept = {int(path.name): path.read_text() for path in (loose / "archive" / "checkpoints").iterdir()}
    [stays] = (evidence / "archive" / "checkpoints").iterdir()
    assert int(stays.name) == max(kept)
    assert dict(read_heads(only_pack(evidence / "archive"))) == {size: kept[size] for size in sorted(kept)[:-1]}


def test_a_body_that_is_served_again_after_packing_is_not_kept_again(copy: Path) -> None:
    archive = Archive(copy / "archive")
    for body in bodies(copy / "archive").values():
        archive.keep(body)
    assert objects(copy / "archive") == []
    name = archive.keep(b"another")
    assert archive.read(name) == b"another"


def test_what_another_process_packs_is_read_from_then_on(unpacked: Path) -> None:
    archive = Archive(unpacked / "archive")
    before = {name: archive.read(name) for name in bodies(unpacked / "archive")}
    kept = archive.keep(b"not on the disk yet")
    pack(unpacked / "archive")
    assert {name: archive.read(name) for name in before} == before
    archive.flush()
    assert [path.name for path in objects(unpacked / "archive")] == [kept], "what no head seals stays loose"


def test_a_flush_is_not_disturbed_by_files_that_were_packed_before_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    name = archive.keep(b"body")
    (tmp_path / "objects" / name[:2] / name).unlink()
    archive.flush()


def test_nothing_is_packed_twice_and_a_later_pack_holds_what_came_since(copy: Path) -> None:
    archive, first = Archive(copy / "archive"), only_pack(copy / "archive")
    assert pack(copy / "archive").pack is None
    name = archive.keep(b"a later answer")
    place = archive.log(Attempt(AT, "http://host/later", 200, 1, None, 14, name))
    size = sum(1 for _ in archive.tail().read(place))
    archive.flush()
    archive.keep_head(size, "a head that seals that line")
    done = pack(copy / "archive")
    assert done.pack not in (None, first)
    assert (done.packed, len(done.heads)) == ([name], 1)
    assert archive.read(name) == b"a later answer"


def test_only_closed_days_are_packed_where_that_is_asked(unpacked: Path) -> None:
    archive = unpacked / "archive"
    count = len(objects(archive))
    assert pack(archive, closed_days=True).pack is None
    lines = begin_new_day(archive)
    done = pack(archive, closed_days=True)
    assert done.pack is not None
    assert done.pack.name == f"{len(lines) // 2:012}.warc.gz"
    assert 0 < len(done.packed) == count - len(objects(archive)) < count
    assert examine(unpacked).faults == []


def begin_new_day(archive: Path) -> list[bytes]:
    """Let the first half of the log be an earlier day's; returns its lines."""
    [log] = (archive / "log").glob("*.jsonl")
    lines = log.read_bytes().splitlines(keepends=True)
    log.with_name("2000-01-01.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    log.write_bytes(b"".join(lines[len(lines) // 2 :]))
    return lines


def test_the_log_of_a_closed_day_gives_the_same_lines_from_a_fifth_of_the_room(unpacked: Path) -> None:
    archive = Archive(unpacked / "archive")
    lines = begin_new_day(archive.folder)
    early = archive.tail()
    half = list(islice(early.read(), 3))
    pack(archive.folder)
    assert sorted(path.name for path in (archive.folder / "log").glob("2000*")) == ["2000-01-01.jsonl.gz"]
    whole = [line.rstrip(b"\n") for line in lines]
    assert list(archive.tail().read()) == whole == [*half, *early.read()]
    assert (archive.folder / "log" / "2000-01-01.jsonl.gz").stat().st_size < sum(map(len, lines)) // 2 // 4
    place = archive.log(Attempt(AT, "http://host/later", 200, 1))
    assert place.file.endswith(".jsonl")
    assert place.file != "2000-01-01.jsonl"
    verdict = examine(unpacked, Trust(outside=newest_head(unpacked)))
    assert verdict.faults == []
    assert not any("torn" in notice for notice in verdict.notices)
    assert pack(archive.folder).logs == []


def test_a_packed_log_that_is_damaged_or_cut_is_said(unpacked: Path) -> None:
    begin_new_day(unpacked / "archive")
    pack(unpacked / "archive")
    path = unpacked / "archive" / "log" / "2000-01-01.jsonl.gz"
    whole = path.read_bytes()
    for damaged in (whole[:-20], whole[:200] + bytes(30) + whole[230:], b"no gzip"):
        path.write_bytes(damaged)
        [fault] = faults_of(unpacked)
        assert "the archive log 2000-01-01.jsonl cannot be read" in fault
    path.write_bytes(whole)
    assert faults_of(unpacked) == []


def test_a_log_is_not_replaced_by_what_the_disk_does_not_give_back(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_new_day(unpacked / "archive")
    monkeypatch.setattr(logs, "_digest", lambda stream: stream.read(1) + str(type(stream)).encode())
    with pytest.raises(ArchiveError, match=r"does not give back what was written of 2000-01-01\.jsonl"):
        pack(unpacked / "archive")
    assert sorted(path.name for path in (unpacked / "archive" / "log").glob("2000*")) == ["2000-01-01.jsonl"]
    assert list((unpacked / "archive" / "aside").iterdir()) == []
    assert faults_of(unpacked) == []


def test_what_no_head_seals_is_not_packed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.log(Attempt(AT, "http://host/x", 200, 1, None, 4, archive.keep(b"body")))
    assert pack(tmp_path).pack is None
    assert len(objects(tmp_path)) == 1


class Crash(BaseException):
    """The power goes."""


@pytest.mark.parametrize("step", ["before reading back", "before naming", "between index and pack", "half removed"])
def test_a_crash_at_any_step_loses_nothing_and_the_next_packing_goes_on(
    loose: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    archive, before = unpacked / "archive", bodies(loose / "archive")
    left = [3 if step == "half removed" else 0]

    def crash_later(works: Callable[..., object]) -> Callable[..., object]:
        def works_or_crashes(*given: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Crash
            return works(*given)

        return works_or_crashes

    place = {
        "before reading back": (packing, "_read_back"),
        "before naming": (packing, "_settle"),
        "between index and pack": (packing.Path, "rename"),
        "half removed": (packing.os, "unlink"),
    }[step]
    if step == "between index and pack":
        left[0] = 2  # format and index have their names
    with monkeypatch.context() as patch:
        patch.setattr(*place, crash_later(getattr(*place)))
        with pytest.raises(Crash):
            pack(archive)
    assert bodies(archive) == before
    assert examine(unpacked).faults == []
    pack(archive)
    assert (bodies(archive), objects(archive)) == (before, [])
    assert len(Packs(archive).files()) == 1
    verdict = examine(unpacked, Trust(outside=newest_head(loose)))
    assert verdict.faults == []
    assert len(list((archive / "checkpoints").iterdir())) == 1


def test_a_disk_that_does_not_give_back_what_was_written_costs_no_file(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, count = unpacked / "archive", len(objects(unpacked / "archive"))

    def forget(aside: Path) -> tuple[object, list[str]]:
        index, altered = packing_make_index(aside)
        return index, [*altered, "ab" * 32]

    packing_make_index = packing.make_index
    monkeypatch.setattr(packing, "make_index", forget)
    with pytest.raises(ArchiveError, match="does not give back what was written; nothing was removed"):
        pack(archive)
    assert (len(objects(archive)), list((archive / "aside").iterdir())) == (count, [])


def test_an_object_that_is_not_what_its_name_says_stays_for_verify_to_name(unpacked: Path) -> None:
    archive = unpacked / "archive"
    altered = objects(archive)[0]
    altered.write_bytes(altered.read_bytes() + b" ")
    assert pack(archive).altered == [altered.name]
    assert objects(archive) == [altered]
    assert f"object {altered.name} was altered: its bytes hash to something else" in examine(unpacked).faults


def test_a_bit_that_was_flipped_anywhere_in_a_pack_or_its_index_is_found(copy: Path) -> None:
    path, missed = only_pack(copy / "archive"), []
    for file in (path, index_file(path)):
        whole = file.read_bytes()
        for bit in range(3, 8 * len(whole), 8 * len(whole) // 12):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            file.write_bytes(flipped)
            missed += [] if faults_of(copy) else [(file.name, bit)]
        file.write_bytes(whole)
    assert missed == []
    assert faults_of(copy) == []


def test_a_pack_that_was_cut_off_is_said_by_name_and_place(copy: Path) -> None:
    path = only_pack(copy / "archive")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert any(f"the pack {path.name} is damaged, or none, at byte" in fault for fault in faults_of(copy))
    with pytest.raises(ArchiveError, match=r"is damaged.*it is cut off"):
        Archive(copy / "archive").read(last_bodies(path)[0])
    path.write_bytes(b"")
    assert any("cannot be read" in fault for fault in faults_of(copy))


def test_an_index_that_is_gone_is_said_and_made_again_from_the_pack(copy: Path) -> None:
    path = only_pack(copy / "archive")
    whole = index_file(path).read_bytes()
    for damage in (None, whole[:-40], whole[:100] + bytes(100) + whole[200:]):
        index_file(path).unlink()
        if damage is not None:
            index_file(path).write_bytes(damage)
        assert any("`escrutinio archive pack` makes it again" in fault for fault in faults_of(copy))
        assert pack(copy / "archive").mended == 1
        assert index_file(path).read_bytes() == whole
    assert faults_of(copy) == []


def test_a_poller_keeps_a_body_once_more_rather_than_not_at_all_where_an_index_is_gone(copy: Path) -> None:
    index_file(only_pack(copy / "archive")).unlink()
    archive = Archive(copy / "archive")
    name = archive.keep(b"new")
    assert archive.read(name) == b"new"


def test_a_foreign_file_among_the_packs_is_said_and_ends_no_poller(copy: Path) -> None:
    foreign = Packs(copy / "archive").folder / "holiday.warc.gz"
    foreign.write_bytes(gzip.compress(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n\r\n"))
    assert any("the pack holiday.warc.gz is damaged, or none" in fault for fault in faults_of(copy))
    with pytest.raises(ArchiveError, match=r"holiday\.warc\.gz is damaged, or none"):
        pack(copy / "archive")
    archive = Archive(copy / "archive")
    assert archive.keep(b"goes on") == hashlib.sha256(b"goes on").hexdigest()


def test_who_reads_the_whole_and_who_packs_it_do_not_meet(copy: Path) -> None:
    packed = pytest.raises(ArchiveError, match="is being packed, verified or copied by another process")
    with unmoved(copy / "archive"), unmoved(copy / "archive"), packed:
        pack(copy / "archive")
    with packing_alone(copy / "archive"), pytest.raises(ArchiveError, match="by another process"):
        pack(copy / "archive")


def test_an_address_or_a_type_of_any_form_does_not_break_a_record(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for n, (url, media) in enumerate(
        [("http://h/\r\n\r\nx", "a\r\nb"), ("http://h/ñ <>", None), ("", "text/html; x=ü")]
    ):
        body = b"%d\r\n\r\nWARC/1.1\r\n" % n
        archive.log(Attempt(AT, url, 200, 1, media, len(body), archive.keep(body)))
    archive.flush()
    archive.keep_head(3, "head")
    assert len(pack(tmp_path).packed) == 3
    assert objects(tmp_path) == []
    assert len(bodies(tmp_path)) == 3


def test_a_program_that_knows_no_packs_refuses_the_archive(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.archive.FORMAT", 1)
    with pytest.raises(ArchiveError, match="has format 2 and this program knows 1"):
        Archive(copy / "archive")
