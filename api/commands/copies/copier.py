"""The folder of copies: what is due is written, each file whole or not there, and a manifest says what stands there."""

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from api.commands.copies.agenda import SHEETS, Agenda
from api.commands.copies.documents import Document, Documents
from api.commands.copies.replicas import Replicas
from api.embed.files import write_answer, write_file
from api.http.answers import Representation
from dashboard.reading import Data
from tally import moments
from tally.keys import NATION, ancestors, is_area

MANIFEST = "manifest.json"
_ALL_AREAS = "topic=nation&topic=provinces&topic=districts"


class Copier:
    """Keeps a folder of copies of one count up to date, a subject at a time; seconds are a monotonic clock's."""

    def __init__(self, replicas: Replicas, documents: Documents, folder: Path) -> None:
        self._replicas, self._documents, self._folder = replicas, documents, folder
        self._manifest = folder / documents.root.strip("/") / MANIFEST
        self._agenda = Agenda()
        self._meta: Data = {}
        self._pages: dict[str, dict[str, Any]] = {}

    @property
    def waiting(self) -> int:
        """How many subjects are due."""
        return len(self._agenda)

    @property
    def is_whole(self) -> bool:
        """Whether everything was copied once."""
        return self._agenda.is_whole

    def look(self, now: float) -> None:
        """Find out what is due by now: what changed, and what is old.

        Raises: ConnectionError: no replica answers. LookupError: they have no such count.
        """
        self._replicas.forget()
        meta = self._documents.source.meta()
        if meta["epoch"] != self._meta.get("epoch"):
            self._take_over(meta["epoch"])
            if self._documents.source.contest is None:
                self._write_all(self._documents.material())
            subjects = self._documents.source.get(f"/state?{_ALL_AREAS}")["state"]
            self._agenda.add([NATION, *SHEETS, *subjects])
        elif meta["seq"] != self._meta["seq"]:
            self._agenda.add([*SHEETS, *self._changed(meta)])
        self.grow_old(now)
        self._meta = meta

    def grow_old(self, now: float) -> None:
        """What is too old by now is due, whether or not anything changed."""
        self._agenda.add_old(now)

    def _take_over(self, epoch: str) -> None:
        """Begin anew; pages of another count, or of another history of this one, are removed and not served as its."""
        self._agenda, self._pages = Agenda(), {}
        if not self._manifest.exists():
            return
        told = json.loads(self._manifest.read_bytes())
        if (told["election"], told["epoch"]) == (self._documents.source.election_id, epoch):
            self._pages = told["pages"]
            return
        for page in told["pages"]:
            for name in (page, f"{page}.gz"):
                (self._folder / name).unlink(missing_ok=True)

    def _changed(self, meta: Data) -> Iterable[str]:
        """Areas whose values changed since the last look, with those above, whose tables have them."""
        since: int = self._meta["seq"]
        while since < meta["seq"]:
            query = f"epoch={meta['epoch']}&from={since}&{_ALL_AREAS}"
            found = self._documents.source.get(f"/changes?{query}")
            for delta in found["deltas"]:
                for key in (change["k"] for change in delta["changes"]):
                    if is_area(key):
                        yield from (*ancestors(key), key)
            since = found["seq"]

    def write_next(self, now: float) -> bool:
        """Copy what is due first; False when nothing can be by now.

        Raises: ConnectionError: no replica answers; it stays due.
        """
        subject = self._agenda.next(now)
        if subject is None:
            return False
        self._replicas.forget()
        documents = list(self._documents.of(subject))
        meta = self._documents.source.meta()
        self._write_all(documents)
        for document in documents:
            self._pages[document.path.as_posix()] = {"seq": meta["seq"], "as_of": meta["as_of"]}
        self._agenda.done(subject, now)
        return True

    def write_manifest(self, moment: datetime) -> None:
        """Say what stands in the folder; `due` pages may be of an earlier version than the newest."""
        meta = self._meta
        told = {
            **{name: meta[name] for name in ("epoch", "seq", "as_of", "is_test")},
            "election": self._documents.source.election_id,
            "written_at": moments.write(moment),
            "due": self.waiting,
            "pages": self._pages,
        }
        write_file(self._manifest, json.dumps(told, separators=(",", ":")).encode() + b"\n")

    def _write_all(self, documents: Iterable[Document]) -> None:
        for document in documents:
            body = document.content
            write_answer(self._folder / document.path, Representation(body, gzip.compress(body, 6, mtime=0)))
