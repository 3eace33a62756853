"""An observer's phone: the assignment first, what the mission says to it, and all its pages without network."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.mission_pages import KEPT
from tests.dashboard.axe import objections
from tests.dashboard.toy.desk import READY, DeskApi, open_ready, sign_in
from tests.dashboard.toy.mission import CODE
from tests.dashboard.watching import until
from texts.language import LANGUAGES

pytestmark = pytest.mark.browser

PLACES = [{"key": "place/0001", "name": "I.E. SAN JUAN"}, {"key": "place/0002", "name": "COLEGIO ÁNCASH"}]
POSTING: dict[str, Any] = {"at": "2026-06-07T12:00:00Z", "places": PLACES, "district": "LIMA", **PLACES[0]}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AHEAD = {"since": "2026-06-07", "until": "2026-06-07"}


@pytest.fixture
def desk() -> DeskApi:
    api = DeskApi()
    api.mission.posting = POSTING
    return api


@pytest.fixture
def phone_of_device(browser: Browser, url: str) -> Iterator[Page]:
    """A phone that joined with a code."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    page = context.new_page()
    open_ready(page, f"{url}/mission/report")
    page.get_by_label("Código de invitación").fill(CODE)
    page.get_by_role("button", name="Registrar").click()
    expect(page.locator(".bar")).to_be_visible()
    until(page, READY)
    yield page
    context.close()


def file_report(page: Page, text: str) -> None:
    page.get_by_label("¿Qué pasó?").select_option("opening_delay")
    page.get_by_label("Leve").check()
    page.get_by_label("Descripción").fill(text)
    page.get_by_role("button", name="Enviar", exact=True).click()


def test_an_observer_sees_the_assignment_first_and_reports_there_with_one_press(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    first = page.locator("#mission .view .card").filter(has_text="Su asignación")
    expect(first).to_contain_text("I.E. San Juan · Lima")
    first.get_by_role("link", name="Reportar aquí").click()
    page.wait_for_url("**/mission/report*")
    until(page, READY)
    expect(page.locator(".picked")).to_contain_text("I.E. San Juan")
    file_report(page, "En mi local")
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    (incident,) = desk.mission.incidents.values()
    assert incident["place"] == {"polling_place": "0001"}
    expect(page.locator(".picked")).to_contain_text("I.E. San Juan")  # and the next one begins there too


def test_a_finger_finds_what_leads_on_from_the_first_page(observer: BrowserContext, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    links = page.locator("#mission .view a")
    expect(links.first).to_be_visible()
    heights = {each.inner_text(): each.bounding_box() for each in links.all() if each.is_visible()}
    assert {name: box for name, box in heights.items() if box and round(box["height"]) < 44} == {}


def test_nobody_assigned_is_told_so(observer: BrowserContext, desk: DeskApi, url: str) -> None:
    desk.mission.posting = None
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    expect(page.locator("#mission .view")).to_contain_text("Todavía no tiene un lugar asignado.")


def test_an_intake_stop_is_told_with_its_reason_and_reports_wait(
    browser: Browser, desk: DeskApi, phone_of_device: Page
) -> None:
    page = phone_of_device
    desk.mission.stopped = {"is_stopped": True, "at": "2026-06-07T13:05:00Z", "reason": "Llegan reportes falsos"}
    file_report(page, "Mientras está cerrado")
    expect(page.locator("main")).to_contain_text("La misión no recibe reportes desde las")
    expect(page.locator("main")).to_contain_text("Llegan reportes falsos")
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    desk.mission.stopped = {"is_stopped": False, "at": None, "reason": None}
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".note.good")).to_contain_text("Recibido")


def test_a_revocation_is_told_on_the_open_page_and_on_the_next(desk: DeskApi, phone_of_device: Page) -> None:
    page = phone_of_device
    desk.mission.devices.clear()
    file_report(page, "Ya dado de baja")
    expect(page.locator("main")).to_contain_text("La misión dio de baja este teléfono")
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    page.reload()
    until(page, READY)
    expect(page.locator("main")).to_contain_text("La misión dio de baja este teléfono")
    expect(page.locator("main")).to_contain_text("En este dispositivo hay 1 reporte o formulario sin enviar.")
    expect(page.get_by_label("Código de invitación")).to_be_visible()


def test_whoever_signs_out_leaves_no_place_behind(observer: BrowserContext, desk: DeskApi, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/report")
    file_report(page, "De aquí")
    expect(page.locator(".note.good")).to_contain_text("Recibido")  # nothing is left about which it would ask first
    assert page.evaluate("localStorage.getItem('escrutinio.place')")
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_label("Código de invitación")).to_be_visible()
    left = page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('escrutinio.'))")
    assert {name for name, _ in left} <= {"escrutinio.clock", "escrutinio.install"}


def test_without_network_every_page_opens_and_the_assignments_places_are_searched(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.mission.add(reporter="ave-ana")
    page = _open_kept(observer, url)
    expect(page.locator("main")).to_contain_text("Listo sin conexión: estas páginas abren como estaban a las")
    expect(page.locator("main")).to_contain_text("Sin red se busca entre 2 locales")
    observer.set_offline(True)
    for path, said in (("/mission", "Su asignación"), ("/mission/incident?id=inc0001", "Sin conexión")):
        open_ready(page, url + path)
        expect(page.locator("main")).to_contain_text(said)
    open_ready(page, f"{url}/mission/report")
    page.get_by_role("button", name="Quitar").first.click()
    page.locator("input[name=polling_place-query]").fill("ancash")
    page.locator("input[name=polling_place-query]").press("Enter")
    page.get_by_role("button", name="Colegio Áncash").click()
    file_report(page, "Sin red")
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden()
    assert {"polling_place": "0002"} in [each["place"] for each in desk.mission.incidents.values()]


def test_where_no_place_can_be_searched_without_network_none_is_promised(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.mission.posting = None
    page = _open_kept(observer, url)
    expect(page.locator("main")).to_contain_text("Listo sin conexión")
    expect(page.locator("main")).not_to_contain_text("se busca entre")


def _open_kept(observer: BrowserContext, url: str) -> Page:
    """The page of reports as it opens once all of them are kept on the phone."""
    page = observer.new_page()
    open_ready(page, f"{url}/mission/report")
    _wait_until_kept(page)
    page.reload()
    until(page, READY)
    return page


def _wait_until_kept(page: Page) -> None:
    number = len(KEPT) * len(LANGUAGES)
    pages = f"keys.filter((each) => new URL(each.url).pathname.startsWith('/mission')).length === {number}"
    kept = f"caches.open('mission-form').then((cache) => cache.keys()).then((keys) => {pages})"
    until(page, f"navigator.serviceWorker.controller && {kept}")


def test_the_list_is_narrowed_by_text_reporter_day_and_region_and_the_sheet_is_of_the_same(
    browser: Browser, desk: DeskApi, url: str
) -> None:
    desk.mission.add(text="Falta el padrón", reporter="garza-9")
    desk.mission.add(text="Otra cosa", reporter="garza-9")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    sign_in(context, url, "carla")
    page = context.new_page()
    open_ready(page, f"{url}/mission/incidents")
    expect(page.locator(".incident-line")).to_have_count(2)
    page.get_by_label("Texto").fill("padrón")
    page.get_by_label("Texto").press("Enter")
    expect(page.locator(".incident-line")).to_have_count(1)
    page.get_by_label("Seudónimo").fill("garza-9")
    page.get_by_label("Desde el día").fill(AHEAD["since"])
    page.get_by_label("Hasta el día").fill(AHEAD["until"])
    page.get_by_label("Región").select_option("department/14")
    chosen = {"text": "padr%C3%B3n", "reporter": "garza-9", **AHEAD, "within": "department%2F14"}
    for name, value in chosen.items():
        page.wait_for_url(f"**{name}={value}*")
    with page.expect_request("**/incidents.csv*") as asked, page.expect_download():
        page.get_by_role("button", name="Descargar CSV").click()
    assert all(f"{name}={value}" in asked.value.url for name, value in chosen.items())
    context.close()


def test_what_is_printed_names_election_day_time_and_regions(browser: Browser, url: str) -> None:
    context = browser.new_context()
    sign_in(context, url, "carla")
    page = context.new_page()
    page.emulate_media(media="print")
    open_ready(page, f"{url}/mission/summary")
    facts = page.locator(".facts").first
    expect(facts).to_contain_text("Segunda vuelta · 07/06/2026")
    expect(facts).to_contain_text("Regiones con reportes recientesLima")
    expect(facts).to_contain_text("Regiones sin ellosAncash")
    context.close()


def test_a_thread_tells_when_it_happened_from_when_it_was_read(browser: Browser, desk: DeskApi, url: str) -> None:
    desk.mission.add()
    desk.mission.add_flag()
    context = browser.new_context()
    sign_in(context, url, "carla")
    page = context.new_page()
    open_ready(page, f"{url}/mission/place?code=0001")
    incident = page.locator(".thread-item.incident").first
    expect(incident).to_contain_text("ocurrió a las")
    expect(incident).to_contain_text("recibido a las")
    expect(page.locator(".thread-item.acta").first).to_contain_text("leída a las")
    expect(page.locator(".thread-item.flag").first).to_contain_text("marcada a las")
    context.close()


def test_axe_finds_nothing_on_an_observers_pages(browser: Browser, desk: DeskApi, url: str) -> None:
    desk.mission.stopped = {"is_stopped": True, "at": "2026-06-07T13:05:00Z", "reason": "Ensayo"}
    desk.mission.add(reporter="ave-ana", correction="Era otra mesa")
    context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    sign_in(context, url, "ana")
    page, found = context.new_page(), {}
    for path in ("/mission", "/mission/report", "/mission/incident?id=inc0001"):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            open_ready(page, url + path)
            found[path, scheme] = objections(page)
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()
    assert {name: each for name, each in found.items() if each} == {}
