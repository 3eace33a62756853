"""Alerts: raised once, told to whoever came with a ticket and may read them, and to nobody else."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from msgspec import structs
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from api.main import create_app
from mission.alerts import AlertKind, News, raise_alert
from mission.people.accounts import revoke_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.roles import Role
from mission.transactions import exclusive
from tally import moments
from tally.keys import NATION
from tally.storage.database import transaction
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, served
from tests.api.country import Country, minute
from tests.api.live.follower import Follower, follow
from tests.api.mission.conftest import MISSION, OPTIONS, add, device_token, own, sign_in
from tests.waiting import wait_until

QUICK = structs.replace(OPTIONS, heartbeat_s=0.3)
CRITICAL = News("incident/1", AlertKind.CRITICAL, {"category": "other"}, "/mission", Role.VERIFIER)


@pytest.fixture
def team(any_store: Store) -> Store:
    for role in Role:
        add(any_store.engine, role.value, role)
    return any_store


@pytest.fixture
def country(team: Store) -> Country:
    return Country(team)


@pytest.fixture
def address(team: Store, country: Country) -> Iterator[str]:
    with served(create_app(team, ELECTIONS, options=QUICK)) as address:
        yield address


@contextmanager
def member(address: str, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://{address}") as client:
        client.headers.update(own(client))
        assert sign_in(client, name).status_code == 200
        yield client


def ticket(client: httpx.Client) -> str:
    return str(client.post(f"{MISSION}/ticket").json()["ticket"])


def ask(listener: Follower, ticket: str | None, **place: Any) -> None:
    wish = {"t": "sub", "topics": ["mission"], "ticket": ticket, **place}
    listener.socket.send(json.dumps(wish))


def refused(listener: Follower) -> dict[str, Any]:
    """What is said when the socket is closed: nothing of the topic came before."""
    message = listener.receive()
    assert message["t"] == "bye"
    with pytest.raises(ConnectionClosed):
        listener.socket.recv(5)
    return message


def publish(store: Store, news: News) -> bool:
    with exclusive(store.engine) as connection:
        return raise_alert(connection, news, moments.utc_now(), is_test=False)


def test_an_alert_reaches_whoever_came_with_a_ticket(address: str, team: Store) -> None:
    with member(address, "verifier") as client, follow(address) as listener:
        ask(listener, ticket(client))
        assert listener.next("hello")["epoch"].startswith("m")
        assert listener.next("snap")["state"] == {}
        assert publish(team, CRITICAL)
        [change] = listener.next("delta")["changes"]
        assert change["d"]["kind"] == "critical"
        assert change["d"]["figures"] == {"category": "other"}
        [shown] = client.get(f"{MISSION}/alerts").json()["alerts"]
        assert {"id": shown["id"], **change["d"]} == shown
        assert change["k"] == f"alert/{shown['id']}"


def test_a_second_alert_of_the_same_thing_is_not_raised(address: str, team: Store) -> None:
    assert publish(team, CRITICAL)
    assert not publish(team, CRITICAL)


def test_an_observer_hears_of_the_count_but_not_of_incidents(address: str, team: Store) -> None:
    with member(address, "observer") as client, follow(address) as listener:
        ask(listener, ticket(client))
        listener.next("hello")
        listener.next("snap")
        publish(team, CRITICAL)
        publish(team, News("feed", AlertKind.FEED_STALE))
        assert [change["d"]["kind"] for change in listener.next("delta")["changes"]] == ["feed_stale"]
        assert [alert["kind"] for alert in client.get(f"{MISSION}/alerts").json()["alerts"]] == ["feed_stale"]


def test_an_observer_cannot_count_what_others_were_told_between_two_alerts(address: str, team: Store) -> None:
    with member(address, "observer") as client, follow(address) as listener, follow(address) as again:
        publish(team, News("feed/1", AlertKind.FEED_STALE))
        ask(listener, ticket(client))
        epoch = listener.next("hello")["epoch"]
        assert listener.next("snap")["state"].keys() == {"alert/1"}
        for n in range(3):
            publish(team, structs.replace(CRITICAL, key=f"incident/{n}"))
        publish(team, News("feed/2", AlertKind.FEED_STALE))
        delta = listener.next("delta")
        assert (delta["prev"], delta["seq"], delta["changes"][0]["k"]) == (1, 2, "alert/2")
        alerts = f"{MISSION}/alerts"
        assert [alert["id"] for alert in client.get(alerts).json()["alerts"]] == [2, 1]
        page = client.get(alerts, params={"limit": 1}).json()
        assert (page["next"], client.get(alerts, params={"before": 2}).json()["alerts"][0]["id"]) == (2, 1)
        again.stand(epoch, 1, {})
        ask(again, ticket(client), epoch=epoch, **{"from": 1})
        again.next("hello")
        assert [change["k"] for change in again.next("delta")["changes"]] == ["alert/2"]
    with member(address, "verifier") as client, follow(address) as listener:
        ask(listener, ticket(client), epoch=epoch, **{"from": 2})  # another's numbers say nothing here
        listener.next("hello")
        assert len(listener.next("snap")["state"]) == 5


def test_a_ticket_is_good_once_and_only_for_a_while(address: str, team: Store) -> None:
    with member(address, "verifier") as client:
        mine, late = ticket(client), ticket(client)
        with follow(address) as listener:
            ask(listener, mine)
            listener.next("hello")
        with follow(address) as again:
            ask(again, mine)
            assert refused(again)["code"] == 4003
        with transaction(team.engine) as connection:
            connection.execute(text("UPDATE tickets SET ends_at = '2020-01-01T00:00:00Z'"))
        with follow(address) as slow:
            ask(slow, late)
            assert refused(slow)["code"] == 4003


@pytest.mark.parametrize("given", [None, "", "no-such-ticket", "' OR 1=1 --"])
def test_without_a_ticket_there_is_no_such_topic(address: str, given: str | None) -> None:
    with member(address, "verifier") as client:
        cookie = f"escrutinio_session={client.cookies['escrutinio_session']}"
        # A cookie that goes with the socket counts nothing: any page could have opened it.
        with follow(address, additional_headers={"Cookie": cookie}) as listener:
            ask(listener, given)
            assert refused(listener)["code"] in (4000, 4003)


def test_the_topic_is_never_mixed_with_the_counts(address: str, team: Store) -> None:
    with member(address, "verifier") as client, follow(address) as listener:
        wish = {"t": "sub", "topics": ["nation", "mission"], "ticket": ticket(client)}
        listener.socket.send(json.dumps(wish))
        assert refused(listener)["code"] == 4000
    for path in (f"{BASE}/state?", f"{BASE}/changes?epoch=x&from=0&", f"{BASE}/stream?"):
        answer = httpx.get(f"http://{address}{path}topic=mission")
        assert answer.status_code in (404, 410)
        assert "alert" not in answer.text


def test_a_listener_goes_on_where_it_stood(address: str, team: Store) -> None:
    with member(address, "verifier") as client:
        publish(team, CRITICAL)
        with follow(address) as first:
            ask(first, ticket(client))
            epoch = first.next("hello")["epoch"]
            first.next("snap")
        publish(team, structs.replace(CRITICAL, key="incident/2"))
        with follow(address) as second:
            second.stand(epoch, first.seq, first.state)
            ask(second, ticket(client), epoch=epoch, **{"from": first.seq})
            second.next("hello")
            assert len(second.next("delta")["changes"]) == 1
            assert len(second.state) == 2
            # Another subscription of the same socket needs no other ticket.
            ask(second, "used", epoch="another", **{"from": 0})
            second.next("hello")
            assert second.next("snap")["state"] == second.state


def let_go_in(listener: Follower, seconds: float) -> int:
    """The code with which a listener is let go within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = listener.receive(seconds)
        if message["t"] == "bye":
            return int(message["code"])
        assert message["t"] == "hb"
    raise AssertionError("still there")


@pytest.mark.parametrize("end", ["revoked", "signed out"])
def test_who_may_come_in_no_more_is_let_go_at_the_next_heartbeat(address: str, team: Store, end: str) -> None:
    with member(address, "verifier") as client, follow(address) as listener:
        ask(listener, ticket(client))
        listener.next("hello")
        listener.next("snap")
        listener.next("hb")
        if end == "revoked":
            revoke_account(team.engine, "verifier", COMMAND_LINE, moments.utc_now())
        else:
            assert client.delete(f"{MISSION}/session").status_code == 204
        assert let_go_in(listener, 3) == 4003


def test_a_device_may_listen_until_it_is_revoked(address: str, team: Store) -> None:
    token = device_token(team.engine, "observer")
    with httpx.Client(base_url=f"http://{address}", headers={"Authorization": f"Bearer {token}"}) as phone:
        mine = ticket(phone)
    with follow(address) as listener:
        ask(listener, mine)
        listener.next("hello")
        revoke_account(team.engine, "observer", COMMAND_LINE, moments.utc_now())
        listener.next("snap")
        assert let_go_in(listener, 3) == 4003


def kinds(client: httpx.Client) -> list[str]:
    return [alert["kind"] for alert in client.get(f"{MISSION}/alerts").json()["alerts"]]


def test_replicas_raise_each_alert_of_the_count_once(address: str, team: Store, country: Country) -> None:
    with served(create_app(team, ELECTIONS, options=QUICK)) as other, member(address, "verifier") as client:
        wait_until(lambda: _watched(team))
        country.count(["000001"], minute(5), (70, 60))
        country.count(["000001"], minute(6), (71, 60))
        country.count(["000002"], minute(7), (70, 60))
        country.count(["000002"], minute(8), (60, 60))
        wait_until(lambda: kinds(client) == ["correction", "correction"])
        time.sleep(2.5)  # both have looked again
        assert kinds(client) == ["correction", "correction"]
        with member(other, "verifier") as second:
            assert kinds(second) == ["correction", "correction"]


def _watched(store: Store) -> bool:
    with transaction(store.engine) as connection:
        return connection.execute(text("SELECT count(*) FROM alert_watches")).scalar_one() > 0


def test_a_decision_and_a_silent_source_are_noticed_in_a_count_under_way(
    address: str, team: Store, country: Country
) -> None:
    def now() -> str:
        return moments.write(moments.utc_now().replace(microsecond=0))

    with member(address, "observer") as client:
        country.report("ok", now())
        country.count(country.mesas[:4], minute(5), (90, 10))
        country.publish([NATION], minute(6))
        wait_until(lambda: noted(team, "source/%", "ok") and noted(team, "decision/%", "undecided"))
        country.count(country.mesas[4:], minute(7), (90, 10))
        country.publish([NATION], minute(8))
        wait_until(lambda: kinds(client) == ["decided"])
        country.report("down", now())
        wait_until(lambda: kinds(client) == ["feed_stale", "decided"])


def noted(store: Store, name: str, value: str) -> bool:
    noted = text("SELECT count(*) FROM alert_watches WHERE name LIKE :name AND value = :value")
    with transaction(store.engine) as connection:
        return connection.execute(noted, {"name": name, "value": value}).scalar_one() > 0


def test_what_was_there_before_the_first_look_is_no_news(team: Store, country: Country) -> None:
    country.count(["000001"], minute(5), (70, 60))
    country.count(["000001"], minute(6), (71, 60))
    with served(create_app(team, ELECTIONS, options=QUICK)) as address, member(address, "verifier") as client:
        wait_until(lambda: _watched(team))
        time.sleep(1.5)
        assert kinds(client) == []


def test_the_log_and_its_hashes_know_nothing_of_the_mission(address: str, team: Store, country: Country) -> None:
    before = httpx.get(f"http://{address}{BASE}/state").json()
    rows = _log(team)
    with member(address, "verifier") as client, follow(address) as listener, follow(address) as public:
        public.subscribe("nation")
        public.next("hello")
        public.next("snap")
        ask(listener, ticket(client))
        listener.next("hello")
        listener.next("snap")
        publish(team, CRITICAL)
        listener.next("delta")
        public.next("hb")
    assert _log(team) == rows
    after = httpx.get(f"http://{address}{BASE}/state").json()
    assert (after["seq"], after["hash"], after["state"]) == (before["seq"], before["hash"], before["state"])


def _log(store: Store) -> list[Any]:
    with transaction(store.engine) as connection:
        return [
            tuple(row) for row in connection.execute(text("SELECT key, seq, kind, data FROM changes ORDER BY key, seq"))
        ]
