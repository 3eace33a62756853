"""A key that is lost or changed: never in silence."""

from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.proof.keyring import begin_key, key_changes, key_file, load_signer, public_keys, sealing_key
from ingest.proof.notes import SignedHead, SignerKey
from tally.errors import ArchiveError, InvalidInput, KeyUnknown

AT = "2026-06-08T04:00:00Z"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def seal(archive: Archive, size: int, signer: SignerKey) -> None:
    archive.keep_head(size, signer.sign(SignedHead("escrutinio.test", size, bytes(32))))


def test_a_key_that_is_missing_stops_the_poller_with_what_to_do_and_none_is_made(archive: Archive) -> None:
    first = load_signer(archive.folder, None)
    kept = key_file(archive.folder).read_text()
    key_file(archive.folder).unlink()
    with pytest.raises(KeyUnknown, match=r"put .* back") as told:
        load_signer(archive.folder, None)
    assert str(first.verifier) in str(told.value)
    assert "escrutinio key new --reason" in str(told.value)
    assert not key_file(archive.folder).exists()
    with pytest.raises(KeyUnknown):
        load_signer(archive.folder, SignerKey.generate().text())
    key_file(archive.folder).write_text(kept)
    assert str(load_signer(archive.folder, None).verifier) == str(first.verifier)
    assert len(public_keys(archive.folder)) == 1


@pytest.mark.parametrize("is_set", [False, True])
def test_another_key_is_begun_by_command_with_its_reason_and_the_former_one_stays(
    archive: Archive, *, is_set: bool
) -> None:
    first = load_signer(archive.folder, None)
    text = SignerKey.generate().text() if is_set else None
    begun = begin_key(archive.folder, text, "the disk was lost", AT)
    [change] = key_changes(archive.folder)
    assert (change.at, change.key, change.reason) == (AT, str(begun), "the disk was lost")
    assert str(load_signer(archive.folder, text).verifier) == str(begun)
    former = key_file(archive.folder) if is_set else next(archive.folder.parent.glob("*.until-*"))
    assert former.read_text().strip() == first.text()
    with pytest.raises(InvalidInput, match="one that the archive knows"):
        begin_key(archive.folder, first.text(), "again", AT)


def test_an_archive_without_a_key_begins_none_by_command(archive: Archive) -> None:
    with pytest.raises(InvalidInput, match="the poller makes one"):
        begin_key(archive.folder, None, "first", AT)


def test_the_key_of_the_newest_head_is_told_and_not_the_last_of_the_list(archive: Archive) -> None:
    assert sealing_key(archive.folder) is None
    first = load_signer(archive.folder, None)
    seal(archive, 9, first)
    begin_key(archive.folder, None, "rotated", AT)
    assert str(sealing_key(archive.folder)) == str(first.verifier)
    seal(archive, 10, load_signer(archive.folder, None))
    assert str(sealing_key(archive.folder)) == str(public_keys(archive.folder)[-1]) != str(first.verifier)
    (archive.folder / "checkpoints" / f"{11:012}").write_bytes(b"\xff")
    with pytest.raises(ArchiveError, match="newest head"):
        sealing_key(archive.folder)
