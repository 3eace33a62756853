"""What was cast in counted actas, blank, null, and by how many of the voters, each with whose figure it is."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import open_live

_PLACE = {"counted": 2, "at_jee": 1, "pending": 0, "total": 3, "cast": 412, "valid": 400, "blank": 4, "null": 8}


def said(html: str) -> str:
    """What the card of actas says, its spaces made plain."""
    card = re.search(r'<section class="actas card".*?</section>', html, re.DOTALL)
    assert card is not None
    return re.sub(r"<[^>]+>", "", card[0]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "es",
            "Según ONPE: emitidos 1 000 · en blanco 20 · nulos 30. "
            "Según la suma de las actas leídas: participación 50.00 %.",
        ),
        ("en", "By ONPE: cast 1 000 · blank 20 · null 30. By the sum of the tally sheets read: turnout 50.00 %."),
    ],
)
def test_the_source_s_own_figures_are_told_and_the_turnout_as_ours(
    client: Any, api: ToyApi, language: str, line: str
) -> None:
    figures = {"cast": 1000, "valid": 950, "blank": 20, "null": 30, "votes": [500, 450]}
    api.count.set_published("department/14", **figures, registered_counted=2000)
    assert line in said(client.get(f"/area/department/14?lang={language}").text)


def test_a_place_has_the_sum_of_its_actas(client: Any, api: ToyApi) -> None:
    computed = {**_PLACE, "challenged": 0, "votes": [250, 150], "registered": 870, "registered_counted": 580}
    api.count.state["place/0001"]["computed"] = computed
    line = "Según la suma de las actas leídas: emitidos 412 · en blanco 4 · nulos 8 · participación 71.03 %."
    assert line in said(client.get("/place/0001").text)


def test_where_nothing_is_counted_nothing_was_cast(client: Any) -> None:
    assert "emitidos" not in said(client.get("/area/department/02").text)


@pytest.mark.browser
def test_they_are_repainted_as_the_count_moves(phone: Page, site: str, api: ToyApi) -> None:
    open_live(phone, f"{site}/area/department/14?view=table")
    api.send(api.count.set_published("department/14", cast=1000, registered_counted=4000, blank=7))
    card = phone.locator(".actas.card")
    expect(card.locator('[data-f="cast"]')).to_have_text("1 000")
    expect(card.locator('[data-f="turnout"]')).to_have_text("25.00 %")
    expect(card.locator('[data-f="blank"]')).to_have_text("7")
