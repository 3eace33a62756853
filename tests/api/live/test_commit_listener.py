"""Notifications: a commit reaches a waiting replica at once, and a replica that hears of none still reads the log."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.main import create_app
from api.options import ServeOptions
from tally.storage.database import transaction
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of, served
from tests.api.country import Country, minute
from tests.api.live.follower import follow
from tests.waiting import wait_until

pytestmark = pytest.mark.postgres
# So seldom asked that only a ring can explain what arrives in time.
SELDOM = ServeOptions(poll_s=0.02, listening_poll_s=300.0)


@pytest.fixture
def store(fresh_postgres_url: str) -> Iterator[Store]:
    store = Store.open(fresh_postgres_url)
    yield store
    store.close()


def hang_up(store: Store) -> None:
    """End every connection that listens, as a restart of the database does."""
    listening = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    with transaction(store.engine) as connection:
        assert connection.execute(text(listening)).rowcount > 0


def test_a_commit_wakes_a_replica_at_once_and_again_after_its_connection_was_lost(store: Store) -> None:
    country = Country(store)
    app = create_app(store, ELECTIONS, options=SELDOM)
    counts = app.state.services.counts
    with served(app) as address, follow(address) as client:
        wait_until(lambda: counts.is_listening)
        client.subscribe("nation")
        client.next("hello")
        client.next("snap")
        started = time.monotonic()
        for n in range(3):
            country.count(country.mesas[n : n + 1], minute(n + 1))
            client.reach(country.writer.seq)
        assert time.monotonic() - started < 5
        hang_up(store)
        country.count(country.mesas[3:4], minute(4))
        client.reach(country.writer.seq)  # by asking, or by looking once more after listening again
        wait_until(lambda: counts.is_listening)
        country.count(country.mesas[4:5], minute(5))
        client.reach(country.writer.seq)


def test_a_database_that_stays_silent_is_told_as_away_until_it_answers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.counts._SILENT_S", 0.3)
    country = Country(store)
    app = create_app(store, ELECTIONS, options=ServeOptions(poll_s=0.05, listening_poll_s=0.05))
    with client_of(app) as client:

        def feed() -> Any:
            return client.get(BASE).json()["feed"]

        with store.engine.connect() as other, other.begin():
            other.execute(text("LOCK TABLE counts IN ACCESS EXCLUSIVE MODE"))
            wait_until(lambda: feed()["state"] == "down")
            assert feed()["note"] == "away"
            assert client.get(f"{BASE}/state").json()["seq"] == 1
        country.count(country.mesas[:1], minute(1))
        wait_until(lambda: client.get(f"{BASE}/state").json()["seq"] == 2)
        wait_until(lambda: feed()["state"] == "starting")
