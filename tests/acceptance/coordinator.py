"""A coordinator's first five minutes as a browser plays them, over any count: each step, and how long a page took.

And an observer without network, whose two reports arrive once each.
"""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from playwright.sync_api import FilePayload, Page, expect

from tests.acceptance.team import PASSWORD, Team, draw_picture
from tests.dashboard.watching import until
from tests.waiting import PATIENCE_S, wait_until

PHONES, REPORTS = 40, 200
_READY = "Boolean(document.querySelector('#mission[data-ready]'))"
_PLACES, _MESAS = 5, 40


class Waited(Struct, frozen=True):
    """How many seconds a page took until it was ready."""

    page: str
    seconds: float


class Mission:
    """The running program and the team with all its reports.

    `flagged`: a mesa that has a flag; `go_on` lets the count move while it is looked at.
    """

    def __init__(self, url: str, team: Team, flagged: str, go_on: Callable[[], None]) -> None:
        self.url, self.team, self.flagged, self.go_on = url, team, flagged, go_on
        self.incidents: list[str] = []
        self.place = ""
        self.mesa = ""
        self.waited: list[Waited] = []

    def begin(self, mesas: Sequence[dict[str, Any]]) -> None:
        """Let forty phones in, and all report from the first of those mesas (rows of results)."""
        self.place, self.mesa = mesas[0]["place"], _number(mesas[0])
        self.team.add_phones(PHONES)
        self.team.post_observers([f"place/{code}" for code in sorted({mesa["place"] for mesa in mesas})[:_PLACES]])
        self.incidents = list(self.team.report([_number(mesa) for mesa in mesas[:_MESAS]], REPORTS))
        # The two that wait longest and that one person can verify, of which each screen takes one, have a picture.
        waiting = self.team.ask("GET", "mission/incidents?state=reported&order=oldest", name="carla")["incidents"]
        for number in [incident["id"] for incident in waiting if incident["severity"] != "critical"][:2]:
            self.team.send_picture(number, draw_picture(number), phone=self.incidents.index(number) % PHONES)

    def enter(self, page: Page, name: str) -> None:
        """Sign in at the desk."""
        page.goto(f"{self.url}/mission")
        page.get_by_label("Nombre de usuario").fill(name)
        page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
        began = time.monotonic()
        page.get_by_role("button", name="Entrar").click()
        expect(page.locator(".bar")).to_be_visible()
        until(page, _READY)
        self._note("/mission", began)

    def visit(self, page: Page, path: str) -> None:
        """Open a page of the mission, and wait until it is ready."""
        self.go(page, path, lambda: until(page, _READY))

    def go(self, page: Page, path: str, ready: Callable[[], None]) -> None:
        """Open a page, and wait for what makes it ready."""
        began = time.monotonic()
        page.goto(self.url + path)
        ready()
        self._note(path, began)

    def arrive(self, page: Page, path: str) -> None:
        """Wait until the page of the mission that a press has led to is ready."""
        began = time.monotonic()
        page.wait_for_url(f"**{path}*")
        until(page, _READY)
        self._note(path, began)

    def _note(self, path: str, began: float) -> None:
        self.waited.append(Waited(path.partition("?")[0], time.monotonic() - began))


def _number(mesa: dict[str, Any]) -> str:
    return str(mesa["key"]).partition("/")[2]


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def play_five_minutes(page: Page, mission: Mission) -> None:
    """Every step, one after the other. Raises: AssertionError: one is not as `docs/mission-guide.md` says."""
    page.set_default_timeout(PATIENCE_S * 1000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _see_what_waits(page, mission)
    number = _take_and_verify(page, mission)
    _read_the_same_place_in_the_count(page, mission, number)
    _hear_an_alert(page, mission)
    _look_at_flags_and_stakes(page, mission)
    _hand_over(page, mission)
    assert complaints == []


def _see_what_waits(page: Page, mission: Mission) -> None:
    mission.enter(page, "carla")
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
    page.locator(".incident-line:not(:has(.critical)) a").first.click()
    mission.arrive(page, "/mission/incident")
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

    def has_thread() -> None:
        for kind in ("acta", "incident"):
            expect(page.locator(f"#mission-thread .thread-item.{kind}").first).to_be_visible()

    mission.go(page, f"/place/{mission.place}", has_thread)
    assert fits(page)
    badges = page.locator("td[data-badges]", has_text=re.compile(r"\d+ (grave|crítico)")).first
    mission.go(page, "/?view=table", lambda: expect(badges).to_be_attached())


def _hear_an_alert(page: Page, mission: Mission) -> None:
    mission.visit(page, "/mission/coverage")
    until(page, "escrutinio.alerts.status().transport === 'socket'")
    body = {
        "category": "intimidation_or_violence",
        "severity": "critical",
        "place": {"mesa": mission.mesa},
        "occurred_at": "2026-06-08T01:00:00Z",
        "device_at": "2026-06-08T01:00:30Z",
        "text": "Nadie entra ni sale.",
        "is_time_confirmed": True,
    }
    mission.team.ask("POST", "incidents", body, token=mission.team.phones[3])
    expect(page.locator(".strip")).to_contain_text("Incidente crítico")
    expect(page.locator("#announcer")).to_contain_text("Aviso:")


def _look_at_flags_and_stakes(page: Page, mission: Mission) -> None:
    wait_until(lambda: mission.team.ask("GET", "mission/flags", name="carla")["checkpoint"], 120)
    mission.visit(page, "/mission/flags")
    expect(page.locator(".lead-sentence")).to_contain_text(re.compile(r"Corte al \d+\s%: [\d\s]+ mesas probadas"))
    expect(page.locator(".flag-row summary", has_text=mission.flagged).first).to_be_visible()
    mission.go_on()
    assert fits(page)
    mission.visit(page, "/mission/stake?set=mesas&mesas=" + mission.mesa)
    expect(page.locator(".lead-sentence")).to_contain_text("1 mesa")
    expect(page.locator("main")).to_contain_text("Reñido y con problemas")
    assert fits(page)


def _hand_over(page: Page, mission: Mission) -> None:
    mission.visit(page, "/mission/incidents?view=board")
    expect(page.locator(".board .column")).to_have_count(8)
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar CSV").click()
    assert Path(download.value.path()).read_text("utf-8").count("\n") > REPORTS
    mission.visit(page, "/mission/summary")
    total = mission.team.ask("GET", "mission/summary", name="carla")["incidents"]
    expect(page.locator(".ruled tr").last).to_contain_text(str(total))
    expect(page.locator("main")).to_contain_text("Locales visitados")
    mission.visit(page, "/mission/public")
    expect(page.locator("main")).to_contain_text("Lo que vería si se publica ahora")
    assert fits(page)


def register(phone: Page, mission: Mission) -> None:
    """Enter as a new observer, by invitation."""
    code = mission.team.ask("POST", "mission/invitations", {}, name="root")["code"]
    phone.goto(f"{mission.url}/mission/report")
    phone.get_by_label("Código de invitación").fill(code)
    phone.get_by_role("button", name="Registrar").click()
    expect(phone.locator(".bar")).to_be_visible()


def fill_report(phone: Page, mission: Mission, category: str, text: str) -> None:
    """Fill the form: something minor at the mission's mesa."""
    phone.get_by_label("¿Qué pasó?").select_option(category)
    phone.get_by_label("Leve").check()
    phone.get_by_label("Número de mesa").fill(mission.mesa)
    phone.get_by_label("Descripción").fill(text)


def report_without_network(phone: Page, mission: Mission) -> None:
    """File two reports, each with a picture, while there is no network. Raises: AssertionError: not once each."""
    phone.set_default_timeout(PATIENCE_S * 1000)
    before = mission.team.ask("GET", "mission/summary", name="carla")["incidents"]
    register(phone, mission)
    phone.context.set_offline(True)
    for text in ("Sin red, el primero", "Sin red, el segundo"):
        fill_report(phone, mission, "voter_list", text)
        picture: FilePayload = {"name": "acta.png", "mimeType": "image/png", "buffer": draw_picture(text)}
        phone.get_by_label("Fotos").set_input_files([picture])
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
