"""The mission's pages in a real browser: signing in, the desk, moves, alerts, and nothing that is read as HTML."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.dashboard.axe import SIZES, objections
from tests.dashboard.payloads import PAYLOADS
from tests.dashboard.toy.api import serve
from tests.dashboard.toy.desk import READY, DeskApi, fill, open_ready, sign_in
from tests.dashboard.toy.mission import CODE, LONG_NAME, PASSWORD
from tests.dashboard.toy.rooms import FOUND, TROUBLED
from tests.dashboard.watching import CUT_CHOICES, NAVIGATES, until

pytestmark = pytest.mark.browser

PATHS = (
    "/mission",
    "/mission/incidents",
    "/mission/incidents?view=board",
    "/mission/incident?id=inc0001",
    "/mission/report?flag=flag-1",
    "/mission/forms",
    "/mission/fill?place=0001",
    "/mission/fill?form=opening&place=0001",
    "/mission/flags?id=flag-1",
    "/mission/stake",
    "/mission/acta-audits?id=a1",
    "/mission/coverage",
    "/mission/summary",
    "/mission/public",
    "/mission/people",
    "/mission/accounts",
    "/mission/findings",
    "/mission/findings?view=statement",
    "/mission/guides?q=acta",
    "/mission/guides?name=scrutiny&q=acta",
    "/mission/place?code=0001",
    "/mission/messages",
)


# Tables whose rows are each something by themselves, and which are read by pushing them sideways.
_PUSHED = """[...document.querySelectorAll(".scroller:has(.records)")]
    .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.ariaLabel)"""


def test_nobody_sees_anything_before_signing_in(wide: Page, url: str) -> None:
    complaints: list[str] = []
    wide.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in PATHS:
        open_ready(wide, url + path)
        expect(wide.get_by_label("Nombre de usuario")).to_be_visible()
        assert wide.locator(".bar").count() == 0
    assert complaints == []
    wide.get_by_label("Nombre de usuario").fill("carla")
    wide.get_by_label("Contraseña", exact=True).fill("otra cosa")
    wide.get_by_role("button", name="Entrar").click()
    expect(wide.get_by_role("alert").first).to_contain_text("datos no son correctos")
    wide.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    wide.get_by_role("button", name="Entrar").click()
    expect(wide.locator(".bar")).to_contain_text("ave-carla · Coordinación")


def test_without_a_mission_there_are_no_pages(wide: Page, desk: DeskApi, url: str) -> None:
    desk.is_on = False
    for path in ("/mission", "/mission/report"):
        answer = wide.goto(url + path)
        assert answer is not None
        assert answer.status == 404


def test_a_phone_joins_with_a_code_and_may_only_report(phone: Page, url: str) -> None:
    open_ready(phone, f"{url}/mission")
    phone.get_by_label("Código de invitación").fill(CODE)
    phone.get_by_role("button", name="Registrar").click()
    expect(phone.locator(".bar a")).to_have_text(
        ["Misión", "Formularios", "Reportar", re.compile("^Mensajes"), "Guías"]
    )
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


def test_the_desk_says_what_waits_and_where_nobody_looked(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission")
    tiles = [" ".join(text.split()) for text in page.locator(".tiles li").all_inner_texts()]
    assert tiles == ["2 Nuevos", "1 Por verificar", "1 Verificados abiertos", "47 min El más antiguo sin verificar"]
    expect(page.locator("main")).to_contain_text("11 locales visitados de 40")
    expect(page.locator("main")).to_contain_text("Ancash sin observadores")


def test_a_continent_is_called_as_on_the_public_pages(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    for language, name in (("en", "Americas"), ("es", "América")):
        open_ready(page, f"{url}/mission/coverage?lang={language}")
        expect(page.get_by_role("rowheader", name=name, exact=True)).to_be_visible()
        open_ready(page, f"{url}/mission?lang={language}")
        expect(page.locator(".columns").get_by_role("link", name=name, exact=True)).to_be_visible()


def test_a_number_is_never_parted_at_the_end_of_a_line(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setitem(FOUND, "checkpoint", None)
    monkeypatch.setitem(FOUND, "progress", {"counted": 12096, "at_jee": 0, "pending": 80670, "total": 92766})
    page = member.new_page()
    open_ready(page, f"{url}/mission/flags")
    assert "12\u00a0096 de 92\u00a0766 (13.0\u00a0%)" in page.locator(".lead-sentence").evaluate(
        "(one) => one.textContent"
    )


def test_an_area_is_chosen_by_its_name_never_by_a_code(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/incidents?within=district/140101")
    expect(page.locator(".row b").first).to_have_text("Lima (Distrito)")
    open_ready(page, f"{url}/mission/stake")
    page.get_by_label("Dentro de").fill("lima")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("button", name="Lima (Departamento)").click()
    page.get_by_role("button", name="Calcular").click()
    page.wait_for_url("**within=department*")
    open_ready(page, page.url)
    expect(page.locator(".picked")).to_contain_text("Lima (Departamento)")
    open_ready(page, f"{url}/mission/coverage")
    expect(page.get_by_label("Seudónimo").locator("option")).to_have_count(3)
    expect(page.locator("details", has_text="Quién está dónde")).to_contain_text("garza-12")


def test_filters_live_in_the_address(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/incidents?state=reported")
    expect(page.locator(".incident-line")).to_have_count(2)
    page.get_by_label("Gravedad").select_option("critical")
    expect(page.locator(".incident-line")).to_have_count(1)
    assert "severity=critical" in page.url
    page.get_by_role("button", name="Tablero").click()
    expect(page.locator(".board .column")).to_have_count(1)
    page.get_by_label("Estado").select_option("")
    expect(page.locator(".board .column")).to_have_count(8)
    page.reload()
    expect(page.locator(".board .column")).to_have_count(8)
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar CSV").click()
    assert download.value.suggested_filename == "incidents.csv"


@pytest.mark.parametrize(
    ("language", "named", "reads"),
    [
        ("es", "Corte con 1 487 actas en el JEE", "al leer el 50 % de las actas; van 12 096 de 92 766 (13.0 %)"),
        ("en", "Checkpoint with 1 487 actas at the JEE", "when 50 % of the actas have been read; so far 12 096"),
    ],
)
def test_a_checkpoint_is_named_in_words_and_before_the_first_it_is_said_how_far_the_reading_is(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str, language: str, named: str, reads: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/flags?lang={language}")
    expect(page.locator('select[name="checkpoint"] option')).to_contain_text([named])
    expect(page.locator("main")).not_to_contain_text("jee-")
    monkeypatch.setitem(FOUND, "checkpoint", None)
    monkeypatch.setitem(FOUND, "progress", {"counted": 12096, "at_jee": 0, "pending": 80670, "total": 92766})
    open_ready(page, f"{url}/mission/flags?lang={language}")
    expect(page.locator(".lead-sentence")).to_contain_text(reads)
    expect(page.locator(".filters")).to_have_count(0)


def test_an_alert_is_told_at_once_and_politely(member: BrowserContext, desk: DeskApi, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/coverage")
    until(page, "escrutinio.alerts.status().transport === 'socket'")
    desk.alert(2, figures={"category": "counting_or_acta"}, href="javascript:window.hit=1")
    expect(page.locator(".strip")).to_contain_text("Incidente crítico, sin verificar: Escrutinio o acta")
    expect(page.locator("#announcer")).to_have_text("Aviso: Incidente crítico, sin verificar: Escrutinio o acta")
    assert page.locator(".strip a").count() == 0
    page.set_viewport_size({"width": 360, "height": 800})
    width = "(one) => one.getBoundingClientRect().width"
    strip, told = (page.locator(each).evaluate(width) for each in (".strip", ".strip .told"))
    assert told > 0.85 * strip  # on a phone the button does not take a third of it


def test_an_alert_takes_no_other_ones_place_until_somebody_closed_it(
    member: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/coverage")
    until(page, "escrutinio.alerts.status().transport === 'socket'")
    lines, more = page.locator(".strip .alert > b"), page.locator(".strip .more")
    named = {
        "critical": "Incidente crítico",
        "hold": "Dato retenido",
        "correction": "Corrección",
        "copy_differs": "Copia distinta",
        "decided": "Definido",
    }
    for number, (kind, name) in enumerate(named.items(), 2):
        desk.alert(number, kind=kind)
        expect(lines.first).to_have_text(name)
    expect(lines).to_have_text(["Definido", "Copia distinta", "Corrección"])
    expect(more).to_have_text("y 2 avisos más")
    page.get_by_role("button", name="Cerrar avisos").click()
    expect(page.locator(".strip")).to_be_hidden()
    desk.alert(7, kind="hold")
    expect(lines).to_have_text(["Dato retenido"])
    expect(more).to_be_empty()
    desk.alert(8, 9, 10, 11, kind="critical")
    expect(lines).to_have_text(["Incidente crítico"] * 3)
    expect(more).to_have_text("y 2 avisos más")
    expect(page.locator("#announcer")).to_have_text("Aviso: Incidente crítico " * 3 + "y 1 aviso más")


@pytest.mark.parametrize(
    ("start", "key", "opened"),
    [("/area/department/14", "department/14", "/"), ("/", "province/1401", "/area/department/14")],
)
def test_the_filter_on_a_level_without_matches_opens_the_one_that_has_some_and_says_so(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str, start: str, key: str, opened: str
) -> None:
    monkeypatch.setitem(TROUBLED, "key", key)
    page = member.new_page()
    page.goto(f"{url}{start}?view=table")
    page.get_by_role("button", name="Solo reñido y con problemas").click()
    expect(page).to_have_url(re.compile(re.escape(f"{url}{opened}?")))
    shown = page.locator("table.areas tbody tr[data-area]:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("data-area", key)
    expect(page.locator("#troubled-elsewhere")).to_contain_text("se abrió la de otro nivel")
    expect(page.locator("#troubled-only")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(shown).to_have_count(1)
    page.locator("#troubled-only").click()
    expect(page.locator("#troubled-elsewhere")).to_have_count(0)
    assert "troubled" not in page.url


def test_going_on_from_a_row_with_the_filter_on_does_not_lead_back(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    page.goto(f"{url}/?view=table")
    until(page, NAVIGATES)
    page.get_by_role("button", name="Solo reñido y con problemas").click()
    page.locator('tr[data-area="department/14"] th a').click()
    expect(page.locator("#troubled-elsewhere")).to_contain_text(
        "Ninguna fila de este nivel; en todos los niveles: 1 área."
    )
    assert "/area/department/14" in page.url


def test_the_public_pages_show_members_what_the_mission_knows(member: BrowserContext, desk: DeskApi, url: str) -> None:
    page = member.new_page()
    page.goto(f"{url}/?view=table")
    expect(page.locator('tr[data-area="department/14"] td[data-badges]')).to_contain_text("1 crítico")
    page.get_by_role("button", name="Solo reñido y con problemas").click()
    expect(page.locator("table.areas tbody tr[data-area]:visible")).to_have_count(1)
    expect(page.locator("th.incidents")).to_contain_text("Incidentes abiertos")
    page.goto(f"{url}/place/0001")
    mesa = page.locator('tr[data-area="mesa/000001"] td[data-badges]')
    expect(mesa).to_contain_text("1 crítico")
    expect(mesa).to_contain_text("1 señal")
    leads = [link.get_attribute("href") for link in mesa.get_by_role("link").all()]
    assert leads[0] == "/mission/incidents?within=mesa%2F000001&severity=critical"
    assert leads[-1] == "/mission/flags?within=mesa%2F000001"
    expect(page.locator("#mission-thread .thread-item.incident").first).to_be_visible()
    for kind in ("acta", "flag"):
        expect(page.locator(f"#mission-thread .thread-item.{kind}").first).to_be_visible()
    page.goto(f"{url}/mesa/000001")
    expect(page.locator("#mission-thread .incident-line").first).to_be_visible()
    expect(page.locator("#mission-thread .thread-item.flag").first).to_be_visible()
    expect(page.get_by_role("link", name="Reportar aquí")).to_have_attribute("href", "/mission/report?mesa=000001")


def test_the_publics_browser_asks_the_mission_nothing(wide: Page, desk: DeskApi, url: str) -> None:
    asked: list[str] = []
    desk.incidents = {"department/14": {"critical": 1, "serious": 0, "minor": 0, "info": 0}}
    wide.on("request", lambda request: asked.append(request.url) if "/mission" in request.url else None)
    for path in ("/?view=table", "/place/0001"):
        wide.goto(url + path)
        until(wide, "document.getElementById('status').dataset.state === 'live'")
    wide.wait_for_load_state("networkidle")
    assert asked == []
    assert wide.locator("table.mesas").count() > 0
    assert wide.locator("table.mesas th.incidents").count() == 0


@pytest.mark.long
def test_no_text_of_anybody_is_ever_read_as_html(browser: Browser, desk: DeskApi) -> None:
    """All payloads in every text of every view, in both languages: nothing runs, nothing becomes an element."""
    everything = "\n".join(PAYLOADS)
    desk.mission.text = lambda given: given + everything
    desk.mission.clear()
    fill(desk)
    with serve(desk) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script("window.alert = () => { window.hit = 1; }")
        sign_in(context, url, "root")
        page = context.new_page()
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for path in (*PATHS, "/place/0001", "/mesa/000001", "/?view=table"):
            for language in ("", "lang=en"):
                page.goto(f"{url}{path}{'&' if '?' in path else '?'}{language}")
                if path.startswith("/mission"):
                    until(page, READY)
                    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
                page.wait_for_load_state("networkidle")
                assert not page.evaluate("Boolean(window.hit)"), path
                assert _planted(page) == [], path
        assert dialogs == []
        context.close()


def _planted(page: Page) -> list[str]:
    """Elements and handlers that only a payload could have made."""
    found: list[str] = page.evaluate(
        """() => {
          const strange = "iframe, object, embed, marquee, video, audio, base, math, main script, main template";
          const runs = (own) => own.name.startsWith("on") || /^\\s*javascript:/i.test(own.value);
          return [...document.querySelectorAll("body *")]
            .filter((each) => each.matches(strange) || [...each.attributes].some(runs))
            .map((each) => each.outerHTML.slice(0, 200));
        }"""
    )
    return found


def test_every_payload_stands_on_screen_as_it_was_written(member: BrowserContext, desk: DeskApi, url: str) -> None:
    page = member.new_page()
    for payload in PAYLOADS:
        desk.mission.add(text=payload, minutes=1)
    ids = [number for number, each in desk.mission.incidents.items() if each["text"] in PAYLOADS]
    assert len(ids) == 120
    for number in ids[::12]:
        open_ready(page, f"{url}/mission/incident?id={number}")
        assert page.locator(".said").first.text_content() == desk.mission.incidents[number]["text"]
    assert not page.evaluate("Boolean(window.hit)")


@pytest.mark.long
def test_axe_finds_nothing_on_the_missions_pages(browser: Browser, url: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page, found = context.new_page(), {}
    open_ready(page, f"{url}/mission")
    found["doors"] = objections(page)
    sign_in(context, url, "root")
    for path in PATHS:
        open_ready(page, url + path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        found[path] = objections(page)
        for size in SIZES:
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], path
            assert page.evaluate(_PUSHED) == [], path
    context.close()
    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_a_coordinator_needs_no_mouse(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission")
    for selector in (".tile-link", ".incident-line a"):
        _tab_to(page, selector)
        with page.expect_event("load"):
            page.keyboard.press("Enter")
        until(page, READY)
    _tab_to(page, ".moves button")
    page.keyboard.press("Enter")
    expect(page.locator(".log .event")).to_have_count(2)


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_the_log_of_actions_says_the_role_of_a_new_account_in_words(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/accounts")
    expect(page.locator(".log .said")).to_have_text("Verificación")


def test_an_admin_sees_who_is_locked_out_and_clears_it(browser: Browser, desk: DeskApi, url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    sign_in(context, url, "root")
    page = context.new_page()
    open_ready(page, f"{url}/mission/accounts")
    region = page.get_by_role("region", name="Bloqueos")
    locks = region.locator("tbody tr")
    expect(locks).to_have_count(2)
    expect(locks.first).to_contain_text(f"{LONG_NAME}, desde una conexión o un navegador (fallos: 10)")
    assert region.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    locks.first.get_by_role("button", name="Levantar").click()
    expect(locks).to_have_count(1)
    assert "DELETE locks/lock-pair" in desk.mission.requests
    context.close()


def test_on_a_phone_the_filters_fold_away_and_say_how_many_are_active(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, is_mobile=True, has_touch=True)
    sign_in(context, url, "root")
    page = context.new_page()
    open_ready(page, f"{url}/mission/incidents?state=reported")
    expect(page.locator(".incident-line").first).to_be_in_viewport()
    fold = page.locator(".narrowing > summary")
    expect(fold).to_have_text("Filtros: 1 activo")
    expect(page.get_by_label("Gravedad")).to_be_hidden()
    fold.click()
    page.get_by_label("Gravedad").select_option("critical")
    expect(fold).to_have_text("Filtros: 2 activos")
    page.get_by_label("Gravedad").select_option("")
    page.get_by_label("Estado").select_option("")
    expect(fold).to_have_text("Filtros")
    context.close()


def test_a_finger_finds_every_link_of_the_teams_pages_that_stands_in_no_sentence(browser: Browser, url: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True) as context:
        sign_in(context, url, "carla")
        page = context.new_page()
        found: dict[str, float] = {}
        for path in ("", "/coverage", "/public", "/incident?id=inc0001"):
            open_ready(page, f"{url}/mission{path}")
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            links = page.locator("main :is(td, th, dd, .where, .row, p:not(:has(time, b))) > a:not(.lead-sentence > a)")
            expect(links.first).to_be_visible()
            boxes = {f"{path} {one.inner_text()}": one.bounding_box() for one in links.all() if one.is_visible()}
            found |= {name: box["height"] for name, box in boxes.items() if box}
        assert len(found) > 5
        assert {name: height for name, height in found.items() if round(height) < 44} == {}


@pytest.mark.parametrize("language", ["es", "en"])
def test_on_a_phone_no_choice_of_what_narrows_the_incidents_is_cut(browser: Browser, url: str, language: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        sign_in(context, url, "carla")
        page = context.new_page()
        open_ready(page, f"{url}/mission/incidents?lang={language}")
        page.locator("details.narrowing summary").click()
        expect(page.locator(".filters select").first).to_be_visible()
        assert page.evaluate(CUT_CHOICES) == []
