"""The quick count in a real browser, over the real application: drawn, copied, compared, published by two."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from dashboard.app import build
from tally.keys import NATION
from tally.storage.store import Store
from tests.api.country import minute
from tests.api.mission.conftest import MISSION, PASSWORD
from tests.api.mission.desk import Team, team_of
from tests.api.mission.test_quick_counts import ask, copy_of, copy_twice, draw, publish
from tests.api.mission.test_sampling_frames import give
from tests.dashboard.axe import SIZES, objections
from tests.dashboard.toy.desk import READY, open_ready
from tests.dashboard.watching import CUT_CHOICES, until
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
PATH = "/mission/quick-count"


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(store, tmp_path, dashboard=build) as team:
        yield team


def page_of(browser: Browser, team: Team, name: str, width: int = 1280, token: str | None = None) -> Page:
    """A browser in which that member has signed in, or that is an observer's phone."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    url = str(team.public.base_url).rstrip("/")
    page = context.new_page()
    if token is None:
        body, headers = {"name": name, "password": PASSWORD}, {"Origin": url}
        assert context.request.post(f"{url}{MISSION}/session", data=body, headers=headers).ok
    else:
        page.goto(f"{url}/robots.txt")
        device = {"token": token, "expires_at": "2100-01-01T00:00:00Z"}
        page.evaluate("(device) => localStorage.setItem('escrutinio.device', JSON.stringify(device))", device)
    return page


def url_of(team: Team, path: str = PATH) -> str:
    return str(team.public.base_url).rstrip("/") + path


def token_of(team: Team) -> str:
    return str(team.people["observer"].headers["Authorization"].removeprefix("Bearer "))


def test_a_quick_count_is_drawn_copied_compared_and_published_by_two_people(browser: Browser, team: Team) -> None:
    """All copies but one are what is published; that has 40 votes more, which is found when the acta is read."""
    coordinator = page_of(browser, team, "coordinator")
    open_ready(coordinator, url_of(team))
    coordinator.get_by_label("Nombre").fill("Muestra de la misión")
    coordinator.get_by_label("Cuántas").fill("36")
    coordinator.get_by_label("Semilla").fill("27182818284590452353")
    with coordinator.expect_event("load"):
        coordinator.get_by_role("button", name="Sortear").click()
    expect(coordinator.locator(".lead-sentence").first).to_contain_text("0 copias de 36 mesas")
    mesas = [unit["mesa"] for unit in ask(team, "/q1/units")["units"]]
    place = team.country.where[mesas[0]].code
    team.station(("observer", f"place/{place}"))
    _copy_on_a_phone(browser, team, mesas[0])
    for mesa in mesas[1:-1]:
        copy_twice(team, "q1", copy_of(team, mesa))
    odd = copy_of(team, mesas[-1])
    copy_twice(team, "q1", {**odd, "votes": {**odd["votes"], "1": odd["votes"]["1"] + 40}})
    team.country.count(team.country.mesas, minute(5))
    team.country.publish([NATION], minute(5))
    told = coordinator.locator(".strip .alert", has_text="La copia de un observador no es lo publicado en mesa")
    told.get_by_role("link").click()
    expect(coordinator.locator(".tiles").first).to_contain_text("35 Igual")
    first = coordinator.locator(".copy-line", has_text="Distinta")
    expect(first).to_contain_text("votos de Rojo: copia")
    expect(first).to_contain_text("40 votos")
    first.get_by_role("link", name="Abrir incidente").click()
    expect(coordinator.locator("textarea")).to_have_value(re.compile(f"Mesa {mesas[-1]}: la copia de su acta difiere"))
    _publish(browser, team, coordinator)


def _copy_on_a_phone(browser: Browser, team: Team, mesa: str) -> None:
    """Both entries, the second without network at first."""
    phone = page_of(browser, team, "observer", 360, token_of(team))
    open_ready(phone, url_of(team, "/mission"))
    phone.get_by_role("link", name="Copiar actas de la muestra").click()
    item = phone.locator(".copy-line", has_text=f"Acta de la mesa {mesa}")
    body = copy_of(team, mesa)
    for turn in (1, 2):
        item.get_by_role("button", name="Copiar").click()
        expect(phone.locator("form")).to_be_visible()
        assert [field.input_value() for field in phone.locator("form input[inputmode=numeric]").all()] == [""] * 7
        phone.context.set_offline(turn == 2)
        for label, value in zip(("Rojo", "Azul"), body["votes"].values(), strict=True):
            phone.get_by_label(label).fill(str(value))
        if turn == 1:
            _left_and_taken_up_again(phone, item)
        for name in ("blank", "null", "challenged", "cast", "registered"):
            phone.locator(f"input[name={name}]").fill(str(body[name]))
        phone.get_by_role("button", name="Enviar copia").click()
        if turn == 2:
            expect(phone.locator(".unsent")).to_contain_text("1 sin enviar")
            phone.context.set_offline(False)
    expect(item).to_contain_text("Dos copias iguales")
    phone.context.close()


def _left_and_taken_up_again(phone: Page, item: Locator) -> None:
    """What was typed is there after the battery was empty, and stands marked in the list until it is sent."""
    typed = [field.input_value() for field in phone.locator("form input[inputmode=numeric]").all()]
    phone.get_by_role("button", name="Volver").click()
    expect(item).to_contain_text("Borrador")
    phone.reload()
    until(phone, READY)
    item.get_by_role("button", name="Copiar").click()
    expect(phone.locator("main")).to_contain_text("Recuperado")
    assert [field.input_value() for field in phone.locator("form input[inputmode=numeric]").all()] == typed


def _publish(browser: Browser, team: Team, coordinator: Page) -> None:
    open_ready(coordinator, url_of(team, f"{PATH}?id=q1"))
    coordinator.get_by_role("button", name="Proponer la estimación de ahora").click()
    expect(coordinator.locator("main")).to_contain_text("La propuso usted: la confirma otra persona.")
    public = browser.new_context().new_page()
    public.goto(url_of(team, "/"))
    expect(public.locator(".quick-count")).to_have_count(0)
    verifier = page_of(browser, team, "verifier")
    open_ready(verifier, url_of(team, f"{PATH}?id=q1"))
    expect(verifier.get_by_role("heading", name="Estimación")).to_have_count(0)
    expect(verifier.locator("main")).to_contain_text("Sorteada de 40 mesas: todas las que el conteo oficial nombraba")
    verifier.get_by_role("button", name="Confirmar y publicar").click()
    expect(verifier.locator("main")).to_contain_text("Público. Propuso")
    assert team.public.get("/api/v1/elections/2030-01-06-mayor/quick-count").status_code == 200
    public.goto(url_of(team, "/?lang=en"))
    block = public.locator(".quick-count")
    expect(block).to_contain_text("This is not the official count")
    expect(block).to_contain_text("36 copies of 36 mesas drawn (100.0 %)")
    expect(block).to_contain_text("Drawn from 40 mesas: all that the official count named then.")
    digest = team.public.get("/api/v1/elections/2030-01-06-mayor/quick-count").json()["figures"]["frame"]["digest"]
    expect(block.locator("code")).to_have_text(digest)
    public.set_viewport_size({"width": 360, "height": 800})
    assert public.evaluate("document.documentElement.scrollWidth") <= 360
    official, own = (public.locator(name).first.bounding_box() for name in ("h1", ".quick-count"))
    assert official is not None
    assert own is not None
    assert official["y"] < own["y"]


def test_a_list_of_mesas_is_given_before_the_night_drawn_from_and_set_beside_the_count(
    browser: Browser, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.mission.quickcount.frames._PAUSE_S", 0.0)
    with team_of(store, tmp_path, dashboard=build, is_listed=False) as team:
        page, country = page_of(browser, team, "coordinator", 360), team.country
        open_ready(page, url_of(team))
        expect(page.locator("main")).to_contain_text("Para sortear antes, dé la lista de mesas.")
        lines = [f"{mesa};{place.ubigeo};{place.code};200" for mesa, place in country.where.items()]
        _choose(page, [*lines[1:], "999999;140101;;", "x;140101;;"])
        expect(page.locator("table", has_text="No es un número de mesa")).to_contain_text("42")
        expect(page.get_by_role("button", name="Dar esta lista")).to_have_count(0)
        _choose(page, [*lines[1:], "999999;140101;;"])
        expect(page.locator(".lead-sentence", has_text="40 mesas; con local, 39")).to_be_visible()
        with page.expect_event("load"):
            page.get_by_role("button", name="Dar esta lista de 40 mesas").click()
        page.get_by_label("Nombre").fill("Antes de la noche")
        page.get_by_label("Cuántas").fill("40")
        page.get_by_label("Semilla").fill("27182818284590452353")
        assert objections(page) == []
        with page.expect_event("load"):
            page.get_by_role("button", name="Sortear").click()
        expect(page.locator("main")).to_contain_text("El conteo todavía no nombra ninguna mesa")
        page.go_back()
        expect(page.get_by_label("Semilla")).to_be_visible()
        page.go_forward()
        expect(page.locator(".lead-sentence").first).to_contain_text("0 copias de 40 mesas")
        country.list_mesas(country.mesas, minute(1))
        country.publish([NATION], minute(1))
        wait_until(lambda: ask(team, "/q1")["frame"]["beside"]["is_whole"])
        open_ready(page, url_of(team, "/mission"))
        page.get_by_role("link", name="La lista y el conteo difieren en 2 mesas").click()
        row = page.locator("#frame tr", has_text="la autoridad no la tiene")
        expect(row).to_contain_text("999999")
        open_ready(page, url_of(team, f"{PATH}?id=q1&lang=en"))
        expect(page.locator("main")).to_contain_text("in the list, and the authority does not have it (999999)")
        assert objections(page) == []
        for size in SIZES:
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        _read_what_is_published_of_the_list(page, team)


def _read_what_is_published_of_the_list(page: Page, team: Team) -> None:
    for unit in ask(team, "/q1/units")["units"]:
        if unit["mesa"] in team.country.where:
            copy_twice(team, "q1", copy_of(team, unit["mesa"]))
    digest = publish(team, "q1", "coordinator", step="propose").json()["proposal"]["digest"]
    page.set_viewport_size(SIZES[0])
    page.reload()
    expect(page.locator("main")).to_contain_text("Drawn from a list of 40 mesas that the mission gave.")
    expect(page.locator("main")).to_contain_text("Of 2 mesas it says otherwise than the official count did at ")
    assert publish(team, "q1", "verifier", step="confirm", digest=digest).status_code == 201
    page.goto(url_of(team, "/"))
    block = page.locator(".quick-count")
    expect(block).to_contain_text("Sorteada de una lista de 40 mesas que dio la misión.")
    expect(block).to_contain_text("De 2 mesas dice otra cosa que el conteo oficial ")
    expect(block).not_to_contain_text("no nombraba aún")


def _choose(page: Page, lines: list[str]) -> None:
    body = "\r\n".join(("mesa;ubigeo;local;electores", *lines)).encode()
    file = FilePayload(name="mesas.csv", mimeType="text/csv", buffer=body)
    page.locator("input[name=frame-file]").set_input_files(file)


def test_axe_finds_nothing_on_the_quick_counts_pages_at_any_size(browser: Browser, team: Team) -> None:
    count = draw(team)["id"]
    for unit in ask(team, f"/{count}/units")["units"]:
        copy_twice(team, count, copy_of(team, unit["mesa"]))
    team.country.count(team.country.mesas[:20], minute(5))
    proposal = publish(team, count, "coordinator", step="propose").json()["proposal"]
    publish(team, count, "verifier", step="confirm", digest=proposal["digest"])
    page, found = page_of(browser, team, "coordinator"), {}
    for path in (PATH, f"{PATH}?id={count}&mesa={team.country.mesas[1]}&lang=en", "/"):
        page.goto(url_of(team, path))
        until(page, READY if path.startswith(PATH) else "Boolean(document.querySelector('.quick-count'))")
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        found[path] = objections(page)
        for size in SIZES:
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], path
    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_a_long_sample_is_folded_by_region_with_how_far_each_is(browser: Browser, team: Team) -> None:
    draw(team)
    units = ask(team, "/q1/units")["units"]
    assert {unit["region"] for unit in units} == {"LIMA", "CALLAO", "EXTRANJERO"}
    callao = [unit["mesa"] for unit in units if unit["region"] == "CALLAO"]
    copy_twice(team, "q1", copy_of(team, callao[0]))
    phone = page_of(browser, team, "verifier", 360)
    open_ready(phone, url_of(team, f"{PATH}?id=q1"))
    phone.get_by_text("mesas de la muestra y quién está asignado").click()
    region = phone.locator(".area-fold", has_text="Callao")
    expect(region.locator("summary")).to_contain_text(f"1 / {len(callao)}")
    assert region.get_by_role("table").count() == 0
    region.locator("summary").click()
    expect(region.get_by_role("link", name=callao[0])).to_be_visible()
    assert region.get_by_role("row").count() == 1 + len(callao)
    box = region.locator("summary").bounding_box()
    assert box is not None
    assert box["height"] >= 32
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    assert objections(phone) == []
    region.get_by_role("button", name="Ver copias").click()
    expect(phone.get_by_role("heading", name=f"Acta de la mesa {callao[0]}")).to_be_focused()


def test_an_observer_of_a_whole_region_finds_the_mesas_folded_by_district(browser: Browser, team: Team) -> None:
    draw(team)
    team.station(("observer", "department/14"))
    units = ask(team, "/q1/units", "observer")["units"]
    ancon = [unit["mesa"] for unit in units if unit["area_name"] == "ANCÓN"]
    phone = page_of(browser, team, "observer", 360, token_of(team))
    open_ready(phone, url_of(team))
    area = phone.locator(".area-fold", has_text="Ancón")
    expect(area.locator("summary")).to_contain_text(f"0 / {len(ancon)}")
    expect(phone.locator(".copy-line")).to_have_count(0)
    area.locator("summary").click()
    expect(area.locator(".copy-line")).to_have_count(len(ancon))
    area.locator(".copy-line", has_text=ancon[0]).get_by_role("button", name="Copiar").click()
    for name, value in zip(
        ("votes-1", "votes-2", "blank", "null", "challenged", "cast", "registered"), "1112115", strict=True
    ):
        phone.locator(f"input[name={name}]").fill(value)
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Enviar copia").click()
    expect(area.locator("summary")).to_contain_text(f"1 / {len(ancon)}")
    expect(area.locator(".copy-line").first).to_be_visible()
    assert objections(phone) == []


def test_what_is_abroad_is_called_so_in_the_language_of_the_page(browser: Browser, team: Team) -> None:
    count = draw(team)["id"]
    page = page_of(browser, team, "coordinator")
    open_ready(page, url_of(team, f"{PATH}?id={count}&lang=en"))
    expect(page.get_by_role("region", name="The sample by area").get_by_role("row", name="Abroad")).to_be_visible()
    page.get_by_text("mesas of the sample and who is assigned").click()
    folds = page.locator("details.area-fold summary b")
    expect(folds).to_have_text(["Abroad", "Callao", "Lima"])
    expect(page.locator("main")).not_to_contain_text("Extranjero")
    page.context.close()


def test_on_a_phone_no_choice_is_cut_and_a_given_list_fits(browser: Browser, team: Team) -> None:
    give(team, [f"{mesa};{place.ubigeo};{place.code};200" for mesa, place in team.country.where.items()])
    page = page_of(browser, team, "coordinator", 360)
    open_ready(page, url_of(team))
    expect(page.locator("main form select").first).to_be_attached()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate(CUT_CHOICES) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.context.close()
