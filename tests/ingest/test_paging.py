"""How long a list of actas may be: as long as the totals allow, and what is longer is not followed to its end."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from ingest.feeds import ActaHead, Feed
from ingest.fetch import Answer, Question
from ingest.registry import make_feed
from tally.errors import FeedMalformed
from tests.ingest.rig import SOURCES

Say = Callable[[Question], Any]


class Source:
    """Answers from a function, and how often it was asked."""

    def __init__(self, say: Say) -> None:
        self.say, self.asked = say, 0

    async def __call__(self, question: Question) -> Answer:
        self.asked += 1
        assert self.asked < 2000, "followed to its end"
        return Answer("http://host/", json.dumps(self.say(question)).encode(), "sha256:x", "2026-06-08T00:00:00Z", {})


def feed_of(generation: str) -> Feed:
    election = SOURCES[generation].election
    return make_feed(election, election.contest())


def read(source: Source, generation: str, most: int | None) -> list[ActaHead]:
    return asyncio.run(feed_of(generation).acta_list(source, "district/140101", most))


def a_list(records: int, size: int = 100, **more: Any) -> Say:
    """An honest list of so many actas, but for what is given."""

    def say(question: Question) -> Any:
        page = int(dict(question.params)["pagina"])
        rows = [
            {"idEleccion": 10, "codigoMesa": f"{number + 1:06}", "idUbigeo": 140101, "codigoEstadoActa": "P"}
            for number in range(page * size, min(records, (page + 1) * size))
        ]
        pages = {"paginaActual": page, "totalPaginas": -(-records // size), "totalRegistros": records}
        return {"success": True, "data": {"content": rows, **pages, **more}}

    return say


@pytest.mark.parametrize(("records", "size"), [(0, 100), (1, 100), (100, 100), (101, 100), (1234, 100), (260, 15)])
def test_an_honest_list_is_read_whole_also_from_a_source_with_shorter_pages(records: int, size: int) -> None:
    source = Source(a_list(records, size))
    assert len(read(source, "onpe2026", max(1, records))) == records
    assert source.asked == max(1, -(-records // size))
    assert len(read(Source(a_list(records, size)), "onpe2026", None)) == records


def test_a_list_a_little_ahead_of_the_totals_is_read() -> None:
    assert len(read(Source(a_list(130)), "onpe2026", 120)) == 130


@pytest.mark.parametrize("most", [12, None])
@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"totalPaginas": 10**9}, 1),
        ({"totalPaginas": 10**9, "totalRegistros": 10**11}, 1),
        ({"totalPaginas": 2, "totalRegistros": -1}, 1),
        ({"paginaActual": 7}, 1),
        ({"totalPaginas": 3, "totalRegistros": 36}, 2),  # the second page is empty
    ],
)
def test_a_list_that_cannot_be_is_refused_at_once(more: dict[str, int], asked: int, most: int | None) -> None:
    source = Source(a_list(12, **more))
    with pytest.raises(FeedMalformed):
        read(source, "onpe2026", most)
    assert source.asked == asked


def test_a_list_longer_than_the_totals_allow_is_refused_at_its_first_page() -> None:
    source = Source(a_list(90_000))
    with pytest.raises(FeedMalformed, match="90000 actas, where there can be 112 at most"):
        read(source, "onpe2026", 12)
    assert source.asked == 1


def test_a_list_whose_length_changes_on_the_way_is_refused() -> None:
    with pytest.raises(FeedMalformed, match="has 400 on its page 1"):
        read(
            Source(lambda question: a_list(300 if dict(question.params)["pagina"] == "0" else 400)(question)),
            "onpe2026",
            300,
        )


def test_a_list_that_says_the_same_page_again_and_again_is_refused_at_the_second() -> None:
    first = a_list(90_000)(Question("/actas", (("pagina", "0"),)))["data"]["content"]
    source = Source(lambda question: a_list(90_000, content=first)(question))
    with pytest.raises(FeedMalformed, match="none that was not there before"):
        read(source, "onpe2026", None)
    assert source.asked == 2


def places(number: int, mesas: int) -> Say:
    """So many polling places with so many mesas each."""

    def say(question: Question) -> Any:
        if "locales" in question.path:
            rows = [
                {"CCODI_LOCAL": f"{n:04}", "CCODI_UBIGEO": "140101", "TNOMB_LOCAL": f"IE {n}"} for n in range(number)
            ]
            return {"locales": rows}
        place = int(question.path.rpartition("/")[2])
        return {"mesasVotacion": [{"NUMMESA": f"{place * mesas + n + 1:06}", "PROCESADO": 1} for n in range(mesas)]}

    return say


def test_places_and_mesas_beyond_the_totals_are_not_asked_for() -> None:
    assert len(read(Source(places(3, 4)), "onpe2021", 12)) == 12
    for lying, asked in ((places(1500, 1), 1), (places(100, 50), 4)):
        source = Source(lying)
        with pytest.raises(FeedMalformed, match="more polling places or mesas than 112"):
            read(source, "onpe2021", 12)
        assert source.asked == asked


def test_lists_of_2021_that_contradict_each_other_are_asked_for_anew() -> None:
    feed, lies = feed_of("onpe2021"), [True]

    def say(question: Question) -> Any:
        answer = places(3, 4)(question)
        if lies and question.path.endswith("0002"):
            answer["mesasVotacion"][0]["NUMMESA"] = "000001"
        return answer

    with pytest.raises(FeedMalformed, match="has mesa 000001 in two polling places"):
        asyncio.run(feed.acta_list(Source(say), "district/140101", 12))
    lies.clear()
    assert len(asyncio.run(feed.acta_list(Source(say), "district/140101", 12))) == 12
