"""Coming in and going out, as a browser does it and as an attacker would try to."""

import json
import re
import socket
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_network

import httpx
import pytest
from argon2 import PasswordHasher
from msgspec import structs

from api.main import create_app
from api.options import MissionOptions
from mission.people.accounts import Newcomer, add_account, revoke_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.passwords import Passwords
from mission.people.roles import Role
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of, served
from tests.api.country import Country
from tests.api.mission.conftest import (
    MISSION,
    OPTIONS,
    PASSWORD,
    add,
    as_browser,
    device_token,
    make_app,
    own,
    sign_in,
)
from tests.databases import sqlite_in
from tests.waiting import PATIENCE_S

Served = tuple[httpx.Client, Store]
COOKIE = "escrutinio_session"


def people(store: Store) -> Store:
    """A store with one account a role."""
    Country(store)
    for role in Role:
        add(store.engine, role.value, role)
    return store


@pytest.fixture
def team(store: Store) -> Store:
    return people(store)


@pytest.fixture
def client(team: Store) -> Iterator[httpx.Client]:
    """A browser on a page of ours that is not signed in."""
    with client_of(make_app(team)) as client:
        client.headers.update(own(client))
        yield client


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of one server for all tests that leave it as they found it."""
    store = people(Store.open(sqlite_in(tmp_path_factory.mktemp("sessions"))))
    with client_of(make_app(store)) as client:
        yield client
    store.close()


@pytest.fixture
def visitor(lasting: httpx.Client) -> Iterator[httpx.Client]:
    """A browser on a page of that server that is not signed in."""
    with as_browser(lasting) as browser:
        yield browser


def test_a_session_is_a_cookie_that_scripts_and_other_sites_never_see(served_mission: Served) -> None:
    client, _ = served_mission
    answer = sign_in(client, "verifier")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["role"]) == ("verifier", "verifier")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("httponly", "samesite=strict", "path=/"):
        assert part in cookie
    for part in ("secure", "domain"):
        assert part not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers
    assert client.get(f"{MISSION}/session").json()["role"] == "verifier"


def test_without_an_admin_there_is_no_mission(any_store: Store) -> None:
    Country(any_store)
    add(any_store.engine, "coordinator", Role.COORDINATOR)
    with client_of(make_app(any_store)) as client:
        for method in ("GET", "POST", "DELETE", "PUT", "OPTIONS"):
            for path in (f"{MISSION}/session", f"{MISSION}/accounts", MISSION, "/api/v1/incidents", "/mission"):
                answer = client.request(method, path)
                assert answer.status_code == 404, (method, path)
                assert path == "/mission" or answer.json()["detail"] == f"there is nothing at {path}"
        assert client.get(f"{MISSION}/x").headers["cache-control"] == "no-store"
        add(any_store.engine, "admin", Role.ADMIN)
        assert client.get(f"{MISSION}/session").status_code == 204


def test_behind_tls_the_cookie_never_goes_in_the_clear(team: Store) -> None:
    proxies = [ip_network("127.0.0.1")]
    with served(make_app(team), trusted_proxies=proxies) as address:
        headers = {"Origin": f"https://{address}", "X-Forwarded-Proto": "https"}
        body = {"name": "admin", "password": PASSWORD}
        answer = httpx.post(f"http://{address}{MISSION}/session", json=body, headers=headers)
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_signing_out_ends_the_session_itself_not_only_its_cookie(client: httpx.Client) -> None:
    sign_in(client, "verifier")
    stolen = client.cookies[COOKIE]
    assert client.delete(f"{MISSION}/session").status_code == 204
    assert COOKIE not in client.cookies
    again = client.get(f"{MISSION}/session", headers={"Cookie": f"{COOKIE}={stolen}"})
    assert again.status_code == 204


def test_an_id_somebody_planted_is_not_taken_over(client: httpx.Client) -> None:
    planted = "A" * 43
    client.cookies.set(COOKIE, planted)
    answer = sign_in(client, "verifier")
    assert answer.cookies[COOKIE] != planted
    with as_browser(client) as attacker:
        attacker.cookies.set(COOKIE, planted)
        assert attacker.get(f"{MISSION}/session").status_code == 204


def test_a_session_that_was_planted_ends_when_somebody_signs_in_over_it(client: httpx.Client) -> None:
    with as_browser(client) as attacker:
        sign_in(attacker, "observer")
        client.cookies.set(COOKIE, attacker.cookies[COOKIE])
        assert sign_in(client, "coordinator").status_code == 200
        assert attacker.get(f"{MISSION}/session").status_code == 204


FOREIGN = [
    "https://evil.example",
    "null",
    "http://127.0.0.1.evil.example",
    "http://evil.example:80",
    "",
    "http://",
    "http://[",
]


@pytest.mark.parametrize("origin", [None, *FOREIGN])
def test_another_sites_page_can_do_nothing_with_the_cookie(visitor: httpx.Client, origin: str | None) -> None:
    sign_in(visitor, "admin")
    jar = {"Cookie": f"{COOKIE}={visitor.cookies[COOKIE]}", **({} if origin is None else {"Origin": origin})}
    with httpx.Client(base_url=visitor.base_url) as page:
        for method, path in (
            ("POST", "session"),
            ("POST", "accounts"),
            ("POST", "ticket"),
            ("POST", "intake-stop"),
            ("DELETE", "session"),
        ):
            body = json.dumps({"name": "admin", "password": PASSWORD, "reason": "x"}).encode()
            sent = body if method == "POST" else None
            answer = page.request(
                method, f"{MISSION}/{path}", content=sent, headers={**jar, "Content-Type": "application/json"}
            )
            assert answer.status_code == 403, (method, path)
            assert "set-cookie" not in answer.headers
    assert visitor.get(f"{MISSION}/session").status_code == 200
    assert visitor.get(f"{MISSION}/intake-stop").json()["is_stopped"] is False


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_form_is_no_request_of_ours(visitor: httpx.Client, kind: str) -> None:
    sign_in(visitor, "admin")
    sent = b'{"reason":"x"}'
    answer = visitor.post(f"{MISSION}/intake-stop", content=sent, headers={"Content-Type": kind})
    assert answer.status_code == 403
    assert "application/json" in answer.json()["detail"]


def test_no_other_page_may_read_or_ask_beforehand(visitor: httpx.Client) -> None:
    sign_in(visitor, "admin")
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for answer in (
        visitor.options(f"{MISSION}/accounts", headers=asked),
        visitor.get(f"{MISSION}/accounts", headers={"Origin": "https://evil.example"}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Role": "admin"},
        {"Role": "admin", "X-User": "admin", "X-Remote-User": "admin", "X-Forwarded-User": "admin"},
        {"X-Original-URL": "/healthz", "X-Rewrite-URL": "/healthz"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer null"},
        {"Authorization": f"Bearer {PASSWORD}"},
        {"Cookie": f"{COOKIE}=admin; role=admin; user=1"},
        {"Cookie": f'{COOKIE}=" OR 1=1 --'},
        {"Cookie": f"{COOKIE}="},
    ],
)
def test_nobody_becomes_somebody_by_a_header(visitor: httpx.Client, headers: dict[str, str]) -> None:
    assert visitor.get(f"{MISSION}/accounts", headers=headers).status_code == 401
    assert visitor.get(f"{MISSION}/accounts?role=admin&user=admin", headers=headers).status_code == 401


def test_a_method_cannot_be_smuggled(visitor: httpx.Client) -> None:
    sign_in(visitor, "admin")
    sent = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    assert visitor.get(f"{MISSION}/session?_method=DELETE", headers=sent).status_code == 200
    assert visitor.get(f"{MISSION}/session").status_code == 200


def test_a_token_that_is_no_good_is_not_made_good_by_a_cookie(visitor: httpx.Client) -> None:
    sign_in(visitor, "admin")
    answer = visitor.get(f"{MISSION}/accounts", headers={"Authorization": "Bearer nothing"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/mission/accounts/",
        "//api/v1/mission/accounts",
        "/api/v1//mission/accounts",
        "/api/v1/MISSION/accounts",
        "/api/v1/%6dission/accounts",
        "/api/v1/mission%2faccounts",
        "/api/v1/mission/accounts%00",
        "/api/v1/mission/accounts;x",
        "/api/v1/elections/..%2fmission/accounts",
        "/api/v1/elections/%2e%2e/mission/accounts",
        "/healthz/../api/v1/mission/accounts",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_other_spelling_of_a_path_leads_past_the_guard(visitor: httpx.Client, path: str, method: str) -> None:
    """Sent as it is: a visitor would tidy the path up."""
    host = visitor.base_url.netloc
    with socket.create_connection((visitor.base_url.host, visitor.base_url.port)) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + b"Host: " + host + b"\r\nConnection: close\r\n\r\n")
        status = int(line.makefile("rb").readline().split()[1])
    assert status in (400, 401, 404)


def test_a_head_is_guarded_like_the_get_it_is(visitor: httpx.Client) -> None:
    assert visitor.head(f"{MISSION}/accounts").status_code == 401
    sign_in(visitor, "verifier")
    assert visitor.head(f"{MISSION}/accounts").status_code == 403


def test_names_that_are_there_and_names_that_are_not_are_refused_alike(client: httpx.Client, team: Store) -> None:
    add_account(team.engine, Newcomer("phone-only", Role.OBSERVER), COMMAND_LINE, moments.utc_now())
    add(team.engine, "gone", Role.VERIFIER)
    revoke_account(team.engine, "gone", COMMAND_LINE, moments.utc_now())
    answers = [sign_in(client, name, "wrong password") for name in ("admin", "nobody", "phone-only", "gone", "ADMIN")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert len({json.dumps(sorted(set(answer.headers) - {"date"})) for answer in answers}) == 1


def test_whether_a_name_is_there_cannot_be_told_by_the_time(team: Store) -> None:
    passwords = Passwords(PasswordHasher(time_cost=3, memory_cost=16 * 1024, parallelism=1))
    add_account(team.engine, Newcomer("slow", Role.VERIFIER, passwords.hash(PASSWORD)), COMMAND_LINE, moments.utc_now())
    options = structs.replace(OPTIONS, mission=MissionOptions(passwords=passwords))
    times: dict[str, list[float]] = {"slow": [], "nobody": []}
    with client_of(create_app(team, ELECTIONS, options=options)) as client:
        sign_in(client, "warm-up", "wrong password")
        for _ in range(9):
            for name, taken in times.items():
                begun = time.perf_counter()
                assert sign_in(client, name, "wrong password").status_code == 401
                taken.append(time.perf_counter() - begun)
    # Without a hash to check a name nobody has would be answered ten times sooner.
    there, missing = (statistics.median(taken) for taken in times.values())
    assert 0.5 < missing / there < 2


class _Slow(Passwords):
    def is_right(self, kept: str | None, password: str) -> bool:
        time.sleep(0.05)
        return False


def test_a_flood_of_sign_ins_is_sent_away_before_it_takes_the_machine(team: Store) -> None:
    options = structs.replace(OPTIONS, mission=MissionOptions(passwords=_Slow()))
    with client_of(create_app(team, ELECTIONS, options=options)) as client, ThreadPoolExecutor(120) as crowd:
        answers = list(crowd.map(lambda n: sign_in(client, f"name{n}", "wrong password"), range(120)))
        assert {answer.status_code for answer in answers} <= {401, 429, 503}
        away = [answer for answer in answers if answer.status_code == 503]
        assert away
        assert away[0].headers["retry-after"]
        assert client.get(f"{BASE}/state").status_code == 200


@contextmanager
def guesses(team: Store, proxies: list[str]) -> Iterator[httpx.Client]:
    networks = [ip_network(proxy) for proxy in proxies]
    with served(make_app(team), trusted_proxies=networks) as address, httpx.Client(base_url=f"http://{address}") as one:
        yield one


def guess(client: httpx.Client, address: str) -> int:
    headers = {**own(client), "X-Forwarded-For": address}
    body = {"name": "admin", "password": "wrong password"}
    return client.post(f"{MISSION}/session", json=body, headers=headers).status_code


def test_a_made_up_address_does_not_lengthen_the_rope(team: Store) -> None:
    with guesses(team, []) as client:
        assert [guess(client, f"198.51.100.{n}") for n in range(11)] == [401] * 10 + [429]


def test_a_trusted_proxy_says_who_guesses(team: Store) -> None:
    with guesses(team, ["127.0.0.1"]) as client:
        assert [guess(client, "198.51.100.1") for _ in range(11)] == [401] * 10 + [429]
        assert guess(client, "198.51.100.2") == 401


def test_a_device_comes_in_with_a_code_and_ends_when_it_is_revoked(client: httpx.Client, team: Store) -> None:
    sign_in(client, "admin")
    made = client.post(f"{MISSION}/invitations", json={"name": "phone"}).json()
    with httpx.Client(base_url=client.base_url) as phone:  # a program: it sends no Origin
        answer = phone.post(f"{MISSION}/devices", json={"code": made["code"]})
        assert answer.status_code == 201
        phone.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        assert phone.get(f"{MISSION}/session").json()["pseudonym"] == made["pseudonym"]
        assert phone.post(f"{MISSION}/devices", json={"code": made["code"]}).status_code == 401
        assert client.post(f"{MISSION}/accounts/phone/revoke").status_code == 200
        assert phone.get(f"{MISSION}/session").status_code == 204
        assert phone.post(f"{MISSION}/ticket").status_code == 401


def test_a_sites_page_cannot_use_up_a_code(client: httpx.Client) -> None:
    sign_in(client, "admin")
    code = client.post(f"{MISSION}/invitations").json()["code"]
    headers = {"Origin": "https://evil.example"}
    assert client.post(f"{MISSION}/devices", json={"code": code}, headers=headers).status_code == 403
    assert client.post(f"{MISSION}/devices", json={"code": code}).status_code == 201


def test_a_body_that_is_too_large_is_refused_without_being_held(visitor: httpx.Client) -> None:
    sign_in(visitor, "admin")
    assert visitor.post(f"{MISSION}/intake-stop", json={"reason": "x" * 70_000}).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(4096):
            yield b" " * 65536

    headers = {"Content-Type": "application/json"}
    try:
        answer = visitor.post(f"{MISSION}/intake-stop", content=endless(), headers=headers)
        assert answer.status_code == 413
    except httpx.WriteError:  # the server hung up, which it may
        pass
    assert visitor.get(f"{MISSION}/session").status_code == 200


@pytest.mark.parametrize("path", [f"{MISSION}/accounts", "/api/v1/incidents", f"{MISSION}/incidents/x/photos"])
def test_whoever_is_not_let_in_is_told_before_they_have_sent_their_gigabyte(visitor: httpx.Client, path: str) -> None:
    host, origin = visitor.base_url.netloc, own(visitor)["Origin"].encode()
    with socket.create_connection((visitor.base_url.host, visitor.base_url.port), timeout=PATIENCE_S) as line:
        line.sendall(
            f"POST {path} HTTP/1.1\r\n".encode()
            + b"Host: " + host + b"\r\nOrigin: " + origin + b"\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000000000\r\n\r\n{"
        )  # fmt: skip
        assert line.makefile("rb").readline().split()[1] == b"401"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"reason":"\xff\xfe"}',
        b'{"reason":"\\ud800"}',
        b'{"reason":1}',
        b'{"reason":"x","also":1}',
        b'{"reason":""}',
        b'{"reason":"x"}garbage',
    ],
)
def test_nonsense_is_one_sentence(visitor: httpx.Client, body: bytes) -> None:
    sign_in(visitor, "admin")
    answer = visitor.post(f"{MISSION}/intake-stop", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert visitor.get(f"{MISSION}/intake-stop").json()["is_stopped"] is False


def test_public_answers_know_nothing_of_who_asks(visitor: httpx.Client) -> None:
    plain = visitor.get(f"{BASE}/state")
    sign_in(visitor, "admin")
    signed = visitor.get(f"{BASE}/state")
    assert signed.content == plain.content
    assert "cookie" not in signed.headers.get("vary", "").lower()
    assert "set-cookie" not in signed.headers
    assert signed.headers["access-control-allow-origin"] == "*"


def test_an_observer_with_a_password_and_one_with_a_device_may_do_the_same(client: httpx.Client, team: Store) -> None:
    sign_in(client, "observer")
    headers = {"Authorization": f"Bearer {device_token(team.engine, 'observer')}"}
    with httpx.Client(base_url=client.base_url, headers=headers) as phone:
        for path in ("session", "alerts", "accounts", "activity"):
            answers = [one.get(f"{MISSION}/{path}").status_code for one in (client, phone)]
            assert answers[0] == answers[1], path


def test_what_an_admin_does_is_in_the_log_under_their_name(client: httpx.Client) -> None:
    sign_in(client, "admin")
    client.post(f"{MISSION}/accounts", json={"name": "eva", "role": "verifier", "password": PASSWORD})
    assert client.post(f"{MISSION}/accounts", json={"name": "eva", "role": "admin"}).status_code == 409
    client.post(f"{MISSION}/accounts/eva/revoke")
    client.post(f"{MISSION}/intake-stop", json={"reason": "a drill"})
    client.delete(f"{MISSION}/intake-stop")
    log = client.get(f"{MISSION}/activity", params={"limit": 5}).json()
    done = [(line["actor"], line["deed"], line["subject"]) for line in reversed(log["deeds"])]
    assert done == [
        ("admin", "signed in", "admin"),
        ("admin", "account added", "eva"),
        ("admin", "account revoked", "eva"),
        ("admin", "intake stopped", ""),
        ("admin", "intake opened", ""),
    ]
    assert client.get(f"{MISSION}/activity", params={"before": log["next"]}).json()["deeds"]
    assert PASSWORD not in json.dumps(log)


def test_the_last_admin_cannot_lock_everybody_out(client: httpx.Client) -> None:
    sign_in(client, "admin")
    answer = client.post(f"{MISSION}/accounts/admin/revoke")
    assert (answer.status_code, "last admin" in answer.json()["detail"]) == (409, True)


def test_what_the_database_refuses_is_told_without_its_address(served_mission: Served) -> None:
    client, _ = served_mission
    answers = [client.post(f"{MISSION}/session", json={"name": "a\u0000b", "password": PASSWORD}, headers=own(client))]
    sign_in(client, Role.ADMIN.value)
    answers += [
        client.get(f"{MISSION}/flags/%00"),
        client.post(f"{MISSION}/accounts/%00/revoke", json={"reason": "lost"}, headers=own(client)),
        client.post(f"{MISSION}/observers/%00/quarantine", json={"reason": "lost"}, headers=own(client)),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500, answer.text
        assert not re.search("postgresql|sqlite|127[.]0", answer.text), answer.text
