"""The folder of all sets: what is in it, how a set gets there whole, and the index that names each of them.

    ELECTION/CONTEST/VERSION/    a set, which never changes
    ELECTION/CONTEST/latest      leads to the newest one
    index.json                   every set

What begins with a dot is being made or removed, and is nobody's to read.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from api.tables.results_files import write_file
from api.tables.sets.index import (
    INDEX,
    LATEST,
    MANIFEST,
    ContestSets,
    ElectionSets,
    PublishedSet,
    SetIndex,
    SetInTheMaking,
)
from tally import moments
from tally.election import Election
from tally.errors import InvalidInput

_PART, _GONE = ".part", ".gone"

CountName = tuple[str, str]


class SetFolder:
    """The sets on disk, each looked at once. One process at a time writes there: see `alone`."""

    def __init__(self, root: Path, elections: Mapping[str, Election]) -> None:
        self.root, self._elections = root, elections
        self._known = dict[CountName, list[PublishedSet]]()
        self._epochs = dict[CountName, str]()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While no other process writes there, with what an earlier one left half done cleared away.

        Raises: InvalidInput: another does, or the folder cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise InvalidInput(f"the folder {self.root} cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._read()
            yield
        except BlockingIOError as error:
            raise InvalidInput(f"another process makes the files in {self.root}") from error
        finally:
            os.close(handle)

    def sets(self, name: CountName) -> list[PublishedSet]:
        """The sets of a count, newest version first; those of an earlier epoch after those of the present one."""
        epoch = self._epochs.get(name)
        return sorted(self._known.get(name, ()), key=lambda one: (one.epoch == epoch, one.seq), reverse=True)

    def set_epoch(self, name: CountName, epoch: str) -> None:
        """Say which epoch of a count is the present one."""
        self._epochs[name] = epoch

    def address(self, name: CountName, version: str) -> str:
        """Where a set is found."""
        return f"/data/{'/'.join(name)}/{version}/"

    @contextmanager
    def part(self, name: CountName, version: str) -> Iterator[Path]:
        """An empty folder for a set to be made in; it is gone afterwards, unless it was put in its place."""
        part = self._of(name) / f".{version}{_PART}"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def put(self, name: CountName, part: Path, made: PublishedSet) -> None:
        """Put a whole set in its place; whoever reads the index finds it there from now on."""
        part.rename(self._of(name) / made.version)
        self._known.setdefault(name, []).append(made)
        self._point(name)

    def remove(self, name: CountName, gone: Sequence[PublishedSet]) -> None:
        """Take sets out of the index, and then away."""
        self._known[name] = [one for one in self._known[name] if one not in gone]
        self.write_index(None)
        for one in gone:
            put_aside = self._of(name) / f".{one.version}{_GONE}"
            (self._of(name) / one.version).rename(put_aside)
            shutil.rmtree(put_aside, ignore_errors=True)

    def write_index(self, making: SetInTheMaking | None) -> None:
        """Write which sets there are, and which is being made."""
        elections = [self._election(one) for one in sorted({name[0] for name in self._known})]
        index = SetIndex(
            written_at=moments.write(moments.utc_now().replace(microsecond=0)),
            elections=tuple(one for one in elections if one.contests),
            making=making,
        )
        write_file(Path.write_bytes, self.root / INDEX, msgspec.json.encode(index))

    def _election(self, election_id: str) -> ElectionSets:
        election = self._elections[election_id]
        contests = [
            ContestSets(
                contest=one.id,
                name=one.name,
                latest=self.address((election_id, one.id), LATEST),
                sets=tuple(self.sets((election_id, one.id))),
            )
            for one in election.contests
            if self._known.get((election_id, one.id))
        ]
        return ElectionSets(election=election_id, name=election.name, credit=election.credit, contests=tuple(contests))

    def _point(self, name: CountName) -> None:
        """Let `latest` lead to the newest set, for whoever serves the folder as it is."""
        link = self._of(name) / f".{LATEST}{_PART}"
        link.unlink(missing_ok=True)
        link.symlink_to(self.sets(name)[0].version)
        link.replace(self._of(name) / LATEST)

    def _read(self) -> None:
        for folder in sorted(self.root.glob("*/*")):
            name = (folder.parent.name, folder.name)
            for left in folder.glob(".*"):
                shutil.rmtree(left, ignore_errors=True)
                with suppress(OSError):
                    left.unlink(missing_ok=True)
            if name[0] in self._elections:
                found = [_manifest(one) for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]
                self._known[name] = [one for one in found if one is not None]

    def _of(self, name: CountName) -> Path:
        return self.root.joinpath(*name)


def _manifest(folder: Path) -> PublishedSet | None:
    """A set by what it says of itself; None of a folder that is none of ours."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=PublishedSet)
    except (OSError, msgspec.MsgspecError):
        return None
