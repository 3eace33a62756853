"""The observer's form: its clock runs, a draft outlives the page, what is refused is named, once sent it is empty."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from mission.thresholds import THRESHOLDS
from tests.acceptance.team import draw_picture
from tests.dashboard.toy.desk import READY, DeskApi, open_ready, sign_in
from tests.dashboard.toy.mission import CODE
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser

MOST = THRESHOLDS.reports.most_photos
# A device on which nothing at all may be kept, and one without room.
DENIED = """
const no = () => { throw new DOMException("no", "SecurityError"); };
IDBFactory.prototype.open = no;
for (const name of ["getItem", "setItem", "removeItem"]) Storage.prototype[name] = no;
CacheStorage.prototype.open = async () => no();
LockManager.prototype.request = async () => no();
"""
FULL = """
const full = () => { throw new DOMException("no", "QuotaExceededError"); };
IDBObjectStore.prototype.put = full;
Storage.prototype.setItem = full;
"""

DRAFT_IS_KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("escrutinio-reports");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("reports").objectStore("reports").get("draft/ana");
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result?.photos.length === 2); };
  };
})"""


@pytest.fixture
def desk() -> DeskApi:
    return DeskApi()


@pytest.fixture
def observer(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """The phone of an observer who has signed in, in Lima."""
    size = {"width": 360, "height": 800}
    context = browser.new_context(viewport=size, service_workers="block", timezone_id="America/Lima")
    sign_in(context, url, "ana")
    yield context
    context.close()


def open_form(observer: BrowserContext, url: str) -> Page:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/report")
    return page


def fill(page: Page, text: str) -> None:
    page.get_by_label("¿Qué pasó?").select_option("opening_delay")
    page.get_by_label("Grave").check()
    page.get_by_label("Número de mesa").fill("000001")
    page.get_by_label("Descripción").fill(text)


def write_draft(observer: BrowserContext, url: str, text: str) -> Page:
    """A report with two photos that is kept and not sent."""
    page = open_form(observer, url)
    fill(page, text)
    choose_photos(page, 2)
    until(page, DRAFT_IS_KEPT)
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Enviar", exact=True).click()


def choose_photos(page: Page, number: int, first: int = 0) -> list[bytes]:
    """So many pictures, no two alike, named foto-1.png and so on."""
    pictures = [draw_picture(f"picture {n}") for n in range(first, first + number)]
    files: list[FilePayload] = [
        {"name": f"foto-{n}.png", "mimeType": "image/png", "buffer": picture} for n, picture in enumerate(pictures, 1)
    ]
    page.get_by_label("Fotos").set_input_files(files)
    return pictures


def standing(page: Page) -> dict[str, str]:
    """What stands in the form."""
    found: dict[str, str] = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form.stack')))")
    return {name: value for name, value in found.items() if isinstance(value, str)}


def test_the_clock_of_the_default_and_of_the_limit_runs(observer: BrowserContext, url: str) -> None:
    page = observer.new_page()
    page.clock.install(time=datetime.now(UTC))
    open_ready(page, f"{url}/mission/report")
    observer.set_offline(True)  # an answer would tell our time, which does not run ahead
    occurred = page.get_by_label("¿Cuándo ocurrió?")
    began = occurred.input_value()
    page.clock.run_for(17 * 60 * 1000)
    later = (datetime.fromisoformat(began) + timedelta(minutes=17)).strftime("%Y-%m-%dT%H:%M")
    expect(occurred).to_have_value(later)
    expect(occurred).to_have_attribute("max", later)
    occurred.fill(began)
    page.clock.run_for(60 * 1000)
    expect(occurred).to_have_value(began)
    assert occurred.get_attribute("max") != later


@pytest.mark.parametrize(("hours", "way"), [(3, "adelantado"), (-3, "atrasado")])
def test_a_clock_three_hours_off_is_said_and_the_right_time_is_offered(
    observer: BrowserContext, desk: DeskApi, url: str, hours: int, way: str
) -> None:
    observer.add_init_script(
        f"const off = {hours} * 3600000; const Now = Date;"
        "Date = class extends Now { constructor(...given) { super(...(given.length ? given : [Now.now() + off])); }"
        " static now() { return Now.now() + off; } };"
    )
    page = open_form(observer, url)
    expect(page.locator("main")).to_contain_text(f"El reloj de este teléfono va 3 h {way}.")
    fill(page, "Con la hora mal puesta")
    send(page)
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    (incident,) = desk.mission.incidents.values()
    happened = datetime.fromisoformat(incident["occurred_at"])
    assert abs(datetime.now(UTC) - happened) < timedelta(minutes=3)
    off = datetime.fromisoformat(incident["device_at"]) - datetime.now(UTC)
    assert abs(off - timedelta(hours=hours)) < timedelta(minutes=3)
    assert abs(datetime.fromisoformat(desk.mission.device_times[-1]) - datetime.now(UTC) - timedelta(hours=hours)) < (
        timedelta(minutes=3)
    )


def test_what_time_it_is_for_the_count_is_said_on_a_phone_of_another_zone(browser: Browser, url: str) -> None:
    context = browser.new_context(timezone_id="Europe/Madrid", service_workers="block")
    sign_in(context, url, "ana")
    page = open_form(context, url)
    page.get_by_label("¿Cuándo ocurrió?").fill("2026-06-07T15:10")
    expect(page.locator("main")).to_contain_text("Para el conteo son las 08:10.")
    context.close()


def test_a_draft_with_its_photos_is_there_again_after_a_reload(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = write_draft(observer, url, "A media frase")
    expect(page.locator(".picks li")).to_have_count(2)
    written = standing(page)
    page.reload()
    until(page, READY)
    expect(page.locator("main")).to_contain_text("Recuperado: lo que escribía a las")
    assert standing(page) == written
    expect(page.locator(".picks li")).to_have_count(2)
    send(page)
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    (incident,) = desk.mission.incidents.values()
    assert (incident["text"], len(incident["photos"])) == ("A media frase", 2)
    page.reload()
    until(page, READY)
    expect(page.locator("main")).not_to_contain_text("Recuperado")


def test_a_draft_is_its_writers_and_is_thrown_away_with_one_press(
    browser: Browser, observer: BrowserContext, url: str
) -> None:
    page = write_draft(observer, url, "De Ana")
    sign_in(observer, url, "carla")
    other = open_form(observer, url)
    assert standing(other)["text"] == ""
    sign_in(observer, url, "ana")
    page.reload()
    until(page, READY)
    page.get_by_role("button", name="Empezar de nuevo").click()
    assert standing(page)["text"] == ""
    until(page, f"async () => !(await ({DRAFT_IS_KEPT})())")
    page.reload()
    until(page, READY)
    assert standing(page)["text"] == ""


def test_what_is_kept_is_written_through_to_the_disk(observer: BrowserContext, url: str) -> None:
    observer.add_init_script(
        "window.asked = []; const begin = IDBDatabase.prototype.transaction;"
        "IDBDatabase.prototype.transaction = function (...given) {"
        " if (given[1] === 'readwrite') asked.push(given[2]?.durability); return begin.apply(this, given); };"
    )
    page = open_form(observer, url)
    fill(page, "Se acaba la batería")
    send(page)
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    assert set(page.evaluate("asked")) == {"strict"}


def test_once_sent_the_form_is_empty_and_says_received(observer: BrowserContext, desk: DeskApi, url: str) -> None:
    page = open_form(observer, url)
    empty = standing(page)
    fill(page, "Todo enviado")
    choose_photos(page, 1)
    expect(page.locator(".picks li")).to_have_count(1)
    page.get_by_label("Adjuntar mi posición").check()
    send(page)
    (number,) = _filed(page, desk)
    expect(page.locator(".note.good")).to_have_text(
        re.compile(rf"Recibido a las \d\d:\d\d\. Número de reporte: {number}")
    )
    assert {**standing(page), "occurred": ""} == {**empty, "occurred": ""}
    expect(page.locator(".picks li")).to_have_count(0)
    assert page.locator("input[name=severity]:checked").count() == 0


def _filed(page: Page, desk: DeskApi) -> list[str]:
    until(page, lambda: desk.mission.incidents)
    return list(desk.mission.incidents)


def test_photos_over_the_limit_and_what_is_no_photo_are_named(observer: BrowserContext, url: str) -> None:
    page = open_form(observer, url)
    choose_photos(page, MOST + 2)
    expect(page.locator(".picks li")).to_have_count(MOST)
    told = page.get_by_role("alert").filter(has_text="como máximo")
    expect(told).to_contain_text(
        f"Un reporte lleva {MOST} fotos como máximo. Quedaron fuera: foto-{MOST + 1}.png, foto-{MOST + 2}.png."
    )
    page.get_by_role("button", name="Quitar").first.click()
    files: list[FilePayload] = [{"name": "acta.heic", "mimeType": "image/heic", "buffer": b"no picture"}]
    page.get_by_label("Fotos").set_input_files(files)
    expect(page.get_by_role("alert").filter(has_text="acta.heic")).to_contain_text("no es una foto JPEG, PNG o WebP")
    expect(page.locator(".picks li")).to_have_count(MOST - 1)


def test_eight_photos_of_which_two_are_refused_say_which_and_why_on_the_phone(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(observer, url)
    fill(page, "Ocho fotos")
    pictures = choose_photos(page, 8)
    expect(page.locator(".picks li")).to_have_count(8)
    desk.mission.refusals = {pictures[1]: 409, pictures[6]: 422}
    send(page)
    waiting = page.locator(".card", has_text="Sin enviar, en este dispositivo")
    expect(waiting).to_contain_text("Se recibió. Faltan 2 fotos:")
    expect(waiting).to_contain_text("foto-2.png: ya se envió con otro reporte")
    expect(waiting).to_contain_text("foto-7.png: no se puede abrir como foto.")
    (incident,) = desk.mission.incidents.values()
    assert len(incident["photos"]) == 6
    expect(page.locator(".unsent")).to_be_hidden()
    page.reload()
    until(page, READY)
    expect(waiting).to_contain_text("foto-7.png")
    waiting.get_by_role("button", name="Entendido").click()
    expect(waiting).to_be_hidden()


def test_a_report_of_another_year_is_asked_about_before_it_is_kept(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page, asked = open_form(observer, url), list[str]()
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    fill(page, "Del año pasado")
    last = datetime.now(UTC).year - 1
    page.get_by_label("¿Cuándo ocurrió?").fill(f"{last}-06-07T08:10")
    send(page)
    until(page, lambda: asked)
    assert asked == [f"Usted dice que ocurrió el 07/06/{last} 08:10. ¿Es correcto?"]
    assert standing(page)["text"] == "Del año pasado"
    assert desk.mission.incidents == {}
    desk.mission.asks_time = True  # the confirmation goes with the report
    page.once("dialog", lambda dialog: dialog.accept())
    send(page)
    expect(page.locator(".note.good")).to_contain_text("Recibido")


def test_a_time_that_the_server_doubts_is_asked_about_on_the_phone(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.mission.asks_time = True
    page = open_form(observer, url)
    fill(page, "Con otro reloj")
    send(page)
    expect(page.locator("main")).to_contain_text("El servidor pregunta: ¿ocurrió de verdad a esa hora")
    page.get_by_role("button", name="Sí, enviar así").click()
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    assert len(desk.mission.incidents) == 1


def test_a_refused_report_is_written_again_with_all_that_it_had(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(observer, url)
    page.route(
        "**/api/v1/incidents", lambda route: route.fulfill(status=422, json={"detail": "place: this count has no"})
    )
    fill(page, "Con otra mesa")
    choose_photos(page, 1)
    send(page)
    expect(page.locator("main")).to_contain_text("Ese lugar no existe en este conteo")
    page.unroute("**/api/v1/incidents")
    page.get_by_role("button", name="Corregir").click()
    expect(page.locator(".unsent")).to_be_hidden()
    expect(page.get_by_label("Descripción")).to_have_value("Con otra mesa")
    page.get_by_label("Número de mesa").fill("000002")
    send(page)
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    (incident,) = desk.mission.incidents.values()
    assert (incident["place"], len(incident["photos"])) == ({"mesa": "000002"}, 1)


@pytest.mark.parametrize(("broken", "why"), [(DENIED, "no deja guardar nada"), (FULL, "no tiene espacio")])
def test_a_phone_that_keeps_nothing_says_so_joins_and_sends_from_the_page(
    browser: Browser, desk: DeskApi, url: str, broken: str, why: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    context.add_init_script(broken)
    page = context.new_page()
    open_ready(page, f"{url}/mission")
    page.get_by_label("Código de invitación").fill(CODE)
    page.get_by_role("button", name="Registrar").click()
    expect(page.locator("main")).to_contain_text("el registro vale mientras esta página esté abierta")
    expect(page.locator("main")).to_contain_text(why)
    fill(page, "Sin sitio")
    choose_photos(page, 1)
    expect(page.locator(".picks li")).to_have_count(1)
    send(page)
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    (incident,) = desk.mission.incidents.values()
    assert (incident["text"], len(incident["photos"])) == ("Sin sitio", 1)
    context.close()
