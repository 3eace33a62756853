"""The pages of the regional elections over the real API: one application, a count a contest, the table of all."""

import re
from collections.abc import Iterator
from functools import partial

import httpx
import msgspec
import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from dashboard.app import build
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import QUICK, client_of
from tests.api.country import minute
from tests.api.regions import ELECTIONS, GOVERNOR, Region
from tests.dashboard.axe import objections
from tests.databases import sqlite_in
from tests.waiting import wait_until

CUSCO = GOVERNOR.contest("cusco")
PLACE = f"{CUSCO.scope}0101"
_MOST_BYTES = 60_000
HOME = "https://conteo.example"
OPTIONS = msgspec.structs.replace(QUICK, public_url=HOME)

_build = partial(build, home_of=lambda claimed: HOME)


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, Region]]]:
    """All 25 are counted, as on a night without mesas."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("regions")))
    found = {contest.id: Region(store, contest.id) for contest in GOVERNOR.contests}
    for number, region in enumerate(found.values()):
        votes = [30_000 + 400 * number, 29_000, 27_000, *(9_000 for _ in region.contest.lists[3:])]
        region.publish(votes, counted=1500, at_jee=2, pending=3 * number)
    found["cusco"].publish([30_028, 29_000, 27_000, 13_972], counted=1500, at_jee=45, at=2)
    yield store, found
    store.close()


@pytest.fixture(scope="module")
def client(regions: tuple[Store, dict[str, Region]], geometry: Geometry) -> Iterator[httpx.Client]:
    app = create_app(regions[0], ELECTIONS, geometry=geometry, dashboard=_build, options=OPTIONS)
    with client_of(app) as client:
        wait_until(lambda: '"not_read"' not in client.get(f"/api/v1/elections/{GOVERNOR.id}/contests").text)
        yield client


def test_no_other_file_stands_before_the_first_paint_of_overview_and_board(client: httpx.Client) -> None:
    for path in ("/", "/contests/cusco/"):
        page = client.get(path).text
        links = re.compile('<link rel="stylesheet"')
        assert len(links.findall(page)) == 1
        assert not links.search(re.sub(r"<noscript>.*?</noscript>", "", page))


def test_the_overview_has_every_race_in_its_html_and_stays_small(client: httpx.Client) -> None:
    for path in ("/", "/?lang=en"):
        page = client.get(path)
        assert page.status_code == 200
        assert page.text.count("data-race=") == 25
        assert page.text.count("data-region=") == 25
        assert len(page.content) < _MOST_BYTES
    assert "Mendoza" in page.text
    assert 'href="/contests/cusco/?lang=en"' in page.text


def test_a_contests_board_is_its_wholes_and_its_links_stay_within_it(client: httpx.Client) -> None:
    page = client.get("/contests/cusco/").text
    assert "<h1>Gobierno Regional de Cusco" in page
    assert f'data-key="{CUSCO.whole}"' in page
    assert f'"base":"/api/v1/elections/{GOVERNOR.id}/contests/cusco"' in page
    assert 'href="/contests/cusco/queue"' in page
    assert "Perú y extranjero" not in page
    for path in (f"area/{CUSCO.whole}", "queue", "timeline", "corrections", "methods"):
        assert client.get(f"/contests/cusco/{path}").status_code == 200, path
    assert client.get("/contests/atlantis/").status_code == 404
    assert client.get("/queue").status_code == 404


def test_a_ballot_shows_the_races_of_a_district_and_refuses_what_is_none(client: httpx.Client) -> None:
    page = client.get(f"/mi-cedula?where={PLACE}").text
    assert page.count("data-race=") == 1
    assert 'data-race="cusco"' in page
    assert f'href="/contests/cusco/area/district/{PLACE}"' in page
    nowhere = client.get("/mi-cedula?where=999999").text
    assert "No hay ninguna contienda en la cédula de «999999»." in nowhere


def test_a_page_kept_for_others_is_made_again_when_any_of_its_counts_moves(
    client: httpx.Client, regions: tuple[Store, dict[str, Region]]
) -> None:
    assert "61 234" not in client.get("/").text
    kept = client.get("/contests/puno/").headers["etag"]
    regions[1]["tumbes"].publish([61_234, 29_000, 27_000], counted=1500, at=7)
    wait_until(lambda: "61 234" in client.get("/").text)
    assert client.get("/contests/puno/").headers["etag"] == kept


def test_an_embed_of_one_contest_shows_its_whole_and_leads_to_its_own_pages(client: httpx.Client) -> None:
    for view in ("bar", "map", "table", "card"):
        page = client.get(f"/embed/v1/{view}?contest=cusco")
        assert page.status_code == 200
        assert "Gobierno Regional de Cusco" in page.text
        assert f'"base":"/api/v1/elections/{GOVERNOR.id}/contests/cusco"' in page.text
        assert f"/contests/cusco/area/{CUSCO.whole}?at=" in page.text
    form = client.get("/embed?contest=cusco").text
    assert '<input type="hidden" name="contest" value="cusco">' in form
    assert "scope/abroad" not in form
    assert 'href="/embed?contest=cusco"' in client.get("/contests/cusco/").text
    assert client.get("/embed/v1/bar?contest=atlantis").status_code == 404
    assert client.get("/embed/v1/bar?contest=At%2F").status_code == 400


def test_an_earlier_moment_has_the_same_table_as_it_stood_then(client: httpx.Client) -> None:
    now, then = client.get("/"), client.get(f"/?at={minute(1)}")
    assert then.status_code == 200
    assert (then.text.count("data-race="), then.text.count("data-region=")) == (25, 25)
    own = f'href="/contests/cusco/?at={minute(1)}"'
    assert own in then.text
    assert "Así estaba el conteo" in then.text
    assert "30 028" in now.text
    assert "30 028" not in then.text
    ballot = client.get(f"/mi-cedula?where={PLACE}&at={minute(1)}").text
    assert 'data-race="cusco"' in ballot
    assert own in ballot
    assert client.get("/?at=2099-01-01T00:00:00Z").status_code == 400


@pytest.mark.parametrize("query", ["", "?lang=en&theme=dark", f"?at={minute(1)}"])
def test_the_embed_of_all_contests_is_whole_without_a_script_and_styles_nothing_inline(
    client: httpx.Client, query: str
) -> None:
    answer = client.get(f"/embed/v1/overview{query}")
    assert answer.status_code == 200
    page = answer.text
    assert (page.count('<tr data-part="'), page.count("data-region=")) == (25, 25)
    assert 'style="' not in page
    assert len(answer.content) < _MOST_BYTES
    assert ("overview." in page.partition("<body>")[0].partition("frame.")[2]) is ("at=" not in query)


def test_a_shared_overview_shows_its_card_and_is_embedded_as_itself(client: httpx.Client) -> None:
    front = client.get("/").text
    assert f'og:image" content="{HOME}/cards/overview.png?at=' in front
    card = client.get(f"/cards/overview.png?at={minute(1)}")
    assert (card.status_code, card.headers["content-type"], card.content[:4]) == (200, "image/png", b"\x89PNG")
    told = client.get("/oembed", params={"url": f"{HOME}/"}).json()
    assert "/embed/v1/overview" in told["html"]
    assert "/cards/overview.png" in told["thumbnail_url"]
    assert 'og:image"' not in client.get(f"/mi-cedula?where={PLACE}").text


@pytest.mark.browser
def test_the_embed_of_all_contests_takes_in_what_is_written_otherwise_and_keeps_the_rest(
    reader: Page, client: httpx.Client
) -> None:
    address = f"{client.base_url}/embed/v1/overview"
    reader.goto(address)
    assert objections(reader) == []
    row = reader.locator('[data-part="tacna"]')
    row.evaluate("(element) => { element.isTheSame = true; }")
    states = reader.locator('[data-part="states"]')
    before = states.inner_text()
    later = client.get("/embed/v1/overview").text.replace('<ul class="states"', '<ul class="states" title="later"')
    reader.route(address, lambda route: route.fulfill(body=later, content_type="text/html"))
    reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(states).to_have_attribute("title", "later")
    assert states.inner_text() == before
    assert row.evaluate("(element) => element.isTheSame")
    reader.route(address, lambda route: route.abort())
    reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(reader.locator("#state")).to_contain_text("Sin conexión desde")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_each_contest_has_a_feed_of_its_news_and_the_election_one_of_all(client: httpx.Client) -> None:
    for language in ("", "?lang=en"):
        answer = client.get(f"/contests/cusco/news.atom{language}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        assert f'<link rel="self" href="{HOME}/contests/cusco/news.atom{language}"' in answer.text
        assert f'<link rel="self" href="{HOME}/news.atom{language}"' in client.get(f"/news.atom{language}").text
    assert client.get("/contests/lugano/news.atom").status_code == 404
