"""The key that signs an archive's heads: made on first use, kept beside the archive, never in it."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest.proof.notes import SignerKey, VerifierKey, open_note
from tally.errors import ArchiveError, InvalidInput, KeyUnknown

_KEYS, _CHANGES = "keys", "key-changes"


class KeyChange(Struct, frozen=True):
    """From `at` on (ISO UTC) heads may be signed with that public `key`, and why."""

    at: str
    key: str
    reason: str


def key_file(archive: Path) -> Path:
    """Where the private key of an archive lies: beside it, so that copying the archive does not give it away."""
    return archive.with_name(f"{archive.name}.key")


def load_signer(archive: Path, text: str | None) -> SignerKey:
    """The archive's signing key: `text` if it was set, else that of its file, which an archive without keys is made.

    Raises: InvalidInput: it is not a key. ArchiveError: the file cannot be read or written. KeyUnknown: the archive was
    sealed with others only.
    """
    known = [str(key) for key in public_keys(archive)]
    signer = SignerKey.parse(text) if text is not None else _read(key_file(archive))
    if known and (signer is None or str(signer.verifier) not in known):
        raise KeyUnknown(
            f"the key that seals the archive {archive} is not here: put {key_file(archive)} back (or set "
            f"ESCRUTINIO_SEAL_KEY), whose public part is {known[-1]}; if it is lost, `escrutinio key new --reason …`"
        )
    signer = signer or _make(key_file(archive))
    _publish(archive, signer.verifier)
    return signer


def begin_key(archive: Path, text: str | None, reason: str, at: str) -> VerifierKey:
    """Let the archive be sealed with another key from the poller's next start on: `text` if it was set, or a new one.

    The archive says so, with the reason, to whoever verifies it. A former key's file stays beside it, renamed.

    Raises: InvalidInput: nothing was sealed yet, or that key is known. ArchiveError.
    """
    known = [str(key) for key in public_keys(archive)]
    if not known:
        raise InvalidInput(f"the archive {archive} has no key yet; the poller makes one")
    file = key_file(archive)
    try:
        if text is None and file.exists():
            file.rename(file.with_name(f"{file.name}.until-{at.replace(':', '')}"))
    except OSError as error:
        raise ArchiveError(f"the archive's key {file} cannot be put aside: {error.strerror}") from error
    signer = _make(file) if text is None else SignerKey.parse(text)
    if str(signer.verifier) in known:
        raise InvalidInput("that key is one that the archive knows; nothing was changed")
    change = KeyChange(at, str(signer.verifier), reason)
    _append(archive / _CHANGES, msgspec.json.encode(change).decode())
    _publish(archive, signer.verifier)
    return signer.verifier


def key_changes(archive: Path) -> list[KeyChange]:
    """Every change of the key, oldest first.

    Raises: InvalidInput: the file holds something else.
    """
    try:
        lines = (archive / _CHANGES).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InvalidInput(f"the changes of key of the archive {archive} cannot be read") from error
    try:
        return [msgspec.json.decode(line, type=KeyChange) for line in lines]
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"the changes of key of the archive {archive} are damaged: {error}") from error


def public_keys(archive: Path) -> list[VerifierKey]:
    """The public keys that the archive itself names, newest last; none if it has no head yet.

    Raises: InvalidInput: the file holds something else.
    """
    try:
        lines = (archive / _KEYS).read_text().splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the public keys of the archive {archive} cannot be read") from error
    return [VerifierKey.parse(line) for line in lines]


def sealing_key(archive: Path) -> VerifierKey | None:
    """The public key that signed the newest head; None: there is no head, or none of the archive's keys signed it.

    Raises: ArchiveError: it cannot be read. InvalidInput: the keys cannot.
    """
    newest = max((archive / "checkpoints").glob("*"), default=None)
    if newest is None:
        return None
    try:
        note = newest.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"the archive's newest head {newest} cannot be read: {error}") from error
    return next((key for key in public_keys(archive) if _has_signed(key, note)), None)


def _has_signed(key: VerifierKey, note: str) -> bool:
    try:
        open_note(note, [key])
    except ArchiveError:
        return False
    return True


def _read(path: Path) -> SignerKey | None:
    try:
        return SignerKey.parse(path.read_text())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ArchiveError(f"the archive's key {path} cannot be used: {error.strerror}") from error


def _make(path: Path) -> SignerKey:
    signer = SignerKey.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(signer.text() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise ArchiveError(f"the archive's key {path} cannot be written: {error.strerror}") from error
    return signer


def _publish(archive: Path, key: VerifierKey) -> None:
    if str(key) not in [str(known) for known in public_keys(archive)]:
        _append(archive / _KEYS, str(key))


def _append(path: Path, line: str) -> None:
    try:
        with path.open("a") as stream:
            stream.write(f"{line}\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise ArchiveError(f"the archive's public keys cannot be written: {error.strerror}") from error
