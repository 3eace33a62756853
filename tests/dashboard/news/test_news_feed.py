"""The news of a count as an Atom feed, read as a reader of feeds reads it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

import pytest
from lxml import etree

from dashboard.app import build
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.races import RacesApi

_ATOM = {"a": "http://www.w3.org/2005/Atom"}
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

Feed = Callable[[str], xml.Element]


@pytest.fixture
def feed(client: Any, api: ToyApi) -> Feed:
    api.count.correct("department/14", counted=5)
    api.count.correct("nation", "hold", counted=9)

    def read(address: str) -> xml.Element:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        return xml.fromstring(answer.get_data())  # noqa: S314 - our own answer

    return read


def texts(feed: xml.Element, path: str) -> list[str]:
    return [element.text or "" for element in feed.findall(path, _ATOM)]


def test_a_feed_has_all_that_its_format_asks_for(feed: Feed) -> None:
    for address in ("/news.atom", "/news.atom?lang=en"):
        found = feed(address)
        for path in ("a:id", "a:title", "a:updated", "a:author/a:name"):
            assert len(texts(found, path)) == 1
            assert all(texts(found, path))
        entries = found.findall("a:entry", _ATOM)
        assert len(entries) > 2
        for entry in entries:
            assert all(len(texts(entry, f"a:{name}")) == 1 for name in ("id", "title", "updated", "content"))
            assert _STAMP.fullmatch(texts(entry, "a:updated")[0])
        marks = texts(found, "a:entry/a:id")
        assert len(set(marks)) == len(marks)
        links = {link.get("rel"): link.get("href", "") for link in found.findall("a:link", _ATOM)}
        assert links["self"].endswith(address)


def test_the_newest_stands_first_and_its_time_is_the_feeds(feed: Feed) -> None:
    found = feed("/news.atom")
    stamps = texts(found, "a:entry/a:updated")
    assert stamps == sorted(stamps, reverse=True)
    assert texts(found, "a:updated") == stamps[:1]


def test_it_says_what_turned_the_count_and_what_was_corrected(feed: Feed, client: Any) -> None:
    spanish, english = feed("/news.atom"), feed("/news.atom?lang=en")
    page = client.get("/timeline").text
    turns = [entry for entry in spanish.findall("a:entry", _ATOM) if "pasa adelante de" in texts(entry, "a:title")[0]]
    assert turns
    for turn in turns:
        assert texts(turn, "a:title")[0].removeprefix("SIMULACRO · ").split()[0] in page
    kinds = [category.get("term") for category in spanish.findall("a:entry/a:category", _ATOM)]
    assert {"lead", "correction"} <= set(kinds)
    assert any(title.startswith("SIMULACRO · Corrección: ") for title in texts(spanish, "a:entry/a:title"))
    assert any(title.startswith("REHEARSAL · Correction: ") for title in texts(english, "a:entry/a:title"))
    assert all(re.search(r": .+ → ", text) for text in texts(spanish, "a:entry/a:content") if "Corrección" in text)


@pytest.mark.parametrize("is_test", [True, False])
def test_whatever_is_told_of_a_rehearsal_says_so_and_of_a_count_nothing_does(
    feed: Feed, api: ToyApi, is_test: bool
) -> None:
    api.count.is_test = is_test
    found = feed("/news.atom")
    for path in ("a:title", "a:entry/a:title", "a:entry/a:content"):
        assert {text.count("SIMULACRO") for text in texts(found, path)} == {int(is_test)}


def test_an_entry_keeps_its_id_while_the_count_goes_on(feed: Feed, api: ToyApi) -> None:
    before = texts(feed("/news.atom"), "a:entry/a:id")
    api.count.correct("nation", counted=7)
    after = texts(feed("/news.atom"), "a:entry/a:id")
    assert set(before) < set(after)


def test_a_restored_history_makes_no_news_of_what_was_told_before(feed: Feed, api: ToyApi) -> None:
    before = feed("/news.atom")
    api.count.epoch = "e2"
    after = feed("/news.atom")
    assert texts(after, "a:id") == texts(before, "a:id")
    assert texts(after, "a:entry/a:id") == texts(before, "a:entry/a:id")


def test_every_entry_leads_to_a_page_that_is_there(feed: Feed, client: Any) -> None:
    for link in feed("/news.atom?lang=en").findall("a:entry/a:link", _ATOM):
        address = re.sub(r"https?://[^/]+", "", link.get("href", ""))
        assert "lang=en" in address
        assert client.get(address).status_code == 200


def test_what_a_visitor_calls_us_is_in_no_answer(client: Any) -> None:
    ours = client.get("/news.atom").text
    assert client.get("/news.atom", headers={"Host": "evil.example"}).text == ours
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", texts(xml.fromstring(ours), "a:id")[0])  # noqa: S314 - our own answer


def test_no_count_has_no_feed_and_a_page_of_the_past_offers_none(client: Any) -> None:
    assert client.get("/contests/nowhere/news.atom").status_code == 404
    assert client.get("/contests/..%2f/news.atom").status_code == 404
    assert "news.atom" in client.get("/timeline").text
    assert "news.atom" in client.get("/corrections").text
    assert "news.atom" not in client.get("/timeline?at=2026-06-09T16:00:00Z").text


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def test_feeds_of_one_count_and_of_many_are_valid_by_the_formats_own_schema(
    client: Any, api: ToyApi, schema: etree.RelaxNG
) -> None:
    api.count.correct("department/14", counted=5)
    many = build(RacesApi().read, election_id=ELECTION, hub="https://hub.example/").server.test_client()
    for answer in (client.get("/news.atom"), client.get("/news.atom?lang=en"), many.get("/news.atom")):
        found = etree.fromstring(answer.get_data())
        assert schema.validate(found), schema.error_log
        # What the schema leaves to Schematron: an author, an alternate link or content, and no two alike.
        assert found.find("a:author", _ATOM) is not None
        alternates = [link.get("href") for link in found.findall("a:link", _ATOM) if link.get("rel") == "alternate"]
        assert len(alternates) == 1
    broken = etree.fromstring(client.get("/news.atom").get_data())
    broken.remove(broken.find("a:id", _ATOM))
    assert not schema.validate(broken)


def test_a_checkpoint_has_its_bulletin_and_leads_to_its_whole(feed: Feed, client: Any) -> None:
    for address, said in (
        ("/news.atom", "SIMULACRO · Boletín: 50 %"),
        ("/news.atom?lang=en", "REHEARSAL · Bulletin: 50 %"),
    ):
        entries = [
            entry
            for entry in feed(address).findall("a:entry", _ATOM)
            if entry.find("a:category", _ATOM).get("term") in ("checkpoint", "milestone")  # type: ignore[union-attr] # the schema demands it
        ]
        assert [texts(entry, "a:title")[0].startswith(said) for entry in entries] == [True, False]
        content = texts(entries[0], "a:content")[0]
        page = client.get(entries[0].find("a:link", _ATOM).get("href"))  # type: ignore[union-attr] # the schema demands it
        assert page.status_code == 200
        # What the paragraph says of the lead, the page says in the same words.
        (difference,) = re.findall(r"Diff?er\w+: [^·]+ · [\d.]+", content)
        assert difference in page.text.replace("\u00a0", " ")


def test_an_election_of_many_contests_has_one_feed_of_all_newest_first_under_their_names() -> None:
    api = RacesApi()
    client = build(api.read, election_id=ELECTION).server.test_client()
    answer = client.get("/news.atom")
    assert answer.status_code == 200
    found = xml.fromstring(answer.get_data())  # noqa: S314 - our own answer
    titles, stamps = texts(found, "a:entry/a:title"), texts(found, "a:entry/a:updated")
    assert len(titles) > 50
    assert all(title.startswith("SIMULACRO · Gobierno Regional de ") for title in titles)
    assert stamps == sorted(stamps, reverse=True)
    marks = texts(found, "a:entry/a:id")
    assert len(set(marks)) == len(marks)
    own = client.get("/contests/cusco/news.atom")
    assert own.status_code == 200
    assert not set(texts(xml.fromstring(own.get_data()), "a:entry/a:id")) & set(marks)  # noqa: S314 - our own answer


def test_a_hub_is_named_only_where_one_is_set(api: ToyApi) -> None:
    def hubs(hub: str | None) -> list[str | None]:
        client = build(api.read, election_id=ELECTION, hub=hub).server.test_client()
        found = xml.fromstring(client.get("/news.atom").get_data())  # noqa: S314 - our own answer
        return [link.get("href") for link in found.findall("a:link", _ATOM) if link.get("rel") == "hub"]

    assert hubs(None) == []
    assert hubs("https://hub.example/") == ["https://hub.example/"]
