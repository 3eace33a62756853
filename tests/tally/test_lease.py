"""Who may write a count goes by the database's clock and by signs of life, whatever a host's clock says."""

import asyncio
import re
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from tally.errors import LeaseLost, WriterBusy, WriterSilent
from tally.model import FeedState
from tally.storage.database import clock, has_clock, transaction
from tally.storage.lease import LEASE_S, WATCH_S, free, look, promise
from tally.storage.store import FeedStatus, Store
from tally.storage.tables import CountRow, table_of
from tally.storage.writer import Writer, become_writers

AT = "2026-06-08T00:00:00Z"
_counts = table_of(CountRow)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url)
    yield store
    store.close()


def a_writer(store: Store, seen: tuple[str | None, float] | None = None) -> Writer:
    return Writer.acquire(store, "an-election", "president", is_test=True, at=AT, seen=seen)


def shift(store: Store, seconds: float) -> None:
    """The lease ends so many seconds from now by the database's clock."""
    with transaction(store.engine) as connection:
        connection.execute(update(_counts).values(writer_until=clock(connection) + seconds))


def is_timed(store: Store) -> bool:
    with transaction(store.engine) as connection:
        return has_clock(connection)


def test_a_host_whose_clock_is_fast_takes_nothing_from_a_writer_that_lives(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = a_writer(store)
    monkeypatch.setattr(time, "time", lambda: 1e12)
    with pytest.raises(WriterBusy):
        a_writer(store)
    first.report(FeedStatus(FeedState.OK))
    assert 0 < look(store, first.info).left_s <= LEASE_S


def test_the_words_say_how_long_it_really_takes_after_a_crash(store: Store) -> None:
    first = a_writer(store)
    shift(store, 7.0)
    with pytest.raises(WriterBusy, match="escrutinio free") as busy:
        a_writer(store)
    [said] = re.findall(r"has ended in (\d+) s", str(busy.value))
    assert 6 <= int(said) - (0 if is_timed(store) else WATCH_S) <= 7
    assert look(store, first.info).writer == first.name


def test_a_lease_that_ended_by_the_databases_clock_is_free_and_by_ones_own_only_without_a_sign_of_life(
    store: Store,
) -> None:
    first = a_writer(store)
    shift(store, -600.0)
    if is_timed(store):
        second = a_writer(store)
    else:  # a clock ten minutes fast would see just this of a writer that lives
        with pytest.raises(WriterSilent) as doubt:
            a_writer(store)
        first.report(FeedStatus(FeedState.OK))
        with pytest.raises(WriterBusy, match="it renewed its lease while we looked"):
            a_writer(store, doubt.value.seen)
        shift(store, -600.0)
        second = a_writer(store, look(store, first.info).seen)
    with pytest.raises(LeaseLost):
        first.append([], AT)
    assert look(store, second.info).writer == second.name


def test_a_lease_that_a_fast_clock_wrote_keeps_nobody_out_for_ten_minutes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_writer(store)
    shift(store, 620.0)
    monkeypatch.setattr("tally.storage.writer.WATCH_S", 0.01)
    [second] = asyncio.run(become_writers(store, "an-election", ["president"], is_test=True, at=AT))
    assert look(store, second.info).writer == second.name
    assert look(store, second.info).left_s <= LEASE_S


def test_a_lease_is_freed_by_hand_unless_its_writer_lives(store: Store) -> None:
    first = a_writer(store)
    seen = look(store, first.info).seen
    shift(store, 19.0)  # renewed meanwhile
    with pytest.raises(WriterBusy, match="lives: it renewed its lease"):
        free(store, first.info, seen)
    assert free(store, first.info, look(store, first.info).seen)
    assert not free(store, first.info, None)
    a_writer(store)


def test_a_count_is_followed_while_its_lease_lasts_or_somebody_will_be_back(store: Store) -> None:
    writer = a_writer(store)

    def is_followed() -> bool:
        return store.info("an-election").is_followed

    assert is_followed()
    shift(store, -0.1)
    assert not is_followed()
    writer.report(FeedStatus(FeedState.OK))
    assert is_followed()
    writer.release()
    assert not is_followed()
    promise(store, "an-election", FeedStatus(FeedState.DOWN), 5.0)
    assert is_followed()
    assert store.info("an-election").feed.state is FeedState.DOWN
    a_writer(store).report(FeedStatus(FeedState.OK))
    promise(store, "an-election", FeedStatus(FeedState.DOWN), 5.0)
    assert store.info("an-election").feed.state is FeedState.OK
