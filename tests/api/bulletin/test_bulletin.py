"""A count in words over HTTP: at three lengths, of any moment, in two languages, each number with its place."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest

from api.main import create_app
from bench.bulletins.checking import faults_of, numbers_in
from bench.bulletins.series import Series
from bench.bulletins.telling import Told, tell
from dashboard.bulletin.writing import text_of
from tally.board import Fact
from tally.keys import ABROAD, DOMESTIC, NATION, mesa_key
from tally.model import ActaState, AreaCount
from tally.storage.store import Store
from tests.api.conftest import BASE, QUICK, client_of
from tests.api.country import ELECTION, Country, minute
from tests.api.regions import BASE as REGIONS
from tests.api.regions import ELECTIONS, Region

_PUBLISHED = (NATION, DOMESTIC, ABROAD, "department/14")


def night(country: Country) -> None:
    """Nothing but blank votes, a tie, a lead, actas at the jury, another lead, a correction, one held, all counted."""
    country.count(country.mesas[:1], minute(1), (0, 0))
    country.publish(_PUBLISHED, minute(1))
    country.count(country.mesas[1:3], minute(2), (60, 60))
    country.publish(_PUBLISHED, minute(2))
    country.count(country.mesas[3:20], minute(3), (90, 70))
    sent = msgspec.structs.replace(country.acta(country.mesas[20], ActaState.AT_JEE), code="E")
    country.tell([Fact(mesa_key(country.mesas[20]), sent)], minute(4))
    country.publish(_PUBLISHED, minute(4))
    country.count(country.mesas[21:30], minute(5), (20, 140))
    country.publish(_PUBLISHED, minute(5))
    nation = country.board.published[NATION]
    fewer = msgspec.structs.replace(nation, cast=nation.cast - 1, valid=nation.valid - 1, votes=lower(nation.votes))
    country.tell([Fact(NATION, fewer)], minute(6))
    country.tell([Fact("department/14", impossible(nation))], minute(7))
    country.count([*country.mesas[20:21], *country.mesas[30:]], minute(8), (30, 120))
    country.publish(_PUBLISHED, minute(9))


def lower(votes: tuple[int, ...]) -> tuple[int, ...]:
    return (votes[0] - 1, *votes[1:])


def impossible(count: AreaCount) -> AreaCount:
    return msgspec.structs.replace(count, valid=count.cast + 1)


@pytest.fixture
def told(store: Store, country: Country) -> Iterator[Any]:
    night(country)
    return tell(store, Series("night", ELECTION, ()))


def test_of_every_version_each_number_is_in_the_data_and_no_two_sentences_contradict(told: Any) -> None:
    said = set()
    for data, bulletins in told:
        assert list(faults_of(data, bulletins)) == []
        said |= {sentence.id for one in bulletins for sentence in one.sentences}
    wanted = {"nothing_counted", "no_valid_votes", "tie", "first_two", "lead_changed", "jury", "jury_verdict", "held"}
    wanted |= {"corrections", "lines", "scope_leads", "scope_nothing_counted", "complete", "winner", "turnout"}
    assert wanted <= said


def test_figures_of_a_part_that_are_of_another_moment_than_the_whole_say_so(store: Store, country: Country) -> None:
    country.count(country.mesas[:9], minute(1), (60, 50))
    country.publish((NATION, DOMESTIC, ABROAD), minute(1))
    country.count(country.mesas[9:12], minute(2), (90, 20))
    country.publish((DOMESTIC,), minute(3))
    shown = []
    for data, bulletins in tell(store, Series("parts", ELECTION, ())):
        assert list(faults_of(data, bulletins)) == []
        shown.append(text_of(bulletins[-1].sentences, "page"))
    assert "Peru: Rojo is ahead by 90 votes" in shown[2]
    assert "Peru (figures of 06/01/2030 17:03:00): Rojo is ahead by 300 votes" in shown[-1]
    assert "Abroad: no tally sheet" in shown[-1]


def test_a_part_that_the_source_does_not_state_is_told_as_our_sum(store: Store, country: Country) -> None:
    country.count(country.mesas[:9], minute(1), (60, 50))
    country.publish((NATION,), minute(1))
    *_, (data, bulletins) = tell(store, Series("parts", ELECTION, ()))
    assert list(faults_of(data, bulletins)) == []
    assert "Perú (suma de las actas que leímos): Rojo va adelante por 90 votos" in text_of(
        bulletins[2].sentences, "page"
    )


def test_what_is_wrong_with_a_bulletin_is_found(told: Any) -> None:
    data, bulletins = list(told)[-1]
    page = next(one for one in bulletins if (one.language, one.length) == ("es", "page"))
    first = next(one for one in page.sentences if one.id == "first_two")
    (votes, *_) = first.figures

    def faults(*sentences: Any) -> list[str]:
        return list(faults_of(data, [Told("es", "page", sentences)]))

    assert faults(first) == []
    other = str(int(votes.value) + 1)
    changed = replace(first, text=first.text.replace(votes.text, other))
    assert len(faults(changed)) == 1
    renamed = tuple(replace(one, text=other) if one is votes else one for one in first.figures)
    assert len(faults(replace(changed, figures=renamed))) == 1
    assert len(faults(first, replace(first, id="tie", text="Empate.", figures=()))) == 1
    assert len(faults(replace(first, text="Faltan 1 actas.", figures=()))) == 3
    assert len(faults(replace(first, text="Ganará por tendencia.", figures=()))) == 1


@pytest.fixture
def counted(client: httpx.Client, country: Country, caught_up: Any) -> httpx.Client:
    night(country)
    caught_up()
    return client


def test_three_lengths_in_two_languages_as_json_and_as_text(counted: httpx.Client) -> None:
    for lang, first in (("es", "Azul va primero con"), ("en", "Azul is first with")):
        lengths = []
        for length in ("line", "paragraph", "page"):
            query = f"?lang={lang}&length={length}"
            body = counted.get(f"{BASE}/bulletin{query}").json()
            plain = counted.get(f"{BASE}/bulletin{query}&format=text")
            assert plain.headers["content-type"].startswith("text/plain")
            assert plain.text == f"{body['text']}\n"
            assert (body["lang"], body["length"], body["seq"]) == (lang, length, counted.get(BASE).json()["seq"])
            assert {one["text"] in body["text"] for one in body["sentences"]} == {True}
            lengths.append(len(body["sentences"]))
            assert (first in body["text"]) is (length != "line")
        assert lengths == sorted(set(lengths))


def test_a_bulletin_of_a_moment_is_what_was_said_then_and_keeps_its_etag(counted: httpx.Client) -> None:
    then = counted.get(f"{BASE}/bulletin?at={minute(2)}")
    assert "Empate: Rojo, Azul." in then.json()["text"]
    assert "max-age=86400" in then.headers["cache-control"]
    again = counted.get(f"{BASE}/bulletin?at={minute(2)}", headers={"If-None-Match": then.headers["etag"]})
    assert again.status_code == 304
    assert counted.get(f"{BASE}/bulletin?at=2090-01-01T00:00:00Z").status_code == 422
    assert counted.get(f"{BASE}/bulletin?lang=xx").status_code == 422
    assert counted.get(f"{BASE}/bulletin?length=novel").status_code == 422


def test_checkpoints_have_their_bulletins_newest_first_each_as_it_was_told_then(counted: httpx.Client) -> None:
    found = counted.get(f"{BASE}/bulletins?length=line").json()["bulletins"]
    assert [one["checkpoint"] for one in found] == ["100", "50", "first"]
    for one in found:
        own = counted.get(f"{BASE}/bulletin?length=line&at={one['as_of']}").json()
        assert (own["seq"], own["text"]) == (one["seq"], one["text"])
    assert counted.get(f"{BASE}/bulletins?at={minute(0)}").json()["bulletins"] == []


def test_before_the_first_number_it_says_that_nothing_is_counted_and_states_no_result(untouched: httpx.Client) -> None:
    body = untouched.get(f"{BASE}/bulletin?length=line").json()
    assert body["text"] == "Todavía no se contabilizó ninguna acta."
    assert numbers_in(body["text"]) == []


def test_many_contests_are_told_together_and_each_in_a_sentence(store: Store) -> None:
    regions = {name: Region(store, name) for name in ("cusco", "ayacucho", "puno", "ancash")}
    regions["cusco"].publish((3700, 3600, 3000, 2500), counted=80, at_jee=2, pending=8)
    regions["ayacucho"].publish((0, 0), counted=0, at_jee=40, pending=60, other=0)
    regions["puno"].publish((6000, 1500, 1500, 1500, 1500), counted=50)
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        body = client.get(f"{REGIONS}/contests/bulletin?length=page").json()
        english = client.get(f"{REGIONS}/contests/bulletin?lang=en&format=text").text
        own = client.get(f"{REGIONS}/contests/puno/bulletin").json()
    said = {one["text"].partition(":")[0]: one for one in body["sentences"] if one["id"] == "race"}
    assert len(said) == 25
    assert "gana en primera vuelta" in said["Gobierno Regional de Puno"]["text"]
    for one in body["sentences"]:
        assert set(numbers_in(one["text"])) == {figure["text"] for figure in one["figures"]}
    assert body["text"].startswith("De 25 contiendas: 1 ya tiene ganador, ")
    assert "By arithmetic 1 of 25 contests is decided." in english
    assert own["title"] == "Gobierno Regional de Puno"
    assert "gana en primera vuelta" in own["text"]
