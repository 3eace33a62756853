"""Answers from a folder of recordings instead of the network: an archive of ours, or files named by path and query.

An archive folder has `log` and `objects` or `packs`; the newest good answer to a question counts. Any other folder
holds one file an answer, named by the path and query that were asked for, such as "results/10/140000" or
"resumen-general/totales?idEleccion=10&tipoFiltro=eleccion", percent-encoded or not, with or without ".json" behind it.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import msgspec
from msgspec import Struct

from ingest.archive import Archive, read_object
from ingest.fetch import REHEARSAL_HEADER, Answer, Question
from ingest.log import Attempt, Tail, read_line
from ingest.packs.lookup import Packs
from tally import moments
from tally.errors import ArchiveError, FeedEmpty, InvalidInput

SCHEME = "file:"
_NAMED = (".json", ".txt")

_Key = tuple[str, tuple[tuple[str, str], ...]]


class _Recording(Struct, frozen=True):
    """One answer: its file or its hash, when it was recorded (ISO UTC), and whether a real source gave it."""

    where: Path | str
    at: str
    is_real: bool


class Recordings:
    """Answers questions as `Ask` does, without network and budget. Everything taken is archived once more.

    `hosts`: the election's own. An archive of answers of any other host is a rehearsal's.
    """

    def __init__(self, folder: Path, archive: Archive, base_path: str, hosts: Collection[str]) -> None:
        if not folder.is_dir():
            raise InvalidInput(f"there is no folder of recordings {folder}")
        if folder.resolve() == archive.folder.resolve():
            raise InvalidInput(f"{folder} cannot be both the recordings and the archive; choose another --archive")
        self.archive = archive
        self._folder, self._base_path, self._hosts = folder, base_path, hosts
        self._known: dict[_Key, _Recording] = {}
        self._packs = Packs(folder)
        is_archive = (folder / "log").is_dir() and any((folder / name).is_dir() for name in ("objects", "packs"))
        self._tail = Tail(folder / "log") if is_archive else None
        self._refresh()
        if not self._known:
            raise InvalidInput(f"{folder} holds neither an archive with answers nor files named by path and query")

    async def close(self) -> None:
        """Nothing is open."""

    async def __call__(self, question: Question) -> Answer:
        """The newest recorded answer.

        Raises: FeedEmpty: there is none. ArchiveError.
        """
        self._refresh()
        path = self._base_path + question.path
        url = f"file://{quote(self._folder.resolve().name)}{path}"
        if question.params:
            url += f"?{urlencode(question.params)}"
        found, now = self._known.get(_key(path, question.params)), moments.write(moments.utc_now())
        if found is None:
            self.archive.log(Attempt(now, url, None, 0, error="not recorded", source="file"))
            raise FeedEmpty(f"{url}: no answer to that question was recorded")
        body = self._read(found.where)
        sha256 = self.archive.keep(body) if body else None
        self.archive.log(Attempt(now, url, 200, 0, None, len(body), sha256, source="file"))
        headers = {} if found.is_real else {REHEARSAL_HEADER: "1"}
        return Answer(url, body, f"sha256:{sha256}", found.at, headers)

    def _read(self, where: Path | str) -> bytes:
        if isinstance(where, str):
            return read_object(self._folder, self._packs, where)
        try:
            return where.read_bytes()
        except OSError as error:
            raise ArchiveError(f"the recording {where} cannot be read: {error.strerror}") from error

    def _refresh(self) -> None:
        """Take in what came since: an archive may still be growing."""
        if self._tail is not None:
            for line in self._tail.read():
                self._take_line(line)
        elif not self._known:
            self._known = dict(sorted(self._files(), key=lambda item: item[1].at))

    def _take_line(self, line: bytes) -> None:
        try:
            entry = read_line(line)
        except msgspec.MsgspecError as error:
            raise ArchiveError(f"{self._tail} of the recordings is not a log line: {error}") from error
        if isinstance(entry, Attempt) and entry.status == 200 and entry.sha256 is not None:
            parts = urlsplit(entry.url)
            key = _key(parts.path, parse_qsl(parts.query, keep_blank_values=True))
            self._known[key] = _Recording(entry.sha256, entry.at, parts.hostname in self._hosts)

    def _files(self) -> Iterator[tuple[_Key, _Recording]]:
        """Plain files: whoever names them so vouches for them."""
        for path in self._folder.rglob("*"):
            if path.is_file():
                name = unquote(path.relative_to(self._folder).as_posix())
                for ending in _NAMED:
                    name = name.removesuffix(ending)
                asked, _, query = name.partition("?")
                if self._base_path:
                    asked = self._base_path + ("/" + asked).rpartition(self._base_path)[2]
                at = moments.write(datetime.fromtimestamp(int(path.stat().st_mtime), UTC))
                key = _key("/" + asked.lstrip("/"), parse_qsl(query, keep_blank_values=True))
                yield key, _Recording(path, at, is_real=True)


def _key(path: str, params: Collection[tuple[str, str]]) -> _Key:
    """Parameters may stand in any order."""
    return path, tuple(sorted(params))
