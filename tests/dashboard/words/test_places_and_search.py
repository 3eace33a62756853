"""A polling place with what lies around it, and a page of nothing that asks what was meant."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.app import build
from tests.dashboard.axe import objections
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION


def test_a_place_shows_its_district_on_a_map_and_its_neighbours(client: Any, api: ToyApi) -> None:
    html = client.get("/place/0001").text
    where = re.search(r'<section class="where card">.*?</section>', html)
    assert where is not None
    assert len(re.findall('class="here"', where[0])) == 1
    assert where[0].count("<path") > 1
    assert 'aria-label="Mapa: dónde queda Lima en la provincia de Lima"' in where[0]
    assert 'href="/area/district/140101"' in where[0]
    around = html.partition("Otros locales de Lima")[2]
    assert '<a href="/place/0002">Colegio San &lt;José&gt; &amp; Cía</a>' in around
    assert 'href="/place/0001"' not in around
    assert "Other polling stations in Lima" in client.get("/place/0001?lang=en").text
    # What is known of where it is, and that more is not.
    assert "ONPE no publica su dirección: se sabe el distrito, no la calle." in html


def test_a_place_says_how_exactly_one_knows_where_it_is(api: ToyApi) -> None:
    told = {}
    for precision in ("exact", "populated_place", "district"):
        position = {"lon": -77.03, "lat": -12.05, "precision": precision}

        def read(path: str, position: dict[str, Any] = position) -> Any:
            answer = api.read(path)
            return {**answer, "position": position} if "/places/0001" in path else answer

        client = build(read, election_id=ELECTION).server.test_client()
        told[precision] = [client.get(f"/place/0001?lang={language}").text for language in ("es", "en")]
    for html, exact in zip(told["exact"], ("Ubicación exacta", "Exact position"), strict=True):
        assert exact in html
        assert "ONPE no publica" not in html
    for precision in ("populated_place", "district"):
        for html, worth in zip(told[precision], ("Ubicación aproximada.", "Approximate position."), strict=True):
            assert worth in html


def test_where_there_is_no_picture_the_place_and_its_many_neighbours_still_stand(api: ToyApi) -> None:
    for number in range(3, 20):
        api.count.state[f"place/{number:04}"] = {**api.count.state["place/0002"], "name": f"COLEGIO {number}"}

    def read(path: str) -> Any:
        if "outlines" in path:
            raise LookupError(path)
        return api.read(path)

    html = build(read, election_id=ELECTION).server.test_client().get("/place/0001").text
    assert "where card" not in html
    assert "Ver los otros 6 lugares" in html


@pytest.mark.parametrize(("language", "label"), [("es", "Buscar distrito"), ("en", "Search for a district")])
def test_a_path_that_names_nothing_asks_what_was_meant(client: Any, language: str, label: str) -> None:
    answer = client.get(f"/area/department/99?lang={language}")
    assert answer.status_code == 404
    form = re.search(
        r'<form class="search-form" action="/search">.*?</form>|<form[^>]*action="/search".*?</form>', answer.text
    )
    assert form is not None
    assert label in form[0]
    assert ('name="lang" value="en"' in form[0]) is (language == "en")


def test_the_search_answers_without_a_script(client: Any) -> None:
    html = client.get("/search?q=colegio").text
    assert '<a href="/place/0002">Colegio San &lt;José&gt; &amp; Cía</a> <small' in html
    assert "Sin resultados para «zzz»" in client.get("/search?q=zzz").text
    assert client.get("/search").status_code == 200
    assert '<a href="/area/department/14">Lima</a> <small' in client.get("/search?q=l").text
    assert client.get("/search?q=" + "x" * 300).status_code == 200


def test_a_search_in_the_past_asks_for_names_of_now_and_its_links_stay_there(client: Any, api: ToyApi) -> None:
    html = client.get("/search?q=colegio&at=2026-06-09T16:00:00Z").text
    assert [path for path in api.reads if "/search?" in path] == [
        "/api/v1/elections/toy-runoff/search?q=colegio&limit=30"
    ]
    assert 'href="/place/0002?at=2026-06-09T16:00:00Z"' in html


@pytest.mark.browser
def test_nobody_objects_to_either_and_a_search_leads_on(phone: Page, site: str) -> None:
    phone.goto(f"{site}/nope")
    assert objections(phone) == []
    phone.get_by_role("searchbox").fill("lima")
    phone.get_by_role("button", name="Buscar").click()
    phone.wait_for_url("**/search?q=lima")
    assert objections(phone) == []
    expect(phone.locator(".found a").first).to_contain_text("Lima")
    phone.goto(f"{site}/place/0001")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert objections(phone) == []
