"""A bundle: one published number with the answers it was read from, where it stands in them, and what seals them."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from ingest.feeds import Feed, Kept
from ingest.feeds.pointers import Pointers
from ingest.log import Attempt, Mark, read_line
from ingest.proof.bundles.claim import Claim, claim_of, sum_of
from ingest.proof.bundles.sealed_log import LogLine, SealedLog
from ingest.proof.bundles.standalone import check, read_pointer, read_text, read_written, write_canonical
from ingest.proof.keyring import public_keys
from ingest.proof.notes import VerifierKey, open_note
from ingest.proof.replay import question_of
from tally.changes import Entry, Kind
from tally.election import Contest
from tally.errors import ArchiveError, FeedMalformed, NotFound
from tally.storage.store import CountInfo

_FORMAT = 1
# A value that is held or named anew for years is still found, and nobody's asking takes longer than this many answers.
_MOST_SOURCES = 40


class Proven(Struct, frozen=True):
    """What is to be proved: a key with all its values up to the version asked about, and the values below it."""

    key: str
    history: Sequence[Entry]
    below: Iterable[Entry] = ()


class _Source(Struct, frozen=True):
    """One answer: its log line, its body, and the figures that it states."""

    at: LogLine
    body: bytes
    pointers: Pointers

    def figures(self) -> dict[str, Any]:
        """Each figure as it is written there."""
        whole = read_pointer(json.loads(read_text(self.body)), self.pointers.row)
        rows = {name: read_pointer(whole, place.row) for name, place in self.pointers.figures.items()}
        places = self.pointers.figures
        return {name: read_written(row[places[name].at]) for name, row in rows.items() if places[name].at in row}


class Prover:
    """Makes bundles of one count out of its archive."""

    def __init__(self, log: SealedLog, feed: Feed, contest: Contest, info: CountInfo) -> None:
        self._log, self._feed, self._contest, self._info = log, feed, contest, info

    def prove(self, proven: Proven) -> bytes:
        """The bundle, which was checked as anybody would.

        Raises: NotFound: there is nothing to prove, or it is not sealed yet. ArchiveError: the archive proves it not.
        """
        if not proven.history:
            raise NotFound(f"{proven.key} has no value yet")
        newest = proven.history[-1]
        claim = claim_of(proven.key, newest.change.data, self._contest)
        is_stated = any(count is not None for count in claim.stated.values())
        sources = self._sources(proven, claim) if is_stated else []
        last = max((source.at.index for source in sources), default=0)
        mark = self._mark(newest.seq, last)
        found = None if mark is None else self._log.head_above(mark.index)
        if mark is None or found is None:
            raise self.unsealed(f"version {newest.seq} of {proven.key}")
        size, note = found
        written = _written(sources)
        stated = {name: count for name, count in written.items() if _is_same(claim, name, count)}
        bundle = {
            "proof": _FORMAT,
            "key": proven.key,
            "figures": stated,
            "left_out": [name for name, count in claim.stated.items() if count is not None and name not in stated],
            "sources": [self._write_source(source, size, stated) for source in sources],
            "mark": self._write_line(mark, size),
            "head": note,
            "public_key": str(self._signer(note)),
            "sum": sum_of(claim, proven.below, self._contest),
        }
        return _seal(bundle)

    def sealed_version(self) -> int:
        """The newest version that a head covers; 0: none does yet.

        Raises: ArchiveError: the archive cannot be read.
        """
        sealed = self._log.sealed()
        return max((mark.seq for line, mark in self._marks() if line.index < sealed), default=0)

    def unsealed(self, what: str) -> NotFound:
        """Why that is under no head: the next one is waited for, or nothing was published since the history began."""
        if next(self._marks(), None) is None:
            none = "no version of this history is in the archive; one that began anew is sealed from its next version"
            return NotFound(f"{what} is not sealed: {none}")
        return NotFound(f"{what} is not sealed yet: heads follow every few minutes")

    def _sources(self, proven: Proven, claim: Claim) -> list[_Source]:
        """The answers that state what is claimed: of the newest value that names any which do."""
        named = (entry.change for entry in reversed(proven.history) if entry.change.kind is not Kind.HOLD)
        tried = dict.fromkeys(change.src for change in named if change.src is not None)
        for src in list(tried)[:_MOST_SOURCES]:
            sources = [source for part in src.split("+") if (source := self._source(part, proven.key)) is not None]
            written = _written(sources)
            if written and all(
                _is_same(claim, name, count) for name, count in written.items() if _is_known(claim, name)
            ):
                return sources
        raise ArchiveError(f"no answer in the archive states what {proven.key} is shown as")

    def _source(self, src: str, key: str) -> _Source | None:
        """The answer of that hash as it first answered a question about the key; None: it never did."""
        sha256 = src.removeprefix("sha256:")
        body = self._log.body(sha256)
        for line in self._log.find(b'"sha256":"%s"' % sha256.encode()):
            entry = read_line(line.line)
            if isinstance(entry, Attempt):
                try:
                    pointers = self._feed.locate(Kept(src, (question_of(entry.url, self._feed.base_path),), body), key)
                except FeedMalformed:
                    continue
                if pointers is not None:
                    return _Source(line, body, pointers)
        return None

    def _mark(self, seq: int, after: int) -> LogLine | None:
        """The first line behind those of the answers that says that the version was published."""
        return next((line for line, mark in self._marks() if line.index >= after and mark.seq >= seq), None)

    def _marks(self) -> Iterator[tuple[LogLine, Mark]]:
        """Every line that says that a version of this history was published, oldest first."""
        for line in self._log.find(b'"epoch":"%s"' % self._info.epoch.encode()):
            if line.line.startswith(b'{"mark":'):
                mark = read_line(line.line)
                if isinstance(mark, Mark) and mark.epoch == self._info.epoch:
                    yield line, mark

    def _write_line(self, line: LogLine, size: int) -> dict[str, Any]:
        path = [base64.b64encode(step).decode() for step in self._log.path(line.index, size)]
        return {"line": line.line.decode(), "index": line.index, "path": path}

    def _write_source(self, source: _Source, size: int, stated: Mapping[str, Any]) -> dict[str, Any]:
        own = [name for name, count in source.figures().items() if name in stated and stated[name] == count]
        places = source.pointers.figures
        figures = {name: [places[name].row, places[name].at, dict(places[name].named)] for name in own}
        named = {"row": source.pointers.row, "named": dict(source.pointers.named), "figures": figures}
        packed = base64.b64encode(zlib.compress(source.body, 9)).decode()
        return {**self._write_line(source.at, size), **named, "body": packed}

    def _signer(self, note: str) -> VerifierKey:
        for key in public_keys(self._log.folder):
            try:
                open_note(note, [key])
            except ArchiveError:
                continue
            return key
        raise ArchiveError("the head is signed by none of the archive's keys; `escrutinio verify` says what is wrong")


def _written(sources: Iterable[_Source]) -> dict[str, Any]:
    return {name: count for source in sources for name, count in source.figures().items()}


def _is_known(claim: Claim, name: str) -> bool:
    return claim.state is not None if name == "state" else claim.stated.get(name) is not None


def _is_same(claim: Claim, name: str, written: Any) -> bool:
    """Whether an answer states a figure as it is shown; of an acta's state the first words are the source's."""
    if name == "state":
        return claim.state is not None and claim.state.split(" / ")[0] == str(written).strip()
    return name in claim.stated and claim.stated[name] == written


def _seal(bundle: dict[str, Any]) -> bytes:
    """The bundle's bytes with their checksum.

    Raises: ArchiveError: it does not hold.
    """
    digest = hashlib.sha256(write_canonical(bundle)).hexdigest()
    text = write_canonical({**bundle, "sha256": digest})
    _, wrong = check([text])
    if wrong:
        raise ArchiveError(f"the archive does not prove {bundle['key']}: {wrong[0]}")
    return text
