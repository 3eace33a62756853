"""Signed notes: the format other people's tools read, and that no altered byte of one is accepted."""

import base64
import hashlib

import pytest

from ingest.proof.notes import SignedHead, SignerKey, VerifierKey, open_note, read_checkpoint
from tally.errors import ArchiveError, InvalidInput

# Source: golang.org/x/mod/sumdb/note, note_test.go: a key, and what it signed.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)  # fmt: skip
PETER_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

SIGNER = SignerKey.generate()
KEY = SIGNER.verifier
ZEROS = "A" * 43 + "="
HEAD = SignedHead(KEY.name, 42, hashlib.sha256(b"root").digest())


def test_a_key_and_a_signature_of_the_reference_implementation_are_understood() -> None:
    key = VerifierKey.parse(PETER)
    assert (key.name, str(key)) == ("PeterNeumann", PETER)
    signature = base64.b64decode(PETER_SIGNATURE)
    assert signature[:4] == key.id
    assert key.is_signed(PETER_TEXT, signature[4:])
    assert not key.is_signed(PETER_TEXT.upper(), signature[4:])


def test_a_signed_head_is_text_that_can_be_read_by_eye_and_checked() -> None:
    note = SIGNER.sign(HEAD)
    assert note.split("\n")[:2] == [KEY.name, "42"]
    assert open_note(note, [VerifierKey.parse(PETER), KEY]) == HEAD == read_checkpoint(note)
    with pytest.raises(ArchiveError, match="head 42 is not signed by PeterNeumann"):
        open_note(note, [VerifierKey.parse(PETER)])


def test_keys_survive_being_written_down() -> None:
    again = SignerKey.parse(SIGNER.text() + "\n")
    assert str(again.verifier) == str(VerifierKey.parse(str(KEY))) == str(KEY)
    assert open_note(again.sign(HEAD), [KEY]) == HEAD


def test_no_flipped_bit_of_a_note_is_accepted() -> None:
    note = SIGNER.sign(HEAD).encode()
    for bit in range(8 * len(note)):
        altered = bytearray(note)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises((ArchiveError, UnicodeDecodeError)):
            open_note(altered.decode(), [KEY])


@pytest.mark.parametrize(
    "text",
    ["", "x", "name+00000000+AAAA", PETER[:-4] + "AAAA", PETER.replace("c74f20a3", "c74f20a4"), "a b" + PETER],
)
def test_a_damaged_public_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="public key"):
        VerifierKey.parse(text)


@pytest.mark.parametrize("text", ["", str(KEY), SIGNER.text()[:-6]], ids=["none", "public", "cut off"])
def test_a_damaged_private_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(InvalidInput, match="archive's key") as refusal:
        SignerKey.parse(text)
    assert SIGNER.text()[-20:-8] not in str(refusal.value)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n1\nAAAA\n\n— a AAAA\n",
        "a\n01\n" + "A" * 43 + "=\n\n— a AAAA\n",
        "a\n1\n" + "A" * 43 + "=\n",
        "\n\n— a b\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(ArchiveError, match="a head is not"):
        open_note(note, [KEY])
