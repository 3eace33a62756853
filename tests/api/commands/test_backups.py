"""Backups, restores and moves: nothing is lost, nothing is half done, and a restore lets nobody in as before."""

import hashlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from pyrage.x25519 import Identity
from sqlalchemy import select, text

from api.commands.backups import manifest
from api.commands.backups.backup import backup
from api.commands.backups.database import opened, replace_whole
from api.commands.backups.move import move
from api.commands.backups.restore import restore
from api.main import create_app
from mission.people.accounts import list_accounts
from mission.people.devices import find_device
from mission.people.roles import Role
from mission.transactions import exclusive
from tally import moments
from tally.errors import EscrutinioError, InvalidInput, StoreMismatch, StoreUnavailable, Unidentified, WriterBusy
from tally.storage.copying import count_rows, snapshot, tables_of
from tally.storage.database import transaction
from tally.storage.epochs import begin_epoch
from tally.storage.former_epochs import former_epochs
from tally.storage.store import Store
from tests.api.commands.test_unwell_source import Stage, again
from tests.api.conftest import ELECTIONS, QUICK, served
from tests.api.country import Country, minute
from tests.api.live.follower import follow
from tests.api.mission.conftest import add, device_token
from tests.databases import sqlite_in
from tests.programs.program import escrutinio
from tests.waiting import PATIENCE_S, wait_until

# What is made to be another in a restored database.
_RENAMED = {"counts": {"epoch", "writer", "writer_until"}}
# What came after schema 0004.
_LATER = ("former_epochs", "readings", "journal", "contacts", "suspensions", "text_deliveries", "text_strangers")
_GUARDED = "nothing is changed in or removed from"


def url_of(store: Store) -> str:
    return store.engine.url.set(drivername=store.engine.dialect.name).render_as_string(hide_password=False)


def rows_of(url: str, but: dict[str, set[str]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without the columns named in `but`."""
    with opened(url) as engine, transaction(engine) as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name not in (but or {}).get(table.name, ())}
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in tables_of(connection)
        }


def live_through(store: Store) -> tuple[Country, str]:
    """A count under way and a mission with three people and a device, whose token is given."""
    country = Country(store)
    country.count(country.mesas[:3], minute(1))
    for role in (Role.ADMIN, Role.COORDINATOR, Role.OBSERVER):
        add(store.engine, role.value, role)
    return country, device_token(store.engine, "observer")


def keep(url: str, folder: Path, archive: Path | None = None) -> None:
    backup(folder, database=url, archive=archive, photos=None, no_archive=archive is None)


def put_back(folder: Path, url: str, archive: Path | None = None, *, check: bool = False) -> None:
    restore(folder, check=check, identity=None, database=url, archive=archive, photos=folder.parent / "photos")


def test_a_move_takes_every_row_along_to_the_other_database_and_back(
    store: Store, fresh_postgres_url: str, tmp_path: Path
) -> None:
    country, _ = live_through(store)
    with pytest.raises(WriterBusy, match="stop the poller first"):
        move(to=fresh_postgres_url, database=url_of(store))
    country.writer.release()
    back = sqlite_in(tmp_path, "back.db")
    move(to=fresh_postgres_url, database=url_of(store))
    moved = Store.open(fresh_postgres_url)
    add(moved.engine, "newcomer", Role.OBSERVER)  # numbers go on behind those that came along
    assert "newcomer" in {account.name for account in list_accounts(moved.engine)}
    with pytest.raises(StoreUnavailable, match=_GUARDED), transaction(moved.engine) as connection:
        connection.execute(text("DELETE FROM mission_events"))
    moved.close()
    move(to=back, database=fresh_postgres_url)
    assert rows_of(back) == rows_of(fresh_postgres_url)
    ours, theirs = rows_of(url_of(store)), rows_of(back)
    assert {name for name in ours if ours[name] != theirs[name]} == {"accounts", "deeds"}  # the newcomer's
    assert theirs["accounts"][:3] == ours["accounts"]
    with pytest.raises(InvalidInput, match="not empty"):
        move(to=back, database=url_of(store))


def test_a_restore_is_seen_at_once_under_a_new_epoch_and_lets_nobody_in(any_store: Store, tmp_path: Path) -> None:
    country, token = live_through(any_store)
    url = url_of(any_store)
    keep(url, tmp_path / "kept")
    before = rows_of(url, _RENAMED)
    country.count(country.mesas[3:6], minute(2))
    with pytest.raises(WriterBusy, match="stop the poller first"):
        put_back(tmp_path / "kept", url)
    country.writer.release()
    add(any_store.engine, "later", Role.OBSERVER)
    with served(create_app(any_store, ELECTIONS, options=QUICK)) as address, follow(address) as client:
        client.subscribe("nation")
        old = client.next("hello")["epoch"]
        assert client.next("snap")["seq"] == 3
        put_back(tmp_path / "kept", url)
        told = client.next("hello")
        assert told["epoch"] != old
        assert client.next("snap")["seq"] == 2
    after = rows_of(url, _RENAMED)
    assert before.pop("former_epochs") == []
    assert [(row["epoch"], row["kept"]) for row in after.pop("former_epochs")] == [(old, 2)]
    for rows in (before, after):  # replicas that are at work write down how far they have looked
        rows.pop("alert_watches")
    for name in ("devices", "invitations"):
        assert (len(before.pop(name)), after.pop(name)) == (1, [])
    assert after.pop("deeds")[:-1] == before.pop("deeds")
    assert after == before
    with pytest.raises(Unidentified):
        find_device(any_store.engine, token, moments.utc_now())
    with pytest.raises(StoreUnavailable, match=_GUARDED), transaction(any_store.engine) as connection:
        connection.execute(text("DELETE FROM deeds"))


def wrong_of(folder: Path, url: str, archive: Path) -> tuple[list[str], list[str]]:
    """What `verify` says is wrong, and what it says of restores."""
    seen = escrutinio("verify", "--database", url, "--archive", archive, folder=folder)
    assert (seen.returncode == 0) == ("All of it is as it was published." in seen.stdout)
    wrong = [line for line in seen.stderr.splitlines() if line.startswith("WRONG")]
    return wrong, [line for line in seen.stdout.splitlines() if "former epoch" in line]


@pytest.mark.postgres
def test_a_poller_that_begins_during_a_restore_waits_for_its_end_and_writes_nothing_of_the_former_history(
    fresh_postgres_url: str, store: Store, tmp_path: Path
) -> None:
    country, _ = live_through(store)
    country.writer.release()
    move(to=fresh_postgres_url, database=url_of(store))
    began = Store.open(fresh_postgres_url)
    epoch = began.counts()[0].epoch
    with ThreadPoolExecutor(1) as pool, opened(url_of(store)) as kept, snapshot(kept) as read:
        with exclusive(began.engine) as write:
            replace_whole(read, write, moments.utc_now(), lambda rows: None)
            beginning = pool.submit(Country, began)
            wait_until(lambda: waiting_for_a_lock(began))
            assert not beginning.done()
        with pytest.raises(WriterBusy, match="has just begun"):
            beginning.result(PATIENCE_S)
    # Whoever starts it again, as supervisors do, finds the restored history and nobody who writes it.
    assert Country(began).writer.info.epoch == began.counts()[0].epoch != epoch
    began.close()


def waiting_for_a_lock(store: Store) -> bool:
    with transaction(store.engine) as connection:
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%counts%'")
        return bool(connection.scalar(waiting))


def test_a_restored_installation_verifies_and_goes_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    again(stage)
    keep(f"sqlite:///{tmp_path / 'count.db'}", tmp_path / "kept", stage.archive)
    there = tmp_path / "there"
    there.mkdir()
    place = f"sqlite:///{there / 'count.db'}"
    put_back(tmp_path / "kept", place, there / "count.archive")
    assert not (there / "count.archive.key").exists()
    wrong, [told] = wrong_of(there, place, there / "count.archive")
    assert wrong == []
    assert "was ended by a restore, on 20" in told
    assert "taken back" not in told
    stage.finish()
    again(stage)  # the original goes on, and its archive is newer than the backup
    put_back(tmp_path / "kept", place, stage.archive)
    wrong, [told] = wrong_of(there, place, stage.archive)
    assert wrong == []
    assert "were sealed under it and are taken back" in told
    first = next((tmp_path / "kept" / "archive" / "log").iterdir()).name
    (stage.archive / "log" / first).write_text("another\n")
    with pytest.raises(InvalidInput, match="is not that of the backup"):
        put_back(tmp_path / "kept", place, stage.archive)


def test_a_restore_remembers_the_epochs_of_before_and_how_much_of_them_is_left(store: Store, tmp_path: Path) -> None:
    country, _ = live_through(store)
    url = url_of(store)

    def remembered() -> list[tuple[str, int]]:
        with transaction(store.engine) as connection:
            return [(one.epoch, one.kept) for one in former_epochs(connection)]

    first = store.counts()[0]
    keep(url, tmp_path / "two")
    country.count(country.mesas[3:6], minute(2))
    keep(url, tmp_path / "three")
    country.writer.release()
    put_back(tmp_path / "three", url)
    second = store.counts()[0]
    assert remembered() == [(first.epoch, 3)]
    put_back(tmp_path / "two", url)
    third = store.counts()[0]
    assert remembered() == [(first.epoch, 2), (second.epoch, 2)]
    put_back(tmp_path / "three", url)
    assert sorted(remembered()) == sorted([(first.epoch, 3), (second.epoch, 2), (third.epoch, 2)])
    begin_epoch(store, store.counts()[0])
    assert len(remembered()) == 4


def test_a_backup_of_an_older_schema_is_restored_and_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    live_through(store)
    keep(url_of(store), tmp_path / "kept")
    older(tmp_path / "kept")
    put_back(tmp_path / "kept", sqlite_in(tmp_path, "newer.db"))
    put_back(tmp_path / "kept", sqlite_in(tmp_path, "again.db"), check=True)
    assert (
        rows_of(f"sqlite:///{tmp_path / 'newer.db'}", _RENAMED)["counts"] == rows_of(url_of(store), _RENAMED)["counts"]
    )


def older(folder: Path) -> None:
    """Make a backup one of a program of schema 0004."""
    with closing(sqlite3.connect(folder / "count.db", isolation_level=None)) as database:
        for name in _LATER:
            database.execute(f"DROP TABLE {name}")
        database.execute("UPDATE alembic_version SET version_num = '0004'")
    kept = manifest.read(folder)
    rows = {name: number for name, number in kept.rows.items() if name not in _LATER}
    files = {name: manifest.describe(folder / name) for name in kept.files}
    manifest.write(folder, structs.replace(kept, schema="0004", rows=rows, files=files))


def test_a_check_names_what_the_database_speaks_of_and_an_archive_copied_before_it_does_not_have(
    store: Store, tmp_path: Path
) -> None:
    live_through(store)
    archive, body = tmp_path / "raw", b"what the source said"
    name = hashlib.sha256(body).hexdigest()
    (archive / "log").mkdir(parents=True)
    (archive / "count").write_text('{"election":"2030-01-06-mayor","counts":{"mayor":null}}')
    with transaction(store.engine) as connection:
        connection.execute(text("UPDATE changes SET src = :src WHERE seq = 2"), {"src": f"sha256:{name}"})
    keep(url_of(store), tmp_path / "archive-first", archive)
    with pytest.raises(InvalidInput, match=f"speaks of 1 answers that its archive does not have, the first {name}"):
        put_back(tmp_path / "archive-first", url_of(store), check=True)
    for object_of in (body, b"a later answer"):
        path = archive / "objects" / hashlib.sha256(object_of).hexdigest()[:2] / hashlib.sha256(object_of).hexdigest()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(object_of)
    keep(url_of(store), tmp_path / "database-first", archive)
    put_back(tmp_path / "database-first", url_of(store), check=True)


def test_an_encrypted_backup_is_opened_by_its_key_and_by_no_other(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(store)
    ours, other = Identity.generate(), Identity.generate()
    for name, key in (("ours", ours), ("other", other)):
        (tmp_path / name).write_text(f"# public key: {key.to_public()}\n{key}\n")
    (tmp_path / "raw" / "log").mkdir(parents=True)
    (tmp_path / "raw" / "log" / "2026-06-08.jsonl").write_text('{"a":1}\n')
    monkeypatch.setenv("ESCRUTINIO_BACKUP_RECIPIENTS", f'["{ours.to_public()}"]')
    keep(url_of(store), tmp_path / "kept", tmp_path / "raw")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["backup.tar.age"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "other", "ours", "raw"]

    def open_with(identity: str | None, *, check: bool = False) -> None:
        key = None if identity is None else tmp_path / identity
        target = sqlite_in(tmp_path, f"{identity}-{check}.db")
        restore(tmp_path / "kept", check=check, identity=key, database=target, archive=tmp_path / "back", photos=None)

    for identity, told in (
        (None, "is encrypted; name"),
        ("other", "cannot be opened with the key in"),
        ("none", "no priv"),
    ):
        with pytest.raises(InvalidInput, match=told):
            open_with(identity, check=True)
    open_with("ours", check=True)
    assert not (tmp_path / "back").exists()
    open_with("ours")
    assert (tmp_path / "back" / "log" / "2026-06-08.jsonl").read_text() == '{"a":1}\n'
    assert rows_of(f"sqlite:///{tmp_path / 'ours-False.db'}")["changes"] == rows_of(url_of(store))["changes"] != []
    _flip(tmp_path / "kept", "backup.tar.age")
    with pytest.raises(InvalidInput, match=r"cannot be opened|is damaged"):
        restore(tmp_path / "kept", check=True, identity=tmp_path / "ours", database=None, archive=None, photos=None)
    monkeypatch.setenv("ESCRUTINIO_BACKUP_RECIPIENTS", '["age1nobody"]')
    with pytest.raises(InvalidInput, match="begins with age1"):
        keep(url_of(store), tmp_path / "another")
    assert not (tmp_path / "another").exists()


def _flip(folder: Path, name: str) -> None:
    path = next(folder.glob(name))
    path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))


def _without(folder: Path, name: str) -> None:
    next(folder.glob(name)).unlink()


def _more(folder: Path, name: str) -> None:
    (folder / name).write_text("more")


@pytest.mark.parametrize(
    ("damage", "name", "told"),
    [
        (_flip, "count.db", "count.db has changed"),
        (_flip, "archive/objects/*/*", "has changed"),
        (_without, "archive/log/*", "is missing"),
        (_more, "archive/strange", "a file that the backup did not"),
        (_without, "manifest.json", "no backup"),
        (_flip, "manifest.json", "is damaged"),
    ],
)
def test_a_backup_that_is_not_as_it_was_is_refused_before_anything_is_touched(
    store: Store, tmp_path: Path, damage: Callable[[Path, str], None], name: str, told: str
) -> None:
    live_through(store)
    archive = tmp_path / "raw"
    (archive / "objects" / "ab").mkdir(parents=True)
    (archive / "log").mkdir()
    (archive / "objects" / "ab" / "abcd").write_bytes(b"body")
    (archive / "log" / "2026-06-08.jsonl").write_text('{"a":1}\n{"torn')
    keep(url_of(store), tmp_path / "kept", archive)
    assert (tmp_path / "kept" / "archive" / "log" / "2026-06-08.jsonl").read_text() == '{"a":1}\n'
    put_back(tmp_path / "kept", url_of(store), check=True)
    damage(tmp_path / "kept", name)
    before = rows_of(url_of(store))
    for check in (True, False):
        with pytest.raises(EscrutinioError, match=told):
            put_back(tmp_path / "kept", url_of(store), tmp_path / "other", check=check)
    assert rows_of(url_of(store)) == before
    assert not (tmp_path / "other").exists()


def test_a_backup_says_what_it_cannot_keep(store: Store, tmp_path: Path) -> None:
    live_through(store)
    with pytest.raises(InvalidInput, match="there is no archive in"):
        backup(tmp_path / "kept", database=url_of(store), archive=tmp_path / "none", photos=None, no_archive=False)
    assert not (tmp_path / "kept").exists()
    keep(url_of(store), tmp_path / "kept")
    with pytest.raises(InvalidInput, match="is not empty"):
        keep(url_of(store), tmp_path / "kept")
    with transaction(store.engine) as connection:
        connection.execute(text("CREATE TABLE notes (id INTEGER)"))
    try:
        with pytest.raises(StoreMismatch, match="notes"):
            keep(url_of(store), tmp_path / "other")
    finally:
        with transaction(store.engine) as connection:
            connection.execute(text("DROP TABLE notes"))


def test_the_commands_do_it_from_a_shell(store: Store, tmp_path: Path) -> None:
    live_through(store)
    done = escrutinio("backup", "kept", "--no-archive", "--database", url_of(store), folder=tmp_path)
    assert "as of" in done.stdout, done.stderr
    checked = escrutinio("restore", "kept", "--check", folder=tmp_path)
    assert "is whole: mayor of" in checked.stdout, checked.stderr
    done = escrutinio("restore", "kept", "--database", "sqlite:///new.db", folder=tmp_path)
    assert "goes on at version 2 as" in done.stdout, done.stderr
    assert "admin, coordinator, observer" in done.stdout
    done = escrutinio("move", "--database", "sqlite:///new.db", "--to", "sqlite:///newer.db", folder=tmp_path)
    assert "rows in" in done.stdout, done.stderr
    with opened(f"sqlite:///{tmp_path / 'newer.db'}") as engine, transaction(engine) as connection:
        assert count_rows(connection, tables_of(connection))["accounts"] == 3
