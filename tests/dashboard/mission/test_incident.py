"""An incident in a real browser: only legal moves are offered, and what is critical needs two people."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.dashboard.toy.desk import DeskApi, open_ready, sign_in

pytestmark = pytest.mark.browser
_CORRECTED = ".log .event:has(.marked)"
_STATE = ".title + .severity + .incident-state"


def test_only_legal_moves_are_offered_and_each_is_a_line_of_the_log(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/incident?id=inc0001")
    expect(page.locator(".moves button")).to_have_text(["Tomar para verificar"])
    expect(page.locator(".photo img")).to_be_visible()
    assert (page.locator(".photo img").get_attribute("src") or "").startswith("blob:")
    expect(page.locator("main")).to_contain_text("3 min después de la hora del teléfono")
    expect(page.locator("main")).to_contain_text("Posibles duplicados")
    page.goto(f"{url}/mission/incident?id=inc0002")
    page.get_by_role("button", name="Tomar para verificar").click()
    expect(page.locator(".log .event")).to_have_count(2)
    expect(page.locator(".moves summary")).to_have_text(["Verificar", "Rechazar"])
    verify(page, "Verificar", "second_observer")
    expect(page.locator(".log .event").last).to_contain_text("Segundo observador")
    expect(page.locator(_STATE)).to_have_text("Verificado")


def verify(page: Page, name: str, basis: str) -> None:
    page.locator(".moves summary", has_text=name).click()
    page.get_by_label("Base de la verificación").select_option(basis)
    page.get_by_role("button", name=name, exact=True).click()


def test_what_is_critical_says_whose_word_is_missing(browser: Browser, member: BrowserContext, url: str) -> None:
    page, moves = member.new_page(), ".moves summary"
    open_ready(page, f"{url}/mission/incident?id=inc0001")
    expect(page.locator("main")).to_contain_text("queda verificado cuando lo verifican dos personas")
    page.get_by_role("button", name="Tomar para verificar").click()
    expect(page.locator(moves)).to_have_text(["Dar la primera de dos verificaciones", "Rechazar"])
    verify(page, "Dar la primera de dos verificaciones", "direct_observation")
    expect(page.locator(_STATE)).to_have_text("En verificación · 1 de 2")
    expect(page.locator("main")).to_contain_text("Primera de dos verificaciones: usted, a las")
    expect(page.locator("main")).to_contain_text("cualquier otra persona de verificación o coordinación")
    expect(page.locator(moves)).to_have_text(["Rechazar"])
    other = browser.new_context()
    sign_in(other, url, "vera")
    second = other.new_page()
    open_ready(second, f"{url}/mission/incidents")
    expect(second.locator(".incident-line", has_text="Crítico")).to_contain_text("En verificación · 1 de 2")
    open_ready(second, f"{url}/mission/incident?id=inc0001&lang=en")
    expect(second.locator("main")).to_contain_text("First of two verifications: ave-root, at")
    open_ready(second, f"{url}/mission/incident?id=inc0001")
    verify(second, "Dar la última de dos: queda verificado", "second_observer")
    expect(second.locator(_STATE)).to_have_text("Verificado")
    other.close()


def test_a_coordinator_sets_a_devices_reports_aside_at_one_press_and_takes_them_back(
    member: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/incident?id=inc0001")
    reporter = desk.mission.incidents["inc0001"]["reporter"]
    page.get_by_role("button", name=f"Apartar todos los reportes de {reporter}").click()
    expect(page.locator(".stack > .note.amber")).to_contain_text("no cuentan en ningún resumen")
    expect(page.locator(f"{_STATE} + .rejected")).to_have_text("Apartado")
    beside = page.locator(".beside .incident-line", has_text=reporter)
    expect(beside).not_to_have_count(0)
    expect(beside.filter(has_text="Apartado")).to_have_count(beside.count())
    open_ready(page, f"{url}/mission/incidents")
    own = [each for each in desk.mission.incidents.values() if each["reporter"] == reporter]
    expect(page.get_by_text("Apartado", exact=True)).to_have_count(len(own))
    open_ready(page, f"{url}/mission/incident?id=inc0001")
    page.get_by_role("button", name=f"Volver a contar los reportes de {reporter}").click()
    expect(page.get_by_role("button", name="Apartar todos los reportes de")).to_be_visible()
    expect(page.get_by_text("Apartado", exact=True)).to_have_count(0)


def test_a_report_is_corrected_with_a_reason_and_the_log_says_what_it_said(
    member: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/incident?id=inc0003")
    page.get_by_text("Corregir el reporte").click()
    form = page.locator("details", has_text="Corregir el reporte")
    form.get_by_label("Gravedad").select_option("serious")
    form.get_by_label("Número de mesa").fill("999999")
    form.get_by_label("Número de mesa").press("Tab")
    expect(form.get_by_text("El conteo no tiene una mesa 999999")).to_be_visible()
    form.get_by_label("Número de mesa").fill("000002")
    form.get_by_label("Razón").fill("Era la mesa de al lado")
    form.get_by_role("button", name="Corregir", exact=True).click()
    line = page.locator(".log .event").last
    expect(line).to_contain_text("Gravedad: Leve → Grave")
    expect(line).to_contain_text("Lugar: Mesa 000001 → Mesa 000002")
    expect(line).to_contain_text("Era la mesa de al lado")
    assert desk.mission.incidents["inc0003"]["place"] == {"mesa": "000002"}
    assert desk.mission.incidents["inc0003"]["category"] == "opening_delay"


@pytest.mark.parametrize("size", [(1280, 900), (360, 800)], ids=["laptop", "phone"])
def test_of_two_who_correct_at_once_the_second_reads_what_stands_and_may_correct_it(
    browser: Browser, desk: DeskApi, url: str, size: tuple[int, int]
) -> None:
    incident = desk.mission.add(severity="minor")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    sign_in(context, url, "root")
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        open_ready(page, f"{url}/mission/incident?id={incident['id']}")
        page.get_by_text("Corregir el reporte").click()
    correct(first, "serious")
    expect(first.locator(_CORRECTED)).to_have_text([re.compile("Leve → Grave.*serious")])
    correct(second, "critical")
    told = second.locator("p.note", has_text="Otra persona respondió o decidió")
    expect(told).to_be_in_viewport()
    expect(second.locator(_CORRECTED)).to_have_text([re.compile("Leve → Grave.*serious")])
    assert incident["severity"] == "serious"
    second.get_by_text("Corregir el reporte").click()
    correct(second, "critical")
    expect(second.locator(_CORRECTED)).to_have_count(2)
    expect(told).to_have_count(0)
    assert incident["severity"] == "critical"
    context.close()


def correct(page: Page, severity: str) -> None:
    form = page.locator("details", has_text="Corregir el reporte")
    form.get_by_label("Gravedad").select_option(severity)
    form.get_by_label("Razón").fill(severity)
    form.get_by_role("button", name="Corregir", exact=True).click()


def test_whoever_reported_reads_why_it_was_corrected(browser: Browser, desk: DeskApi, url: str) -> None:
    desk.mission.add(reporter="ave-ana", correction="Era la mesa de al lado", corrected_at="2026-06-07T13:00:00Z")
    context = browser.new_context(viewport={"width": 360, "height": 800})
    sign_in(context, url, "ana")
    page = context.new_page()
    open_ready(page, f"{url}/mission/report")
    expect(page.locator(".incident-line").first).to_contain_text("La misión lo corrigió: Era la mesa de al lado")
    context.close()
