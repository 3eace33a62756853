"""Logs of format 1 under a program of format 2: they verify and go on, and nothing changes by the change of format."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.country import cuts, make_feed_app, poll, served
from ingest.feeds import Feed, Kept
from ingest.packs.lookup import Packs
from ingest.proof.evidence import Answered, ArchiveContents
from ingest.proof.replay import Replay
from tally.board import Board, Fact
from tally.changes import LOG_FORMAT, Change, ChangeSet, fold
from tally.election import Contest
from tally.model import Acta
from tally.rules.arithmetic import arithmetic_of
from tally.rules.checks import ANY_SIZE
from tally.storage import writer
from tests.ingest.proof.test_verification import ELECTIONS, examine, over_roll
from tests.tally.makers import acta, count, fact, pending, place
from tests.tally.old_log import format_1, format_2, format_3

_CONTEST = msgspec.structs.replace(ELECTIONS["onpe2026"].contest(), scope="")


class _Said:
    """A feed whose raw bytes are the names of what it once said."""

    base_path = ""

    def __init__(self) -> None:
        self.facts: dict[str, Sequence[Fact]] = {}

    def say(self, *facts: Fact) -> list[Fact]:
        src = f"sha256:{len(self.facts):04}"
        self.facts[src] = [msgspec.structs.replace(one, src=src) for one in facts]
        return list(self.facts[src])

    def reread(self, answers: Sequence[Kept], known: Mapping[str, Acta]) -> list[Fact]:
        return [one for answer in answers for one in self.facts[answer.src]]


class _Evidence(ArchiveContents):
    def read(self, sha256: str) -> bytes:
        return b""


def replay(feed: _Said, log: Sequence[ChangeSet], contest: Contest = _CONTEST) -> list[str]:
    """What a verifier finds wrong with a log."""
    answers = {src.removeprefix("sha256:"): Answered(0, 0, {"http://source/x"}) for src in feed.facts}
    again = Replay(cast(Feed, feed), contest, ANY_SIZE, _Evidence(Path(), Packs(Path()), answers=answers))
    return [fault for changes in log for fault in again.check(changes)]


class _Night:
    """A log that is written by one program, then by the next one, each beginning with what it reads there."""

    def __init__(self, scope: str = "") -> None:
        self._scope = scope
        self.feed, self.board, self.log = _Said(), self._empty(), cast(list[ChangeSet], [])

    def _empty(self) -> Board:
        return Board(2, self._scope)

    def publish(self, *facts: Fact) -> list[Change]:
        self.board.follow(arithmetic_of(writer.LOG_FORMAT))
        changes = self.board.apply(self.feed.say(*facts))
        if changes:
            written = ChangeSet(len(self.log) + 1, "2026-06-08T00:00:00Z", tuple(changes), writer.LOG_FORMAT)
            self.log.append(written)
        return changes

    def restart(self) -> None:
        self.board = self._empty()
        self.board.restore((key, entry.change.data) for key, entry in fold(self.log).items())


def test_a_hold_of_format_1_goes_on_in_format_2_without_a_word_of_it() -> None:
    night = _Night()
    with format_1():
        night.publish(Fact("department/14", count()), place(), fact("000001", acta()))
        night.publish(Fact("department/14", count(total=99)), fact("000001", acta((600, 400))))
    night.restart()
    assert night.publish(Fact("department/14", count(total=98)), fact("000001", acta((601, 400)))) == []
    moved = night.publish(fact("000002", acta((1, 2))))
    [again] = [change.data for change in moved if change.key == "department/14"]
    assert b'"held":[{"rule":"buckets"}]' in again
    night.publish(Fact("department/14", count(total=97, valid=1)), fact("000001", acta((60, 40), valid=1)))
    night.publish(Fact("department/14", count()), fact("000001", acta()))
    assert replay(night.feed, night.log) == []


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (b'"rule":"over_roll"', b'"rule":"cast_sum"'),
        (b'"registered":300', b'"registered":301'),
        (b'"en":"1006', b'"fr":"1006'),
        (b'"held":[', b'"held": ['),
    ],
)
def test_all_but_the_sentences_of_format_1_is_compared_byte_for_byte(now: bytes, then: bytes) -> None:
    night = _Night()
    with format_1():
        night.publish(place(), fact("000001", acta()))
        night.publish(fact("000001", acta((600, 400))))
    assert replay(night.feed, night.log) == []
    assert replay(night.feed, altered(night.log, b"1006", b"1 006")) == []
    assert replay(night.feed, altered(night.log, now, then)) != []


def test_sentences_have_no_place_in_a_log_of_format_2() -> None:
    night = _Night()
    with format_1():
        night.publish(place(), fact("000001", acta()))
        night.publish(fact("000001", acta((600, 400))))
    *before, last = night.log
    assert replay(night.feed, [*before, msgspec.structs.replace(last, format=2)]) != []


def test_a_log_of_format_2_is_made_again_by_its_own_rules_and_goes_on_by_ours() -> None:
    night, empty = _Night(), acta((0, 0), blank=0, null=0, challenged=0, cast=0)
    with format_2():
        night.publish(Fact("department/14", count()), place(), fact("000001", empty))
        kinds = {change.key: change.kind for change in night.publish(Fact("department/14", count(blank=2, null=3)))}
        assert kinds == {"department/14": "update"}
        assert [issue.rule for issue in night.board.actas["mesa/000001"].held or ()] == ["all_zero"]
    assert replay(night.feed, night.log) == []
    assert replay(night.feed, [msgspec.structs.replace(changes, format=3) for changes in night.log]) != []
    night.restart()
    kinds = {change.key: change.kind for change in night.publish(fact("000001", empty))}
    assert kinds["mesa/000001"] == "release"
    night.publish(Fact("department/14", count(blank=1, null=4)))
    assert [changes.format for changes in night.log] == [2, 2, LOG_FORMAT, LOG_FORMAT]
    assert replay(night.feed, night.log) == []


def test_the_only_area_that_format_3_held_as_an_echo_is_made_again_and_published_by_ours() -> None:
    night = _Night(scope="01")
    names = [Fact(key, "BAGUA") for key in ("nation", "department/01", "province/0102", "district/010201")]
    with format_3():
        night.publish(*names)
        night.publish(Fact("nation", count()), Fact("department/01", count()))
        kinds = {change.key: change.kind for change in night.publish(Fact("province/0102", count()))}
        assert kinds == {"province/0102": "hold"}
    night.restart()
    kinds = {change.key: change.kind for change in night.publish(Fact("province/0102", count()))}
    assert kinds == {"province/0102": "release"}
    contest = msgspec.structs.replace(_CONTEST, scope="01")
    assert replay(night.feed, night.log, contest) == []
    anew = [msgspec.structs.replace(changes, format=LOG_FORMAT) for changes in night.log]
    assert replay(night.feed, anew, contest) != []


def altered(log: Sequence[ChangeSet], now: bytes, then: bytes) -> list[ChangeSet]:
    """The log with other bytes in its last change."""
    *before, last = log
    *others, change = last.changes
    assert now in change.data
    changed = msgspec.structs.replace(change, data=change.data.replace(now, then))
    return [*before, msgspec.structs.replace(last, changes=(*others, changed))]


def test_a_figure_of_format_2_is_compared_too() -> None:
    night = _Night()
    night.publish(place(), fact("000001", acta()))
    night.publish(fact("000001", acta((600, 400))))
    assert replay(night.feed, night.log) == []
    assert replay(night.feed, altered(night.log, b'"cast":1006', b'"cast":1007')) != []
    assert replay(night.feed, altered(night.log, b'"figures":{"cast":1006,"registered":300},', b"")) != []


_facts = st.one_of(
    st.builds(
        lambda key, total, votes: Fact(key, count(votes, total=total, pending=1)),
        st.sampled_from(["nation", "department/14", "department/15"]),
        st.sampled_from([3, 3, 98, 99]),
        st.tuples(st.integers(55, 60), st.integers(38, 40)),
    ),
    st.builds(
        lambda mesa, votes: fact(mesa, acta(votes)),
        st.sampled_from(["000001", "000002"]),
        st.tuples(st.sampled_from([0, 60, 600, 601]), st.integers(38, 40)),
    ),
    st.builds(lambda mesa: fact(mesa, pending()), st.sampled_from(["000001", "000002"])),
    st.builds(lambda name: Fact("department/14", name), st.sampled_from(["LIMA", "LIMA PROVINCIAS"])),
)
_nights = st.lists(st.one_of(st.just("restart"), st.lists(_facts, min_size=1, max_size=3)), max_size=8)


@given(_nights, _nights)
def test_whatever_was_published_before_and_after_the_change_of_format_is_made_again(
    old: list[Any], new: list[Any]
) -> None:
    night = _Night()
    with format_1():
        follow(night, [step for step in old if step != "restart"])
    night.restart()
    follow(night, new)
    assert replay(night.feed, night.log) == []


def follow(night: _Night, steps: Sequence[Any]) -> None:
    for step in steps:
        if step == "restart":
            night.restart()
        else:
            # A publication holds one reading of a key: the publisher begins a new one instead.
            night.publish(*{(one.key, type(one.value)): one for one in step}.values())


def said_in_sentences(folder: Path) -> int:
    """How many holds of a database are told in sentences."""
    with closing(sqlite3.connect(folder / "count.db")) as database:
        found = database.execute("""SELECT count(*) FROM changes WHERE kind = 'hold' AND data LIKE '%"es":%'""")
        return int(found.fetchone()[0])


@pytest.mark.parametrize("election", ELECTIONS.values(), ids=ELECTIONS)
def test_an_archive_begun_in_format_1_goes_on_and_verifies(tmp_path: Path, election: Any) -> None:
    app = make_feed_app(over_roll(tmp_path / "mesas.csv", election), election)
    first, last = cuts(election, (6, 720))
    with served(app) as url:
        app.step_to(first)
        with format_1():
            poll(url, tmp_path, election)
        assert said_in_sentences(tmp_path)
        assert examine(tmp_path).faults == []
        app.step_to(last)
        poll(url, tmp_path, election)
    assert examine(tmp_path).faults == []
