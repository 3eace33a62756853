"""The desk of the forms over the real API: how complete the day is, what looks odd, and who differs from whom."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from dashboard.app import build
from tally import moments
from tally.storage.store import Store
from tests.api.mission.answering import answer, answered
from tests.api.mission.conftest import PASSWORD
from tests.api.mission.desk import Team, team_of
from tests.dashboard.axe import objections
from tests.dashboard.toy.desk import READY
from tests.dashboard.watching import until
from tests.databases import sqlite_in

pytestmark = pytest.mark.browser
# In a rehearsal the day of the forms is the one before the present.
OPENED = (datetime.now(ZoneInfo("America/Lima")) - timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)


def is_complaint(message: ConsoleMessage) -> bool:
    """That somebody else was quicker (409) is told on the page; the browser tells it here, too."""
    return message.type == "error" and "409" not in message.text


def ago(minutes: int) -> str:
    return moments.write(OPENED - timedelta(minutes=minutes))


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Two observers who differ at one mesa, and one whose clock went back."""
    folder = tmp_path_factory.mktemp("desk")
    store = Store.open(sqlite_in(folder))
    with closing(store), team_of(store, folder, observers=3, dashboard=build, is_test=True) as team:
        team.station(*((f"observer{n}", "district/140101") for n in (1, 2, 3)))
        times = {"started_at": ago(20), "finished_at": ago(10), "device_at": ago(10), "is_time_confirmed": False}
        answered(team, "observer1", **times)
        assert answer(team, "observer2", **times, answers={"access": "no", "obstacle": ["third"]}).status_code == 201
        answered(team, "observer3", **times | {"started_at": ago(5)}, place={"mesa": "000002"})
        yield team


@pytest.fixture
def page(browser: Browser, team: Team) -> Iterator[Page]:
    """A verifier's page."""
    context = browser.new_context(locale="es-PE")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    visit(page, team, "/mission")
    page.get_by_label("Nombre de usuario").fill("verifier")
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    expect(page.locator(".bar")).to_be_visible()
    yield page
    context.close()
    assert complaints == []


def visit(page: Page, team: Team, path: str) -> None:
    page.goto(str(team.public.base_url).rstrip("/") + path)
    until(page, READY)


def test_the_desk_says_in_numbers_and_words_what_is_here_and_what_is_not(page: Page, team: Team) -> None:
    visit(page, team, "/mission/responses")
    expect(page.locator(".lead-sentence")).to_contain_text("3 formularios recibidos · 1 por revisar")
    row = page.get_by_role("row", name="Toda la misión")
    expect(row).to_contain_text("2 en conflicto")
    expect(page.get_by_text("Terminó antes de empezar (5 min).")).to_be_visible()
    page.get_by_role("button", name="Por equipo").press("Enter")
    expect(page.get_by_role("row", name="Sin equipo")).to_contain_text("3 observadores")


def test_the_missions_first_page_tells_what_waits_in_each_room_and_leads_there(page: Page, team: Team) -> None:
    visit(page, team, "/mission")
    forms, messages, quick_count = page.locator(".rooms > section").all()
    expect(forms.get_by_role("link", name="3 formularios recibidos")).to_be_visible()
    expect(messages).to_contain_text("Ninguno para usted todavía")
    expect(quick_count).to_contain_text("Todavía no se sorteó ninguna muestra.")
    forms.get_by_role("link", name="1 por revisar").click()
    until(page, READY)
    assert page.url.endswith("/mission/responses#odd")
    expect(page.locator("#odd")).to_be_in_viewport()
    expect(page.locator("#odd")).to_contain_text("Terminó antes de empezar")


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_page_of_the_desk_has_anything_that_axe_objects_to(page: Page, team: Team, language: str) -> None:
    odd = team.people["verifier"].get("/api/v1/mission/responses", params={"to_look_at": "true"}).json()["responses"]
    paths = ("", f"id={odd[0]['id']}&", "form=opening&place=mesa-000001&")
    for path in paths:
        visit(page, team, f"/mission/responses?{path}lang={language}")
        expect(page.locator("#mission .card h2").first).to_be_visible()
        assert objections(page) == []


def test_an_answer_opens_an_incident_that_keeps_where_it_comes_from(page: Page, team: Team) -> None:
    visit(page, team, "/mission/responses?form=opening&place=mesa-000001")
    page.get_by_role("link", name=team.pseudonym("observer1")).click()
    page.get_by_role("link", name="Abrir incidente").first.click()
    until(page, READY)
    expect(page.get_by_label("¿Qué pasó?")).to_have_value("observer_or_personero_access")
    expect(page.get_by_role("radio", name="Grave")).to_be_checked()
    said = "Instalación y apertura. ¿Pudo entrar y observar sin obstáculos? No."
    expect(page.get_by_label("Descripción")).to_have_value(said)
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.locator(".note.good")).to_contain_text("Recibido a las")
    [incident] = team.people["verifier"].get("/api/v1/mission/incidents").json()["incidents"]
    visit(page, team, f"/mission/incident?id={incident['id']}")
    page.get_by_role("link", name="un formulario").click()
    expect(page.get_by_role("heading", name="Respuestas")).to_be_visible()


def test_a_verifier_chooses_between_two_observers_and_says_why(page: Page, team: Team) -> None:
    visit(page, team, "/mission/responses?form=opening&place=mesa-000001")
    page.get_by_role("button", name=f"Todo lo de {team.pseudonym('observer2')}").click()
    page.get_by_label("Por qué").fill("Lo confirmó por teléfono.")
    page.get_by_role("button", name="Guardar la elección").click()
    expect(page.locator(".log")).to_contain_text("Lo confirmó por teléfono.")
    expect(page.locator("td").last).to_have_text("Otras personas")


def test_of_two_who_choose_at_once_the_second_reads_what_the_first_chose_and_may_choose_upon_it(
    page: Page, team: Team
) -> None:
    visit(page, team, "/mission/responses?form=opening&place=mesa-000001")
    conflicts, coordinator = "/api/v1/mission/conflicts", team.people["coordinator"]
    [line] = coordinator.get(conflicts).json()["conflicts"]
    first = {question: next(iter(by)) for question, by in line["differences"].items()}
    body = {"choose": first, "reason": "Hay foto del cordón.", "seen": line["revision"]}
    assert coordinator.post(f"{conflicts}/opening/mesa-000001", json=body).status_code == 201
    for said in ("Lo oí de otra persona.", "Lo confirmó después."):
        page.get_by_role("button", name=f"Todo lo de {team.pseudonym('observer2')}").click()
        page.get_by_label("Por qué").fill(said)
        page.get_by_role("button", name="Guardar la elección").click()
        expect(page.locator(".log")).to_contain_text("Hay foto del cordón." if "oí" in said else said)
        expect(page.locator("p.note", has_text="Otra persona respondió")).to_have_count(int("oí" in said))
    expect(page.locator(".log")).not_to_contain_text("Lo oí de otra persona.")


def test_what_looked_odd_is_verified_with_a_reason_and_leaves_the_queue(page: Page, team: Team) -> None:
    visit(page, team, "/mission/responses")
    page.locator(".response-line", has_text="antes de empezar").get_by_role("link").click()
    page.locator("summary", has_text="Verificar").click()
    page.get_by_label("Por qué").first.fill("Su reloj iba mal.")
    page.get_by_role("button", name="Verificar").click()
    expect(page.locator(".incident-state").first).to_have_text("verificado")
    visit(page, team, "/mission/responses")
    expect(page.get_by_text("Nada por revisar.")).to_be_visible()
