"""Verification: a real count verifies whatever happened to it, and whatever is falsified is found."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bench.country import cuts, make_feed_app, poll, served, write_mesas
from bench.kills import kill_again_and_again
from bench.rewriting import rewrite_all
from bench.soaks.archive import find_faults, make_evidence, newest_head
from bench.tampering import KINDS, copy_evidence, tamper
from ingest.feeds import Kept
from ingest.proof.evidence import gather
from ingest.proof.heads import OutsideHead, read_heads
from ingest.proof.keyring import public_keys
from ingest.proof.notes import SignedHead, SignerKey, VerifierKey
from ingest.proof.replay import question_of
from ingest.proof.verification import ArchiveVerdict, Trust, verify
from ingest.registry import feed_of, known_elections
from tally.board import Board, Fact, Release
from tally.changes import Kind
from tally.election import Election
from tally.errors import ArchiveError, InvalidInput
from tally.storage.store import Store
from tally.storage.writer import Writer

ELECTIONS = {
    "onpe2021": known_elections()["2021-06-06-president-runoff"],
    "onpe2026": known_elections()["2026-06-07-president-runoff"],
}


def examine(folder: Path, trust: Trust | None = None) -> ArchiveVerdict:
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    try:
        return verify(store, folder / "archive", feed_of, trust or Trust())
    finally:
        store.close()


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_evidence(tmp_path_factory.mktemp("evidence") / "whole")


@pytest.fixture
def copy(evidence: Path, tmp_path: Path) -> Path:
    copy_evidence(evidence, tmp_path / "copy")
    return tmp_path / "copy"


def test_a_whole_archive_is_verified_and_says_what_was_checked(evidence: Path) -> None:
    [key] = public_keys(evidence / "archive")
    verdict = examine(evidence, Trust([key], newest_head(evidence)))
    assert (verdict.faults, verdict.notices) == ([], [])
    lines, objects, heads, outside, count = verdict.checked
    newest = newest_head(evidence)[0][1].size
    assert lines.startswith(f"{newest:,} log lines from 20")
    assert "objects re-hashed" in objects
    assert heads == f"6 heads of our own, the newest of {newest:,} lines"
    assert outside == f"1 heads kept by others, the newest of {newest:,} lines"
    assert "published values made again from the raw bytes" in count


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_falsified_is_found(evidence: Path, tmp_path: Path, kind: str) -> None:
    outside, missed = newest_head(evidence), []
    for n in range(4):  # hundreds of each kind are falsified in `make soak`
        copy_evidence(evidence, tmp_path / str(n))
        done = tamper(kind, tmp_path / str(n), random.Random(f"test/{kind}/{n}"))
        missed += [] if find_faults(tmp_path / str(n), outside) else [done]
    assert missed == []


def test_only_an_outside_head_finds_an_owner_who_made_everything_anew(evidence: Path, copy: Path) -> None:
    rewrite_all(copy, random.Random(1))
    [key] = public_keys(evidence / "archive")
    assert examine(copy, Trust([key])).faults == []
    name, head = newest_head(evidence)[0]
    for outside in (head, OutsideHead(head.size, head.root)):
        [fault] = examine(copy, Trust([key], [(name, outside)])).faults
        assert f"outside seals other log lines than our first {head.size}" in fault


def test_another_key_than_the_known_one_is_named(evidence: Path) -> None:
    faults = examine(evidence, Trust([SignerKey.generate().verifier])).faults
    assert any("is not signed by" in fault for fault in faults)


def test_a_head_of_a_log_that_is_longer_than_ours_is_named(evidence: Path) -> None:
    verdict = examine(evidence, Trust(outside=[("from a friend", OutsideHead(10_000, bytes(32)))]))
    assert [fault for fault in verdict.faults if "from a friend seals 10000 log lines" in fault] == verdict.faults


def test_the_first_version_that_differs_is_named_with_both_values(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "count.db")) as database, database:
        row = database.execute("SELECT seq, key, data FROM changes WHERE key LIKE 'mesa/%' AND data LIKE '%\"C\"%'")
        seq, key, data = row.fetchone()
        votes = msgspec.json.decode(data)["votes"]
        changed = data.replace(f'"votes":[{votes[0]}', f'"votes":[{votes[0] + 1}')
        database.execute("UPDATE changes SET data = ? WHERE seq = ? AND key = ?", (changed, seq, key))
    faults = examine(copy).faults
    [named] = [fault for fault in faults if f"version {seq}: {key}: data is" in fault]
    assert f"[{votes[0] + 1}" in named
    assert f"must be b'{data[:20]}" in named
    assert any("the replay ended" in fault for fault in faults)


def test_what_a_crash_leaves_is_told_and_is_no_fault(copy: Path) -> None:
    [log] = (copy / "archive" / "log").glob("*.jsonl")
    with log.open("ab") as stream:
        stream.write(b'{"at":"20')
    name = "ab" * 32
    (copy / "archive" / "objects" / "ab").mkdir(exist_ok=True)
    (copy / "archive" / "objects" / "ab" / name).write_bytes(b"kept, not logged")
    (copy / "archive" / "aside" / "half").write_bytes(b"x")
    verdict = examine(copy)
    assert verdict.faults == []
    told = " ".join(verdict.notices)
    assert "9 bytes at the end of a log file" in told
    assert "1 objects are named by no log line" in told


def test_what_is_no_archive_is_said(evidence: Path, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{evidence / 'count.db'}")
    with pytest.raises(ArchiveError, match="there is no archive in"):
        verify(store, tmp_path / "nowhere", feed_of, Trust())
    store.close()


def test_an_archive_whose_heads_were_all_taken_away_is_not_whole(copy: Path) -> None:
    shutil.rmtree(copy / "archive" / "checkpoints")
    faults = examine(copy).faults
    assert any("the archive keeps no head" in fault for fault in faults)


def test_a_history_that_the_archive_does_not_know_is_named(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "count.db")) as database, database:
        database.execute("UPDATE counts SET epoch = 'another'")
    assert any("which the database does not have" in fault for fault in examine(copy).faults)


def over_roll(path: Path, election: Election) -> Path:
    """Sixty mesas, of which one has more votes than electors."""
    write_mesas(path, 60, election)
    lines = path.read_text().splitlines(keepends=True)
    fields = lines[7].split(",")
    fields[2] = "1"
    path.write_text("".join([*lines[:7], ",".join(fields), *lines[8:]]))
    return path


@pytest.mark.parametrize("election", ELECTIONS.values(), ids=ELECTIONS)
def test_corrections_holds_and_releases_are_made_again_too(tmp_path: Path, election: Election) -> None:
    app = make_feed_app(over_roll(tmp_path / "mesas.csv", election), election)
    with served(app) as url:
        for at in cuts(election, (6, 720)):
            app.step_to(at)
            poll(url, tmp_path, election)
    kinds = release_what_is_held(tmp_path, election)
    assert {Kind.UPDATE, Kind.HOLD, Kind.RELEASE} <= kinds
    assert examine(tmp_path).faults == []


def release_what_is_held(folder: Path, election: Election) -> set[Kind]:
    """Let a person release the held acta; returns all kinds of changes there are."""
    contest = election.contest()
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    writer = Writer.acquire(store, election.id, contest.id, is_test=False, at="2026-06-08T00:00:00Z")
    entries = store.latest(writer.info.id)
    board = Board(len(contest.lists), contest.scope)
    board.restore((key, entry.change.data) for key, entry in entries.items())
    [key] = [key for key, acta in board.actas.items() if acta.held is not msgspec.UNSET]
    board.apply(facts_of(folder, store, key))
    changes = board.release(Release(key, "A. Person", "the roll is wrong, the acta is right"))
    assert changes
    writer.append(changes, "2026-06-14T00:00:00Z")
    sets = store.read(writer.info.id, 0)
    writer.release()
    store.close()
    return {change.kind for changes in sets for change in changes.changes}


def facts_of(folder: Path, store: Store, key: str) -> list[Fact]:
    """What the bytes behind the last hold of that key say, as a poller would read them again."""
    [info] = store.counts()
    feed, *_ = feed_of(info)
    held = [entry.change for entry in store.history(info.id, key) if entry.change.kind is Kind.HOLD]
    evidence = gather(folder / "archive", (), lambda step, done, whole: None)
    answers = []
    for src in (held[-1].src or "").split("+"):
        sha256 = src.removeprefix("sha256:")
        questions = tuple(question_of(url, feed.base_path) for url in evidence.answers[sha256].urls)
        answers.append(Kept(src, questions, evidence.read(sha256)))
    return [fact for fact in feed.reread(answers, {}) if fact.key == key]


@pytest.mark.long
def test_a_poller_that_is_killed_loses_nothing_it_had_committed(tmp_path: Path) -> None:
    killing = kill_again_and_again(tmp_path, kills=5, mesas=60, seed=5)
    assert (killing.kills, killing.in_work) == (5, 5)
    assert (killing.lost, killing.torn, killing.faults, killing.other) == ([], [], [], [])


NOTE = SignerKey.generate()


@pytest.mark.parametrize(
    ("write", "sizes"),
    [
        (lambda note: note(3), [3]),
        (lambda note: note(3) + note(9), [3, 9]),
        (lambda note: note(3) + "\n\n" + note(9).replace("\n", "\r\n"), [3, 9]),
        (lambda note: f"5 {'ab' * 32}\n", [5]),
        (lambda note: f"5, {'A' * 43}=\n{note(9)}7 {'00' * 32}", [5, 9, 7]),
        (lambda note: msgspec.json.encode({"size": 3, "note": note(3)}).decode(), [3]),
        (lambda note: msgspec.json.encode({"heads": [{"note": note(3)}, {"note": note(9)}]}).decode(), [3, 9]),
    ],
)
def test_heads_are_read_in_every_form_people_keep_them(
    write: Callable[[Callable[[int], str]], str], sizes: list[int]
) -> None:
    text = write(lambda size: NOTE.sign(SignedHead(NOTE.verifier.name, size, bytes(32))))
    assert [head.size for head in read_heads(text, "file")] == sizes


@pytest.mark.parametrize(
    "text", ["", "\n\n", "hello\n", "5\n", "{}", '{"heads":[]}', '{"heads":3}', "5 " + "zz" * 32, "{"]
)
def test_what_holds_no_head_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"file(:| holds| is)"):
        read_heads(text, "file")


def test_a_verifier_key_is_compared_as_text(evidence: Path) -> None:
    [key] = public_keys(evidence / "archive")
    assert examine(evidence, Trust([VerifierKey.parse(str(key))])).faults == []
