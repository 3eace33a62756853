"""A closed count: one folder that needs nothing but itself and Python to say whether it is as it was."""

import random
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from importlib.metadata import PackagePath
from pathlib import Path

import httpx
import pytest

from api.commands.closing import close as closing_command
from api.commands.closing import dump, pages
from api.commands.closing.close import close
from bench.soaks.archive import make_evidence
from bench.tampering import copy_evidence
from ingest.archive import Archive
from ingest.packs.lookup import Packs
from ingest.proof.keyring import public_keys
from ingest.proof.notes import SignedHead, SignerKey
from ingest.proof.verification import Trust, verify
from ingest.registry import feed_of
from tally.changes import Change, Kind
from tally.errors import ArchiveError, InvalidInput, StoreUnavailable, WriterBusy
from tally.storage.store import Store
from tally.storage.writer import Writer

ELECTION = "2026-06-07-president-runoff"
WHOLE = "All of it is as it was published.\n"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_evidence(tmp_path_factory.mktemp("evidence") / "whole")


@pytest.fixture(scope="module")
def closed(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Closed by the whole command."""
    folder = tmp_path_factory.mktemp("closed")
    copy_evidence(evidence, folder / "live")
    with closing(sqlite3.connect(folder / "live" / "count.db")) as database, database:
        database.execute(
            "INSERT INTO accounts (name, role, pseudonym, password, created_at) VALUES ('Rosa', 'desk', 'P', 'x', 'x')"
        )
    run_close(folder / "live", folder / "closed", pages=True)
    return folder / "closed"


@pytest.fixture
def copy(closed: Path, tmp_path: Path) -> Path:
    shutil.copytree(closed, tmp_path / "copy")
    return tmp_path / "copy"


def run_close(live: Path, folder: Path, *, while_followed: bool = False, pages: bool = False) -> None:
    url = f"sqlite:///{live / 'count.db'}"
    close(folder, url, live / "archive", None, while_followed=while_followed, pages=pages, mission=None)


def look(folder: Path, *keys: str) -> "subprocess.CompletedProcess[str]":
    """The folder's own verifier, with Python's own library alone: no site-packages, no environment."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *keys]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})


@pytest.mark.long
def test_a_closed_count_says_with_nothing_but_itself_and_python_that_it_is_as_it_was(closed: Path) -> None:
    seen = look(closed)
    assert (seen.returncode, seen.stderr) == (0, "")
    assert seen.stdout.endswith(WHOLE)
    assert "WRONG" not in seen.stdout
    assert "note" not in seen.stdout
    [key] = public_keys(closed / "archive")
    assert look(closed, str(key)).returncode == 0
    other = look(closed, str(SignerKey.generate().verifier))
    assert (other.returncode, "signed by none of the keys" in other.stdout) == (1, True)


def test_its_checksums_are_in_the_form_that_sha256sum_takes(closed: Path) -> None:
    said = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=closed, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "")


def test_a_bit_that_was_flipped_anywhere_is_found(copy: Path) -> None:
    rng, missed = random.Random(1), []
    files = sorted(path for path in copy.rglob("*") if path.is_file() and path.name != "verify.py")
    assert {path.relative_to(copy).parts[0] for path in files} >= {
        "archive",
        "data",
        "program",
        "count.db",
        "README.md",
    }
    for path in [*rng.sample(files, 8), copy / "count.db", copy / "SHA256SUMS"]:
        whole = path.read_bytes()
        if not whole:
            continue
        bit, flipped = rng.randrange(8 * len(whole)), bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        seen = look(copy)
        missed += [] if seen.returncode == 1 and WHOLE not in seen.stdout else [f"{path.name}, bit {bit}"]
        path.write_bytes(whole)
    assert missed == []
    assert look(copy).returncode == 0


def test_what_was_falsified_together_with_its_checksum_is_found_by_the_seal(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "count.db")) as database, database:
        database.execute("UPDATE changes SET data = replace(data, '1', '2') WHERE seq = 2")
    closing_command._sum_up(copy)
    seen = look(copy)
    assert seen.returncode == 1
    assert "is not the one that was sealed at" in seen.stdout
    log = next((copy / "archive" / "log").glob("*.jsonl"))
    log.write_bytes(log.read_bytes().replace(b'"ms":', b'"ms":1', 1))
    closing_command._sum_up(copy)
    assert "is not that of the log's first" in look(copy).stdout


def test_a_file_that_is_gone_or_came_is_named(copy: Path) -> None:
    (copy / "data" / "mesa.csv").unlink()
    (copy / "data" / "other.csv").write_text("x")
    said = look(copy).stdout
    assert "WRONG    data/mesa.csv is missing" in said
    assert "WRONG    data/other.csv is named by no line of SHA256SUMS" in said


def test_signatures_are_those_of_the_program_itself(tmp_path: Path) -> None:
    from api.commands.closing.standalone import _check_head

    signer, root = SignerKey.generate(), bytes(range(32))
    note, key = signer.sign(SignedHead("origin", 7, root)), str(signer.verifier)
    assert _check_head(7, note, root, [key]) == []
    assert "not that of the log" in _check_head(7, note, bytes(32), [key])[0]
    name, _, signature = note.rpartition(" ")
    forged = f"{name} {signature[:40]}{'A' if signature[40] != 'A' else 'B'}{signature[41:]}"
    assert "is wrong" in _check_head(7, forged, root, [key])[0]


def test_the_whole_program_verifies_the_folder_too(copy: Path) -> None:
    store = Store.open(f"sqlite:///{copy / 'count.db'}")
    try:
        verdict = verify(store, copy / "archive", feed_of, Trust())
    finally:
        store.close()
    assert verdict.faults == []


def test_it_holds_data_keys_and_program_and_nothing_of_persons(closed: Path) -> None:
    names = {path.name for path in (closed / "data").iterdir()}
    assert names >= {
        "mesa.csv",
        "mesa.json",
        "district.csv",
        "nation.json",
        "corrections.csv",
        "queue.csv",
        "count.json",
    }
    assert (closed / "data" / "mesa.csv").read_text().count("\n") == 41
    assert "Copia del" in (closed / "pages" / "index.html").read_text()
    assert "Copy of" in (closed / "pages" / "en" / "area" / "department" / "14" / "index.html").read_text()
    [wheel] = (closed / "program").glob("*.whl")
    with zipfile.ZipFile(wheel) as held:
        assert {"api/cli.py", "ingest/packs/pack.py", "texts/es/closing.md"} <= set(held.namelist())
    assert "msgspec==" in (closed / "program" / "installed.txt").read_text()
    readme = (closed / "README.md").read_text()
    assert readme.index("Recuento cerrado") < readme.index("Closed count")
    assert str(public_keys(closed / "archive")[0]) in readme
    assert "$" not in readme
    with closing(sqlite3.connect(closed / "count.db")) as database:
        assert database.execute("SELECT count(*) FROM accounts").fetchone() == (0,)
        assert database.execute("SELECT writer FROM counts").fetchone() == (None,)
    assert list(closed.rglob("*.key")) == []
    assert Packs(closed / "archive").files()


def test_a_count_that_a_poller_follows_is_not_closed_unless_told(evidence: Path, tmp_path: Path) -> None:
    copy_evidence(evidence, tmp_path / "live")
    store = Store.open(f"sqlite:///{tmp_path / 'live' / 'count.db'}")
    writer = Writer.acquire(store, ELECTION, "president", is_test=True, at="2026-06-08T00:00:00Z")
    with pytest.raises(WriterBusy, match="stop the poller first"):
        run_close(tmp_path / "live", tmp_path / "closed")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["live"]
    writer.release()
    store.close()
    with pytest.raises(InvalidInput, match="is there already"):
        run_close(tmp_path / "live", tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a server and a wheel."""
    monkeypatch.setattr(closing_command, "keep_program", lambda folder: folder.mkdir())
    monkeypatch.setattr(closing_command, "replica", lambda *_: closing(httpx.Client()))
    monkeypatch.setattr(closing_command, "write_data", lambda *_: None)


@pytest.mark.usefixtures("quick")
def test_what_was_interrupted_is_not_called_closed_and_a_second_run_begins_anew(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_evidence(evidence, tmp_path / "live")
    with monkeypatch.context() as patch:
        patch.setattr(closing_command, "_look", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_close(tmp_path / "live", tmp_path / "closed")
    assert not (tmp_path / "closed").exists()
    (tmp_path / "closed.part" / "left").write_text("over")
    [log] = (tmp_path / "live" / "archive" / "log").glob("*.jsonl")
    lines = log.read_bytes().splitlines(keepends=True)
    log.with_name("2000-01-01.jsonl").write_bytes(b"".join(lines[:9]))
    log.write_bytes(b"".join(lines[9:]))
    run_close(tmp_path / "live", tmp_path / "closed")
    assert look(tmp_path / "closed").stdout.endswith(WHOLE)
    assert (tmp_path / "closed" / "archive" / "log" / "2000-01-01.jsonl.gz").is_file()
    assert not (tmp_path / "closed.part").exists()


@pytest.mark.usefixtures("quick")
def test_a_count_whose_last_versions_are_not_sealed_is_not_closed(evidence: Path, tmp_path: Path) -> None:
    copy_evidence(evidence, tmp_path / "live")
    store = Store.open(f"sqlite:///{tmp_path / 'live' / 'count.db'}")
    writer = Writer.acquire(store, ELECTION, "president", is_test=True, at="2026-06-08T00:00:00Z")
    writer.append([Change("nation", Kind.UPDATE, b"{}")], "2026-07-08T00:00:00Z")
    writer.release()
    store.close()
    with pytest.raises(ArchiveError, match="are not sealed; start the poller once more"):
        run_close(tmp_path / "live", tmp_path / "closed")
    assert not (tmp_path / "closed").exists()
    run_close(tmp_path / "live", tmp_path / "trial", while_followed=True)
    seen = look(tmp_path / "trial")
    assert (seen.returncode, "note     versions of president after" in seen.stdout) == (0, True)


@pytest.mark.usefixtures("quick")
def test_an_archive_that_is_not_whole_is_not_closed(evidence: Path, tmp_path: Path) -> None:
    copy_evidence(evidence, tmp_path / "live")
    path = next((tmp_path / "live" / "archive" / "objects").rglob("[0-9a-f]" * 64))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArchiveError, match=r"is not closed: object .* altered"):
        run_close(tmp_path / "live", tmp_path / "closed")
    assert Archive(tmp_path / "live" / "archive").attempts()


def test_a_server_that_does_not_start_is_said(evidence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.sys, "executable", "/bin/false")
    with pytest.raises(StoreUnavailable, match="did not start"), pages.replica(evidence / "count.db", ELECTION):
        pass


def test_an_election_that_the_database_does_not_hold_is_named(evidence: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no count of 2021-06-06-president-runoff"):
        dump.check_ended(f"sqlite:///{evidence / 'count.db'}", "2021-06-06-president-runoff")


def test_what_an_installed_program_brought_along_is_in_the_wheel_that_is_made_of_it() -> None:
    from api.commands.closing.program import _in_wheel

    shipped = "share/escrutinio/deploy/nginx.conf"
    assert _in_wheel(PackagePath("tally/keys.py")) == "tally/keys.py"
    assert str(_in_wheel(PackagePath(f"../../../{shipped}"))).endswith(f".data/data/{shipped}")
    for name in ("../../../bin/escrutinio", "a/__pycache__/b.pyc", "x.dist-info/INSTALLER"):
        assert _in_wheel(PackagePath(name)) is None
