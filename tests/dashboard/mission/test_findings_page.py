"""Findings: every region in house, and on paper and in a file only what may leave it."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.dashboard.toy.desk import open_ready

pytestmark = pytest.mark.browser


def test_the_house_sees_a_region_of_two_observers_and_the_statement_tells_it_with_another(
    member: BrowserContext, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/findings")
    first = page.locator(".finding").first
    expect(first.locator("summary").first).to_have_text("¿Pudo entrar y observar sin obstáculos?Sí: 82.6 % · 19 de 23")
    expect(first.locator(".finding-bar").first).to_be_hidden()
    first.locator("summary").first.click()
    expect(first.locator(".finding-bar").first).to_have_text("Sí82.6 % · 19 de 23")
    expect(first).to_contain_text("24 locales visitados, 48 con asignación · observadores: 23 · en desacuerdo: 1")
    expect(first.locator(".sampled")).to_contain_text("No: 17.2 % (entre 8.1 % y 30.3 %, 95 %)")
    first.get_by_text("Por región").click()
    expect(first.locator("tr", has_text="Callao")).to_contain_text("pocos")
    expect(first.get_by_role("link", name="Callao")).to_have_attribute(
        "href", "/mission/findings?responses=opening&region=department%2F24"
    )
    page.get_by_role("link", name="Declaración").click()
    first.locator("summary").first.click()
    first.get_by_text("Por región").click()
    expect(first.locator("tbody th")).to_have_text(
        ["Lima", "Otras regiones, juntas: 2", "Área rural", "Urbana, rural o no indicada, juntas"]
    )
    expect(page.locator("main")).not_to_contain_text("Callao")
    page.get_by_label("Formulario", exact=True).select_option("opening")
    assert page.url.endswith("form=opening")


def test_the_responses_behind_a_finding_are_one_click_away(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    where = {"place": {"mesa": None, "polling_place": "0001", "district": None}, "place_name": "IE UNO"}
    line = {**where, "id": "r1", "place_key": "place/0001", "observer": "ave-1", "state": "open"}
    listed = {"responses": [{**line, "received_at": "2026-06-07T13:00:00Z"}], "next": None}
    asked: list[str] = []
    page.route(
        "**/api/v1/mission/responses?*", lambda route: (asked.append(route.request.url), route.fulfill(json=listed))
    )
    open_ready(page, f"{url}/mission/findings")
    page.locator(".finding > summary").first.click()
    page.get_by_role("link", name="Ver las respuestas").first.click()
    expect(page.get_by_role("link", name="IE Uno")).to_have_attribute("href", "/mission/responses?id=r1")
    assert asked[0].endswith("responses?form=opening")


def test_the_answers_that_open_an_incident_come_first_and_each_leads_to_its_question(
    member: BrowserContext, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/findings")
    [line] = page.locator(".striking li").all()
    expect(line).to_have_text("¿Pudo entrar y observar sin obstáculos?No: 17.4 % · 4 de 23")
    form = page.locator(".findings-of-form")
    form.evaluate("(one) => { one.open = false; }")
    line.get_by_role("link").click()
    expect(page.locator(".finding").first.locator(".finding-bar").first).to_be_in_viewport()
    assert page.evaluate("document.activeElement.closest('.finding').open")


def test_only_the_statement_is_printed(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    page.emulate_media(media="print")
    open_ready(page, f"{url}/mission/findings")
    expect(page.locator(".view")).to_contain_text("No sale de la misión")
    expect(page.locator(".finding").first).to_be_hidden()
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 between its margins
    open_ready(page, f"{url}/mission/findings?view=statement")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    bars = page.locator(".finding-bars")
    assert [each.is_visible() for each in bars.all()] == [True] * bars.count()
    assert bars.count()
    expect(page.locator("main")).to_contain_text("Cada cifra es de los lugares visitados")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator(".striking")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 690
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(bars.first).to_be_hidden()
