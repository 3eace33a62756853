"""The relay's door: closed unless a token is set, then open to its holder alone, for answers of the source alone."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.main import create_app
from api.options import ServeOptions
from tally import moments
from tally.errors import InvalidInput
from tally.storage.relays import open_relayed
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import ELECTION, Country
from tests.api.test_errors import problem

TOKEN = "a-token-of-some-length"
PATH = "/api/v1/relay"
AT = "2026-06-08T02:12:03Z"
URL = f"https://{ELECTION.hosts[0]}/presentacion-backend/resumen-general/totales?idEleccion=10&tipoFiltro=eleccion"
HOLDER = {"Authorization": f"Bearer {TOKEN}"}
BODY = b'{"success":true}'


@pytest.fixture
def relay(any_store: Store) -> Iterator[httpx.Client]:
    Country(any_store)
    options = ServeOptions(poll_s=0.02, relay_token=TOKEN)
    with client_of(create_app(any_store, ELECTIONS, options=options)) as client:
        yield client


def test_without_a_token_there_is_no_such_route(untouched: httpx.Client) -> None:
    answer = untouched.post(PATH, headers=HOLDER, content=BODY)
    assert answer.status_code == 404
    assert problem(answer)["detail"] == f"there is nothing at {PATH}"
    assert PATH not in untouched.get("/openapi.json").json()["paths"]


def test_a_token_that_could_be_guessed_is_refused_at_the_start(store: Store) -> None:
    with pytest.raises(InvalidInput, match="at least 16 characters"):
        create_app(store, ELECTIONS, options=ServeOptions(relay_token="short"))


@pytest.mark.parametrize("form", ["query", "headers", "envelope"])
def test_an_answer_is_stored_before_it_is_acknowledged(relay: httpx.Client, any_store: Store, form: str) -> None:
    if form == "query":
        answer = relay.post(PATH, params={"url": URL, "fetched_at": AT}, headers=HOLDER, content=BODY)
    elif form == "headers":
        named = {"X-Relay-Url": URL, "X-Relay-Fetched-At": AT}
        answer = relay.post(PATH, headers={**HOLDER, **named}, content=BODY)
    else:
        sent = {"url": URL, "fetched_at": AT, "body_base64": base64.b64encode(BODY).decode()}
        answer = relay.post(PATH, headers=HOLDER, json=sent)
    assert answer.status_code == 202
    receipt = answer.json()
    assert receipt["election"] == ELECTION.id
    [kept] = open_relayed(any_store, ELECTION.id, 10)
    assert (kept.id, kept.url, kept.fetched_at, kept.body) == (receipt["id"], URL, AT, BODY)


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ñ"])
def test_nobody_else_may_hand_anything_over(relay: httpx.Client, any_store: Store, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode()}
    answer = relay.post(PATH, params={"url": URL, "fetched_at": AT}, headers=headers, content=BODY)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in problem(answer)["detail"]
    assert open_relayed(any_store, ELECTION.id, 10) == []


def sent(relay: httpx.Client, body: bytes = BODY, **params: str) -> Any:
    answer = relay.post(PATH, params={"url": URL, "fetched_at": AT, **params}, headers=HOLDER, content=body)
    return answer.status_code, problem(answer)["detail"]


def test_what_is_not_an_answer_of_the_source_is_refused(relay: httpx.Client, any_store: Store) -> None:
    host = ELECTION.hosts[0]
    for url in (
        "https://elsewhere.example/x",
        f"ftp://{host}/x",
        f"https://{host}:8443/x",
        f"https://u@{host}/x",
        "x",
        f"https://{host}/\0",
    ):
        status, detail = sent(relay, url=url)
        assert (status, host in detail) == (422, True)
    assert sent(relay, fetched_at="yesterday")[0] == 422
    future = moments.write(moments.utc_now() + timedelta(minutes=6))
    assert "lies in the future" in sent(relay, fetched_at=future)[1]
    assert "has no body" in sent(relay, b"")[1]
    for envelope in (b"{}", b"[", b'{"url":"x","fetched_at":"x","body_base64":"?"}', b"\xff"):
        answer = relay.post(PATH, headers=HOLDER, content=envelope)
        assert answer.status_code == 422
        assert "body_base64" in problem(answer)["detail"]
    assert open_relayed(any_store, ELECTION.id, 10) == []


def test_a_slow_clock_of_a_few_minutes_is_forgiven(relay: httpx.Client) -> None:
    soon = moments.write(moments.utc_now() + timedelta(minutes=4))
    answer = relay.post(PATH, params={"url": URL, "fetched_at": soon}, headers=HOLDER, content=BODY)
    assert answer.status_code == 202


def test_more_than_16_megabytes_are_not_taken(relay: httpx.Client) -> None:
    status, detail = sent(relay, b" " * 16_000_001)
    assert status == 413
    assert "16000000 bytes" in detail


def test_a_database_nobody_polls_does_not_fill_up(relay: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.relay._MOST_WAITING", 1)
    assert relay.post(PATH, params={"url": URL, "fetched_at": AT}, headers=HOLDER, content=BODY).status_code == 202
    assert sent(relay)[0] == 429


def test_only_post_is_possible(relay: httpx.Client) -> None:
    answer = relay.get(PATH)
    assert answer.status_code == 405
    assert "POST" in problem(answer)["detail"]
