"""What our tests ask of axe: it judges few of many texts that look alike, and each that does not."""

import pytest
from playwright.sync_api import Page

from tests.dashboard.axe import objections

pytestmark = pytest.mark.browser

_ROWS = 60
_PALE, _DARK = "#bbb", "#222"


def document(body: str) -> str:
    """A page that axe has nothing else to say about."""
    return f'<!doctype html><html lang="es"><title>x</title><body style="background:#fff"><main><h1>x</h1>{body}</main>'


def rows(color: str, odd: str = "") -> str:
    """A table of many rows; the last but one is given otherwise."""
    # The first ten have a single letter, which axe judges not at all.
    told = [f'<tr><td style="color:{color}">{n if n < 10 else f"row {n}"}</td></tr>' for n in range(_ROWS)]
    told[-2] = odd or told[-2]
    return f"<table>{''.join(told)}</table>"


@pytest.mark.parametrize(
    "odd",
    [
        f'<tr><td style="color:{_PALE}">odd</td></tr>',
        f'<tr><td style="color:{_DARK};background:#333">odd</td></tr>',
        f'<tr style="background:#333"><td style="color:{_DARK}">odd</td></tr>',
        f'<tr><td style="color:{_DARK}"><span style="background:#333">odd</span></td></tr>',
        f'<tr><td style="color:{_DARK};opacity:.3">odd</td></tr>',
    ],
)
def test_one_text_among_many_that_is_too_pale_is_objected_to(wide: Page, odd: str) -> None:
    wide.set_content(document(rows(_DARK)))
    assert objections(wide) == []
    wide.set_content(document(rows(_DARK, odd)))
    assert {one.partition(":")[2].partition(":")[0].strip() for one in objections(wide)} == {"color-contrast"}


def test_what_is_placed_over_something_else_is_judged_each_for_itself(wide: Page) -> None:
    placed = "".join(
        f'<p style="position:absolute;left:9px;top:{90 + 30 * n}px;color:{_DARK}">placed</p>' for n in range(9)
    )
    under = '<div style="position:absolute;left:0;top:250px;width:200px;height:150px;background:#333"></div>'
    wide.set_content(document(placed))
    assert objections(wide) == []
    wide.set_content(document(under + placed))
    assert objections(wide)


def test_many_that_are_too_pale_are_said_by_a_few_and_all_else_is_judged_of_each(wide: Page) -> None:
    wide.set_content(document(rows(_PALE, '<tr><td><img src="data:,"></td></tr>')))
    found = objections(wide)
    assert 0 < sum("color-contrast" in one for one in found) < _ROWS
    assert any("image-alt" in one for one in found)
    assert wide.locator("[data-judged-alike]").count() == 0
