"""Holds and corrections that arrive while somebody looks: marked, offered, told once and politely."""

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import FOLLOWS, NAVIGATES, open_live, until

pytestmark = pytest.mark.browser


def test_a_number_held_while_watching_is_marked_and_unmarked(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, f"{site}/?view=table")
    plain = api.count.state["department/14"]
    held = [{"rule": "over_roll", "figures": {"cast": 1006, "registered": 300}}]
    api.count.state["department/14"] = {**plain, "held": held}
    api.send(api.count.next_delta(["department/14"], "hold"))
    badge = wide.locator('tr[data-area="department/14"] details.issue')
    expect(badge.locator("summary")).to_have_text("Dato en revisión")
    badge.locator("summary").press("Enter")
    expect(badge).to_contain_text("1 006 votos emitidos con 300 electores hábiles.")
    api.send(api.count.set_published("department/14", votes=[900_000, 100_000]))
    expect(wide.locator('tr[data-area="department/14"] [data-f="list.0"]')).to_contain_text("900 000")
    expect(badge).to_have_attribute("open", "")
    more = [{**held[0], "figures": {"cast": 1007, "registered": 300}}]
    api.count.state["department/14"] = {**api.count.state["department/14"], "held": more}
    api.send(api.count.next_delta(["department/14"], "hold"))
    expect(badge).to_contain_text("1 007 votos emitidos con 300 electores hábiles.")
    expect(badge).to_have_attribute("open", "")
    expect(badge.locator("summary")).to_be_focused()
    api.count.state["department/14"] = plain
    api.send(api.count.next_delta(["department/14"], "release"))
    expect(badge).to_have_count(0)
    flags = [{"rule": "reconciliation", "es": "como se decía antes", "en": "as it was said before"}]
    api.count.state["nation"] = {**api.count.state["nation"], "flags": flags}
    api.send(api.count.next_delta(["nation"]))
    expect(wide.locator(".headline .issue")).to_have_text(
        "ONPE y la suma de actas difieren: lo publicado y la suma de las actas contabilizadas difieren."
    )


def test_corrections_that_arrive_are_offered_on_their_page(wide: Page, site: str, api: ToyApi) -> None:
    wide.goto(f"{site}/corrections?level=mesa")
    expect(wide.locator(".below")).to_contain_text("No hay nada que mostrar")
    until(wide, FOLLOWS)
    api.send(api.count.correct("mesa/000001", cast=100))
    api.send(api.count.correct("nation", cast=100))
    expect(wide.locator("#news")).to_have_text("1 corrección nueva: mostrar")
    until(wide, NAVIGATES)
    wide.locator("#news button").press("Enter")
    expect(wide.locator(".ledger h2")).to_have_text("Mesa 000001 Mesa")
    expect(wide.locator("#news")).to_be_hidden()
    wide.get_by_role("link", name="Todos").click()
    expect(wide.locator(".ledger h2")).to_have_count(2)
    assert wide.url == f"{site}/corrections"
    wide.go_back()
    expect(wide.locator(".ledger h2")).to_have_count(1)
    assert wide.locator('[aria-current="true"]').all_inner_texts() == ["Mesas", "Correcciones"]


def test_corrections_are_shown_though_the_navigation_is_not_there_yet(wide: Page, site: str, api: ToyApi) -> None:
    wide.route("**/_dash-layout", lambda route: None)
    wide.goto(f"{site}/corrections?level=mesa")
    until(wide, FOLLOWS)
    until(wide, "Boolean(document.querySelector('#react-entry-point > ._dash-loading'))")
    api.send(api.count.correct("mesa/000001", cast=100))
    wide.locator("#news button").press("Enter")
    expect(wide.locator(".ledger h2")).to_have_text("Mesa 000001 Mesa")


def test_a_correction_elsewhere_is_one_polite_line(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, f"{site}/area/department/01")
    before = wide.evaluate("escrutinio.client.state")
    api.send(api.count.correct("mesa/000001", cast=100))
    api.send(api.count.correct("department/14", cast=100))
    notice = wide.locator("#notice")
    expect(notice).to_contain_text("2 correcciones nuevas")
    assert notice.get_attribute("role") == "status"
    assert wide.evaluate("escrutinio.client.state") == before
    until(wide, NAVIGATES)
    notice.get_by_role("link", name="Ver").click()
    wide.wait_for_url("**/corrections")
    expect(wide.locator(".ledger h2")).to_have_count(2)
    expect(notice).to_be_hidden()
    assert "Correcciones" in wide.title()


def test_the_ledger_needs_no_javascript(plain: Page, site: str, api: ToyApi) -> None:
    api.count.correct("nation", cast=100)
    plain.goto(site)
    plain.get_by_role("link", name="Correcciones").click()
    expect(plain.locator(".ledger")).to_contain_text("Votos emitidos")
    plain.get_by_role("link", name="Mesas").click()
    expect(plain.locator(".below")).to_contain_text("No hay nada que mostrar")
