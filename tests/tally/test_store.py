"""The store on both databases: versions, folds, history, the one writer, and errors that say what to do."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tally.changes import Change, Kind, fold
from tally.errors import InvalidInput, LeaseLost, NotFound, StoreUnavailable, WriterBusy
from tally.model import FeedState
from tally.storage.lease import free
from tally.storage.queries import values_at
from tally.storage.store import FeedStatus, Store
from tally.storage.writer import Writer
from tally.view import View

AT = "2026-06-08T02:12:03Z"


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def a_writer(store: Store, contest: str = "president") -> Writer:
    return Writer.acquire(store, "an-election", contest, is_test=False, at=AT)


def change(key: str, value: int, kind: Kind = Kind.UPDATE) -> Change:
    return Change(key, kind, b'{"name":"X","votes":%d}' % value, "sha256:00")


def test_what_was_appended_is_read_back_in_order(store: Store) -> None:
    writer = a_writer(store)
    first = writer.append([change("nation", 1), change("department/14", 2)], AT)
    second = writer.append([change("nation", 3, Kind.CORRECTION)], "2026-06-08T02:22:02Z")
    assert store.read(writer.info.id, 0) == [first, second]
    assert store.read(writer.info.id, 1) == [second]
    assert [entry.change for entry in store.history(writer.info.id, "nation")] == [first.changes[0], second.changes[0]]


def test_the_state_at_a_version_and_at_a_moment_is_the_fold_up_to_it(store: Store) -> None:
    writer = a_writer(store)
    sets = [
        writer.append([change("nation", n), change(f"department/{n:02}", n)], f"2026-06-08T02:{n:02}:00Z")
        for n in range(1, 6)
    ]
    assert store.latest(writer.info.id) == fold(sets)
    assert store.latest(writer.info.id, seq=3) == fold(sets[:3])
    assert store.latest(writer.info.id, at="2026-06-08T02:04:59Z") == fold(sets[:4])
    assert store.latest(writer.info.id, at="2026-06-08T00:00:00Z") == {}


def test_a_view_loaded_and_a_view_that_followed_are_the_same(store: Store) -> None:
    writer = a_writer(store)
    follower = View(writer.info)
    for n in range(1, 4):
        follower.apply(writer.append([change("nation", n), change("department/14", -n)], AT))
    loaded = View.load(store, store.info("an-election"))
    assert (loaded.seq, loaded.snapshot(["nation"])) == (follower.seq, follower.snapshot(["nation"]))
    assert loaded.hash(["nation"]) == follower.hash(["nation"])


def test_a_second_writer_is_refused_until_the_first_gives_its_lease_back(store: Store) -> None:
    first = a_writer(store)
    with pytest.raises(WriterBusy, match="another process is writing an-election"):
        a_writer(store)
    first.append([change("nation", 1)], AT)
    first.release()
    second = a_writer(store)
    assert second.append([change("nation", 2)], AT).seq == 2


def test_a_writer_whose_lease_was_taken_over_writes_nothing(store: Store) -> None:
    first = a_writer(store)
    free(store, first.info, None)
    second = a_writer(store)
    second.append([change("nation", 2)], AT)
    with pytest.raises(LeaseLost):
        first.append([change("nation", 1)], AT)
    assert [entry.change.data for entry in store.history(first.info.id, "nation")] == [change("nation", 2).data]


def test_epoch_and_version_survive_a_restart(database_url: str) -> None:
    store = Store.open(database_url)
    writer = a_writer(store)
    writer.append([change("nation", 1)], AT)
    writer.release()
    store.close()
    again = Store.open(database_url)
    info = again.info("an-election")
    assert (info.epoch, info.seq) == (writer.info.epoch, 1)
    again.close()


def test_counts_of_two_contests_do_not_mix(store: Store) -> None:
    one, two = a_writer(store, "governor-01"), a_writer(store, "governor-02")
    one.append([change("nation", 1)], AT)
    two.append([change("nation", 2)], AT)
    assert store.latest(one.info.id)["nation"].change.data != store.latest(two.info.id)["nation"].change.data
    assert [info.contest_id for info in store.counts()] == ["governor-01", "governor-02"]


def test_the_feeds_state_and_its_times_are_kept_apart(store: Store) -> None:
    writer = a_writer(store)
    writer.append([change("nation", 1)], AT)
    writer.report(FeedStatus(state=FeedState.OK, checked_at="2026-06-08T02:30:00Z", source_at="2026-06-08T02:12:00Z"))
    feed = store.info("an-election").feed
    assert (feed.state, feed.checked_at, feed.changed_at) == ("ok", "2026-06-08T02:30:00Z", AT)
    writer.report(FeedStatus(state=FeedState.DOWN))
    assert store.info("an-election").feed.checked_at == "2026-06-08T02:30:00Z"


def test_once_a_rehearsal_always_a_rehearsal(store: Store) -> None:
    Writer.acquire(store, "an-election", "president", is_test=True, at=AT).release()
    assert a_writer(store).info.is_test


def test_an_election_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no count of another-election"):
        store.info("another-election")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.sampled_from("abcde"), st.integers()), min_size=1, max_size=5), max_size=8))
def test_folding_the_log_gives_the_state(store: Store, batches: list[list[tuple[str, int]]]) -> None:
    contest = f"contest-{len(store.counts())}"
    writer = a_writer(store, contest)
    sets = [writer.append([change(f"department/{k}", v) for k, v in batch], AT) for batch in batches]
    assert fold(store.read(writer.info.id, 0)) == fold(sets) == store.latest(writer.info.id)


def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tally.storage.database._BUSY_S", 0.1)
    store = Store.open(f"sqlite:///{tmp_path / 'count.db'}")
    writer = a_writer(store)
    other = sqlite3.connect(tmp_path / "count.db")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="locked by another program"):
        writer.append([change("nation", 1)], AT)
    other.close()
    assert writer.append([change("nation", 1)], AT).seq == 1
    store.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://localhost/x", "only sqlite:///FILE and postgresql"),
        ("not a url", "is none"),
        ("sqlite:////no/such/folder/count.db", "does its folder exist"),
        ("postgresql://nobody@127.0.0.1:1/none", "connection"),
    ],
)
def test_a_database_that_cannot_be_opened_says_why(url: str, says: str) -> None:
    with pytest.raises((InvalidInput, StoreUnavailable), match=says):
        Store.open(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:s3cret@h/db",
        "postgresql://u:s3cret@h:port/db",
        "postgresql//u:s3cret@h/db",
        "sqlit:///x?password=s3cret",
        "mysql://u:s3@cret@h/db",
    ],
)
def test_a_mistyped_address_of_a_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidInput, match="postgresql://") as refused:
        Store.open(url)
    assert "cret" not in str(refused.value)


def test_a_file_that_is_not_a_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "count.db").write_bytes(b"these are not the bytes of a database" * 100)
    with pytest.raises(StoreUnavailable, match="not a usable SQLite database"):
        Store.open(f"sqlite:///{tmp_path / 'count.db'}")


def test_a_read_only_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "count.db"
    Store.open(f"sqlite:///{path}").close()
    store = Store.open(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreUnavailable, match="read-only"):
        a_writer(store)
    store.close()
    assert not Path("file:").exists()  # the address of a file is no folder to make


def test_a_commit_whose_answer_was_lost_is_found_and_not_written_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = a_writer(store)
    dialect = store.engine.dialect
    commit, error = dialect.do_commit, dialect.dbapi.OperationalError

    def lose_the_answer(connection: object) -> None:
        commit(connection)
        raise error("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", lose_the_answer)
        with pytest.raises(StoreUnavailable):
            writer.append([change("nation", 1)], AT)
    again = writer.append([change("nation", 1)], "2026-06-08T02:12:09Z")
    assert (again.seq, again.at) == (1, AT)
    following = writer.append([change("nation", 2)], "2026-06-08T02:13:00Z")
    assert store.read(writer.info.id, 0) == [again, following]


def test_what_was_not_committed_is_written_at_the_second_try(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = a_writer(store)
    dialect = store.engine.dialect

    def refuse(_: object) -> None:
        raise dialect.dbapi.OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", refuse)
        with pytest.raises(StoreUnavailable):
            writer.append([change("nation", 1)], AT)
    later = "2026-06-08T02:12:09Z"
    assert writer.append([change("nation", 1)], later).at == later
    assert [entry.seq for entry in store.history(writer.info.id, "nation")] == [1]


def test_keys_are_read_at_a_version_each_by_itself(store: Store) -> None:
    writer = a_writer(store)
    for n in range(4):
        more = [change("department/14", n)] if n == 2 else []
        writer.append([change("nation", n), *more], f"2026-06-08T02:{n:02}:00Z")
    count, both = writer.info.id, ["nation", "department/14"]
    assert [(e.change.key, e.seq) for e in store.latest_of(count, [*both, "department/99"], 2)] == [("nation", 2)]
    assert {e.change.key: e.seq for e in store.latest_of(count, both, 4)} == {"nation": 4, "department/14": 3}
    assert [(e.seq, e.change.key) for e in store.histories(count, both, 1, 3)] == [
        (2, "nation"),
        (3, "nation"),
        (3, "department/14"),
    ]
    assert [e.seq for e in store.walk(count, "department/", 0, 4)] == [3]
    assert list(store.walk(count, "nation", 4, 4)) == []


def test_the_past_of_some_keys_is_read_by_the_index_of_keys(any_store: Store) -> None:
    writer = a_writer(any_store)
    keys = ["nation", "department/14", *(f"district/1401{n:02}" for n in range(1, 40))]
    for version in range(30):
        writer.append([change(key, version) for key in keys[version % 3 :: 3]], AT)
    for seq in (1, 7, 30):
        expected = any_store.latest(writer.info.id, seq=seq)
        found = any_store.latest_of(writer.info.id, [*keys, "department/99"], seq)
        assert {entry.change.key: entry for entry in found} == expected
    dialect = any_store.engine.dialect.name
    query = values_at(writer.info.id, keys, 7, dialect)
    compiled = query.compile(any_store.engine, compile_kwargs={"literal_binds": True})
    with any_store.engine.connect() as connection:
        if dialect == "sqlite":
            plan = [str(row.detail) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
            # Once for the newest version of each key, once for its value.
            assert sum("changes USING" in step and "INDEX changes_by_key" in step for step in plan) == 2, plan
            assert not any("SCAN" in step or "changes USING PRIMARY KEY" in step for step in plan), plan
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {compiled}")]
            assert any("Index Scan" in step and "changes_by_key on changes" in step for step in plan), plan
            assert not any("Seq Scan on changes" in step or "changes_pkey" in step for step in plan), plan
