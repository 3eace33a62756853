"""An observer's report as a browser plays it, with what phones do to people: no storage, no room, a wrong clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.acceptance.coordinator import Mission, fill_report, fits, register
from tests.acceptance.team import draw_picture
from tests.dashboard.watching import until
from tests.waiting import PATIENCE_S

_READY = "Boolean(document.querySelector('#mission[data-ready]'))"
# A device on which nothing at all may be kept, one without room, and one whose clock is three hours ahead.
TROUBLES = {
    "storage denied": """
        const no = () => { throw new DOMException("no", "SecurityError"); };
        IDBFactory.prototype.open = no;
        for (const name of ["getItem", "setItem", "removeItem"]) Storage.prototype[name] = no;
        CacheStorage.prototype.open = async () => no();
        LockManager.prototype.request = async () => no();
    """,
    "storage full": """
        const full = () => { throw new DOMException("no", "QuotaExceededError"); };
        IDBObjectStore.prototype.put = full;
        Storage.prototype.setItem = full;
    """,
    "clock three hours off": """
        const off = 3 * 3600000; const Now = Date;
        Date = class extends Now {
          constructor(...given) { super(...(given.length ? given : [Now.now() + off])); }
          static now() { return Now.now() + off; }
        };
    """,
    "reload in mid-report": "",
}
SAID = {
    "storage denied": "no deja guardar nada",
    "storage full": "no tiene espacio",
    "clock three hours off": "va 3 h adelantado",
    "reload in mid-report": "Recuperado: lo que escribía",
}


def report_in_trouble(context: BrowserContext, mission: Mission, trouble: str) -> dict[str, Any]:
    """File a report with eight photos in that trouble; the incident as the coordinator reads it.

    Raises: AssertionError: the trouble is not said, something is lost, or it arrives with another time.
    """
    context.add_init_script(TROUBLES[trouble])
    phone = context.new_page()
    phone.set_default_timeout(PATIENCE_S * 1000)
    register(phone, mission)
    text = f"{trouble}, {phone.viewport_size}"
    fill_report(phone, mission, "voter_list", text)
    _add_photos(phone, text)
    if trouble == "reload in mid-report":
        phone.wait_for_timeout(500)  # what was written is kept a moment after the last key
        phone.reload()
        until(phone, _READY)
    expect(phone.locator("main")).to_contain_text(SAID[trouble])
    expect(phone.locator(".picks li")).to_have_count(8)
    assert fits(phone)
    phone.get_by_role("button", name="Enviar", exact=True).click()
    expect(phone.locator(".note.good")).to_contain_text("Recibido")
    expect(phone.get_by_label("Descripción")).to_have_value("")
    newest = mission.team.ask("GET", "mission/incidents", name="carla")["incidents"][0]["id"]
    found: dict[str, Any] = mission.team.ask("GET", f"mission/incidents/{newest}", name="carla")
    assert (found["text"], len(found["photos"])) == (text, 8)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(found["occurred_at"])) < timedelta(minutes=10)
    assert found["is_clock_off"] is (trouble == "clock three hours off")
    return found


def _add_photos(phone: Page, text: str) -> None:
    files: list[FilePayload] = [
        {"name": f"foto-{n}.png", "mimeType": "image/png", "buffer": draw_picture(f"{text} {n}")} for n in range(8)
    ]
    phone.get_by_label("Fotos").set_input_files(files)
    expect(phone.locator(".picks li")).to_have_count(8)


def correct_and_find(page: Page, mission: Mission, incident: dict[str, Any]) -> None:
    """As the coordinator: read how far the clock was off, correct the report, and find it by its words."""
    mission.enter(page, "carla")
    mission.visit(page, f"/mission/incident?id={incident['id']}")
    expect(page.locator("main")).to_contain_text("el reloj del teléfono va 3 h adelantado")
    page.get_by_text("Corregir el reporte").click()
    form = page.locator("details", has_text="Corregir el reporte")
    form.get_by_label("Gravedad").select_option("serious")
    form.get_by_label("Razón").fill("Afecta a una mesa entera")
    form.get_by_role("button", name="Corregir", exact=True).click()
    expect(page.locator(".log .event").last).to_contain_text("Gravedad: Leve → Grave")
    assert fits(page)
    mission.visit(page, "/mission/incidents")
    if not page.get_by_label("Texto").is_visible():  # folded on a phone
        page.locator(".narrowing > summary").click()
    page.get_by_label("Texto").fill(incident["text"])
    page.get_by_label("Texto").press("Enter")
    expect(page.locator(".incident-line")).to_have_count(1)
    expect(page.locator(".incident-line")).to_contain_text("Grave")
    assert fits(page)
