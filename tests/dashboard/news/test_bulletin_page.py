"""The page of a bulletin: what it says, where each figure stands, on a phone and on paper; and the rules it follows."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.app import build
from dashboard.bulletin.rules import load_rules
from dashboard.words import load_words
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.races import RacesApi


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: f"{rule.id}-{rule.text}")
def test_every_rule_has_its_words_and_its_heading_in_every_language(rule: Any) -> None:
    for words in load_words().values():
        assert words.says(rule.text)
        assert words.says(f"bulletin_section.{rule.section}")


def test_the_page_says_it_in_sections_with_figures_and_earlier_ones_and_is_linked(client: Any) -> None:
    for lang, title, section in (("es", "Boletín", "Qué está decidido"), ("en", "Bulletin", "What is decided")):
        page = client.get(f"/bulletin?lang={lang}").text
        assert f"<h1>{title} " in page
        assert f"<h2>{section}</h2>" in page
        assert "published.counted" in page
        assert page.count("/bulletin?at=2026-06-") == 2
        assert f">{title}</a>" in client.get(f"/?lang={lang}").text


def test_a_page_of_the_past_has_the_bulletin_of_then(client: Any, api: ToyApi) -> None:
    then = client.get("/bulletin?at=2026-06-09T16:00:00Z").text
    assert "2 021 de 26 634" in then.replace("\u00a0", " ")
    assert any("/bulletin?" in path and "at=2026-06-09T16%3A00%3A00Z" in path for path in api.reads)
    assert client.get("/bulletin?at=nonsense").status_code == 400


def test_many_contests_have_a_page_with_a_line_each() -> None:
    client = build(RacesApi().read, election_id=ELECTION).server.test_client()
    page = client.get("/bulletin").text
    assert page.count("<li>Gobierno Regional de") == 25
    assert "De 25 contiendas:" in page.replace("\u00a0", " ")
    assert client.get("/contests/cusco/bulletin").status_code == 200


@pytest.mark.browser
def test_it_fits_a_phone_and_paper_and_its_figures_unfold(phone: Page, site: str) -> None:
    phone.goto(f"{site}/bulletin", wait_until="domcontentloaded")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table = phone.locator(".twin-panel table")
    expect(table).to_be_hidden()
    phone.locator(".twin-panel summary").click()
    expect(table).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.locator(".twin-panel .scroller").evaluate("(slot) => slot.scrollWidth <= slot.clientWidth")
    phone.emulate_media(media="print")
    expect(phone.locator(".bulletin").first).to_be_visible()
    expect(phone.locator("footer.site nav")).to_be_hidden()
