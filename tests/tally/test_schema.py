"""The schema's version on both databases: made, recognised, brought up to date, and refused where it does not fit."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import mission.audit.tables
import mission.flags.tables  # noqa: F401 - with these all tables are registered
from mission.transactions import APPEND_ONLY
from tally.changes import LOG_FORMAT, Change, Kind
from tally.errors import StoreMismatch
from tally.migrations.runner import NEWEST, VERSION
from tally.migrations.schema_0001 import tables as tables_0001
from tally.storage import schema
from tally.storage.database import connect, transaction
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.older import AT, OlderWriter, make_older_database
from tests.waiting import PATIENCE_S

NEEDS_UPGRADE = f"the database has schema 0001, this program needs {schema.WRITES}: run `escrutinio upgrade`"


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "tally:migrations")
    return ScriptDirectory.from_config(config)


def change(value: int) -> Change:
    return Change("nation", Kind.UPDATE, b'{"votes":%d}' % value, "sha256:00")


def an_older_writer(store: Store) -> OlderWriter:
    return OlderWriter.acquire(store, "an-election", "president", is_test=False, at=AT)


def do(url: str, statement: str, **values: object) -> None:
    engine = connect(url)
    with transaction(engine) as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def upgrade(url: str, **more: Any) -> None:
    engine = connect(url)
    try:
        schema.upgrade(engine, **more)
    finally:
        engine.dispose()


def formats(store: Store) -> list[int]:
    return [changes.format for changes in store.read(store.info("an-election").id, 0)]


def differences(engine: Engine) -> list[Any]:
    """What Alembic would still do to make the database what the models describe."""
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, kind, parents: kind != "table" or name != VERSION.name,
    }
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)


def test_a_database_made_from_nothing_is_what_the_models_describe(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    assert differences(store.engine) == []
    store.close()


def test_the_database_refuses_to_change_exactly_those_tables_that_only_grow(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    growing = {table.name for table in SQLModel.metadata.tables.values() if APPEND_ONLY in table.info}
    query = {
        "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY 1",
        "postgresql": "SELECT tgrelid::regclass::text, 2 FROM pg_trigger WHERE NOT tgisinternal GROUP BY 1",
    }
    with transaction(store.engine) as connection:
        guarded = dict(connection.execute(text(query[store.engine.dialect.name])).all())
    assert guarded == dict.fromkeys(growing, 2)  # against UPDATE and against DELETE
    store.close()


def test_the_log_has_no_hidden_key_and_a_small_index_of_what_is_no_update(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    [small] = [one for one in inspect(store.engine).get_indexes("changes") if one["name"] == "changes_of_note"]
    assert "'update'" in str(small["dialect_options"][f"{store.engine.dialect.name}_where"])
    if store.engine.dialect.name == "sqlite":
        with transaction(store.engine) as connection:
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'changes'")).scalar_one()
        assert made.rstrip().endswith("WITHOUT ROWID")
    store.close()


def test_the_newest_revision_is_the_one_that_the_program_names() -> None:
    assert scripts().get_heads() == [NEWEST]
    assert schema.SERVES <= schema.WRITES <= NEWEST
    for script in scripts().walk_revisions():
        assert script.module.oldest <= script.revision
        assert script.doc


def test_a_database_of_the_program_before_is_served_and_upgraded_but_not_written(fresh_url: str) -> None:
    make_older_database(fresh_url)
    older = Store.open(fresh_url)
    writer = an_older_writer(older)
    writer.append([change(1)], AT)
    assert formats(older) == [1]
    with pytest.raises(StoreMismatch) as refused:
        Store.open(fresh_url, schema.WRITES)
    assert str(refused.value) == refused.value.public == NEEDS_UPGRADE
    upgrade(fresh_url)
    writer.append([change(2)], AT)  # the program before goes on
    writer.release()
    store = Store.open(fresh_url, schema.WRITES)
    newer = Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
    assert newer.append([change(3)], AT).format == LOG_FORMAT
    assert formats(store) == formats(older) == [1, 1, LOG_FORMAT]
    assert differences(store.engine) == []
    for one in (older, store):
        one.close()


def test_a_reader_that_was_there_before_an_upgrade_sees_the_format_of_what_comes_after(fresh_url: str) -> None:
    make_older_database(fresh_url)
    reader = Store.open(fresh_url)
    writer = an_older_writer(reader)
    for n in range(12):  # by now the driver has prepared the question, and SQLite keeps it as well
        writer.append([change(n)], AT)
        assert formats(reader) == [1] * (n + 1)
    writer.release()
    upgrade(fresh_url)
    store = Store.open(fresh_url, schema.WRITES)
    Writer.acquire(store, "an-election", "president", is_test=False, at=AT).append([change(99)], AT)
    assert formats(reader) == [*[1] * 12, LOG_FORMAT]
    for one in (reader, store):
        one.close()


def test_what_only_the_poller_before_has_made_is_completed(fresh_url: str) -> None:
    engine = connect(fresh_url)
    names = ("counts", "change_sets", "changes", "releases", "relays", "heads")
    tables_0001.create_all(engine, [tables_0001.tables[name] for name in names])
    engine.dispose()
    with pytest.raises(StoreMismatch, match="a part of schema 0001 only: run `escrutinio upgrade`"):
        Store.open(fresh_url)
    upgrade(fresh_url)
    store = Store.open(fresh_url, schema.WRITES)
    assert differences(store.engine) == []
    store.close()


@pytest.mark.parametrize(("revision", "oldest", "is_usable"), [("0999", NEWEST, True), ("0999", "0999", False)])
def test_a_newer_schema_is_used_only_if_it_says_that_we_may(
    fresh_url: str, revision: str, oldest: str, is_usable: bool
) -> None:
    Store.open(fresh_url).close()
    do(
        fresh_url,
        "UPDATE alembic_version SET version_num = :revision, oldest = :oldest",
        revision=revision,
        oldest=oldest,
    )
    if is_usable:
        Store.open(fresh_url, schema.WRITES).close()
        upgrade(fresh_url)
    else:
        for use in (Store.open, upgrade):
            with pytest.raises(StoreMismatch, match=f"0999, made by a newer program; this one knows {NEWEST}: use the"):
                use(fresh_url)


def test_a_column_that_is_missing_is_named_with_what_to_do(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    do(fresh_url, "ALTER TABLE counts DROP COLUMN feed_note")
    with pytest.raises(StoreMismatch, match=r"has no counts\.feed_note: restore a copy of it"):
        Store.open(fresh_url)
    with pytest.raises(StoreMismatch, match="`escrutinio doctor` says what to do") as at_work:
        store.counts()
    assert "our database" in at_work.value.public
    store.close()


def test_a_database_that_is_older_than_all_revisions_is_not_touched(fresh_url: str) -> None:
    make_older_database(fresh_url)
    do(fresh_url, "ALTER TABLE counts DROP COLUMN feed_note")
    for use in (Store.open, upgrade):
        with pytest.raises(StoreMismatch, match=r"older than schema 0001 \(it has no counts\.feed_note\)"):
            use(fresh_url)


def test_a_log_of_a_newer_format_is_refused(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    Writer.acquire(store, "an-election", "president", is_test=False, at=AT).append([change(1)], AT)
    do(fresh_url, "UPDATE change_sets SET format = :newer", newer=LOG_FORMAT + 1)
    newer = f"written in format {LOG_FORMAT + 1} and this program knows {LOG_FORMAT}: use a program as new"
    for use in (lambda: Store.open(fresh_url), lambda: formats(store), store.check):
        with pytest.raises(StoreMismatch, match=newer):
            use()
    store.close()


@pytest.mark.parametrize("step", ["0001", NEWEST])
def test_a_kill_in_the_middle_of_an_upgrade_leaves_the_database_as_it_was(fresh_url: str, step: str) -> None:
    make_older_database(fresh_url)
    program = (
        "import os, sys; from tally.storage.database import connect; from tally.storage import schema\n"
        f"schema.upgrade(connect(sys.argv[1]), lambda step: step == {step!r} and os.kill(os.getpid(), 9))"
    )
    killed = subprocess.run([sys.executable, "-c", program, fresh_url], check=False)
    assert killed.returncode == -signal.SIGKILL
    engine = connect(fresh_url)
    standing, due = schema.steps_due(engine)
    assert (standing.revision, standing.is_named) == ("0001", False)
    assert ("change_sets", "format") not in standing.columns
    assert [one.id for one in due] == [script.revision for script in scripts().walk_revisions()][::-1]
    engine.dispose()
    upgrade(fresh_url)
    Store.open(fresh_url, schema.WRITES).close()


@pytest.mark.long
def test_programs_that_start_together_on_an_empty_database_do_not_collide(fresh_url: str, tmp_path: Path) -> None:
    program = "import sys; from tally.storage.store import Store; Store.open(sys.argv[1]).close()"
    command = [sys.executable, "-c", program, fresh_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ) for _ in range(3)]
    assert [(one.communicate(timeout=PATIENCE_S)[1], one.returncode) for one in started] == [("", 0)] * 3


@pytest.mark.postgres
def test_an_upgrade_waits_for_who_reads_and_holds_up_nobody_meanwhile(fresh_postgres_url: str) -> None:
    make_older_database(fresh_postgres_url)
    store = Store.open(fresh_postgres_url)
    waited = threading.Event()
    upgrading = threading.Thread(target=upgrade, args=(fresh_postgres_url,), kwargs={"waiting": waited.set})
    with transaction(store.engine) as connection:
        connection.execute(text("SELECT * FROM change_sets"))
        upgrading.start()
        assert waited.wait(PATIENCE_S)
        assert store.counts() == []
    upgrading.join(PATIENCE_S)
    Store.open(fresh_postgres_url, schema.WRITES).close()
    store.close()


def test_an_upgrade_takes_the_addresses_out_of_the_log_which_still_only_grows(fresh_url: str) -> None:
    make_older_database(fresh_url)
    lines = {"signed in": "192.0.2.1", "device added": "192.0.2.2", "account added": "verifier"}
    for deed, detail in lines.items():
        do(
            fresh_url,
            "INSERT INTO deeds (at, actor, deed, subject, detail) VALUES ('', 'ana', :deed, 'ana', :detail)",
            deed=deed,
            detail=detail,
        )
    do(fresh_url, "INSERT INTO attempts (subject, address, at, is_good) VALUES ('', '192.0.2.3', '', :yes)", yes=True)
    upgrade(fresh_url)
    store = Store.open(fresh_url)
    with transaction(store.engine) as connection:
        assert connection.execute(text("SELECT detail FROM deeds ORDER BY id")).scalars().all() == ["", "", "verifier"]
        assert connection.execute(text("SELECT * FROM attempts")).all() == []
    with pytest.raises(DBAPIError, match="nothing is changed in or removed from"), store.engine.begin() as connection:
        connection.execute(text("UPDATE deeds SET detail = 'else'"))
    store.close()
