"""A shared link: it names the moment it shows, whoever shares it, and the page tells networks about itself."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from dashboard.app import build
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.watching import until

HOME = "https://count.example"
_SPIED = """
window.told = [];
Object.defineProperty(navigator, "share", { value: async (what) => { told.push(what.url); }, configurable: true });
"""
_COPIED = """
window.told = [];
Object.defineProperty(navigator, "share", { value: undefined, configurable: true });
const clipboard = { writeText: async (text) => { told.push(text); } };
Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
"""


def tags(page: str) -> dict[str, str]:
    # One sentence is for networks and for what searches.
    said = page.replace(' name="description">', ">")
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', said))


def test_every_page_has_a_card_under_our_own_address(api: ToyApi) -> None:
    client: Any = build(api.read, election_id=ELECTION, home_of=lambda claimed: HOME).server.test_client()
    for path, key in (("/", "nation"), ("/area/department/14", "department/14"), ("/mesa/000001", "mesa/000001")):
        told = tags(client.get(f"{path}?lang=en").get_data(as_text=True))
        at = parse_qs(urlsplit(told["og:url"].replace("&amp;", "&")).query)["at"]
        assert told["og:image"].startswith(f"{HOME}/cards/{key}.png?lang=en&amp;at="), path
        assert told["og:url"].startswith(f"{HOME}{path}?"), path
        assert at == ["2026-06-13T19:05:40Z"]
        assert told["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize(("language", "counted"), [("es", "de actas"), ("en", "of tally sheets")])
def test_what_is_told_of_a_page_has_numbers_and_their_time(api: ToyApi, language: str, counted: str) -> None:
    client: Any = build(api.read, election_id=ELECTION, home_of=lambda claimed: HOME).server.test_client()
    for path in ("/", "/area/department/14", "/place/0001"):
        told = tags(client.get(f"{path}?lang={language}").get_data(as_text=True))["og:description"]
        assert re.search(rf"\d+\.\d+ % \([\d ]+\), .*{counted}, \d+ \w+ 2026, \d\d:\d\d\.", told), told
        assert all(f"{name} " in told for name in ("Norte", "Sur"))


def test_what_a_page_lets_others_find_follows_the_count_unless_it_shows_a_moment(api: ToyApi) -> None:
    client: Any = build(api.read, election_id=ELECTION, home_of=lambda claimed: HOME).server.test_client()
    then = "2026-06-09T16:00:00Z"
    for path in ("/", "/?lang=en", "/area/department/14?utm_source=x", f"/area/department/14?at={then}"):
        page = client.get(path).get_data(as_text=True)
        found = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
        assert found is not None
        asked = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)["url"][0]
        assert urlsplit(asked).path == path.partition("?")[0]
        kept = {name: then if name == "at" else "en" for name in ("lang", "at") if f"{name}=" in path}
        assert {name: value[0] for name, value in parse_qs(urlsplit(asked).query).items()} == kept


def test_a_host_that_only_claims_to_be_us_is_in_no_tag(api: ToyApi) -> None:
    client: Any = build(api.read, election_id=ELECTION).server.test_client()
    page = client.get("/", headers={"Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in page
    assert "og:title" in tags(page)
    assert "og:image" not in tags(page)


@pytest.mark.browser
@pytest.mark.parametrize(("script", "said"), [(_SPIED, ""), (_COPIED, "Enlace copiado")])
def test_the_button_gives_a_link_that_names_the_moment(browser: Browser, site: str, script: str, said: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.add_init_script(script)
    page.goto(f"{site}/area/department/14?view=table")
    page.get_by_role("button", name="Compartir").click()
    until(page, "told.length > 0")
    expect(page.locator(".shared")).to_have_text(said)
    (link,) = page.evaluate("told")
    query = parse_qs(urlsplit(link).query)
    assert link.startswith(f"{site}/area/department/14?")
    # With what had come by then, and not only with what had come when that second began.
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", query["at"][0])
    assert query["view"] == ["table"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()
