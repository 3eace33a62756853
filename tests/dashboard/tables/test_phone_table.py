"""Tables on a phone: each row in two lines with every figure in sight, and nothing to scroll sideways."""

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.watching import open_live

pytestmark = pytest.mark.browser

_ROWS = "tr[data-area^='department/0'], tr[data-area^='department/1'], tr[data-area^='department/2']"
_TALLEST, _SCREENS = 64, 2 * 800


@pytest.mark.parametrize(("language", "actas"), [("es", "Actas"), ("en", "Sheets")])
def test_a_department_is_two_lines_with_both_votes_and_shares(
    phone: Page, site: str, language: str, actas: str
) -> None:
    open_live(phone, f"{site}/?view=table&lang={language}")
    panel = phone.locator(".table-panel .scroller")
    assert panel.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    rows = phone.locator(_ROWS)
    boxes = [row.bounding_box() for row in rows.all()]
    heights = [box["height"] for box in boxes if box is not None]
    assert len(heights) == 25
    assert max(heights) <= _TALLEST
    assert sum(heights) <= _SCREENS
    rows.first.scroll_into_view_if_needed()
    for field in ("list.0", "list.1", "counted_pct"):
        cell = rows.first.locator(f'[data-f="{field}"]')
        expect(cell).to_be_in_viewport()
        assert cell.evaluate("(one) => one.getBoundingClientRect().right <= innerWidth")
    expect(rows.first.locator('[data-f="list.0"]')).to_contain_text("%")
    phone.get_by_role("button", name=actas).first.click()  # the heads go on sorting
    expect(phone.locator("th[aria-sort]")).to_have_count(1)


def test_a_mesa_is_two_lines_with_its_state_and_votes(phone: Page, site: str) -> None:
    open_live(phone, f"{site}/place/0001")
    panel = phone.locator(".table-panel .scroller")
    assert panel.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    row = phone.locator('tr[data-area="mesa/000001"]')
    box = row.bounding_box()
    assert box is not None
    assert box["height"] <= _TALLEST
    colours = [
        row.locator(f'[data-f="votes.{index}"]').evaluate("(one) => getComputedStyle(one, '::before').backgroundColor")
        for index in (0, 1)
    ]
    assert colours == ["rgb(31, 95, 168)", "rgb(184, 80, 11)"]


@pytest.mark.parametrize(("path", "table"), [("/mesa/000003", ".history"), ("/queue", ".queue")])
def test_what_became_of_actas_is_read_without_scrolling_sideways(phone: Page, site: str, path: str, table: str) -> None:
    phone.goto(site + path)
    panel = phone.locator(f".scroller:has({table})")
    expect(panel).to_be_visible()
    assert panel.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    # All that was a column is in sight, but how many voters an acta has.
    shown = phone.locator(f"{table} tbody tr").first.locator(":is(th, td):visible")
    expect(shown).to_have_count(4)
    assert shown.evaluate_all("(all) => all.every((one) => one.getBoundingClientRect().right <= innerWidth)")
