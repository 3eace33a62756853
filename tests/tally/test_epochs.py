"""A new epoch: the log stays, its name changes, and only while nobody writes."""

import pytest

from tally.changes import Change, Kind
from tally.errors import WriterBusy
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store
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
