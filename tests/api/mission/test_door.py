"""Coming in while others try to keep people out: over HTTP, behind a proxy that says who asks."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_network

import httpx
import pytest
from fastapi import FastAPI
from msgspec import structs
from sqlalchemy import insert

from api.main import create_app
from api.options import MissionOptions
from mission.people.auditlog import COMMAND_LINE
from mission.people.devices import invite
from mission.people.passwords import Passwords
from mission.people.roles import Role
from mission.people.tables import attempts
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, served
from tests.api.country import Country
from tests.api.mission.conftest import MISSION, OPTIONS, PASSWORD, QUICK_PASSWORDS, add
from tests.waiting import PATIENCE_S, wait_until

CARRIER, HOME, ELSEWHERE = "198.51.100.1", "203.0.113.7", "192.0.2.9"


class _Counting(Passwords):
    """Passwords that are quick to check and counted; a wrong one waits until `go` is set."""

    def __init__(self) -> None:
        super().__init__(QUICK_PASSWORDS._hasher)
        self.checked, self.go = 0, threading.Event()
        self.go.set()

    def is_right(self, kept: str | None, password: str) -> bool:
        self.checked += 1
        if password != PASSWORD:
            assert self.go.wait(PATIENCE_S)
        return super().is_right(kept, password)


class Street:
    """A served mission, and the people before its door."""

    def __init__(self, host: str, app: FastAPI, passwords: _Counting) -> None:
        self.host, self.app, self.passwords = host, app, passwords

    def waiting(self) -> int:
        """How many strangers' passwords wait to be checked, or are being checked."""
        return int(self.app.state.services.door._waiting.total())

    def client(self, address: str) -> httpx.Client:
        """A browser there, on a page of ours."""
        headers = {"X-Forwarded-For": address, "Origin": f"http://{self.host}"}
        return httpx.Client(base_url=f"http://{self.host}", headers=headers, timeout=PATIENCE_S)

    def fail(self, address: str, names: list[str]) -> list[int]:
        """Wrong passwords for those names, one after the other."""
        with self.client(address) as client:
            return [try_in(client, name, "wrong password").status_code for name in names]

    def redeem(self, address: str, code: str) -> int:
        """A device comes in with a code."""
        with self.client(address) as client:
            return client.post(f"{MISSION}/devices", json={"code": code}).status_code

    def code(self) -> str:
        """A new invitation's."""
        return invite(self.app.state.services.store.engine, None, COMMAND_LINE, moments.utc_now()).code


@pytest.fixture
def street(store: Store) -> Iterator[Street]:
    Country(store)
    for role in Role:
        add(store.engine, role.value, role)
    passwords = _Counting()
    app = create_app(store, ELECTIONS, options=structs.replace(OPTIONS, mission=MissionOptions(passwords=passwords)))
    with served(app, trusted_proxies=[ip_network("127.0.0.1")]) as host:
        yield Street(host, app, passwords)
        passwords.go.set()


def try_in(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    return client.post(f"{MISSION}/session", json={"name": name, "password": password})


@contextmanager
def flood(street: Street, address: str, name: str, connections: int) -> Iterator[list[httpx.Response]]:
    """So many connections that guess, again and again, until the block ends; what they are answered."""
    answers, done = list[httpx.Response](), threading.Event()

    def guess(_: int) -> None:
        with street.client(address) as client:
            while not done.is_set():
                answers.append(try_in(client, name, "wrong password"))

    with ThreadPoolExecutor(connections) as crowd:
        guessing = crowd.map(guess, range(connections))
        try:
            yield answers
        finally:
            done.set()
        list(guessing)


def test_while_a_throttled_address_floods_people_come_in_and_no_password_of_it_is_checked(street: Street) -> None:
    assert street.fail(ELSEWHERE, ["admin"] * 11) == [401] * 10 + [429]
    checked = street.passwords.checked
    with flood(street, ELSEWHERE, "admin", 75) as answers, street.client(HOME) as person:
        for name in ("admin", "verifier"):
            assert try_in(person, name).status_code == 200
        assert street.redeem(HOME, street.code()) == 201
    assert len(answers) >= 75
    assert {answer.status_code for answer in answers} == {429}
    assert 0 < int(answers[0].headers["retry-after"]) <= 15 * 60
    assert street.passwords.checked == checked + 2


def test_twenty_wrong_passwords_from_two_addresses_shut_nobody_else_out(street: Street) -> None:
    for address in (CARRIER, ELSEWHERE):
        assert street.fail(address, ["coordinator"] * 11) == [401] * 10 + [429]
    with street.client(HOME) as person:
        assert try_in(person, "coordinator").status_code == 200


def test_behind_a_carriers_address_with_57_failures_people_sign_in_and_devices_are_redeemed(street: Street) -> None:
    names = [f"guess{n}" for n in range(57)]
    assert set(street.fail(CARRIER, names)) == {401}
    for _ in range(57):
        assert street.redeem(CARRIER, "2345-6789-ABCD-EFGH") == 401
    with street.client(CARRIER) as person:
        assert try_in(person, "verifier").status_code == 200
    assert street.redeem(CARRIER, street.code()) == 201


def test_who_came_in_before_comes_in_from_anywhere_while_strangers_fill_the_queue(street: Street) -> None:
    with street.client(HOME) as person:
        assert try_in(person, "coordinator").status_code == 200
        person.headers["X-Forwarded-For"] = CARRIER  # by bus
        person.cookies.delete("escrutinio_session")
        street.passwords.go.clear()
        limits = THRESHOLDS.hashing
        addresses = limits.most_waiting // limits.waiting_per_address
        with ThreadPoolExecutor(limits.most_waiting) as crowd:
            guesses = [
                crowd.submit(street.fail, f"198.51.100.{n % addresses + 10}", [f"name{n}"])
                for n in range(limits.most_waiting)
            ]
            wait_until(lambda: street.waiting() == limits.most_waiting)
            with street.client(ELSEWHERE) as stranger:
                away = try_in(stranger, "verifier")
                assert (away.status_code, "retry-after" in away.headers) == (503, True)
            assert try_in(person, "coordinator").status_code == 200
            assert street.redeem(ELSEWHERE, street.code()) == 201
            street.passwords.go.set()
            assert {guess.result()[0] for guess in guesses} == {401}
        assert street.waiting() == 0


def test_an_admin_sees_a_lock_and_clears_it(street: Street) -> None:
    assert street.fail(HOME, ["verifier"] * 11)[-1] == 429
    with street.client(ELSEWHERE) as admin, street.client(HOME) as person:
        assert try_in(admin, "admin").status_code == 200
        [lock] = admin.get(f"{MISSION}/locks").json()["locks"]
        assert (lock["kind"], lock["name"], lock["failures"]) == ("pair", "verifier", 10)
        assert HOME not in str(lock)
        assert try_in(person, "verifier").status_code == 429
        assert admin.delete(f"{MISSION}/locks/{lock['id']}").status_code == 204
        assert try_in(person, "verifier").status_code == 200
        assert admin.delete(f"{MISSION}/locks/{lock['id']}").status_code == 404
        [line] = admin.get(f"{MISSION}/activity", params={"limit": 2}).json()["deeds"][1:]
        assert (line["actor"], line["deed"], line["subject"]) == ("admin", "lock cleared", "verifier")


def test_a_server_removes_by_itself_what_has_served_its_time(store: Store) -> None:
    Country(store)
    add(store.engine, "admin", Role.ADMIN)
    long_ago = {"subject": "account/admin", "address": "0" * 64, "at": "2020-01-01T00:00:00Z", "is_good": True}
    with store.engine.begin() as connection:
        connection.execute(insert(attempts).values(**long_ago))
    with served(create_app(store, ELECTIONS, options=OPTIONS)), store.engine.connect() as connection:
        wait_until(lambda: connection.execute(attempts.select()).all() == [])


def test_known_by_https_the_cookies_are_secure_behind_any_proxy_and_pages_ask_in_no_other_way(store: Store) -> None:
    Country(store)
    add(store.engine, "admin", Role.ADMIN)
    options = structs.replace(OPTIONS, public_url="https://count.example")
    with served(create_app(store, ELECTIONS, options=options)) as host, httpx.Client(base_url=f"http://{host}") as one:
        one.headers["Origin"] = f"http://{host}"
        answer = try_in(one, "admin")
        cookies = answer.headers.get_list("set-cookie")
        assert [cookie.partition("=")[0] for cookie in cookies] == [
            "__Host-escrutinio_session",
            "__Host-escrutinio_browser",
        ]
        for cookie in cookies:
            assert {"secure", "httponly", "samesite=strict", "path=/"} <= set(cookie.lower().split("; "))
            assert "domain=" not in cookie.lower()
        jar = {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies)}
        assert one.get(f"{MISSION}/session", headers=jar).json()["name"] == "admin"
        unprefixed = {"Cookie": jar["Cookie"].replace("__Host-", "")}
        assert one.get(f"{MISSION}/session", headers=unprefixed).status_code == 204
        for path in ("/healthz", f"{MISSION}/session"):
            assert one.get(path).headers["strict-transport-security"] == "max-age=31536000"


def test_known_by_no_https_nothing_is_said_of_it(street: Street) -> None:
    with street.client(HOME) as client:
        assert "strict-transport-security" not in client.get("/healthz").headers
