"""An observer without network: the form opens, reports wait on the phone and are counted, and arrive once each."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.mission_pages import KEPT, PAGES
from tests.dashboard.toy.desk import READY, DeskApi, open_ready
from tests.dashboard.toy.mission import BASE, PIXEL
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser


@pytest.fixture
def desk() -> DeskApi:
    return DeskApi()


def open_form(observer: BrowserContext, url: str) -> Page:
    """The form, ready to be filled in."""
    page = observer.new_page()
    page.goto(f"{url}/mission/report")
    until(page, READY)
    return page


def hold_first(page: Page) -> list[Any]:
    """The first report that is sent, kept on its way; those after it pass."""
    held: list[Any] = []
    page.route("**/api/v1/incidents", lambda route: route.continue_() if held else held.append(route))
    return held


def file_report(page: Page, text: str, *, photo: bool = False) -> None:
    """Fill the form in and send it."""
    fill_in(page, text, photo=photo)
    expect(page.locator(".note.good")).to_contain_text(re.compile("Guardado en este dispositivo|Recibido"))


def fill_in(page: Page, text: str, *, photo: bool = False) -> None:
    """Fill the form in and press what sends it."""
    page.get_by_label("¿Qué pasó?").select_option("opening_delay")
    page.get_by_label("Leve").check()
    page.get_by_label("Número de mesa").fill("000001")
    page.get_by_label("Descripción").fill(text)
    if photo:
        files = [{"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}]
        page.get_by_label("Fotos").set_input_files(files)
        expect(page.locator(".picks li")).to_have_count(1)
    page.get_by_role("button", name="Enviar").click()


def test_a_mesa_that_the_count_does_not_have_is_doubted_and_taken(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(observer, url)
    mesa, doubt = page.get_by_label("Número de mesa"), page.get_by_text("El conteo no tiene una mesa 999999")
    mesa.fill("999999")
    mesa.press("Tab")
    expect(doubt).to_be_visible()
    mesa.fill("000001")
    mesa.press("Tab")
    expect(doubt).to_be_hidden()


def test_two_reports_without_network_are_counted_and_arrive_once_each(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(observer, url)
    observer.set_offline(True)
    file_report(page, "Primero", photo=True)
    file_report(page, "Segundo")
    expect(page.locator(".unsent")).to_have_text("2 sin enviar")
    waiting = page.locator(".card", has_text="Sin enviar, en este dispositivo").locator("li")
    expect(waiting).to_have_count(2)
    expect(waiting.filter(has_text="foto")).to_have_count(1)
    expect(waiting.filter(has_text="s · 1 foto")).to_have_count(1)
    assert desk.mission.incidents == {}
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden()
    assert sorted(each["text"] for each in desk.mission.incidents.values()) == ["Primero", "Segundo"]
    first = next(each for each in desk.mission.incidents.values() if each["text"] == "Primero")
    assert len(first["photos"]) == 1
    expect(page.locator(".incident-line")).to_have_count(2)


def test_what_waits_on_the_phone_is_asked_to_stay_where_the_browser_would_make_room(
    observer: BrowserContext, url: str
) -> None:
    observer.add_init_script(
        "window.asked = 0; StorageManager.prototype.persist = async () => { asked += 1; throw new TypeError('no'); };"
    )
    page = open_form(observer, url)
    assert page.evaluate("asked") == 0
    observer.set_offline(True)
    file_report(page, "Que nadie lo borre")
    until(page, "asked === 1")
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")


def test_a_lost_answer_makes_no_second_incident(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    page = open_form(routed, url)
    lost: list[str] = []

    def lose_first(route: Any) -> None:
        # The server has it, and its answer never arrives.
        if lost:
            route.continue_()
            return
        lost.append("once")
        route.fetch()
        route.abort()

    page.route("**/api/v1/incidents", lose_first)
    file_report(page, "Una sola vez")
    expect(page.locator(".unsent")).to_be_hidden()
    assert lost == ["once"]
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Una sola vez"]
    assert desk.mission.requests.count("POST /api/v1/incidents") == 2


def test_what_the_server_takes_no_more_of_waits_on_the_phone_and_is_told_in_words(
    routed: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(routed, url)
    desk.mission.is_full = True
    file_report(page, "Uno de muchos")
    expect(page.locator(".unsent")).to_have_text(
        "1 sin enviar. Por ahora no se reciben más reportes desde aquí: "
        "lo suyo espera en este dispositivo y se envía solo (espera: 25 min)."
    )
    assert desk.mission.incidents == {}
    desk.mission.is_full = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".unsent")).to_be_hidden()
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Uno de muchos"]


def test_what_a_suspended_phone_has_waits_until_it_may_come_in_again(
    routed: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(routed, url)
    desk.mission.is_suspended = True
    file_report(page, "De quien fue suspendida")
    expect(page.locator(".unsent")).to_contain_text("1 sin enviar. La coordinación suspendió esta cuenta")
    open_ready(page, f"{url}/mission/report")
    expect(page.locator("#mission")).to_contain_text("La coordinación suspendió esta cuenta")
    assert desk.mission.incidents == {}
    desk.mission.is_suspended = False
    open_ready(page, f"{url}/mission/report")
    expect(page.locator(".unsent")).to_be_hidden()
    assert [each["text"] for each in desk.mission.incidents.values()] == ["De quien fue suspendida"]


# What follows does so at once, not when a timer has it tried again.
_NO_SECOND_TRY = "const later = setTimeout; window.setTimeout = (task, ms = 0) => (ms < 4000 ? later(task, ms) : 0);"


def test_a_report_filed_while_another_is_under_way_follows_it(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    routed.add_init_script(_NO_SECOND_TRY)
    page = open_form(routed, url)
    held = hold_first(page)
    file_report(page, "Primero")
    file_report(page, "Segundo")
    expect(page.locator(".unsent")).to_have_text("2 sin enviar")
    held[0].continue_()
    expect(page.locator(".unsent")).to_be_hidden()
    assert sorted(each["text"] for each in desk.mission.incidents.values()) == ["Primero", "Segundo"]


def test_a_report_does_not_wait_for_the_photos_of_another(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    page, held = open_form(routed, url), list[Any]()
    page.route("**/photos", lambda route: route.continue_() if held else held.append(route))
    files = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": PIXEL} for n in range(2)]
    page.get_by_label("Fotos").set_input_files(files)
    expect(page.locator(".picks li")).to_have_count(2)
    with page.expect_request("**/photos"):
        fill_in(page, "Con fotos")
    fill_in(page, "Urgente")
    expect(page.locator(".unsent")).to_have_text("2 sin enviar")
    held[0].continue_()
    expect(page.locator(".unsent")).to_be_hidden()
    sent = [each.rpartition("/")[2] for each in desk.mission.requests if each.startswith("POST")]
    assert [each for each in sent if each in ("incidents", "photos")] == ["incidents", "photos", "incidents", "photos"]


def test_photos_that_are_too_many_for_now_hold_up_no_report(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    page = open_form(routed, url)
    desk.mission.refusals[PIXEL] = 429
    file_report(page, "Con foto", photo=True)
    expect(page.locator(".unsent")).to_contain_text("1 sin enviar. Por ahora no se reciben más")
    file_report(page, "Urgente")
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Con foto", "Urgente"]
    desk.mission.refusals.clear()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".unsent")).to_be_hidden()
    assert len(desk.mission.incidents["inc0001"]["photos"]) == 1


def test_a_network_that_comes_back_while_a_report_fails_has_it_sent_at_once(
    routed: BrowserContext, desk: DeskApi, url: str
) -> None:
    # A timer without pause comes before the device has answered a question; one with a pause never comes.
    routed.add_init_script(
        """const later = setTimeout;
        const soon = (task, ms) => (ms < 4000 ? later(task, ms) : 0);
        window.setTimeout = (task, ms = 0) => (ms === 0 ? (queueMicrotask(task), 0) : soon(task, ms));"""
    )
    page = open_form(routed, url)
    held = hold_first(page)
    file_report(page, "Vuelve la red")
    until(page, lambda: len(held) == 1)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    held[0].abort()
    expect(page.locator(".unsent")).to_be_hidden()
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Vuelve la red"]


def test_an_answer_that_never_comes_is_not_waited_for(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    routed.add_init_script("const full = AbortSignal.timeout; AbortSignal.timeout = (ms) => full(ms / 100);")
    page = open_form(routed, url)
    held = hold_first(page)
    file_report(page, "Sin respuesta")
    expect(page.locator(".unsent")).to_be_hidden()
    assert len(held) == 1
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Sin respuesta"]


def test_the_form_opens_without_network_and_keeps_what_is_written(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(observer, url)
    _wait_until_kept(page)
    page.close()
    observer.set_offline(True)
    page = observer.new_page()
    page.goto(f"{url}/mission/report")
    until(page, READY)
    file_report(page, "Sin red")
    page.reload()
    until(page, READY)
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden()
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Sin red"]


def test_what_is_kept_for_that_holds_nothing_of_anybody(observer: BrowserContext, desk: DeskApi, url: str) -> None:
    desk.mission.add(reporter="ave-ana", text="un texto privado")
    page = open_form(observer, url)
    _wait_until_kept(page)
    for path in ("/mission", "/mission/report"):
        page.goto(url + path)
        until(page, READY)
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              found.push([new URL(request.url).pathname, await (await cache.match(request)).text()]);
            }
          }
          return found;
        }"""
    )
    pages = {path for path, _ in kept if not path.startswith(("/assets/", "/bundle/"))}
    assert pages == {path for path, name in PAGES.items() if name in KEPT}
    assert not any("un texto privado" in text or "ave-ana" in text for _, text in kept)


def _wait_until_kept(page: Page) -> None:
    count = "caches.open('mission-form').then((cache) => cache.keys()).then((keys) => keys.length >= 10)"
    until(page, f"navigator.serviceWorker.controller && {count}")


def test_what_the_server_refuses_is_shown_and_not_sent_again(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    page = open_form(routed, url)
    page.route("**/api/v1/incidents", lambda route: route.fulfill(status=422, json={"detail": "place: no such mesa"}))
    file_report(page, "Mesa que no existe")
    expect(page.locator("main")).to_contain_text("Falta un dato o no es válido. (place: no such mesa)")
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Descartar").click()
    expect(page.locator(".unsent")).to_be_hidden()


_DENIED = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
_FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'QuotaExceededError'); };"


@pytest.mark.parametrize("status", [406, 431, 451])
def test_what_something_on_the_way_refuses_is_told_and_holds_up_nothing(
    routed: BrowserContext, desk: DeskApi, url: str, status: int
) -> None:
    routed.add_init_script(_NO_SECOND_TRY)
    page, refused = open_form(routed, url), list[str]()

    def refuse_first(route: Any) -> None:
        if refused:
            route.continue_()
            return
        refused.append("once")
        route.fulfill(status=status, content_type="text/html", body="<h1>Blocked</h1>")

    page.route("**/api/v1/incidents", refuse_first)
    file_report(page, "El que no pasa")
    expect(page.locator("main")).to_contain_text("El servidor falló. Vuelva a intentarlo.")
    file_report(page, "El de después")
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    assert [each["text"] for each in desk.mission.incidents.values()] == ["El de después"]


@pytest.mark.parametrize(("broken", "why"), [(_DENIED, "no deja guardar nada"), (_FULL, "no tiene espacio")])
def test_a_report_the_device_does_not_keep_is_told_and_sent_from_the_page(
    observer: BrowserContext, desk: DeskApi, url: str, broken: str, why: str
) -> None:
    observer.add_init_script(broken)
    page = open_form(observer, url)
    observer.set_offline(True)
    fill_in(page, "Sin sitio", photo=True)
    expect(page.locator(".note.amber", has_text=why)).to_be_visible()
    expect(page.locator(".note.good")).to_have_count(0)
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    expect(page.locator("main")).to_contain_text("se pierde si cierra la página")
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden()
    (incident,) = desk.mission.incidents.values()
    assert (incident["text"], len(incident["photos"])) == ("Sin sitio", 1)


# As the version before kept a report: in a database of its own, under a key within it.
_KEEP_AS_BEFORE = """(text) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("escrutinio-mission", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("reports", { keyPath: "key" });
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const body = {
      category: "opening_delay", severity: "minor", place: { mesa: "000001" }, text, position: null, flag: null,
      occurred_at: "2026-06-07T13:00:00Z", device_at: "2026-06-07T13:00:10Z",
    };
    const photos = [new Blob(["a picture"], { type: "image/png" })];
    const key = "0123456789abcdef0123456789abcdef";
    const kept = { key, by: "ana", body, photos, at: body.device_at, id: null, error: null };
    const writing = opening.result.transaction("reports", "readwrite");
    writing.objectStore("reports").put(kept);
    writing.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""
_LEFT_BEHIND = """() => new Promise((resolve) => {
  const opening = indexedDB.open("escrutinio-mission");
  opening.onsuccess = () => {
    const counting = opening.result.transaction("reports").objectStore("reports").count();
    counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
  };
})"""


@pytest.mark.parametrize(("broken", "left"), [("", 0), (_FULL, 1)])
def test_a_report_that_the_version_before_left_unsent_is_counted_and_arrives_once(
    routed: BrowserContext, desk: DeskApi, url: str, broken: str, left: int
) -> None:
    before = routed.new_page()
    before.goto(f"{url}{BASE}/session")
    before.evaluate(_KEEP_AS_BEFORE, "De la versión anterior")
    routed.add_init_script(broken)
    page = routed.new_page()
    held = hold_first(page)
    page.goto(f"{url}/mission/report")
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    until(page, lambda: len(held) == 1)
    assert page.evaluate(_LEFT_BEHIND) == left
    held[0].continue_()
    expect(page.locator(".unsent")).to_be_hidden()
    page.reload()
    until(page, READY)
    expect(page.locator(".unsent")).to_be_hidden()
    (incident,) = desk.mission.incidents.values()
    assert (incident["text"], len(incident["photos"])) == ("De la versión anterior", 1)
