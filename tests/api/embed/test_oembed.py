"""oEmbed: addresses of ours, and of nobody else, become frames."""

import re
from html import unescape
from urllib.parse import quote

import httpx
import pytest

from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import Country
from tests.api.embed.conftest import HOME


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("/embed/v1/bar?area=department/14", "/embed/v1/bar?area=department/14"),
        ("/", "/embed/v1/map"),
        ("/area/department/14?lang=en", "/embed/v1/map?area=department/14&amp;lang=en"),
        ("/area/district/140101", "/embed/v1/card?area=district/140101"),
        ("/mesa/000001", "/embed/v1/card?area=mesa/000001"),
        ("/?at=2030-01-06T22:01:00Z", "/embed/v1/map?at=2030-01-06T22:01:00Z"),
    ],
)
def test_an_address_of_ours_is_a_frame(client: httpx.Client, address: str, frame: str) -> None:
    answer = client.get("/oembed", params={"url": HOME + address, "format": "json", "maxwidth": "500"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["version"], body["type"], body["width"]) == ("1.0", "rich", 500)
    assert f'src="{HOME}{frame}"' in body["html"]
    assert body["thumbnail_url"].startswith(f"{HOME}/cards/")
    assert client.get(body["thumbnail_url"].removeprefix(HOME)).headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/embed/v1/map",
        f"{HOME}.evil.example/",
        f"{HOME}/nothing",
        f"{HOME}/embed/v1/map?at=x",
        f"{HOME}//[",
    ],
)
def test_anything_else_is_not_found_and_not_said_back(client: httpx.Client, url: str) -> None:
    answer = client.get("/oembed", params={"url": url})
    assert answer.status_code == 404
    assert "evil" not in answer.text


def test_no_other_format_is_spoken(client: httpx.Client) -> None:
    assert client.get("/oembed", params={"url": HOME, "format": "xml"}).status_code == 501


def test_a_page_leads_to_its_own_frame(client: httpx.Client) -> None:
    page = client.get("/embed/v1/table?lang=en").text
    link = f"{HOME}/oembed?format=json&amp;url={quote(f'{HOME}/embed/v1/table?lang=en', safe='')}"
    assert f'<link rel="alternate" type="application/json+oembed" href="{link}"' in page
    assert f'property="og:image" content="{HOME}/cards/nation.png?' in page


@pytest.mark.parametrize(("language", "counted"), [("es", "de actas"), ("en", "of tally sheets")])
def test_what_is_told_of_an_embed_has_numbers_and_their_time(client: httpx.Client, language: str, counted: str) -> None:
    for address in ("map?", "bar?area=department/14&", "card?area=province/1401&utm_source=x&"):
        page = client.get(f"/embed/v1/{address}lang={language}").text
        found = re.search(r'property="og:description" content="([^"]+)"', page)
        assert found is not None
        assert re.search(rf"%.*\d.*{counted}, \d+ \w+ 2030, \d\d:\d\d\.", unescape(found[1])), found[1]


def test_an_embed_names_the_address_that_it_was_asked_at(store: Store, country: Country) -> None:
    own = ServeOptions(poll_s=0.02, origins=("http://count.example", "http://otro.example"))
    with client_of(create_app(store, ELECTIONS, options=own)) as client:
        for host, other in (("otro.example", "count.example"), ("count.example", "otro.example")):
            page = client.get("/embed/v1/card", headers={"Host": host}).text
            assert (f"http://{host}/oembed" in page, other in page) == (True, False)


def test_without_an_address_of_our_own_the_claimed_host_is_not_believed(store: Store, country: Country) -> None:
    own = ServeOptions(poll_s=0.02, origins=("http://count.example",))
    with client_of(create_app(store, ELECTIONS, options=own)) as client:
        for host, known in (("evil.example", False), ("count.example", True)):
            page = client.get(f"/embed/v1/bar?theme={'dark' if known else 'light'}", headers={"Host": host}).text
            assert "evil" not in page
            assert ("og:image" in page) is known
        asked = {"url": "http://evil.example/embed/v1/bar"}
        assert client.get("/oembed", params=asked, headers={"Host": "evil.example"}).status_code == 404
