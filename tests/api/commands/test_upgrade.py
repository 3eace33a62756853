"""A new program on what the one before left: refused with what to do, upgraded, verified, and served all the while."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest
from sqlalchemy import text

from api.http.errors import domain_problem
from api.main import create_app
from ingest.archive import FORMAT, Archive
from ingest.proof.verification import Trust, verify
from ingest.registry import feed_of
from mission.people.roles import Role
from tally.changes import LOG_FORMAT
from tally.errors import ArchiveError, StoreUnavailable
from tally.migrations.runner import NEWEST
from tally.storage.database import transaction
from tally.storage.schema import WRITES
from tally.storage.store import Store
from tests.api.commands.test_cli import one_sentence, started
from tests.api.conftest import ELECTIONS, QUICK, client_of
from tests.api.country import Country
from tests.api.mission.conftest import PASSWORD, add, make_app, sign_in
from tests.older import make_older_count, make_older_database
from tests.programs.program import escrutinio
from tests.waiting import PATIENCE_S, wait_until


def values(url: str) -> dict[str, bytes]:
    """Every present value of the only count."""
    store = Store.open(url)
    try:
        return {key: entry.change.data for key, entry in store.latest(store.counts()[0].id).items()}
    finally:
        store.close()


@pytest.mark.long
def test_a_count_of_the_program_before_keeps_its_values_and_verifies(fresh_url: str, tmp_path: Path) -> None:
    make_older_count(tmp_path, fresh_url)
    before = values(fresh_url)
    assert any(b'"held"' in value for value in before.values())
    done = escrutinio("upgrade", "--database", fresh_url, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert values(fresh_url) == before
    store = Store.open(fresh_url, WRITES)
    verdict = verify(store, tmp_path / "archive", feed_of, Trust())
    store.close()
    assert verdict.faults == []
    assert "archive format 1" in verdict.checked[0]
    assert verdict.checked[-1].endswith("log format 1")


def test_an_older_schema_is_served_but_not_written_until_it_is_upgraded(tmp_path: Path) -> None:
    url, refusal = (
        f"sqlite:///{tmp_path / 'count.db'}",
        f"has schema 0001, this program needs {WRITES}: run `escrutinio up",
    )
    make_older_database(url)
    for command in (("poll",), ("run", "--port", 0)):
        one_sentence(escrutinio(*command, "--database", url, folder=tmp_path), refusal)
    ill = escrutinio("doctor", "--database", url, "--feed", "http://127.0.0.1:9", folder=tmp_path)
    assert f"FIX   database: the database {refusal}" in ill.stdout
    due = escrutinio("upgrade", "--check", "--database", url, folder=tmp_path)
    assert due.returncode == 1
    assert f"has schema 0001, this program's is {NEWEST}" in due.stdout
    assert "  0002  A change set says in which format its changes are written" in due.stdout
    with started("serve", "--database", url, "--port", 0, folder=tmp_path) as address:
        done = escrutinio("upgrade", "--database", url, folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        with urlopen(f"{address}/healthz", timeout=PATIENCE_S) as answer:
            assert answer.status == 200
    nothing = escrutinio("upgrade", "--check", "--database", url, folder=tmp_path)
    assert (nothing.returncode, nothing.stdout) == (0, f"The database has schema {NEWEST}; nothing is due.\n")
    well = escrutinio("doctor", "--database", url, "--feed", "http://127.0.0.1:9", folder=tmp_path)
    assert f"ok    database: schema {NEWEST}, log format {LOG_FORMAT}, no count yet" in well.stdout
    assert "count.archive, format 1, not sealed yet" in well.stdout


def test_a_schema_that_changes_under_a_server_is_said_by_readyz(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.live.counts._CHECK_EVERY_S", 0.0)
    Country(store)

    def become(revision: str) -> None:
        with transaction(store.engine) as connection:
            values = {"revision": revision}
            connection.execute(text("UPDATE alembic_version SET version_num = :revision, oldest = :revision"), values)

    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        become("0999")
        wait_until(lambda: client.get("/readyz").status_code == 503)
        assert "has schema 0999, made by a newer program" in client.get("/readyz").json()["detail"]
        assert client.get("/api/v1/elections").status_code == 200  # the last state stays
        become(NEWEST)
        wait_until(lambda: client.get("/readyz").status_code == 200)


def test_a_missing_column_is_no_way_to_learn_where_the_database_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.counts._CHECK_EVERY_S", 0.0)
    store = Store.open(f"sqlite:///{tmp_path / 'secret.db'}")
    Country(store)
    add(store.engine, "ana", Role.ADMIN)
    with client_of(make_app(store)) as client:
        assert sign_in(client, "ana").status_code == 200
        with closing(sqlite3.connect(tmp_path / "secret.db")) as database:
            database.execute("ALTER TABLE accounts RENAME COLUMN password TO other")
        answer = sign_in(client, "ana", PASSWORD)
        assert answer.status_code == 503
        assert "`escrutinio doctor` says what to do" in answer.json()["detail"]
        assert_no_address(answer, tmp_path)
        wait_until(lambda: client.get("/readyz").status_code == 503)
        assert "has no accounts.password: restore a copy" in client.get("/readyz").json()["detail"]
    store.close()


def assert_no_address(answer: httpx.Response, folder: Path) -> None:
    for part in ("sqlite", "postgresql", "127.0.0.1", str(folder), "secret"):
        assert part not in answer.text


@pytest.mark.parametrize(
    "url", ["postgresql://secret@127.0.0.1:1/secret", "sqlite:////secret/folder/x.db", "sqlite:///{}/secret.db"]
)
def test_no_failure_of_a_database_tells_strangers_where_it_is(tmp_path: Path, url: str) -> None:
    (tmp_path / "secret.db").write_bytes(b"these are not the bytes of a database" * 100)
    with pytest.raises(StoreUnavailable) as failure:
        Store.open(url.format(tmp_path))
    assert "secret" in str(failure.value)  # the operator's sentence does
    answer = domain_problem(failure.value, "/")
    assert_no_address(httpx.Response(answer.status_code, content=answer.body), tmp_path)


def test_an_archive_of_a_newer_format_is_refused_with_what_to_do(tmp_path: Path) -> None:
    Archive(tmp_path / "count.archive")
    statement = tmp_path / "count.archive" / "format"
    assert statement.read_text() == "1\n"  # until something of it is packed
    statement.write_text(f"{FORMAT + 1}\n")
    newer = f"has format {FORMAT + 1} and this program knows {FORMAT}: use a program as new"
    with pytest.raises(ArchiveError, match=newer):
        Archive(tmp_path / "count.archive")
    url = f"sqlite:///{tmp_path / 'count.db'}"
    Store.open(url).close()
    one_sentence(escrutinio("verify", "--database", url, folder=tmp_path), newer)
    ill = escrutinio("doctor", "--database", url, "--feed", "http://127.0.0.1:9", folder=tmp_path)
    assert f"FIX   archive: the archive {tmp_path / 'count.archive'} {newer}" in ill.stdout


def test_an_archive_that_states_no_format_is_left_so_and_has_the_first(tmp_path: Path) -> None:
    Archive(tmp_path)
    (tmp_path / "format").unlink()
    Archive(tmp_path)
    assert not (tmp_path / "format").exists()
