"""Whose an archive is: the folder belongs to some counts of one election, and says so to any other.

Who does not follow all of them may not write there: one log is sealed by one writer. Counts of two elections in one
folder would be sealed under one another's heads, and neither could be made again from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest.log import Mark, Tail, read_line
from tally.errors import ArchiveError, InvalidInput
from tally.storage.store import CountInfo

_FILE = "count"


class Owner(Struct, frozen=True):
    """Counts of an election, and when each was begun (ISO UTC): another database's count of a contest is another one.

    None: that is not known.
    """

    election: str
    counts: dict[str, str | None]

    def __str__(self) -> str:
        several = f" and {len(self.counts) - 1} more" if len(self.counts) > 1 else ""
        contest, since = next(iter(self.counts.items()))
        begun = "" if since is None else f", begun at {since}"
        return f"a count of {self.election} ({contest}{several}{begun})"


class _OneCount(Struct, frozen=True):
    """An owner as earlier programs wrote it."""

    election: str
    contest: str
    since: str


def check_owner(folder: Path, election_id: str, known: Mapping[str, CountInfo | None]) -> None:
    """Return if those counts (by contest; None: not begun yet) may keep their archive there. Nothing is written.

    Raises: InvalidInput: the folder belongs to others, or to more of them. ArchiveError: it cannot be read.
    """
    owner = owner_of(folder)
    if owner is None:
        return
    is_own = owner.election == election_id and all(
        contest not in known or since is None or ((info := known[contest]) is not None and info.created_at == since)
        for contest, since in owner.counts.items()
    )
    left_out = [contest for contest in owner.counts if contest not in known]
    if not is_own or len(left_out) == len(owner.counts):
        raise InvalidInput(
            f"the archive {folder} belongs to {owner}; give this one a folder of its own with --archive "
            f"(if that count is gone for good, remove {folder / _FILE})"
        )
    if left_out:
        raise InvalidInput(
            f"the archive {folder} belongs to {owner}: follow all of them, without --contest, or give this one a "
            "folder of its own with --archive"
        )


def claim(folder: Path, infos: Sequence[CountInfo]) -> None:
    """Take the folder for those counts of one election, if it is nobody's or belongs to some of them.

    Raises: InvalidInput: it belongs to another one. ArchiveError: it cannot be written or read.
    """
    counts = {info.contest_id: info for info in infos}
    check_owner(folder, infos[0].election_id, counts)
    owner = Owner(infos[0].election_id, {contest: info.created_at for contest, info in counts.items()})
    aside = folder / "aside" / _FILE
    try:
        if _stated(folder) != owner:
            aside.write_bytes(msgspec.json.encode(owner) + b"\n")
            aside.replace(folder / _FILE)
    except OSError as error:
        raise ArchiveError(f"the archive folder {folder} cannot be written: {error.strerror}") from error


def owner_of(folder: Path) -> Owner | None:
    """Whose it says that it is; of an earlier program's archive, whose its first seal says."""
    stated = _stated(folder)
    mark = None if stated is not None else next(_marks(folder), None)
    return stated if mark is None else Owner(mark.election, {mark.contest: None})


def _stated(folder: Path) -> Owner | None:
    path = folder / _FILE
    try:
        body = path.read_bytes()
        with suppress(msgspec.ValidationError):
            return msgspec.json.decode(body, type=Owner)
        one = msgspec.json.decode(body, type=_OneCount)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ArchiveError(f"{path} cannot be read: {error}") from error
    return Owner(one.election, {one.contest: one.since})


def _marks(folder: Path) -> Iterator[Mark]:
    if (folder / "log").is_dir():
        for line in Tail(folder / "log").read():
            with suppress(msgspec.MsgspecError):
                if line.startswith(b'{"mark":') and isinstance(mark := read_line(line), Mark):
                    yield mark
