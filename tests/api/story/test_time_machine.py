"""The log through HTTP: earlier versions, earlier moments, changes, another history, a database that goes away."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.main import create_app
from api.options import ServeOptions
from dashboard.app import build
from tally import moments
from tally.changes import Kind, fold, snapshot
from tally.storage.database import transaction
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import ELECTION, NAMES, Country, minute
from tests.waiting import wait_until

NATIONAL = [key for key in NAMES if key.startswith(("nation", "scope", "department"))]
ALL_TOPICS = "topic=nation&topic=provinces&topic=districts"


@pytest.fixture
def counted(any_store: Store) -> Country:
    """A country counted in ten steps, a correction among them."""
    country = Country(any_store)
    for n in range(8):
        country.count(country.mesas[n * 5 : n * 5 + 5], minute(n + 1))
    country.publish(NATIONAL, minute(9))
    country.count(country.mesas[:1], minute(10), (1, 2))
    return country


def test_every_version_can_be_had_again(any_store: Store, counted: Country) -> None:
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:
        for seq in (1, 4, 9, len(counted.sets)):
            answer = client.get(f"{BASE}/state/{seq}?{ALL_TOPICS}")
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            state = fold(counted.sets[:seq])
            assert answer.json()["seq"] == seq
            assert answer.json()["as_of"] == counted.sets[seq - 1].at
            assert answer.content.endswith(b'"state":' + snapshot(state, NAMES) + b"}")
        district = client.get(f"{BASE}/state/2?topic=district/140101").json()["state"]
        assert [district[f"mesa/{mesa}"]["state"] for mesa in counted.mesas[4:6]] == ["counted", "pending"]
        wrong = client.get(f"{BASE}/state/2?epoch=other")
        assert (wrong.status_code, wrong.json()) == (410, {"reset": True})


def test_of_versions_in_one_second_each_can_be_had_again_by_its_own_moment(any_store: Store) -> None:
    country, second = Country(any_store), minute(3).removesuffix("Z")
    stamps = (f"{second}Z", f"{second}.250Z", f"{second}.900Z")
    for mesa, at in zip(country.mesas, stamps, strict=False):
        country.count([mesa], at)
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:
        asked = {
            f"{second}.249Z": (2, stamps[0]),
            stamps[1]: (3, stamps[1]),
            f"{second}.899999+00:00": (3, stamps[1]),
            stamps[2]: (4, stamps[2]),
            stamps[0]: (4, stamps[2]),  # a whole second is meant to its end
        }
        for at, (seq, as_of) in asked.items():
            table = client.get(f"{BASE}/results", params={"level": "nation", "at": at}).json()
            assert (table["seq"], table["as_of"]) == (seq, as_of), at
            [row] = client.get(f"{BASE}/contests", params={"at": at}).json()["rows"]
            assert (row["seq"], row["as_of"]) == (seq, as_of), at


def test_results_at_a_moment_are_those_of_then(any_store: Store, counted: Country) -> None:
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:

        def counted_at(at: str, level: str = "nation") -> list[int]:
            found = client.get(f"{BASE}/results", params={"level": level, "at": at}).json()
            return [row["computed"]["counted"] for row in found["rows"]]

        assert counted_at(minute(3)) == [15]
        assert counted_at("2030-01-06T17:03:59-05:00") == [15]  # Lima's clock
        assert counted_at(minute(10)) == [40]
        unescaped = client.get(f"{BASE}/results?level=nation&at=2030-01-06T22:03:00+00:00").json()
        assert unescaped["rows"][0]["computed"]["counted"] == 15
        assert sum(counted_at(minute(5), "polling_place")) == 25
        assert counted_at("2029-01-01") == []
        mesas = client.get(f"{BASE}/results?level=mesa&within=district/140101&at={minute(1)}").json()["rows"]
        assert [row["state"] for row in mesas] == ["counted"] * 5 + ["pending"] * 3


OUT_OF_RANGE = ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0002-01-01T00:00:00+05:00", minute(60)]
PAGES = ["/", "/area/department/14", "/queue", "/timeline", "/corrections", "/methods", "/mesa/000001"]


@pytest.mark.parametrize("at", OUT_OF_RANGE)
def test_a_moment_out_of_range_or_to_come_is_refused_in_words_everywhere(
    store: Store, country: Country, at: str
) -> None:
    with client_of(create_app(store, ELECTIONS, dashboard=build, options=QUICK)) as client:
        assert client.get(BASE, params={"at": at}).status_code == 422
        assert client.get("/embed/v1/map", params={"at": at}).status_code == 400
        assert client.get("/sentences", params={"key": "nation", "at": at}).status_code == 404
        for path in PAGES:
            answer = client.get(path, params={"at": at})
            assert answer.status_code == 400, path
            assert "No hay conteo de ese momento" in answer.text
            assert 'href="/"' in answer.text  # the way home leads out of that moment


def test_clocks_may_be_a_minute_apart_and_a_year_keeps_its_zeros(store: Store, country: Country) -> None:
    with client_of(create_app(store, ELECTIONS, dashboard=build, options=QUICK)) as client:
        newest = moments.read(client.get(BASE).json()["as_of"])
        for seconds, status in ((60, 200), (61, 422)):
            at = moments.write(newest + timedelta(seconds=seconds))
            assert client.get(BASE, params={"at": at}).status_code == status
        for path in ("/", BASE, "/embed/v1/map"):
            assert client.get(path, params={"at": "0500-01-01T00:00:00Z"}).status_code == 200, path


def changes(client: httpx.Client, query: str) -> Any:
    answer = client.get(f"{BASE}/changes?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_the_changes_fold_to_the_state(any_store: Store, is_in_memory: bool) -> None:
    country = Country(any_store)
    epoch = country.writer.info.epoch
    if not is_in_memory:
        count_all(country)
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:
        if is_in_memory:
            count_all(country)
            wait_until(lambda: client.get(BASE).json()["seq"] == len(country.sets))
        state = client.get(f"{BASE}/state/1?{ALL_TOPICS}").json()["state"]
        seq = 1
        while seq < len(country.sets):
            found = changes(client, f"epoch={epoch}&from={seq}&{ALL_TOPICS}")
            for delta in found["deltas"]:
                assert delta["prev"] == seq
                state |= {change["k"]: change["d"] for change in delta["changes"]}
                seq = delta["seq"]
            seq = found["seq"]
        assert state == client.get(f"{BASE}/state?{ALL_TOPICS}").json()["state"]


def count_all(country: Country) -> None:
    for n in range(8):
        country.count(country.mesas[n * 5 : n * 5 + 5], minute(n + 1))
    country.publish(NATIONAL, minute(9))


def test_changes_are_only_those_of_the_topic(any_store: Store, counted: Country) -> None:
    epoch = counted.writer.info.epoch
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:
        mesa = changes(client, f"epoch={epoch}&from=0&topic=mesa/000040")
        assert [(delta["seq"], delta["prev"]) for delta in mesa["deltas"]] == [(1, 0), (9, 1)]
        assert mesa["seq"] == len(counted.sets)
        corrected = changes(client, f"epoch={epoch}&from=1&topic=corrections")
        assert {change["kind"] for delta in corrected["deltas"] for change in delta["changes"]} == {"correction"}
        keys = {change["k"] for delta in corrected["deltas"] for change in delta["changes"]}
        assert {"mesa/000001", "nation"} <= keys


@pytest.mark.parametrize("query", ["epoch=other&from=1", "epoch={epoch}&from=999"])
def test_another_history_or_the_future_is_a_reset(any_store: Store, counted: Country, query: str) -> None:
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:
        answer = client.get(f"{BASE}/changes?" + query.format(epoch=counted.writer.info.epoch))
        assert (answer.status_code, answer.json()) == (410, {"reset": True})


def test_one_answer_has_at_most_a_thousand_changes(any_store: Store) -> None:
    country = Country(any_store)
    epoch = country.writer.info.epoch
    for n in range(70):  # each set: a mesa, its place, four areas above and the nation's scopes
        country.count(country.mesas, minute(n), (60 + n, 50))
    with client_of(create_app(any_store, ELECTIONS, options=QUICK)) as client:
        seq, pieces, total = 1, 0, 0
        while seq < len(country.sets):
            found = changes(
                client, f"epoch={epoch}&from={seq}&{ALL_TOPICS}&topic=district/140101&topic=district/240101"
            )
            size = sum(len(delta["changes"]) for delta in found["deltas"])
            assert 0 < size <= 1000
            seq, pieces, total = found["seq"], pieces + 1, total + size
        assert (pieces, total) == (3, 70 * (15 + 2 * (2 + 8)))


def test_another_epoch_replaces_what_is_served(store: Store, country: Country, client: httpx.Client) -> None:
    country.count(country.mesas, minute(5))
    wait_until(lambda: client.get(BASE).json()["seq"] == 2)
    with transaction(store.engine) as connection:
        connection.execute(text("UPDATE counts SET epoch = 'restored', seq = 1"))
        connection.execute(text("DELETE FROM changes WHERE seq > 1"))
        connection.execute(text("DELETE FROM change_sets WHERE seq > 1"))
    wait_until(lambda: client.get(BASE).json()["epoch"] == "restored")
    meta = client.get(BASE).json()
    assert (meta["seq"], client.get(f"{BASE}/state").json()["state"]["nation"]["computed"]["counted"]) == (1, 0)


def test_a_database_that_goes_away_leaves_the_last_numbers(tmp_path: Path) -> None:
    path = tmp_path / "count.db"
    store = Store.open(f"sqlite:///{path}")
    country = Country(store)
    options = ServeOptions(poll_s=0.02)
    with client_of(create_app(store, ELECTIONS, options=options)) as client:
        with transaction(store.engine) as connection:
            connection.execute(text("ALTER TABLE counts RENAME TO gone"))
        wait_until(lambda: client.get(BASE).json()["feed"]["state"] == "down")
        assert client.get(BASE).json()["feed"]["note"] == "away"
        assert client.get(f"{BASE}/state").status_code == 200
        with transaction(store.engine) as connection:
            connection.execute(text("ALTER TABLE gone RENAME TO counts"))
        country.count(country.mesas[:1], minute(5))
        wait_until(lambda: client.get(BASE).json()["seq"] == 2)
        wait_until(lambda: client.get(BASE).json()["feed"]["state"] == "starting")
    store.close()


def test_a_writer_in_the_process_need_not_wait_for_the_poll(store: Store, country: Country) -> None:
    app = create_app(store, ELECTIONS, options=ServeOptions(poll_s=3600))
    with client_of(app) as client:
        country.count(country.mesas[:1], minute(5))
        assert client.get(BASE).json()["seq"] == 1
        app.state.services.counts.wake()
        wait_until(lambda: client.get(BASE).json()["seq"] == 2)


def test_the_store_keeps_the_kind_of_every_change(any_store: Store, counted: Country) -> None:
    kinds = {change.kind for one in any_store.read(counted.writer.info.id, 10) for change in one.changes}
    assert kinds == {Kind.CORRECTION}


def test_a_count_of_an_unknown_election_or_contest_is_left_alone(store: Store, country: Country) -> None:
    for election, contest in ((ELECTION.id, "council"), ("1999-01-01-other", "mayor")):
        Writer.acquire(store, election, contest, is_test=False, at=minute(0))
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        assert [entry["id"] for entry in client.get("/api/v1/elections").json()] == [ELECTION.id]
        assert client.get(BASE).json()["contest"]["id"] == "mayor"


def test_a_server_whose_follower_failed_is_no_longer_ready(
    store: Store, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(store, ELECTIONS, options=QUICK)
    with client_of(app) as client:

        def fail(_: object) -> None:
            raise ValueError("a bug")

        monkeypatch.setattr("api.live.counts.CountNews.look", fail)
        wait_until(lambda: client.get("/readyz").status_code == 503)
        assert client.get(f"{BASE}/state").status_code == 200
