"""An observer at another school than the assigned one takes it from what is near the phone, without network too."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.dashboard.axe import objections
from tests.dashboard.mission.test_fill import press_to
from tests.dashboard.toy.api import BASE as ELECTION_BASE
from tests.dashboard.toy.desk import READY, DeskApi, open_ready
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser

PARAGUAY = "IE 1015 República del Paraguay"
# 220 m south of where the toy draws that school.
BESIDE = {"longitude": -73.6, "latitude": -7.652, "accuracy": 30}
_WRITTEN = "JSON.stringify({...localStorage, ...sessionStorage})"
_READY_OFFLINE = """navigator.serviceWorker.controller && caches.open("mission-form").then((cache) => cache.keys())
  .then((keys) => keys.some((each) => each.url.includes("/mission/fill?lang=en")))"""
_LISTED = """new Promise((resolve) => {
  const opening = indexedDB.open("escrutinio-places");
  opening.onsuccess = () => {
    const all = opening.result.transaction("places").objectStore("places").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(all.result)); };
  };
})"""


@pytest.fixture
def desk() -> DeskApi:
    api = DeskApi()
    api.exact = {"place/0001"}
    return api


def stand(context: BrowserContext, where: dict[str, float] | None) -> None:
    """The phone is there and may say so; None: it may not."""
    if where is None:
        context.clear_permissions()
        return
    context.grant_permissions(["geolocation"])
    context.set_geolocation(
        {"longitude": where["longitude"], "latitude": where["latitude"], "accuracy": where["accuracy"]}
    )


def look(page: Page) -> None:
    page.get_by_role("button", name="Cerca de mí").click()


def test_a_form_takes_the_nearest_place_and_the_position_stays_on_the_phone(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    stand(observer, BESIDE)
    page = observer.new_page()
    asked: list[str] = []
    observer.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''} {request.headers}"))
    open_ready(page, f"{url}/mission/fill")
    assert not any("within=nation" in each for each in asked)
    look(page)
    nearest = page.get_by_role("button", name=f"{PARAGUAY} · 220 m")
    expect(nearest).to_be_visible()
    expect(page.locator("main")).to_contain_text("con un margen de 30 m")
    page.get_by_text("Lima: 1 local", exact=True).click()
    expect(page.get_by_role("button", name="Colegio San <José> & Cía", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert all(box["height"] >= 44 for each in page.locator(".places button").all() if (box := each.bounding_box()))
    assert objections(page) == []
    nearest.click()
    expect(page.locator(".picked")).to_contain_text(PARAGUAY)
    expect(page.get_by_role("radio", name="En un local")).to_be_focused()
    expect(nearest).to_be_hidden()
    page.get_by_role("button", name="Llenar formularios aquí").click()
    expect(page.locator(".form-lines")).to_be_visible()
    assert "place=0001" in page.url
    kept = page.evaluate(_WRITTEN) + page.evaluate(_LISTED)
    assert "within=nation" in "".join(asked)
    assert not any(part in text for part in ("7.652", "latitude") for text in (*asked, kept))


def test_a_report_takes_it_with_the_keyboard_and_its_draft_has_it(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    stand(observer, BESIDE)
    page = observer.new_page()
    open_ready(page, f"{url}/mission/report")
    expect(page.get_by_role("radio", name="En una mesa")).to_be_checked()
    press_to(page, "Cerca de mí", "Enter")
    expect(page.get_by_role("button", name=PARAGUAY)).to_be_visible()
    press_to(page, f"{PARAGUAY} · 220 m", "Enter")
    expect(page.get_by_role("radio", name="En un local")).to_be_checked()
    page.get_by_label("¿Qué pasó?").select_option("opening_delay")
    page.get_by_label("Leve").check()
    page.get_by_label("Descripción").fill("Abrió tarde")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.locator(".note.good")).to_contain_text("Recibido")
    (incident,) = desk.mission.incidents.values()
    assert incident["place"] == {"polling_place": "0001"}
    assert not incident.get("position")


def test_without_network_the_list_fetched_before_is_enough_and_without_it_that_is_said(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    stand(observer, BESIDE)
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    until(page, _READY_OFFLINE)
    observer.set_offline(True)
    look(page)
    expect(page.get_by_role("status").filter(has_text="todavía no guarda la lista de locales")).to_be_visible()
    observer.set_offline(False)
    look(page)
    expect(page.get_by_role("button", name=PARAGUAY)).to_be_visible()
    observer.set_offline(True)
    page.reload()
    until(page, READY)
    look(page)
    expect(page.get_by_role("button", name=f"{PARAGUAY} · 220 m")).to_be_visible()
    page.get_by_role("radio", name="En un local").check()
    page.get_by_role("textbox", name="En un local").fill("jose")
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("button", name="Colegio San <José> & Cía · Lima")).to_be_visible()


def test_a_position_that_is_refused_or_far_from_all_is_told_in_words(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    stand(observer, None)
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill?lang=en")
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_role("status").filter(has_text="This phone gave no position")).to_be_visible()
    stand(observer, {"longitude": -3.7, "latitude": 40.4, "accuracy": 30})
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_role("status").filter(has_text="No polling place of this count is near here")).to_be_visible()


def test_where_no_school_is_known_the_districts_are_listed_without_distances(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    desk.exact = set()
    stand(observer, BESIDE)
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    look(page)
    expect(page.get_by_text("De los demás solo se conoce el distrito")).to_be_hidden()
    expect(page.get_by_text("Solo se conoce el distrito de los locales")).to_be_visible()
    expect(page.locator(".places li")).to_have_text(["Colegio San <José> & Cía", PARAGUAY])


def test_what_the_count_does_not_name_yet_is_found_in_the_missions_list_and_more_may_be_missing(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    stand(observer, BESIDE)
    district = desk.read(f"{ELECTION_BASE}/places?within=nation")["places"][0]["district"]
    spot = {"lon": BESIDE["longitude"], "lat": BESIDE["latitude"], "precision": "exact"}
    desk.mission.listed = {
        "places": [
            {"key": "place/0098", "name": "", "district": district, "position": None},
            {"key": "place/0099", "name": "IE NUEVA ESPERANZA", "district": district, "position": spot},
        ],
        "districts": {district: "LIMA"},
    }
    page = observer.new_page()
    open_ready(page, f"{url}/mission/fill")
    look(page)
    expect(page.get_by_role("status").filter(has_text="todavía no nombra todos los locales")).to_be_visible()
    expect(page.locator(".places").first.get_by_role("button").first).to_have_text("IE Nueva Esperanza · 10 m")
    page.get_by_text("Lima: 2 locales", exact=True).click()
    expect(page.get_by_role("button", name="Local 0098", exact=True)).to_be_visible()
    assert objections(page) == []
    page.get_by_role("radio", name="En un local").check()
    page.get_by_role("textbox", name="En un local").fill("esperanza")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("button", name="IE Nueva Esperanza · Lima").click()
    page.get_by_role("button", name="Llenar formularios aquí").click()
    expect(page.locator(".form-lines")).to_be_visible()
    assert "place=0099" in page.url


def test_a_count_that_names_every_mesa_needs_no_other_list(observer: BrowserContext, desk: DeskApi, url: str) -> None:
    stand(observer, BESIDE)
    desk.is_whole = True
    page = observer.new_page()
    open_ready(page, f"{url}/mission/report")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    look(page)
    expect(page.get_by_role("button", name=f"{PARAGUAY} · 220 m")).to_be_visible()
    expect(page.get_by_text("todavía no nombra todos los locales")).to_have_count(0)
    assert any("within=nation" in each for each in asked)
    assert not any("sampling-frames" in each for each in asked)
