"""When units were last read: a row each beside the log, which no reading that changes nothing makes longer."""

from collections.abc import Iterator
from typing import cast

import pytest
from sqlalchemy import Connection, select

import mission.audit.tables
import mission.flags.tables  # noqa: F401 - with these all tables are registered
from tally.changes import Change, Kind
from tally.errors import LeaseLost
from tally.storage import schema
from tally.storage.copying import copy_rows, snapshot, tables_of
from tally.storage.database import connect, transaction
from tally.storage.readings import NewReadings, Readings, UnitTimes, times_beside
from tally.storage.store import FeedStatus, Store
from tally.storage.tables import ReadingRow, table_of
from tally.storage.writer import Writer
from tests.databases import sqlite_in
from tests.older import make_older_database

AT, LATER, LAST = (f"2026-06-08T00:0{n}:00Z" for n in range(3))
AREA, PLACE, MESA = "district/140101", "place/0001", "mesa/000001"
CHANGE = Change(AREA, Kind.UPDATE, b'{"votes":1}', "sha256:00")


@pytest.fixture
def writer(any_store: Store) -> Iterator[Writer]:
    writer = Writer.acquire(any_store, "an-election", "president", is_test=False, at=AT)
    yield writer
    writer.release()


def beat(writer: Writer) -> None:
    writer.report(FeedStatus())


def kept(writer: Writer) -> dict[str, UnitTimes]:
    return writer.store.readings.of(writer.info.id, [AREA, PLACE, MESA])


def test_a_reading_that_changes_nothing_moves_its_row_and_not_the_log(writer: Writer) -> None:
    writer.readings.note(AREA, AT, is_new=True)
    writer.append([CHANGE], LATER)
    assert kept(writer) == {AREA: UnitTimes(AT, LATER)}
    for key in (AREA, PLACE, MESA):
        writer.readings.note(key, LAST)
    beat(writer)
    assert kept(writer) == {AREA: UnitTimes(LAST, LATER), PLACE: UnitTimes(LAST), MESA: UnitTimes(LAST)}
    assert len(writer.store.read(writer.info.id, 0)) == writer.store.counts()[0].seq == 1


def test_what_says_something_new_waits_for_its_change_set(writer: Writer) -> None:
    writer.readings.note(AREA, AT, is_new=True)
    beat(writer)
    assert kept(writer) == {}
    writer.append([CHANGE], LATER)
    assert kept(writer) == {AREA: UnitTimes(AT, LATER)}


def test_what_could_not_be_published_was_not_said(writer: Writer) -> None:
    writer.readings.note(AREA, AT, is_new=True)
    writer.readings.note(MESA, AT)
    writer.readings.forget_new()
    writer.append([CHANGE], LATER)
    assert kept(writer) == {MESA: UnitTimes(AT)}


def test_a_writer_that_lost_its_lease_says_nothing_of_what_it_read(writer: Writer) -> None:
    writer.readings.note(AREA, AT)
    with transaction(writer.store.engine) as connection:
        connection.exec_driver_sql("UPDATE counts SET writer = 'another'")
    for act in (beat, Writer.release):
        with pytest.raises(LeaseLost) if act is beat else transaction(writer.store.engine):
            act(writer)
        assert kept(writer) == {}


def test_who_stops_says_what_was_read_last_and_who_begins_finds_it(any_store: Store) -> None:
    before = Writer.acquire(any_store, "an-election", "president", is_test=False, at=AT)
    before.readings.note(AREA, AT)
    before.release()
    after = Writer.acquire(any_store, "an-election", "president", is_test=False, at=LATER)
    assert kept(after) == {AREA: UnitTimes(AT)}


def test_readers_are_told_of_areas_by_themselves_and_of_others_once_they_ask(writer: Writer) -> None:
    count_id, readings = writer.info.id, writer.store.readings
    for key in (AREA, PLACE, MESA):
        writer.readings.note(key, AT)
    beat(writer)
    found, told = readings.since(0.0, {})
    assert found == {count_id: {AREA: UnitTimes(AT)}}
    assert readings.since(told + 3600, {count_id: {MESA}})[0] == {count_id: {MESA: UnitTimes(AT)}}
    writer.readings.note(AREA, LATER)
    beat(writer)
    assert readings.since(told, {})[0] == {count_id: {AREA: UnitTimes(LATER)}}


def test_what_is_read_while_it_is_written_is_written_next() -> None:
    class Meanwhile:
        """A connection during whose question the loop goes on."""

        class dialect:
            name = "sqlite"

        def scalar(self, _: object) -> float:
            new.note(AREA, LATER)
            new.note(MESA, LATER)
            return 1.0

        def execute(self, _: object, rows: list[dict[str, object]]) -> None:
            written.append({str(row["key"]): row["checked_at"] for row in rows})

    new, written = NewReadings(), list[dict[str, object]]()
    connection = cast(Connection, Meanwhile())
    new.note(AREA, AT)
    new.write(connection, 1, AT, is_with_changes=False)
    new.written()
    new.write(connection, 1, AT, is_with_changes=False)
    assert written == [{AREA: AT}, {AREA: LATER, MESA: LATER}]


@pytest.mark.parametrize(
    ("known", "changed_at", "shown"),
    [
        (None, LATER, (LATER, LATER)),  # all that was read of it changed something
        (UnitTimes(LAST), LATER, (LAST, LATER)),
        (UnitTimes(AT), LATER, (LATER, LATER)),  # the reading that changed it came later
        (UnitTimes(LATER, AT), LAST, (LATER, AT)),  # our own sum changed since
        (UnitTimes(AT, AT.replace("Z", ".500Z")), LAST, (AT.replace("Z", ".500Z"),) * 2),
    ],
)
def test_no_unit_changed_later_than_it_was_read(
    known: UnitTimes | None, changed_at: str, shown: tuple[str, str]
) -> None:
    assert times_beside(known, changed_at) == UnitTimes(*shown)


def test_a_schema_without_the_table_is_served_and_given_it_meanwhile(fresh_url: str) -> None:
    make_older_database(fresh_url)
    engine = connect(fresh_url)
    readings = Readings(engine)
    assert readings.since(0.0, {1: {MESA}}) == ({}, 0.0)
    assert readings.of(1, [MESA]) == {}
    schema.upgrade(engine)
    with Writer.acquire(Store(engine), "an-election", "president", is_test=False, at=AT).store.engine.begin() as write:
        write.execute(table_of(ReadingRow).insert().values(count_id=1, key=MESA, checked_at=AT))
    assert readings.of(1, [MESA]) == {MESA: UnitTimes(AT)}
    engine.dispose()


def test_copies_carry_them_from_one_database_to_the_other(
    writer: Writer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    writer.readings.note(AREA, AT)
    writer.readings.note(MESA, LATER)
    beat(writer)
    target = Store.open(sqlite_in(tmp_path_factory.mktemp("copy")))
    with snapshot(writer.store.engine) as source, transaction(target.engine) as connection:
        copy_rows(source, connection, tables_of(source), lambda _: None)
    assert target.readings.of(writer.info.id, [AREA, MESA]) == {AREA: UnitTimes(AT), MESA: UnitTimes(LATER)}
    with transaction(target.engine) as connection:
        told = connection.execute(select(table_of(ReadingRow).c.told).order_by("key")).scalars().all()
    assert [one is None for one in told] == [False, True]
    target.close()
