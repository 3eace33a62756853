"""A coordinator's first five minutes with forty observers and two hundred incidents, over a count that is running."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tests.acceptance.small_count import MESAS, PLACES, SWAPPED, write_count
from tests.acceptance.stack import running, served
from tests.acceptance.team import PASSWORD, Team, draw_picture, wait_for

pytestmark = pytest.mark.browser

ELECTION = known_elections()["2026-06-07-president-runoff"]
CLOSING = datetime(2026, 6, 7, 22, 0, tzinfo=UTC)
_READY = "Boolean(document.querySelector('#mission[data-ready]'))"
_BASE = f"elections/{ELECTION.id}"


class Mission:
    """The running program, its feed, and the team with all its reports."""

    def __init__(self, url: str, feed: FeedApp, team: Team) -> None:
        self.url, self.feed, self.team = url, feed, team
        self.incidents: list[str] = []
        self.place = ""
        self.mesa = ""


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mission]:
    folder = tmp_path_factory.mktemp("mission")
    plan = FeedPlan(mesas=write_count(folder / "mesas.csv", CLOSING), arrivals="seen")
    feed = build_feed(ELECTION, load_catalogue(ELECTION.date.year), plan)
    feed.step_to(CLOSING + timedelta(hours=3))
    with served(feed) as source, running(source, folder, "--cycle", "0.5") as url:
        team = Team(url, folder)
        found = Mission(url, feed, team)
        team.add_people()
        mesas = wait_for(lambda: _mesas(team), 240)
        found.place, found.mesa = mesas[0]["place"], mesas[0]["key"].partition("/")[2]
        team.add_phones(40)
        team.post_observers([f"place/{code}" for code in sorted({mesa["place"] for mesa in mesas})[:5]])
        found.incidents = list(team.report([mesa["key"].partition("/")[2] for mesa in mesas][:40], 200))
        # The two that wait longest, of which each screen takes one, have a picture.
        waiting = team.ask("GET", "mission/incidents?state=reported&order=oldest", name="carla")["incidents"]
        for number in (incident["id"] for incident in waiting[:2]):
            team.send_picture(number, draw_picture(number), phone=found.incidents.index(number) % 40)
        yield found


def _mesas(team: Team) -> list[dict[str, str]]:
    """The mesas, once every acta that arrived was read."""
    rows: list[dict[str, str]] = team.ask("GET", f"{_BASE}/results?level=mesa")["rows"]
    arrived = PLACES * MESAS - 2 * PLACES // 2
    return rows if sum(row["state"] == "counted" for row in rows) >= arrived else []


def until(page: Page, expression: str, *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not _holds(page, expression):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(50)


def _holds(page: Page, expression: str) -> bool:
    """Whether it does; not while one document gives way to the next."""
    try:
        return bool(page.evaluate(expression))
    except Error:
        return False


def enter(page: Page, mission: Mission, name: str) -> None:
    """Sign in at the desk."""
    page.goto(f"{mission.url}/mission")
    page.get_by_label("Nombre de usuario").fill(name)
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    expect(page.locator(".bar")).to_be_visible(timeout=30_000)
    until(page, _READY)


def visit(page: Page, mission: Mission, path: str) -> None:
    page.goto(mission.url + path)
    until(page, _READY)


@pytest.fixture(params=["wide", "phone"])
def screen(request: pytest.FixtureRequest) -> Page:
    """A laptop, then a phone."""
    page: Page = request.getfixturevalue(request.param)
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    return page


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_the_coordinators_five_minutes(screen: Page, mission: Mission) -> None:
    complaints: list[str] = []
    screen.on("pageerror", lambda error: complaints.append(str(error)))
    _see_what_waits(screen, mission)
    number = _take_and_verify(screen, mission)
    _read_the_same_place_in_the_count(screen, mission, number)
    _hear_an_alert(screen, mission)
    _look_at_flags_and_stakes(screen, mission)
    _hand_over(screen, mission)
    assert complaints == []


def _see_what_waits(page: Page, mission: Mission) -> None:
    enter(page, mission, "carla")
    counted = mission.team.ask("GET", "mission/incidents", name="carla")
    tiles = [" ".join(text.split()) for text in page.locator(".tiles li").all_inner_texts()]
    assert tiles[0] == f"{counted['counts']['new']} Nuevos"
    assert tiles[1] == f"{counted['counts']['to_verify']} Por verificar"
    assert re.fullmatch(r"\d+ (min|h) El más antiguo sin verificar", tiles[3])
    expect(page.locator("main")).to_contain_text(re.compile(r"\d+ locales visitados de \d"))
    expect(page.locator("main")).to_contain_text("sin observadores")
    expect(page.locator(".alerts .alert.critical").first).to_contain_text("Incidente crítico")
    expect(page.locator("#status")).to_have_text(re.compile("En vivo|Al día|Atrasado"))
    assert fits(page)


def _take_and_verify(page: Page, mission: Mission) -> str:
    page.locator(".incident-line a").first.click()
    page.wait_for_url("**/mission/incident?*")
    until(page, _READY)
    number = re.search(r"id=(\w+)", page.url)
    assert number is not None
    main = page.locator("main")
    for fact in ("Gravedad", "Hora del teléfono", "Recibido", "Reporta"):
        expect(main).to_contain_text(fact)
    expect(page.locator(".photo img")).to_be_visible()
    until(page, "document.querySelector('.photo img').naturalWidth > 0")
    expect(page.locator(".moves button")).to_have_text(["Tomar para verificar"])
    lines = page.locator(".log .event")
    told = lines.count()
    page.get_by_role("button", name="Tomar para verificar").click()
    expect(lines).to_have_count(told + 1)
    page.locator(".moves summary", has_text="Verificar").click()
    page.get_by_label("Base de la verificación").select_option("second_observer")
    page.get_by_role("button", name="Verificar", exact=True).click()
    expect(lines).to_have_count(told + 2)
    expect(lines.last).to_contain_text("Segundo observador")
    assert fits(page)
    return number[1]


def _read_the_same_place_in_the_count(page: Page, mission: Mission, number: str) -> None:
    incident = mission.team.ask("GET", f"mission/incidents/{number}", name="carla")
    expect(page.locator("main")).to_contain_text("El mismo lugar en el conteo")
    expect(page.locator(".columns table tr", has_text=incident["place"]["mesa"]).first).to_contain_text("del reporte")
    expect(page.locator("main")).to_contain_text("Señales en este lugar")
    expect(page.locator("main")).to_contain_text("Otros incidentes aquí")
    page.goto(f"{mission.url}/place/{mission.place}")
    for kind in ("acta", "incident"):
        expect(page.locator(f"#mission-thread .thread-item.{kind}").first).to_be_visible()
    assert fits(page)
    page.goto(f"{mission.url}/?view=table")
    expect(page.locator("td[data-badges]", has_text=re.compile(r"\d+ (grave|crítico)")).first).to_be_attached()


def _hear_an_alert(page: Page, mission: Mission) -> None:
    visit(page, mission, "/mission/coverage")
    until(page, "escrutinio.mission.client.status().transport === 'socket'")
    body = {
        "category": "intimidation_or_violence",
        "severity": "critical",
        "place": {"mesa": mission.mesa},
        "occurred_at": "2026-06-08T01:00:00Z",
        "device_at": "2026-06-08T01:00:30Z",
        "text": "Nadie entra ni sale.",
    }
    mission.team.ask("POST", "incidents", body, token=mission.team.phones[3])
    expect(page.locator(".strip")).to_contain_text("Incidente crítico")
    expect(page.locator("#announcer")).to_contain_text("Aviso:")


def _look_at_flags_and_stakes(page: Page, mission: Mission) -> None:
    wait_for(lambda: mission.team.ask("GET", "mission/flags", name="carla")["checkpoint"], 120)
    visit(page, mission, "/mission/flags")
    expect(page.locator(".lead-sentence")).to_contain_text(re.compile(r"Corte al \d+ %: [\d\s]+ mesas probadas"))
    expect(page.locator(".flag-row summary", has_text=SWAPPED).first).to_be_visible()
    mission.feed.step_to(CLOSING + timedelta(hours=20))  # the count goes on while it is looked at
    assert fits(page)
    visit(page, mission, "/mission/stake?set=mesas&mesas=" + mission.mesa)
    expect(page.locator(".lead-sentence")).to_contain_text("1 mesa")
    expect(page.locator("main")).to_contain_text("Reñido y con problemas")
    assert fits(page)


def _hand_over(page: Page, mission: Mission) -> None:
    visit(page, mission, "/mission/incidents?view=board")
    expect(page.locator(".board .column")).to_have_count(8)
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar CSV").click()
    assert Path(download.value.path()).read_text("utf-8").count("\n") > 200
    visit(page, mission, "/mission/summary")
    total = mission.team.ask("GET", "mission/summary", name="carla")["incidents"]
    expect(page.locator(".ruled tr").last).to_contain_text(str(total))
    expect(page.locator("main")).to_contain_text("Locales visitados")
    visit(page, mission, "/mission/public")
    expect(page.locator("main")).to_contain_text("Lo que vería si se publica ahora")
    assert fits(page)


def test_from_a_flag_or_a_place_one_press_opens_a_prefilled_incident(wide: Page, mission: Mission) -> None:
    expect.set_options(timeout=30_000)
    enter(wide, mission, "vera")
    wide.goto(f"{mission.url}/place/{mission.place}")
    wide.get_by_role("link", name="Reportar aquí").click()
    wide.wait_for_url("**/mission/report*")
    until(wide, _READY)
    expect(wide.locator(".picked")).to_contain_text(mission.place)
    flags = wait_for(lambda: mission.team.ask("GET", "mission/flags", name="vera")["flags"], 120)
    chosen = next(flag for flag in flags if flag["key"] == f"mesa/{SWAPPED}")
    visit(wide, mission, f"/mission/flags?id={chosen['id']}")
    expect(wide.locator(".flag-row[open] .said").first).to_have_text(chosen["es"])
    wide.locator(".flag-row[open]").get_by_role("link", name="Abrir incidente").first.click()
    wide.wait_for_url("**/mission/report*")
    until(wide, _READY)
    expect(wide.get_by_label("Número de mesa")).to_have_value(chosen["key"].partition("/")[2])
    expect(wide.get_by_label("Descripción")).to_have_value(chosen["es"])


def test_an_observer_without_network_files_two_reports_that_arrive_once_each(phone: Page, mission: Mission) -> None:
    expect.set_options(timeout=30_000)
    before = mission.team.ask("GET", "mission/summary", name="carla")["incidents"]
    code = mission.team.ask("POST", "mission/invitations", {}, name="root")["code"]
    phone.goto(f"{mission.url}/mission/report")
    phone.get_by_label("Código de invitación").fill(code)
    phone.get_by_role("button", name="Registrar").click()
    expect(phone.locator(".bar")).to_be_visible()
    phone.context.set_offline(True)
    for text in ("Sin red, el primero", "Sin red, el segundo"):
        phone.get_by_label("¿Qué pasó?").select_option("voter_list")
        phone.get_by_label("Leve").check()
        phone.get_by_label("Número de mesa").fill(mission.mesa)
        phone.get_by_label("Descripción").fill(text)
        picture = {"name": "acta.png", "mimeType": "image/png", "buffer": draw_picture(text)}
        phone.get_by_label("Fotos").set_input_files([picture])  # type: ignore[list-item]
        expect(phone.locator(".picks li")).to_have_count(1)
        phone.get_by_role("button", name="Enviar").click()
        expect(phone.locator(".note.good")).to_be_visible()
    expect(phone.locator(".unsent")).to_have_text("2 sin enviar")
    phone.context.set_offline(False)
    expect(phone.locator(".unsent")).to_be_hidden()
    expect(phone.locator(".incident-line")).to_have_count(2)
    assert mission.team.ask("GET", "mission/summary", name="carla")["incidents"] == before + 2
    newest = mission.team.ask("GET", "mission/incidents", name="carla")["incidents"][:2]
    assert [incident["photos"] for incident in newest] == [1, 1]


def test_what_a_verifier_decides_is_seen_by_whoever_reported(phone: Page, mission: Mission) -> None:
    expect.set_options(timeout=30_000)
    code = mission.team.ask("POST", "mission/invitations", {}, name="root")["code"]
    phone.goto(f"{mission.url}/mission/report")
    phone.get_by_label("Código de invitación").fill(code)
    phone.get_by_role("button", name="Registrar").click()
    phone.get_by_label("¿Qué pasó?").select_option("missing_material")
    phone.get_by_label("Leve").check()
    phone.get_by_label("Número de mesa").fill(mission.mesa)
    phone.get_by_label("Descripción").fill("Falta el padrón.")
    phone.get_by_role("button", name="Enviar").click()
    expect(phone.locator(".incident-line")).to_have_count(1)
    newest = mission.team.ask("GET", "mission/incidents?state=reported", name="vera")["incidents"][0]["id"]
    for move, reason in (("take", None), ("reject", "El padrón llegó a las 8:10.")):
        form = {"move": move, "reason": reason, "basis": None}
        mission.team.ask("POST", f"mission/incidents/{newest}/moves", form, name="vera")
    phone.reload()
    expect(phone.locator(".incident-line")).to_contain_text("Rechazado")
    expect(phone.locator(".incident-line")).to_contain_text("El padrón llegó a las 8:10.")
