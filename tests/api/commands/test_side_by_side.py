"""The program of before schema versions and this one, each in processes of its own: on one database, and in turn."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, text

from tally.changes import LOG_FORMAT
from tally.migrations.runner import VERSION, migrate
from tally.storage.database import connect, transaction
from tally.storage.store import Store
from tests.api.commands.test_cli import started
from tests.api.live.replicas import BASE, ELECTION, Program, Replica, start_feed
from tests.ingest.rig import a_small_country
from tests.programs.program import escrutinio
from tests.waiting import PATIENCE_S, wait_until

pytestmark = [pytest.mark.history, pytest.mark.long]
# Answers from memory, and answers that the database gives.
PATHS = (
    "/", "/readyz", f"{BASE}/state?topic=nation", f"{BASE}/results?level=department", f"{BASE}/corrections",
    f"{BASE}/results?level=nation&at=2026-06-09T00:00:00Z", "/api/v1/mission/session",
)  # fmt: skip


class Visitor:
    """Somebody who asks a server for one thing after the other; `failures` is what was no answer, or an error."""

    def __init__(self, address: str) -> None:
        self.address, self.answers, self.failures = address, 0, list[str]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        with httpx.Client(base_url=f"http://{self.address}", timeout=PATIENCE_S) as client:
            while not self._stop.is_set():
                for path in PATHS:
                    try:
                        answer = client.get(path)
                    except httpx.HTTPError as error:
                        self.failures.append(f"{path}: {error!r}")
                    else:
                        self.failures += [f"{path}: {answer.status_code} {answer.text}"] * (answer.status_code >= 500)
                    self.answers += 1
                self._stop.wait(0.05)


@contextmanager
def visited(*addresses: str) -> Iterator[list[Visitor]]:
    """A visitor each, until the block ends."""
    visitors = [Visitor(address) for address in addresses]
    for visitor in visitors:
        visitor.begin()
    try:
        yield visitors
    finally:
        for visitor in visitors:
            visitor.end()


def formats(url: str) -> list[int]:
    """Of every version, in order."""
    with closing(Store.open(url)) as store:
        return [changes.format for changes in store.read(store.info(ELECTION.id).id, 0, 10_000)]


@pytest.mark.postgres
def test_an_upgrade_under_old_and_new_servers_is_no_error_to_anybody(
    fresh_postgres_url: str, older_program: Path, tmp_path: Path
) -> None:
    url, older = fresh_postgres_url, {"PYTHONPATH": str(older_program)}
    with ExitStack() as stack:
        feed = start_feed(tmp_path, 2000)
        stack.callback(feed.kill)
        old, new = Replica(tmp_path, "old-serve", url, **older), Replica(tmp_path, "new-serve", url)
        source = wait_until(lambda: re.search(r"http://\S+", feed.log.read_text()))[0]
        poll = ("poll", "--feed", source, "--database", url, "--archive", tmp_path / "archive", "--unlimited")
        poll = (*poll, "--cycle", 0.5)
        poller = Program(tmp_path, "old-poll", *poll, **older)
        old.start()
        stack.callback(old.kill)
        poller.start()
        stack.callback(poller.kill)
        wait_until(lambda: old.meta()["seq"] > 2, 120)  # by then it has made its tables, and says of no schema
        new.start()
        stack.callback(new.kill)
        wait_until(lambda: new.meta()["seq"] > 2)

        with visited(new.address) as at_new:
            with visited(old.address) as at_old:
                wait_until(lambda: all(visitor.answers > 20 for visitor in (*at_old, *at_new)))
                done = escrutinio("upgrade", "--database", url, folder=tmp_path)
                assert (done.returncode, done.stderr) == (0, "")
                upgraded = old.meta()["seq"]
                for server in (old, new):
                    wait_until(lambda one=server: one.meta()["seq"] >= upgraded + 4)
                assert poller.is_running, poller.log.read_text()
            assert old.stop() == 0
            # The writer is changed last: whatever reads its format has been put in place before.
            assert poller.stop() == 0
            poller = Program(tmp_path, "new-poll", *poll)
            poller.start()
            stack.callback(poller.kill)
            changed = new.meta()["seq"]
            wait_until(lambda: new.meta()["seq"] >= changed + 4)
        assert poller.stop() == 0
    assert [visitor.failures for visitor in (*at_old, *at_new)] == [[], []]
    written = formats(url)
    assert written == sorted(written)
    assert set(written) == {1, LOG_FORMAT}
    verdict = escrutinio("verify", "--database", url, "--archive", tmp_path / "archive", folder=tmp_path)
    assert (verdict.returncode, verdict.stderr) == (0, "")
    assert f"log format 1 and {LOG_FORMAT}" in verdict.stdout


def test_a_count_polled_by_the_program_before_shows_the_same_totals_and_verifies(
    fresh_url: str, older_program: Path, tmp_path: Path
) -> None:
    def before(*options: object) -> str:
        program = Program(tmp_path, "older", *options, PYTHONPATH=str(older_program))
        program.start()
        assert program.wait() == 0, program.log.read_text()
        return program.log.read_text()

    mesas = a_small_country(tmp_path / "mesas.csv", ELECTION)
    feed = ("feed", "--mesas", mesas, "--election", ELECTION.id, "--speed", "max", "--port", 0)
    kept = ("--archive", tmp_path / "archive")
    with started(*feed, "--fault", "zero-acta:0.2@0s", "--fault", "echo:0.4@1s", folder=tmp_path) as source:
        before("poll", "--feed", source, "--database", fresh_url, *kept, "--until-final", "--unlimited")
    (tmp_path / "older.log").unlink()
    totals = ("totals", "--database", fresh_url, "--level", "mesa", "--format", "json")
    shown = before(*totals)
    assert '"held"' in shown
    assert escrutinio("upgrade", "--database", fresh_url, folder=tmp_path).returncode == 0
    # The program before said of a row neither its place nor its time.
    rows, now = json.loads(shown), json.loads(escrutinio(*totals, folder=tmp_path).stdout)
    assert [{name: own[name] for name in row} for row, own in zip(rows, now, strict=True)] == rows
    verdict = escrutinio("verify", "--database", fresh_url, *kept, folder=tmp_path)
    assert (verdict.returncode, verdict.stderr) == (0, "")
    assert "log format 1" in verdict.stdout


def test_revision_0001_is_what_the_program_before_made(fresh_url: str, older_program: Path) -> None:
    program = (
        "import sys, mission, mission.audit.tables, mission.flags.tables\n"
        "from tally.store import Store; Store.open(sys.argv[1]).close()"
    )
    environment = {"PYTHONPATH": str(older_program)}
    subprocess.run([sys.executable, "-c", program, fresh_url], check=True, env=environment, cwd=older_program)
    engine = connect(fresh_url)
    with transaction(engine) as connection:
        made = _described(connection)
        for statement in _DROP[engine.dialect.name]:
            for (drop,) in connection.execute(text(statement)).all():
                connection.exec_driver_sql(drop)
        assert _described(connection) == []
        migrate(connection, "0001")
        VERSION.drop(connection)
        assert _described(connection) == made
    engine.dispose()


_DESCRIBE = {
    "sqlite": ("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL",),
    "postgresql": (
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    ),
}
_DROP = {
    "sqlite": (
        "SELECT 'DROP TABLE ' || name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY sql LIKE '%REFERENCES%' DESC",
    ),
    "postgresql": ("SELECT 'DROP SCHEMA public CASCADE'", "SELECT 'CREATE SCHEMA public'"),
}


def _described(connection: Connection) -> list[tuple[str, ...]]:
    rows = [row for query in _DESCRIBE[connection.dialect.name] for row in connection.execute(text(query))]
    return sorted(tuple(" ".join(str(value).split()) for value in row) for row in rows)
