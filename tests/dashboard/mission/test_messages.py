"""Messages in a real browser: read and answered on a phone, also where there is no network; written by coordinators."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.dashboard.axe import objections
from tests.dashboard.toy.desk import DeskApi, open_ready
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser


@pytest.fixture
def desk() -> DeskApi:
    return DeskApi()


def test_an_observer_reads_and_answers_and_the_bar_says_how_many_are_left(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    team = page.locator(".bar summary", has_text="Equipo")
    expect(team).to_contain_text("1 mensaje sin leer")
    team.click()
    link = page.locator(".bar a", has_text="Mensajes")
    expect(link).to_contain_text("1 mensaje sin leer")
    link.click()
    newest = page.locator(".message").first
    newest.get_by_role("button", name="Marcar como leído").press("Enter")
    expect(newest).to_contain_text("Leído")
    expect(newest).to_be_focused()
    expect(page.locator(".bar .badge-n:visible")).to_have_count(0)
    newest.get_by_text("Responder").press("Enter")
    newest.get_by_label("Su respuesta").fill("Aquí hay fila")
    newest.get_by_role("button", name="Enviar respuesta").press("Enter")
    expect(newest).to_contain_text("Usted")
    assert [each["text"] for each in desk.mission.messages.answers[2]] == ["Aquí hay fila"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert objections(page) == []


def test_messages_stay_on_the_phone_without_network_and_go_when_it_signs_out(
    observer: BrowserContext, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/messages")
    kept = "localStorage.getItem('escrutinio.messages')"
    assert "Cierren a las 17:00" in page.evaluate(kept)
    page.route("**/api/v1/mission/messages", lambda route: route.abort())
    open_ready(page, f"{url}/mission/messages?lang=en")
    expect(page.locator("main")).to_contain_text("No connection: these are the messages of")
    expect(page.locator(".message")).to_have_count(2)
    page.get_by_role("button", name="Sign out").click()
    until(page, f"{kept} === null")


def test_a_coordinator_sees_whom_a_message_reaches_sends_it_once_and_sees_who_has_not_read(
    member: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/messages")
    page.get_by_label("Para").select_option(label="Equipo Norte (3)")
    expect(page.locator("form").get_by_role("status")).to_have_text("Llega a 3 personas.")
    page.get_by_label("También como mensaje de texto").check()
    expect(page.locator("form").get_by_role("status")).to_have_text("Llega a 3 personas. 2 tienen teléfono registrado.")
    page.get_by_label("Mensaje", exact=True).fill("Vuelvan al local")
    page.get_by_role("button", name="Enviar").press("Enter")
    expect(page.locator(".message").first).to_contain_text("Vuelvan al local")
    [(key, body)] = desk.mission.messages.sent
    assert key
    assert body == {"to": {"kind": "team", "value": "Norte"}, "text": "Vuelvan al local", "is_by_text": True}
    first = page.locator(".message", has_text="Abren a las 7:00")
    expect(first).to_contain_text("Leído por 2 de 3")
    first.get_by_text("Falta 1").click()
    expect(first.locator(".names")).to_have_text("puma-3")
    expect(page.locator(".message", has_text="Cierren")).to_contain_text("Textos entregados: 1 de 2 · 1 no salieron")
    expect(page.locator(".card", has_text="Textos que no se entendieron")).to_contain_text("no hay tinta")
    page.get_by_label("Para").select_option(label="Una persona")
    page.get_by_label("Seudónimo").fill("puma-3 ")
    page.get_by_label("Mensaje", exact=True).fill("¿Sigue ahí?")
    page.get_by_role("button", name="Enviar").press("Enter")
    expect(page.locator(".message").first).to_contain_text("A puma-3")
    assert desk.mission.messages.sent[-1][1]["to"] == {"kind": "person", "value": "puma-3"}
    open_ready(page, f"{url}/mission/messages?person=garza-12")
    expect(page.get_by_label("Seudónimo")).to_have_value("garza-12")
    page.get_by_label("Para").select_option(label="Falta: Instalación (0)")
    expect(page.get_by_label("Seudónimo")).to_be_hidden()
    expect(page.locator("form").get_by_role("status")).to_have_text("No llega a nadie.")
