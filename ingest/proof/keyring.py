"""The key that signs an archive's heads: made on first use, kept beside the archive, never in it."""

import os
from pathlib import Path

from ingest.proof.notes import SignerKey, VerifierKey
from tally.errors import ArchiveError, InvalidInput


def key_file(archive: Path) -> Path:
    """Where the private key of an archive lies: beside it, so that copying the archive does not give it away."""
    return archive.with_name(f"{archive.name}.key")


def load_signer(archive: Path, text: str | None) -> SignerKey:
    """The archive's signing key: `text` if it was set, else that of its file, which is made if there is none.

    Raises: InvalidInput: it is not a key. ArchiveError: the file cannot be read or written.
    """
    if text is not None:
        signer = SignerKey.parse(text)
    else:
        try:
            signer = _read_or_make(key_file(archive))
        except OSError as error:
            raise ArchiveError(f"the archive's key {key_file(archive)} cannot be used: {error.strerror}") from error
    _publish(archive / "keys", signer.verifier)
    return signer


def public_keys(archive: Path) -> list[VerifierKey]:
    """The public keys that the archive itself names, newest last; none if it has no head yet.

    Raises: InvalidInput: the file holds something else.
    """
    try:
        lines = (archive / "keys").read_text().splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the public keys of the archive {archive} cannot be read") from error
    return [VerifierKey.parse(line) for line in lines]


def _read_or_make(path: Path) -> SignerKey:
    try:
        return SignerKey.parse(path.read_text())
    except FileNotFoundError:
        signer = SignerKey.generate()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(signer.text() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        return signer


def _publish(path: Path, key: VerifierKey) -> None:
    if str(key) not in [str(known) for known in public_keys(path.parent)]:
        try:
            with path.open("a") as stream:
                stream.write(f"{key}\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise ArchiveError(f"the archive's public keys cannot be written: {error.strerror}") from error
