"""What may stand in an embed's query, and that nothing of it is ever said back."""

import httpx
import pytest

from api.embed.choice import EmbedChoice, read_choice
from api.http.errors import UnknownChoice
from tests.api.embed.queries import MARKER, queries


@pytest.mark.parametrize(
    ("query", "choice"),
    [
        (b"", EmbedChoice("map")),
        (b"area=department/14&lang=en", EmbedChoice("map", "department/14", "en")),
        (b"lang=en&area=department%2F14", EmbedChoice("map", "department/14", "en")),
        (b"theme=dark&incidents=1", EmbedChoice("map", theme="dark", has_incidents=True)),
        (b"at=2030-01-06T22:01:00Z", EmbedChoice("map", at="2030-01-06T22:01:00Z")),
        (b"at=2030-01-06T17:01:00-05:00", EmbedChoice("map", at="2030-01-06T22:01:00Z")),
        (b"fbclid=IwAR0&theme=dark&utm_source=x&utm_source=y&view=bar", EmbedChoice("map", theme="dark")),
        (b"at=2030-01-07T03:01:00+05:00", EmbedChoice("map", at="2030-01-06T22:01:00Z")),
    ],
)
def test_a_query_makes_a_choice(query: bytes, choice: EmbedChoice) -> None:
    assert read_choice("map", query) == choice


@pytest.mark.parametrize(
    "query",
    [
        b"area=nation&area=nation",
        b"area=mesa/000001",
        b"area=department/1",
        b"lang=fr",
        b"lang=",
        b"incidents=yes",
        b"at=2030-13-01T00:00:00Z",
        b"at=yesterday",
        b"area",
        b"\xff",
        b"area=%ff",
        b"area=nation" * 100,
    ],
)
def test_everything_else_is_refused_in_the_same_words(query: bytes) -> None:
    with pytest.raises(UnknownChoice) as refused:
        read_choice("map", query)
    with pytest.raises(UnknownChoice) as other:
        read_choice("map", b"theme=sepia")
    assert str(refused.value) == str(other.value)


def test_a_choice_writes_the_query_that_makes_it() -> None:
    for choice in (EmbedChoice("bar"), EmbedChoice("card", "mesa/000001", "en", "dark", True, "2030-01-06T22:01:00Z")):
        assert read_choice(choice.view, choice.query.encode()) == choice
    assert EmbedChoice("map", "department/14").address == "/embed/v1/map?area=department/14"


def test_a_table_of_an_acta_is_refused_and_a_card_of_it_is_not() -> None:
    with pytest.raises(UnknownChoice):
        read_choice("table", b"area=mesa/000001")
    assert read_choice("card", b"area=mesa/000001").area == "mesa/000001"


def test_whatever_is_asked_the_answer_is_200_or_400_and_says_nothing_back(client: httpx.Client) -> None:
    answers = set()
    for view in ("map", "bar", "table", "card"):
        for query in queries(seed=len(view), number=100):
            answer = client.get(httpx.URL(f"{client.base_url}/embed/v1/{view}", query=query))
            answers.add(answer.status_code)
            assert answer.status_code in (200, 400), query
            told = answer.content + b"".join(name + value for name, value in answer.headers.raw)
            assert MARKER.encode() not in told, query
    assert answers == {200, 400}


def test_a_moment_that_is_still_to_come_is_refused(client: httpx.Client) -> None:
    assert client.get("/embed/v1/map?at=9999-01-01T00:00:00Z").status_code == 400


def test_a_view_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    for name, status in (("nothing", 400), ("map.pdf", 404), ("map.png.svg", 404), ("assets/live.0000.js", 404)):
        assert client.get(f"/embed/v1/{name}").status_code == status, name
