"""A new epoch: the log stays, its name changes, and only while nobody writes."""

import pytest
from sqlalchemy import update

from tally.changes import Change, Kind
from tally.errors import WriterBusy
from tally.storage.database import transaction
from tally.storage.epochs import begin_epoch
from tally.storage.former_epochs import former_epochs
from tally.storage.store import Store
from tally.storage.tables import CountRow, table_of
from tally.storage.writer import Writer

AT = "2026-06-08T02:12:03Z"


def test_a_new_epoch_keeps_the_log_and_the_next_writer_goes_on_in_it(any_store: Store) -> None:
    store = any_store
    writer = Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
    first = writer.append([Change("nation", Kind.UPDATE, b"{}")], AT)
    with pytest.raises(WriterBusy, match="stop the poller"):
        begin_epoch(store, writer.info)
    assert store.info("an-election").epoch == writer.info.epoch
    writer.release()
    epoch = begin_epoch(store, writer.info)
    assert epoch != writer.info.epoch
    later = Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
    assert (later.info.epoch, later.seq) == (epoch, 1)
    second = later.append([Change("nation", Kind.CORRECTION, b"{}")], AT)
    assert store.read(later.info.id, 0) == [first, second]


def test_an_epoch_that_comes_back_out_of_a_copy_and_ends_again_is_remembered_once(any_store: Store) -> None:
    store, counts = any_store, table_of(CountRow)
    writer = Writer.acquire(store, "an-election", "president", is_test=False, at=AT)
    writer.append([Change("nation", Kind.UPDATE, b"{}")], AT)
    writer.release()
    old = writer.info.epoch
    second = begin_epoch(store, writer.info)
    with transaction(store.engine) as connection:
        connection.execute(update(counts).values(epoch=old, seq=0))
    begin_epoch(store, writer.info)  # what the caller knew of it is older than what the database has
    with transaction(store.engine) as connection:
        assert [(one.epoch, one.kept) for one in former_epochs(connection)] == [(old, 0)]
    assert store.info("an-election").epoch not in (old, second)
