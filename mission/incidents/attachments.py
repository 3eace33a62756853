"""Pictures on disk, named by the hash of what is in them."""

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from mission.incidents.photos import SUFFIX, Picture
from tally.errors import NotFound, StoreUnavailable

_HASH = re.compile(r"[0-9a-f]{64}")


class Attachments:
    """A folder of pictures. Several processes may keep pictures in it at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def staged(self, picture: Picture) -> Iterator[Callable[[], object]]:
        """What keeps a picture that is on the disk by then; not called, it leaves none. One that is there stays.

        Raises: StoreUnavailable.
        """
        path = self._path(picture.hash)
        if path.exists():
            yield lambda: None
            return
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with unfinished.open("xb") as file:
                file.write(picture.body)
                file.flush()
                os.fsync(file.fileno())
            yield partial(unfinished.replace, path)
        except OSError as error:
            failure = f"the folder of pictures cannot be written: {error.strerror}"
            raise StoreUnavailable(failure, public=failure) from error
        finally:
            unfinished.unlink(missing_ok=True)

    def read(self, digest: str) -> bytes:
        """The bytes of a picture.

        Raises: NotFound. StoreUnavailable: it is there and cannot be read.
        """
        if not _HASH.fullmatch(digest):
            raise NotFound("there is no such picture")
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("there is no such picture") from error
        except OSError as error:
            failure = f"the picture cannot be read: {error.strerror}"
            raise StoreUnavailable(failure, public=failure) from error

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}{SUFFIX}"
