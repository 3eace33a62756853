"""The bodies in an archive's packs, by their hashes."""

import mmap
import time
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from ingest.packs.index import PackedPlace, PackIndex, read_index
from ingest.packs.pack import ENDING, read_member
from tally.errors import ArchiveError

FOLDER = "packs"
# Inflated members, a quarter of a megabyte each: whoever reads in the order of the log reads each of them once.
_REMEMBERED = 64
_YOUNG_NS = 1_000_000_000


class Packs:
    """The packs of one archive; those that another process adds are seen. Several threads may ask."""

    def __init__(self, archive: Path) -> None:
        self.folder = archive / FOLDER
        self._listed: int | None = None
        self._indexes: dict[Path, PackIndex] = {}
        self._mapped: dict[Path, mmap.mmap] = {}
        self._members: OrderedDict[tuple[Path, int], bytes] = OrderedDict()
        self._mutex = Lock()

    def files(self) -> list[Path]:
        """The packs, oldest first."""
        return sorted(self.folder.glob(f"*{ENDING}"))

    def holds(self, sha256: str) -> bool:
        """Whether a body of that hash is in one of them.

        Raises: ArchiveError: it is in none that can be searched, and one cannot be.
        """
        with self._mutex:
            return self._find(sha256) is not None

    def read(self, sha256: str) -> bytes | None:
        """The body of that hash, as the pack has it; None: it is in none.

        Raises: ArchiveError: a pack or an index cannot be used.
        """
        with self._mutex:
            found = self._find(sha256)
            if found is None:
                return None
            pack, place = found
            body = self._member(pack, place.member)[place.start : place.start + place.length]
        return body

    def _find(self, sha256: str) -> tuple[Path, PackedPlace] | None:
        try:
            name = bytes.fromhex(sha256)
        except ValueError:  # such a name has no body
            return None
        unusable = self._refresh()
        for pack, index in self._indexes.items():
            place = index.find(name)
            if place is not None:
                return pack, place
        if unusable is not None:
            raise unusable
        return None

    def _refresh(self) -> ArchiveError | None:
        """Take in packs that came; returns why one of them cannot be searched."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except OSError:  # nothing was packed
            return None
        if changed == self._listed:
            return None
        failed = None
        for pack in self.files():
            if pack not in self._indexes:
                try:
                    self._indexes[pack] = read_index(pack)
                except ArchiveError as error:
                    failed = error
        # What is as young as the clock's own step may be followed by more within that step.
        self._listed = None if failed or time.time_ns() - changed < _YOUNG_NS else changed
        return failed

    def _member(self, pack: Path, offset: int) -> bytes:
        key = (pack, offset)
        if key not in self._members:
            try:
                self._members[key], _ = read_member(self._map(pack), offset)
            except (ArchiveError, OSError, ValueError) as error:
                raise ArchiveError(f"the pack {pack.name} is damaged at byte {offset:,}: {error}") from error
            if len(self._members) > _REMEMBERED:
                self._members.popitem(last=False)
        self._members.move_to_end(key)
        return self._members[key]

    def _map(self, pack: Path) -> mmap.mmap:
        if pack not in self._mapped:
            with pack.open("rb") as stream:
                self._mapped[pack] = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return self._mapped[pack]
