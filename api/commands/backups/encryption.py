"""A backup that only its recipients can open: all of its folder as one tar in age's format, which `age` reads too."""

import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from tally.errors import InvalidInput

NAME = "backup.tar.age"
_WHOLE = "whole"


def read_recipients(texts: Sequence[str]) -> list[Recipient]:
    """The public keys of that setting.

    Raises: InvalidInput: one of them is none.
    """
    try:
        return [Recipient.from_str(text) for text in texts]
    except pyrage.RecipientError as error:
        raise InvalidInput(f"backup_recipients: a public key of age begins with age1 ({error})") from error


@contextmanager
def encrypted(folder: Path, recipients: Sequence[Recipient]) -> Iterator[Path]:
    """A folder for what is to be kept; all of it stands encrypted in `folder` when the block ends well."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        whole, packed = Path(scratch) / _WHOLE, Path(scratch) / NAME
        whole.mkdir()
        yield whole

        def pack(out: BufferedIOBase) -> None:
            with tarfile.open(fileobj=out, mode="w|") as tar:
                tar.add(whole, _WHOLE)

        with packed.open("wb") as target:
            _piped(pack, lambda tar: pyrage.encrypt_io(tar, target, recipients))
            target.flush()
            os.fsync(target.fileno())
        packed.rename(folder / NAME)


@contextmanager
def opened_backup(folder: Path, identity: Path | None) -> Iterator[Path]:
    """The folder of a backup as it was kept: itself, or where it is encrypted what the key in that file opens of it.

    Raises: InvalidInput: no file of a key was named, it holds none, or another one.
    """
    packed = folder / NAME
    if not packed.is_file():
        yield folder
        return
    if identity is None:
        raise InvalidInput(f"{folder} is encrypted; name the file of one of its keys with --identity")
    keys = _identities(identity)
    with tempfile.TemporaryDirectory() as scratch, packed.open("rb") as source:

        def unpack(tar: BufferedIOBase) -> None:
            with tarfile.open(fileobj=tar, mode="r|") as files:
                files.extractall(scratch, filter="data")

        try:
            _piped(lambda out: pyrage.decrypt_io(source, out, keys), unpack)
        except pyrage.DecryptError as error:
            raise InvalidInput(f"{folder} cannot be opened with the key in {identity}: {error}") from error
        except (tarfile.TarError, OSError) as error:
            raise InvalidInput(f"{packed} is damaged, or cannot be unpacked here: {error}") from error
        yield Path(scratch) / _WHOLE


def _identities(path: Path) -> list[Identity]:
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        keys = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise InvalidInput(f"--identity {path} holds no private key of age (AGE-SECRET-KEY-1…): {error}") from error
    if not keys:
        raise InvalidInput(f"--identity {path} holds no private key of age (AGE-SECRET-KEY-1…)")
    return keys


def _piped(write: Callable[[BufferedIOBase], object], read: Callable[[BufferedIOBase], object]) -> None:
    """Both at once: what the one writes the other reads, and nothing of it is ever whole in memory or on the disk."""
    reading, writing = os.pipe()

    def fill() -> None:
        with os.fdopen(writing, "wb") as out:
            write(out)

    with ThreadPoolExecutor(1) as pool:
        filling = pool.submit(fill)
        try:
            with os.fdopen(reading, "rb") as whole:
                read(whole)
        finally:
            # What went wrong on the writing side is why the other found something cut off.
            error = filling.exception()
            if error is not None and not isinstance(error, BrokenPipeError):
                raise error
