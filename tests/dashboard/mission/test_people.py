"""The mission's people in a real browser, over the real server: 400 imported, assigned, printed; one suspended."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from dashboard.app import build
from mission.people.contacts import sender_key
from mission.people.roles import Role
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, served
from tests.api.country import Country
from tests.api.mission.conftest import PASSWORD, QUICK_PASSWORDS, add
from tests.dashboard.axe import objections
from tests.dashboard.toy.desk import open_ready
from tests.databases import sqlite_in

pytestmark = pytest.mark.browser
HEAD = "código;nombre;equipo;jefe;teléfono;local;ubigeo;etiquetas"
MOST = 400
KEY = sender_key("an address key of the tests")
# What a spreadsheet, or whoever typed it, got wrong: by line, the column and its cell.
WRONG = {
    2: ("teléfono", "9.87E+08"), 31: ("local", "I.E. Nº 9 LIMA"), 62: ("ubigeo", "149999"), 93: ("jefe", "quizás"),
    124: ("teléfono", "12"), 155: ("local", "9999"), 186: ("ubigeo", "99"), 217: ("jefe", "tal vez"),
    248: ("teléfono", "no tiene"), 279: ("local", "colegio"), 310: ("ubigeo", "000000"), 341: ("código", "T0"),
}  # fmt: skip


def roster(*, is_mended: bool) -> bytes:
    lines = []
    for n in range(MOST):
        place = f"14010{1 + n % 2}{1 + n // 2 % 2}"
        cells = [f"T{n}", f"Persona {n}", f"Equipo {n % 8}", "sí" if n < 8 else "", f"9{n:08}", place, "", "quechua"]
        if not is_mended and n + 2 in WRONG:
            column, cell = WRONG[n + 2]
            cells[HEAD.split(";").index(column)] = cell
            if column == "ubigeo":
                cells[5] = ""
        lines.append(";".join(cells))
    return "\r\n".join((HEAD, *lines)).encode("cp1252")


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a mission's server with a coordinator."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("people")))
    Country(store)
    for name, role in (("root", Role.ADMIN), ("carla", Role.COORDINATOR)):
        add(store.engine, name, role)
    options = ServeOptions(poll_s=0.05, mission=MissionOptions(passwords=QUICK_PASSWORDS, sender_key=KEY))
    with served(create_app(store, ELECTIONS, dashboard=build, options=options)) as address:
        yield f"http://{address}"
    store.close()


@pytest.fixture
def desk(wide: Page, mission: str) -> Page:
    """The page of a coordinator who signed in."""
    open_ready(wide, f"{mission}/mission/people")
    wide.get_by_label("Nombre de usuario").fill("carla")
    wide.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    wide.get_by_role("button", name="Entrar").click()
    expect(wide.get_by_role("heading", name="Personas", level=2)).to_be_visible()
    return wide


def drop(page: Page, data: bytes) -> None:
    page.get_by_label("Archivo CSV").set_input_files({"name": "padron.csv", "mimeType": "text/csv", "buffer": data})


@pytest.mark.long
def test_a_coordinator_imports_mends_and_prints_four_hundred(desk: Page, browser: Browser, mission: str) -> None:
    drop(desk, roster(is_mended=False))
    expect(desk.get_by_role("heading", name="12 errores por corregir")).to_be_visible()
    told = desk.get_by_role("region", name="12 errores por corregir").locator("tbody tr")
    found = {int(row[0]): row[1] for row in (one.split("\t") for one in told.all_inner_texts())}
    assert found == {line: column for line, (column, _) in WRONG.items()}
    expect(told.nth(1)).to_contain_text("I.E. Nº 1 Lima · Lima")
    expect(desk.locator("body")).to_contain_text("Windows-1252")
    assert objections(desk) == []
    desk.set_viewport_size({"width": 1280, "height": 800})
    drop(desk, roster(is_mended=True))
    expect(desk.locator(".importer")).to_contain_text("con teléfono, 400; sin teléfono")
    desk.get_by_role("button", name="Importar 400 personas").click()
    expect(desk.locator(".note.good")).to_contain_text("Personas nuevas: 400; cambiadas: 0")
    expect(desk.locator(".note.good")).to_contain_text("con teléfono, 400; sin teléfono")
    expect(desk.locator(".lead-sentence").last).to_contain_text("Asignadas: 400")
    assert objections(desk) == []
    desk.get_by_role("button", name="Elegir a quienes no tienen código").click()
    expect(desk.get_by_role("heading", name="400 elegidas")).to_be_visible()
    desk.get_by_role("button", name="Crear 400 tarjetas").click()
    expect(desk.locator(".code-card")).to_have_count(MOST)
    assert objections(desk) == []
    # Ten on a sheet of A4, and nothing else.
    assert (
        desk.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "10mm")).count(b"/Type /Page\n")
        == MOST // 10
    )
    code = desk.locator(".code-card .secret").first.inner_text()
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="Cerrar las tarjetas").click()
    expect(desk.locator(".code-card")).to_have_count(0)
    _choose_all(desk)
    _join(browser, mission, code)
    _suspend(desk)


def _choose_all(desk: Page) -> None:
    """Of everybody, also those who observe nothing, observers alone are given places and cards; one is written to."""
    desk.get_by_role("button", name=f"Elegir las {MOST + 2} que se ven").click()
    expect(desk.get_by_role("heading", name=f"{MOST + 2} elegidas")).to_be_visible()
    expect(desk.get_by_role("button", name=f"Asignar {MOST}", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="Escribirle")).to_have_count(0)
    desk.get_by_role("button", name="No elegir a nadie").click()
    desk.get_by_role("checkbox", name="Elegir a Persona 0", exact=True).check()
    writing = desk.get_by_role("link", name="Escribirle")
    expect(writing).to_have_attribute("href", re.compile(r"/mission/messages\?person=."))


def _join(browser: Browser, mission: str, code: str) -> None:
    """The card's address brings its code, which stands in no address afterwards."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        open_ready(page, f"{mission}/mission#code={code}")
        expect(page.get_by_label("Código de invitación")).to_have_value(code)
        assert page.url == f"{mission}/mission"
        assert objections(page) == []
        page.get_by_role("button", name="Registrar").click()
        expect(page.locator(".bar")).to_be_visible()


def _suspend(desk: Page) -> None:
    """Whoever is suspended is shown as such, and comes back."""
    desk.get_by_label("Buscar por nombre o seudónimo").fill("persona 399")
    desk.once("dialog", lambda dialog: dialog.accept("perdió el teléfono"))
    desk.get_by_role("button", name="Suspender: Persona 399").click()
    expect(desk.locator(".note.good")).to_contain_text("Suspendida: Persona 399")
    desk.get_by_label("Estado").select_option("Suspendida")
    expect(desk.locator("table tbody tr")).to_have_count(1)
    desk.get_by_role("button", name="Levantar suspensión: Persona 399").click()
    expect(desk.locator(".note.good")).to_contain_text("Vuelve a entrar: Persona 399")


def test_the_page_is_whole_in_english_and_by_keyboard(desk: Page, mission: str) -> None:
    open_ready(desk, f"{mission}/mission/people?lang=en")
    expect(desk.get_by_role("heading", name="People", level=2)).to_be_visible()
    assert re.findall(r"mission_\w+\.\w+", desk.locator("body").inner_text()) == []
    desk.get_by_label("Find by name or pseudonym").focus()
    desk.keyboard.type("carla-nobody")
    expect(desk.locator("body")).to_contain_text("Nobody is like that.")
    assert objections(desk) == []
