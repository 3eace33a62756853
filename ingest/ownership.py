"""Whose an archive is: the folder belongs to one count, and says so to any other.

Two counts in one folder would be sealed under one another's heads, and neither could be made again from it.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest.log import Mark, Tail, read_line
from tally.errors import ArchiveError, InvalidInput
from tally.storage.store import CountInfo

_FILE = "count"


class Owner(Struct, frozen=True):
    """A count, and when it was begun (ISO UTC): another database's count of the same election is another one."""

    election: str
    contest: str
    since: str | None

    def __str__(self) -> str:
        begun = "" if self.since is None else f", begun at {self.since}"
        return f"a count of {self.election} ({self.contest}{begun})"


def check_owner(folder: Path, election_id: str, contest_id: str, known: CountInfo | None) -> None:
    """Return if that count, which may not have been begun yet, may keep its archive there. Nothing is written.

    Raises: InvalidInput: the folder belongs to another one. ArchiveError: it cannot be read.
    """
    owner = _owner(folder)
    own = Owner(election_id, contest_id, None if known is None else known.created_at)
    is_its_own = owner is None or owner == (own if owner.since is not None else Owner(election_id, contest_id, None))
    if not is_its_own:
        raise InvalidInput(
            f"the archive {folder} belongs to {owner}; give this one a folder of its own with --archive "
            f"(if that count is gone for good, remove {folder / _FILE})"
        )


def claim(folder: Path, info: CountInfo) -> None:
    """Take the folder for that count, if it is nobody's.

    Raises: InvalidInput: it belongs to another one. ArchiveError: it cannot be written or read.
    """
    check_owner(folder, info.election_id, info.contest_id, info)
    try:
        with (folder / _FILE).open("x") as file:
            file.write(msgspec.json.encode(Owner(info.election_id, info.contest_id, info.created_at)).decode() + "\n")
    except FileExistsError:
        return
    except OSError as error:
        raise ArchiveError(f"the archive folder {folder} cannot be written: {error.strerror}") from error


def _owner(folder: Path) -> Owner | None:
    """Whose it says that it is; of an earlier program's archive, whose its first seal says."""
    path = folder / _FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Owner)
    except (FileNotFoundError, NotADirectoryError):
        mark = next(_marks(folder), None)
        return None if mark is None else Owner(mark.election, mark.contest, None)
    except (OSError, msgspec.MsgspecError) as error:
        raise ArchiveError(f"{path} cannot be read: {error}") from error


def _marks(folder: Path) -> Iterator[Mark]:
    if (folder / "log").is_dir():
        for line in Tail(folder / "log").read():
            with suppress(msgspec.MsgspecError):
                if line.startswith(b'{"mark":') and isinstance(mark := read_line(line), Mark):
                    yield mark
