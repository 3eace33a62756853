"""Copies of an election: of its one count, or of each of many contests and of the pages about all of them."""

from datetime import datetime
from pathlib import Path

from api.commands.copies.copier import Copier
from api.commands.copies.documents import Documents
from api.commands.copies.replicas import Replicas
from dashboard.reading import Data, has_many
from dashboard.routes import METHODS
from tally.keys import NATION


class _FrontCopier(Copier):
    """The pages about all contests. Their table is of one replica's process: only whether it moved says anything."""

    def look_at(self, table: Data, now: float) -> None:
        """Find out what is due, by the table of all contests."""
        version = {"epoch": table["epoch"], "seq": table["version"]}
        if not self._meta:
            self._write_all(self._documents.material())
            self._agenda.add([METHODS])
        if any(self._meta.get(name) != value for name, value in version.items()):
            self._agenda.add([NATION])
        self.grow_old(now)
        self._meta = {**version, "as_of": table["as_of"], "is_test": table["is_test"]}


class Copiers:
    """Keeps a folder of copies of one election up to date; see Copier. Each contest has a manifest of its own."""

    def __init__(self, replicas: Replicas, documents: Documents, folder: Path) -> None:
        self._replicas, self._documents, self._folder = replicas, documents, folder
        self._all: dict[str | None, Copier] = {}
        self._reached: dict[str, tuple[str, int]] = {}
        self._written: set[Copier] = set()

    @property
    def is_whole(self) -> bool:
        """Whether everything was copied once."""
        return bool(self._all) and all(copier.is_whole for copier in self._all.values())

    def look(self, now: float) -> None:
        """Find out what is due by now: what changed, and what is old.

        Raises: ConnectionError: no replica answers. LookupError: they have no such count.
        """
        self._replicas.forget()
        if has_many(self._documents.source.meta()):
            self._look_at_all(self._documents.source.get("/contests"), now)
        else:
            self._all.setdefault(None, Copier(self._replicas, self._documents, self._folder)).look(now)

    def _look_at_all(self, table: Data, now: float) -> None:
        front = self._all.get(None)
        if not isinstance(front, _FrontCopier):
            front = self._all[None] = _FrontCopier(self._replicas, self._documents, self._folder)
        front.look_at(table, now)
        for row in table["rows"]:
            if row["seq"] is None:
                continue
            name, version = row["id"], (row["epoch"], row["seq"])
            if name not in self._all:
                self._all[name] = Copier(self._replicas, self._documents.of_contest(name), self._folder)
            if self._reached.get(name) == version:
                self._all[name].grow_old(now)
            else:
                self._all[name].look(now)
                self._reached[name] = version

    def write_next(self, now: float) -> bool:
        """Copy what is due first, the pages about all before each contest's; False when nothing can be by now.

        Raises: ConnectionError: no replica answers; it stays due.
        """
        for copier in self._all.values():
            if copier.waiting and copier.write_next(now):
                self._written.add(copier)
                return True
        return False

    def write_manifests(self, moment: datetime) -> None:
        """Say what stands in the folder, wherever something was written since."""
        for copier in self._written:
            copier.write_manifest(moment)
        self._written.clear()
