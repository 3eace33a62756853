"""Heads over HTTP: shown with every election, listed, proved from one to the next, and followed by a witness."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.main import create_app
from ingest.archive import Archive, Attempt
from ingest.proof.heads import read_heads
from ingest.proof.keyring import begin_key, load_signer
from ingest.proof.notes import SignerKey, VerifierKey, open_note
from ingest.proof.seal import Sealer
from ingest.proof.witness import Witness
from tally.errors import ArchiveError, FeedMalformed, FeedUnavailable, NotFound
from tally.storage.store import Store, StoredHead
from tally.storage.writer import Writer
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import ELECTION, Country, minute
from tests.databases import sqlite_in
from tests.waiting import wait_until


class Sealed:
    """A country whose archive grows by a few lines before each head."""

    def __init__(self, country: Country, folder: Path, client: httpx.Client) -> None:
        self.country, self.client = country, client
        self.archive = Archive(folder)
        self.signer = load_signer(folder, None)
        self.sealer = Sealer(self.archive, [country.writer], self.signer)
        self.lines = 0

    def seal(self, lines: int = 3) -> StoredHead:
        for _ in range(lines):
            self.lines += 1
            self.archive.log(Attempt(minute(self.lines), f"http://host/{self.lines}", 200, 1))
        head = self.sealer.seal(minute(self.lines))
        wait_until(lambda: (self.client.get(BASE).json()["archive"] or {}).get("size") == head.size)
        return head

    def get(self, path: str) -> Any:
        answer = self.client.get(BASE + path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def sealed(country: Country, client: httpx.Client, tmp_path: Path) -> Sealed:
    return Sealed(country, tmp_path / "archive", client)


def test_an_election_shows_its_archives_newest_head(sealed: Sealed) -> None:
    assert sealed.get("")["archive"] is None
    missing = sealed.client.get(f"{BASE}/head")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    head = sealed.seal()
    shown = sealed.get("")["archive"]
    assert shown == {"size": 4, "root": head.root, "short": head.root[:12], "at": minute(3)}
    whole = sealed.get("/head")
    checkpoint = open_note(whole["note"], [VerifierKey.parse(whole["key"])])
    assert (checkpoint.size, checkpoint.root.hex()) == (4, head.root)


def test_heads_are_listed_and_can_be_given_to_verify_as_they_come(sealed: Sealed) -> None:
    heads = [sealed.seal() for _ in range(4)]
    listed = sealed.get("/heads")
    assert [head["size"] for head in listed["heads"]] == [head.size for head in heads] == [4, 8, 12, 16]
    assert listed["next"] is None
    assert [head["size"] for head in sealed.get("/heads?after=8")["heads"]] == [12, 16]
    for path in ("/heads", "/head"):
        assert read_heads(sealed.client.get(BASE + path).text, path)[-1].root.hex() == heads[-1].root


def test_proofs_lead_from_one_head_to_another_and_from_nothing_else(sealed: Sealed) -> None:
    for _ in range(4):
        sealed.seal()
    steps = sealed.get("/consistency?from=4&to=16")["steps"]
    assert [(step["from"], step["to"]) for step in steps] == [(4, 8), (8, 12), (12, 16)]
    assert sealed.get("/consistency?from=8&to=8")["steps"] == []
    for question in ("from=5&to=16", "from=4&to=15", "from=16&to=4", "from=4&to=99"):
        assert sealed.client.get(f"{BASE}/consistency?{question}").status_code == 404
    assert sealed.client.get(f"{BASE}/consistency?from=0&to=4").status_code == 422


@pytest.fixture
def witness(sealed: Sealed, tmp_path: Path) -> Witness:
    return Witness(str(sealed.client.base_url), ELECTION.id, tmp_path / "seen", sealed.client)


def test_a_witness_keeps_each_new_head_once(sealed: Sealed, witness: Witness, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no sealed head yet"):
        witness.look()
    first = sealed.seal()
    assert (witness.look().is_new, witness.look().is_new) == (True, False)
    for _ in range(3):
        last = sealed.seal()
    seen = witness.look()
    assert (seen.size, seen.root, seen.is_new) == (last.size, last.root, True)
    names = sorted(path.name for path in (tmp_path / "seen").iterdir())
    assert names == [f"{first.size:012}", f"{last.size:012}", "key"]
    assert (tmp_path / "seen" / f"{last.size:012}").read_text() == last.note


def other_history(tmp_path: Path, signer: SignerKey | None, lines: int) -> Iterator[httpx.Client]:
    """A server of the same election whose archive never saw what the first one saw."""
    store = Store.open(sqlite_in(tmp_path, "other.db"))
    country = Country(store)
    archive = Archive(tmp_path / "other")
    for n in range(lines):
        archive.log(Attempt(minute(n), f"http://elsewhere/{n}", 200, 1))
    Sealer(archive, [country.writer], signer or load_signer(archive.folder, None)).seal(minute(lines))
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        yield client
    store.close()


@pytest.mark.parametrize(
    ("lines", "is_same_key", "reason"),
    [
        (3, True, "not the one that was shown"),
        (2, True, "after one of 4"),
        (9, True, "cannot prove"),
        (9, False, "not signed by"),
    ],
)
def test_a_witness_raises_the_alarm_and_keeps_the_evidence(
    sealed: Sealed, witness: Witness, tmp_path: Path, lines: int, is_same_key: bool, reason: str
) -> None:
    sealed.seal()
    witness.look()
    for client in other_history(tmp_path, sealed.signer if is_same_key else None, lines):
        following = Witness(str(client.base_url), ELECTION.id, tmp_path / "seen", client)
        for _ in range(2):
            with pytest.raises(ArchiveError, match=reason):
                following.look()
    kept = [path.name for path in (tmp_path / "seen").iterdir()]
    assert f"conflict-{lines + 1:012}" in kept
    assert f"{4:012}" in kept


def test_a_key_that_was_changed_with_a_reason_is_an_alarm_until_a_person_believes_it(
    sealed: Sealed, witness: Witness, tmp_path: Path
) -> None:
    first = sealed.seal()
    witness.look()
    begun = begin_key(sealed.archive.folder, None, "the disk was lost", minute(10))
    former = sealed.country.writer
    former.release()  # as a poller that was stopped for it, and begins again
    writer = Writer.acquire(former.store, ELECTION.id, former.info.contest_id, is_test=False, at=minute(10))
    sealed.sealer = Sealer(sealed.archive, [writer], load_signer(sealed.archive.folder, None))
    last = sealed.seal()
    with pytest.raises(ArchiveError, match=f"head {last.size} is not signed by"):
        witness.look()
    assert (tmp_path / "seen" / f"conflict-{last.size:012}").read_text() == last.note
    assert not (tmp_path / "seen" / f"{last.size:012}").exists()
    (tmp_path / "seen" / "key").write_text(f"{begun}\n")  # the archive's key-changes give the reason
    seen = witness.look()
    assert (seen.size, seen.is_new) == (last.size, True)
    assert (tmp_path / "seen" / f"{first.size:012}").exists()  # of the same tree: what it keeps goes on


def test_a_forged_proof_is_noticed(sealed: Sealed, witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed.seal()
    witness.look()
    sealed.seal()
    whole = witness._get

    def forge(path: str) -> bytes:
        answer = whole(path)
        if "consistency" not in path:
            return answer
        return answer.replace(b'"proof":["', b'"proof":["AAAA","')

    monkeypatch.setattr(witness, "_get", forge)
    with pytest.raises(ArchiveError, match="does not extend"):
        witness.look()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda request: httpx.Response(503, json={"detail": "away"}), FeedUnavailable),
        (lambda request: httpx.Response(200, content=b"<html>"), FeedMalformed),
        (
            lambda request: httpx.Response(200, json={"size": 1, "root": "x", "at": "", "note": "", "key": "x"}),
            FeedMalformed,
        ),
    ],
)
def test_a_server_that_does_not_answer_is_no_alarm(
    tmp_path: Path, answer: Callable[[httpx.Request], httpx.Response], error: type[Exception]
) -> None:
    with httpx.Client(transport=httpx.MockTransport(answer)) as client, pytest.raises(error):
        Witness("http://host", ELECTION.id, tmp_path, client).look()
    assert list(tmp_path.iterdir()) == []
