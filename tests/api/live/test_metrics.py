"""/metrics: what an operator watches, true at the moment it is asked for, and bounded in its labels."""

from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families

from api.main import create_app
from api.options import ServeOptions
from tally import moments
from tally.changes import Change, Kind
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of, wait_until
from tests.api.country import ELECTION, Country, minute
from tests.api.live.follower import follow

Wait = Callable[[], None]
Labels = tuple[tuple[str, str], ...]
OF_ELECTION = (("election", ELECTION.id),)


def read(client: httpx.Client) -> dict[tuple[str, Labels], float]:
    """Every sample by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name.removeprefix("escrutinio_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_version_holds_and_corrections_follow_the_log(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    value = b'{"computed":{},"name":"LIMA","published":null'
    held = value + b',"held":[{"figures":{},"rule":"negative"}]}'
    caught_up()
    quiet = read(client)
    assert (quiet["holds", OF_ELECTION], quiet["corrections_total", OF_ELECTION]) == (0, 0)
    country.writer.append(
        [Change("department/14", Kind.HOLD, held), Change("department/24", Kind.CORRECTION, value + b"}")], minute(1)
    )
    caught_up()
    found = read(client)
    assert (found["version", OF_ELECTION], found["holds", OF_ELECTION]) == (2, 1)
    assert found["corrections_total", OF_ELECTION] == 1
    country.writer.append([Change("department/14", Kind.RELEASE, value + b"}")], minute(2))
    caught_up()
    assert read(client)["holds", OF_ELECTION] == 0


def test_a_replica_that_starts_later_counts_the_same(store: Store) -> None:
    country = Country(store)
    note = b'{"name":"they wrote \\"held\\": in a name"}'
    held = b'{"held":[{"rule":"x"}],"name":"LIMA"}'
    country.writer.append([Change("province/1401", Kind.UPDATE, note)], minute(1))
    country.writer.append([Change("province/1401", Kind.CORRECTION, note)], minute(2))
    country.writer.append(
        [Change("department/14", Kind.HOLD, held), Change("department/24", Kind.CORRECTION, note)], minute(3)
    )
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        found = read(client)
    assert (found["holds", OF_ELECTION], found["corrections_total", OF_ELECTION]) == (1, 2)


def test_subscribers_are_counted_while_they_are_there(store: Store) -> None:
    Country(store)
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        assert read(client)["subscribers", ()] == 0
        with follow(client.base_url.netloc.decode()):
            wait_until(lambda: read(client)["subscribers", ()] == 1)
        wait_until(lambda: read(client)["subscribers", ()] == 0)


def test_what_is_handed_to_each_follower_is_counted(store: Store) -> None:
    country = Country(store)
    without_beats = ServeOptions(poll_s=0.02, heartbeat_s=300)
    with client_of(create_app(store, ELECTIONS, options=without_beats)) as client:
        address = client.base_url.netloc.decode()
        with follow(address) as one, follow(address) as other:
            for follower in (one, other):
                follower.subscribe("nation")
                follower.next("hello")
                follower.next("snap")
            country.count(country.mesas[:1], minute(1))
            for follower in (one, other):
                follower.reach(2)
            sockets = 2 * len(("hello", "snap", "delta"))
            assert read(client)["deliveries_total", OF_ELECTION] == sockets
            with client.stream("GET", f"{BASE}/stream") as events:
                lines = events.iter_lines()
                while '"t":"snap"' not in next(lines):
                    pass
                found = read(client)
        assert found["subscribers", ()] == 3
        assert found["deliveries_total", OF_ELECTION] == sockets + len(("hello", "snap"))


def test_the_lag_is_from_the_commit_to_the_push(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    caught_up()
    country.count(country.mesas[:2], moments.write(moments.utc_now()))
    caught_up()
    found = read(client)
    assert found["push_lag_seconds_count", OF_ELECTION] == 1
    assert 0 <= found["push_lag_seconds_sum", OF_ELECTION] < 10


def test_the_feeds_ages_and_state_are_told_and_what_never_happened_has_no_age(
    client: httpx.Client, country: Country, caught_up: Wait
) -> None:
    caught_up()
    starting = (("election", ELECTION.id), ("state", "starting"))
    assert read(client)["feed_state", starting] == 1
    assert ("feed_age_seconds", (*OF_ELECTION, ("time", "checked"))) not in read(client)
    country.report("ok", moments.write(moments.utc_now()))
    wait_until(lambda: read(client)["feed_state", starting] == 0)
    found = read(client)
    assert found["feed_state", (*OF_ELECTION, ("state", "ok"))] == 1
    assert 0 <= found["feed_age_seconds", (*OF_ELECTION, ("time", "checked"))] < 10
    assert (found["database_up", ()], found["database_listening", ()]) == (1, 0)


def test_two_applications_in_one_process_keep_their_figures_apart(store: Store) -> None:
    Country(store)
    first, second = (create_app(store, ELECTIONS, options=QUICK) for _ in range(2))
    with client_of(first) as one, client_of(second) as other, follow(one.base_url.netloc.decode()):
        wait_until(lambda: read(one)["subscribers", ()] == 1)
        assert read(other)["subscribers", ()] == 0


def test_metrics_can_be_switched_off(store: Store) -> None:
    Country(store)
    with client_of(create_app(store, ELECTIONS, options=ServeOptions(poll_s=0.02, has_metrics=False))) as client:
        assert client.get("/metrics").status_code == 404
