"""Answers from the ready answers are those of the routes, in every coding, and never of a version that has passed."""

import gzip
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import brotli
import httpx
import pytest

from api.http.answers import Representation, choose_coding
from api.serving.ready_answers import ReadyAnswers
from tests.api.conftest import BASE
from tests.api.country import Country, minute
from tests.api.standing import scope_of

URLS = [f"{BASE}/state", f"{BASE}/state/1?topic=districts", f"{BASE}/results?level=district"]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_the_second_answer_is_the_first_without_the_application(client: httpx.Client, url: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    first = client.get(url, headers=headers)
    with patch("api.http.answers.Response", side_effect=AssertionError("the application was asked")):
        second = client.get(url, headers=headers)
    assert (second.status_code, second.content) == (200, first.content)
    ignored = {"date"}
    assert {k: v for k, v in second.headers.items() if k not in ignored} == {
        k: v for k, v in first.headers.items() if k not in ignored
    }
    assert second.headers.get("content-encoding", "identity") == coding


def test_every_spelling_of_an_address_is_one_answer() -> None:
    ready, plain = ReadyAnswers(is_https=False), scope_of("/area/department/14", {})
    spelled = {**plain, "raw_path": b"/%61rea/department/14"}
    ready.keep(spelled, Representation(b"page"), "no-store", lambda: True)
    assert ready.find(spelled) == ready.find(plain)
    assert ready.find(plain) is not None


@pytest.mark.parametrize("url", URLS)
def test_what_the_client_has_is_not_sent_again(client: httpx.Client, url: str) -> None:
    first = client.get(url)
    for known in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
        answer = client.get(url, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", first.headers["etag"])
        assert answer.headers["cache-control"] == first.headers["cache-control"]
        assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get(url, headers={"If-None-Match": '"e-0"'}).status_code == 200


def test_a_new_version_is_never_answered_with_the_old(
    client: httpx.Client, country: Country, caught_up: Callable[[], None]
) -> None:
    for n in range(2, 7):
        country.count([country.mesas[n]], minute(n))
        caught_up()
        for url in URLS[::2]:
            answers: list[Any] = [client.get(url).json() for _ in range(2)]
            assert [answer["seq"] for answer in answers] == [n, n]
        assert client.get(URLS[1]).json()["seq"] == 1


def test_packed_bodies_are_the_plain_one(client: httpx.Client) -> None:
    bodies = {}
    for coding in ("br", "gzip", "identity"):
        with client.stream("GET", URLS[2], headers={"Accept-Encoding": coding}) as response:
            bodies[coding] = b"".join(response.iter_raw())
    assert brotli.decompress(bodies["br"]) == gzip.decompress(bodies["gzip"]) == bodies["identity"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, GZIP", "gzip"),
        ("", "identity"),
        ("zstd", "identity"),
    ],
)
def test_the_best_coding_that_is_allowed(accepted: str, coding: str) -> None:
    assert choose_coding(accepted) == coding
