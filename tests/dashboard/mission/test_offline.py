"""An observer without network: the form opens, reports wait on the phone and are counted, and arrive once each."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.dashboard.toy.desk import READY, DeskApi, sign_in
from tests.dashboard.toy.mission import PIXEL
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser


@pytest.fixture
def desk() -> DeskApi:
    return DeskApi()


@pytest.fixture
def observer(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """The phone of an observer who has signed in."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    sign_in(context, url, "ana")
    yield context
    context.close()


@pytest.fixture
def routed(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """The same phone for tests that answer its requests: those that pass the service worker would pass the test by."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    sign_in(context, url, "ana")
    yield context
    context.close()


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
    expect(page.locator(".note.good")).to_contain_text("Guardado en este dispositivo")


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


def test_two_reports_without_network_are_counted_and_arrive_once_each(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = open_form(observer, url)
    observer.set_offline(True)
    file_report(page, "Primero", photo=True)
    file_report(page, "Segundo")
    expect(page.locator(".unsent")).to_have_text("2 sin enviar")
    assert desk.mission.incidents == {}
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden(timeout=20_000)
    assert sorted(each["text"] for each in desk.mission.incidents.values()) == ["Primero", "Segundo"]
    first = next(each for each in desk.mission.incidents.values() if each["text"] == "Primero")
    assert len(first["photos"]) == 1
    expect(page.locator(".incident-line")).to_have_count(2)


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
    expect(page.locator(".unsent")).to_be_hidden(timeout=20_000)
    assert lost == ["once"]
    assert [each["text"] for each in desk.mission.incidents.values()] == ["Una sola vez"]
    assert desk.mission.requests.count("POST /api/v1/incidents") == 2


def test_a_report_filed_while_another_is_under_way_follows_it(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    page = open_form(routed, url)
    held = hold_first(page)
    file_report(page, "Primero")
    file_report(page, "Segundo")
    expect(page.locator(".unsent")).to_have_text("2 sin enviar")
    held[0].continue_()
    expect(page.locator(".unsent")).to_be_hidden(timeout=3000)
    assert sorted(each["text"] for each in desk.mission.incidents.values()) == ["Primero", "Segundo"]


def test_an_answer_that_never_comes_is_not_waited_for(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    routed.add_init_script("const full = AbortSignal.timeout; AbortSignal.timeout = (ms) => full(ms / 100);")
    page = open_form(routed, url)
    held = hold_first(page)
    file_report(page, "Sin respuesta")
    expect(page.locator(".unsent")).to_be_hidden(timeout=15_000)
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
    until(page, READY, timeout=20_000)
    file_report(page, "Sin red")
    page.reload()
    until(page, READY, timeout=20_000)
    expect(page.locator(".unsent")).to_have_text("1 sin enviar")
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden(timeout=30_000)
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
    assert {path for path, _ in kept if not path.startswith(("/assets/", "/bundle/"))} == {"/mission/report"}
    assert not any("un texto privado" in text or "ave-ana" in text for _, text in kept)


def _wait_until_kept(page: Page) -> None:
    deadline = time.monotonic() + 20
    count = "caches.open('mission-form').then((cache) => cache.keys()).then((keys) => keys.length)"
    while page.evaluate(count) < 10 or not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        assert time.monotonic() < deadline, "the form was not kept"
        page.wait_for_timeout(100)


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
    expect(page.locator(".unsent")).to_be_hidden(timeout=20_000)
    (incident,) = desk.mission.incidents.values()
    assert (incident["text"], len(incident["photos"])) == ("Sin sitio", 1)
