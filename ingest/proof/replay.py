"""The count made again from nothing but the raw bytes: every published value must come out as it was published."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import msgspec

from ingest.feeds import Feed, Kept, Question
from ingest.proof.evidence import ArchiveContents
from ingest.proof.sentences import SENTENCES, forget_figures, with_sentences
from tally.board import Board, Fact, Release
from tally.changes import LOG_FORMAT, Change, ChangeSet
from tally.election import Contest
from tally.errors import ArchiveError, CountInconsistent
from tally.keys import Level, start_of
from tally.places import stated_key
from tally.rules.arithmetic import arithmetic_of
from tally.rules.checks import Largest

_COUNTED = tuple(map(start_of, Level))


class Replay:
    """A fresh board that is taken from change set to change set. It stops being of use after the first difference."""

    def __init__(self, feed: Feed, contest: Contest, largest: Largest, evidence: ArchiveContents) -> None:
        self._feed, self._evidence = feed, evidence
        self._board = Board(len(contest.lists), contest.scope, largest)
        self._format = LOG_FORMAT
        self.changes = 0

    def check(self, changes: ChangeSet) -> list[str]:
        """What differs between a published change set and what its raw bytes make of the board, one sentence each."""
        published = [change for change in changes.changes if change.key.startswith(_COUNTED)]
        self.changes += len(published)
        self._follow(changes.format)
        made, faults = self.make(published)
        ours, theirs = ({change.key: change for change in some} for some in (made, published))
        faults += _differences(ours, theirs, has_sentences=changes.format == SENTENCES)
        if len({change.key for change in published}) != len(published):
            faults.append("a key stands twice")
        return [f"version {changes.seq}: {fault}" for fault in faults]

    def _follow(self, written: int) -> None:
        """Each format has its rules; the first writer after format 1 began with what it had read in a log of that."""
        if self._format == SENTENCES < written:
            forget_figures(self._board)
        if self._format != written:
            self._board.follow(arithmetic_of(written))
        self._format = written

    def make(self, published: Sequence[Change]) -> tuple[list[Change], list[str]]:
        """The changes that the bytes named by published ones make of the board, and what cannot be found."""
        facts, faults = self._facts(published)
        made = self._board.apply(facts)
        for change in published:
            if change.note is not None:
                with suppress(msgspec.MsgspecError):
                    said = msgspec.json.decode(change.note, type=dict[str, str])
                    made += self._board.release(Release(change.key, said.get("by", ""), said.get("reason", "")))
        return made, faults

    def check_sums(self) -> list[str]:
        """What differs when the board's sums are added up from its mesas once more."""
        try:
            self._board.sums.cross_check()
        except CountInconsistent as error:
            return [str(error)]
        return []

    def _facts(self, published: Sequence[Change]) -> tuple[list[Fact], list[str]]:
        """The facts behind those changes, in their order, and what cannot be found."""
        said: dict[str, dict[str, list[Fact]]] = {}
        facts: list[Fact] = []
        faults: list[str] = []
        for change in published:
            if change.src is None:
                continue
            if change.src not in said:
                try:
                    said[change.src] = self._reread(change.src)
                except ArchiveError as error:
                    faults.append(f"{change.key}: {error}")
                    said[change.src] = {}
            own = said[change.src].get(change.key) or said[change.src].get(stated_key(change.key), [])
            facts += own
            if not own:
                faults.append(f"{change.key}: the bytes it names ({change.src}) say nothing about it")
        return facts, faults

    def _reread(self, src: str) -> dict[str, list[Fact]]:
        kept = [self._kept(part) for part in src.split("+")]
        facts: dict[str, list[Fact]] = {}
        for fact in self._feed.reread(kept, self._board.actas):
            facts.setdefault(fact.key, []).append(fact)
        return facts

    def _kept(self, src: str) -> Kept:
        sha256 = src.removeprefix("sha256:")
        answered = self._evidence.answers.get(sha256)
        if answered is None:
            raise ArchiveError(f"the log names no answer {src}")
        questions = (question_of(url, self._feed.base_path) for url in sorted(answered.urls))
        return Kept(src, tuple(questions), self._evidence.read(sha256))


def question_of(url: str, base_path: str) -> Question:
    """The question that was asked at an address."""
    parts = urlsplit(url)
    path = parts.path.partition(base_path)[2] if base_path else parts.path
    return Question(path, tuple(parse_qsl(parts.query, keep_blank_values=True)))


def _differences(made: Mapping[str, Change], published: Mapping[str, Change], *, has_sentences: bool) -> list[str]:
    faults = []
    for key in _in_order(published, made):
        ours, theirs = made.get(key), published.get(key)
        if ours is None:
            faults.append(f"{key} was published, but its bytes change nothing")
        elif theirs is None:
            faults.append(f"{key} should have changed, but nothing was published")
        elif ours != theirs and (not has_sentences or (ours := with_sentences(ours, theirs)) != theirs):
            names = [name for name in Change.__struct_fields__ if getattr(ours, name) != getattr(theirs, name)]
            shown = "; ".join(f"{name} is {getattr(theirs, name)!r}, must be {getattr(ours, name)!r}" for name in names)
            faults.append(f"{key}: {shown}")
    return faults


def _in_order(*keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for some in keys for key in some))
