"""An observer fills in forms on a phone: drafts, places, faults, sending once, and all of it without network."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.dashboard.axe import objections
from tests.dashboard.toy.desk import READY, DeskApi, open_ready
from tests.dashboard.toy.forms import VOTING
from tests.dashboard.toy.mission import PIXEL
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser

PLACES = [{"key": "place/0001", "name": "I.E. SAN JUAN"}, {"key": "place/0002", "name": "COLEGIO ÁNCASH"}]
POSTING: dict[str, Any] = {"at": "2026-06-07T12:00:00Z", "places": PLACES, "district": "LIMA", **PLACES[0]}
_KEPT = """navigator.serviceWorker.controller && caches.open("mission-form").then((cache) => cache.keys())
  .then((keys) => keys.some((each) => each.url.includes("/mission/fill?lang=en")))"""
# What the drafts on this device hold, as IndexedDB has it.
_DRAFTS = """new Promise((resolve) => {
  const opening = indexedDB.open("escrutinio-reports");
  opening.onsuccess = () => {
    const all = opening.result.transaction("reports").objectStore("reports").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result.filter((each) => !each.body)); };
  };
})"""


@pytest.fixture
def desk() -> DeskApi:
    api = DeskApi()
    api.mission.posting = POSTING
    return api


def open_form(page: Page, title: str) -> None:
    """A form of the list."""
    page.get_by_role("link", name=title).click()
    expect(page.locator("h2", has_text=title)).to_be_visible()
    expect(page.locator(".form")).to_be_visible()


def answer(page: Page, question: str, value: str) -> None:
    """Choose or write an answer."""
    group = page.get_by_role("group", name=question)
    if group.count():
        group.get_by_label(value, exact=True).check()
    else:
        page.get_by_label(question).fill(value)


def send(page: Page) -> None:
    """Press what sends the form, and see that it is kept or in."""
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.locator(".note.good")).to_be_visible()


def report(page: Page, text: str) -> None:
    page.get_by_label("¿Qué pasó?").select_option("opening_delay")
    page.get_by_label("Leve").check()
    page.get_by_label("Descripción").fill(text)
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.locator(".note.good")).to_be_visible()


def kept(page: Page, count: int) -> None:
    """Wait until this device's one draft holds so many answers."""
    answered = "Object.values(draft.answers).filter((one) => one !== null).length"
    until(page, f"{_DRAFTS}.then(([draft]) => draft && {answered} === {count})")


def killed(context: BrowserContext, page: Page) -> Page:
    """The page ends without being asked, as with an empty battery; another one is opened at the same address."""
    address = page.url
    page.close(run_before_unload=False)
    page = context.new_page()
    open_ready(page, address)
    return page


def test_an_observer_without_network_fills_three_forms_and_two_reports_and_each_arrives_once(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    until(page, _KEPT)
    observer.set_offline(True)
    page.reload()
    until(page, READY)
    open_form(page, "Instalación")
    answer(page, "¿Se instaló la mesa?", "Sí")
    answer(page, "Electores en la lista", "300")
    page.get_by_role("group", name="Foto del cartel").get_by_label("Fotos").set_input_files(
        [{"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}]
    )
    kept(page, 3)
    page = killed(observer, page)
    expect(page.locator("main")).to_contain_text("Recuperado")
    expect(page.locator(".picks li")).to_have_count(1)
    expect(page.get_by_label("Electores en la lista")).to_have_value("300")
    send(page)
    open_form(page, "Votación")
    answer(page, "¿El voto es secreto?", "No")
    send(page)
    open_form(page, "Cierre")
    answer(page, "¿A qué hora cerró?", "17:05")
    send(page)
    expect(page.locator(".form-line", has_text="Cierre")).to_contain_text("Sin enviar")
    open_ready(page, f"{url}/mission/report")
    report(page, "Primero")
    report(page, "Segundo")
    page.reload()
    until(page, READY)
    expect(page.locator(".unsent")).to_have_text("5 sin enviar")
    assert desk.mission.forms.responses == {}
    observer.set_offline(False)
    expect(page.locator(".unsent")).to_be_hidden()
    assert sorted(each["text"] for each in desk.mission.incidents.values()) == ["Primero", "Segundo"]
    opening, voting, closing = sorted(desk.mission.forms.responses.values(), key=lambda each: each["started_at"])
    assert opening["answers"] == {"opened": "yes", "listed": 300, "photos": 1}
    assert opening["photos"] == [("photos", PIXEL)]
    assert (voting["answers"], closing["answers"]) == ({"secret": "no"}, {"closed_at": "17:05"})
    assert all(each["place"] == {"polling_place": "0001"} for each in (opening, voting, closing))


def test_a_lost_answer_makes_no_second_response(routed: BrowserContext, desk: DeskApi, url: str) -> None:
    page = routed.new_page()
    open_ready(page, f"{url}/mission/fill?form=voting&place=0001")
    lost: list[str] = []

    def lose_first(route: Any) -> None:
        # The server has it, and its answer never arrives.
        if route.request.method == "GET" or lost:
            route.continue_()
            return
        lost.append("once")
        route.fetch()
        route.abort()

    page.route("**/api/v1/mission/responses*", lose_first)
    answer(page, "¿El voto es secreto?", "Sí")
    send(page)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".unsent")).to_be_hidden()
    assert desk.mission.requests.count("POST responses") == 2
    assert len(desk.mission.forms.responses) == 1


def test_what_is_missing_is_named_with_a_way_to_it_and_what_can_be_read_may_be_sent_all_the_same(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill?form=opening&place=0001")
    answer(page, "¿Se instaló la mesa?", "No")
    answer(page, "Electores en la lista", "muchos")
    answer(page, "Electores en la cola", "400")
    page.get_by_role("button", name="Enviar", exact=True).click()
    wrong = page.get_by_role("group", name="Lo que falta o no cuadra")
    expect(wrong).to_be_focused()
    expect(wrong.get_by_role("listitem")).to_have_text(
        ["Electores en la lista: no se puede leer, corríjala", "Electores en la cola"]
    )
    expect(page.get_by_role("button", name="Enviar así")).to_have_count(0)
    wrong.get_by_role("link", name="Electores en la lista").click()
    expect(page.get_by_label("Electores en la lista")).to_be_focused()
    page.get_by_label("Electores en la lista").fill("")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(wrong).to_contain_text("Falta 1 respuesta: Revise 1 respuesta:")
    page.get_by_role("button", name="Enviar así").click()
    expect(page.locator(".note.good")).to_contain_text("recibido")
    (response,) = desk.mission.forms.responses.values()
    assert response["answers"] == {"opened": "no", "queue": 400}
    expect(page.locator(".form-line").last).to_contain_text("Enviado")


def test_a_draft_of_an_earlier_version_is_finished_with_it(observer: BrowserContext, desk: DeskApi, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill?form=voting&place=0001")
    answer(page, "¿El voto es secreto?", "No")
    kept(page, 1)
    desk.mission.forms.offered = [{**VOTING, "version": 2, "sections": []}]
    open_ready(page, f"{url}/mission/fill?form=voting&place=0001")
    expect(page.locator("main")).to_contain_text("se termina y se envía como estaba")
    send(page)
    expect(page.locator(".note.good")).to_contain_text("recibido")
    (response,) = desk.mission.forms.responses.values()
    assert (response["version"], response["answers"]) == (1, {"secret": "no"})


def test_a_form_of_a_mesa_asks_for_its_number_and_stands_at_its_place(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.mission.forms.offered = [{**VOTING, "is_of_mesa": True, "is_once": True}]
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    open_form(page, "Votación")
    answer(page, "¿El voto es secreto?", "No")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Escriba el número de la mesa")).to_be_visible()
    page.get_by_label("Número de mesa").fill("000001")
    kept(page, 1)
    until(page, f"{_DRAFTS}.then(([draft]) => draft.mesa === '000001')")
    page = killed(observer, page)
    expect(page.get_by_label("Número de mesa")).to_have_value("000001")
    assert objections(page) == []
    send(page)
    expect(page.locator(".form-line", has_text="Votación")).to_contain_text("Enviado")
    expect(page.get_by_role("link", name="Votación")).to_be_visible()
    (response,) = desk.mission.forms.responses.values()
    assert response["place"] == {"mesa": "000001"}


def test_a_form_of_a_mesa_is_not_sent_without_its_number_whatever_else_is_missing(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.mission.forms.offered = [{**VOTING, "is_of_mesa": True, "is_once": True}]
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    open_form(page, "Votación")
    page.get_by_label("Número de mesa").fill("000001")
    page.get_by_role("button", name="Enviar", exact=True).click()
    anyway = page.get_by_role("button", name="Enviar así")
    expect(anyway).to_be_visible()
    page.get_by_label("Número de mesa").fill("1")
    anyway.click()
    expect(page.get_by_role("alert").filter(has_text="Escriba el número de la mesa")).to_be_visible()
    assert desk.mission.forms.responses == {}
    page.get_by_label("Número de mesa").fill("000001")
    anyway.click()
    expect(page.locator(".form-line", has_text="Votación")).to_contain_text("Enviado")
    (response,) = desk.mission.forms.responses.values()
    assert response["place"] == {"mesa": "000001"}


def test_a_form_that_is_asked_no_more_stays_where_a_draft_of_it_waits(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill?form=voting&place=0001")
    answer(page, "¿El voto es secreto?", "No")
    kept(page, 1)
    desk.mission.forms.offered = []
    open_ready(page, f"{url}/mission/fill")
    expect(page.locator(".form-line")).to_have_count(1)
    open_form(page, "Votación")
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()


def test_what_the_server_refuses_says_why_and_is_written_again(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    desk.mission.forms.refuses = "answers: not of this form"
    open_ready(page, f"{url}/mission/fill?form=voting&place=0001")
    answer(page, "¿El voto es secreto?", "No")
    send(page)
    waiting = page.locator(".card", has_text="Sin enviar, en este dispositivo")
    expect(waiting).to_contain_text("answers: not of this form")
    desk.mission.forms.refuses = None
    waiting.get_by_role("button", name="Corregir").click()
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()
    expect(waiting).to_be_hidden()
    answer(page, "¿El voto es secreto?", "Sí")
    send(page)
    expect(page.locator(".note.good")).to_contain_text("recibido")
    (response,) = desk.mission.forms.responses.values()
    assert response["answers"] == {"secret": "yes"}


def test_an_assignment_of_several_places_is_chosen_from_and_each_has_its_own_forms(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.mission.posting = {**POSTING, "key": "district/140101", "name": "LIMA"}
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    page.get_by_role("button", name="Colegio Áncash").click()
    open_form(page, "Cierre")
    answer(page, "¿A qué hora cerró?", "16:30")
    send(page)
    expect(page.locator(".form-line", has_text="Cierre")).to_contain_text("Enviado")
    page.get_by_role("button", name="Cambiar de lugar").click()
    page.get_by_label("En una mesa").check()
    page.get_by_label("Número de mesa").fill("000001")
    page.get_by_role("button", name="Llenar formularios aquí").click()
    expect(page.locator(".form-line", has_text="Cierre")).to_contain_text("para las 17:00")
    assert "mesa=000001" in page.url
    (response,) = desk.mission.forms.responses.values()
    assert response["place"] == {"polling_place": "0002"}


def test_a_form_is_found_filled_in_and_sent_with_the_keyboard_alone(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    press_to(page, "Votación", "Enter")
    page.wait_for_url("**form=voting*")
    until(page, READY)
    press_to(page, "Sí", "Space")
    press_to(page, "Enviar", "Enter")
    expect(page.locator(".note.good")).to_contain_text("recibido")
    (response,) = desk.mission.forms.responses.values()
    assert response["answers"] == {"secret": "yes"}


_FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"


def press_to(page: Page, name: str, key: str) -> None:
    """Go forward to what is called so, and press the key."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED) == name:
            page.keyboard.press(key)
            return
    raise AssertionError(f"the keyboard does not come to {name}")


def test_axe_finds_nothing_in_a_form_with_faults_or_in_the_list(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    found = objections(page)
    open_ready(page, f"{url}/mission/fill?form=opening&place=0001&lang=en")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("group", name="What is missing or does not fit")).to_be_visible()
    assert found + objections(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
