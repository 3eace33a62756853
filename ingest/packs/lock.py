"""Who reads an archive as a whole and who packs it wait for each other: what is read does not move meanwhile.

The poller need not: what it writes is not packed before it is sealed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tally.errors import ArchiveError


@contextmanager
def unmoved(archive: Path) -> Iterator[None]:
    """While nothing is packed; where somebody is packing, from its end on.

    Raises: ArchiveError: the folder cannot be locked.
    """
    with _locked(archive, fcntl.LOCK_SH):
        yield


@contextmanager
def packing_alone(archive: Path) -> Iterator[None]:
    """While nobody else packs or reads the whole.

    Raises: ArchiveError: somebody does; nothing was waited for.
    """
    with _locked(archive, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _locked(archive: Path, how: int) -> Iterator[None]:
    try:
        handle = os.open(archive, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise ArchiveError(f"there is no archive in {archive}; name it with --archive") from error
    try:
        try:
            fcntl.flock(handle, how)
        except BlockingIOError as error:
            raise ArchiveError(
                f"the archive {archive} is being packed, verified or copied by another process; try again afterwards"
            ) from error
        except OSError as error:
            raise ArchiveError(f"the archive {archive} cannot be locked: {error.strerror}") from error
        yield
    finally:
        os.close(handle)
