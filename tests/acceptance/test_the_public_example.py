"""The first minutes of somebody on a phone: ONPE's real cut of 13 June 2026, 14:05 in Lima, from feed to screen."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import build_feed
from tests.acceptance.stack import running, served
from tests.dashboard.watching import until
from tests.waiting import PATIENCE_S, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.reference_data]

ELECTION = known_elections()["2026-06-07-president-runoff"]
CUT = datetime(2026, 6, 13, 19, 5, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The board, once the nation and every department of that cut have been read."""
    plan = FeedPlan(timeline=reference / "data" / "timeline_2026_round2.csv", until=CUT)
    feed = build_feed(ELECTION, load_catalogue(ELECTION.date.year), plan)
    with served(feed) as source, running(source, tmp_path_factory.mktemp("example"), "--election", ELECTION.id) as url:
        _wait_until_read(url)
        yield url


def _wait_until_read(url: str) -> None:
    def is_read() -> bool:
        with urlopen(f"{url}/api/v1/elections/{ELECTION.id}/state", timeout=PATIENCE_S) as answer:
            state = json.load(answer)["state"]
        return len(state) == 33 and all(area["published"] for area in state.values())

    wait_until(is_read)


def said(page: Page, selector: str) -> str:
    """What an element says, its spaces made plain."""
    return " ".join((page.locator(selector).first.text_content() or "").split())


def test_the_first_numbers_stand_in_the_html_itself(plain: Page, url: str) -> None:
    answer = plain.goto(url)
    assert answer is not None
    assert len(answer.body()) < 60_000
    assert said(plain, "h1").startswith("Conteo ONPE · segunda")
    lists = [" ".join(text.split()) for text in plain.locator(".lists > li").all_text_contents()]
    assert len(lists) == 2
    for text, pieces in zip(
        lists, (("Fujimori", "50.024 %", "9 052 039"), ("Sánchez", "49.976 %", "9 043 470")), strict=True
    ):
        assert all(piece in text for piece in pieces)
    assert said(plain, ".difference") == "Diferencia: 8 569 votos · 0.047 puntos"
    assert said(plain, ".outlook").startswith("Aún no está decidido: faltan 1 487 actas con hasta ")


def test_the_actas_stand_in_three_labelled_parts_that_add_up(plain: Page, url: str) -> None:
    plain.goto(url)
    assert [" ".join(text.split()) for text in plain.locator(".actas dl > div").all_text_contents()] == [
        "Contabilizadas91 279 98.40 %",
        "En el JEE1 487 1.60 %",
        "Pendientes0 0.00 %",
        "Total92 766",
    ]
    widths = [plain.locator(f".segment.{name}").get_attribute("style") for name in ("counted", "at_jee", "pending")]
    assert widths == ["width:98.397%", "width:1.603%", "width:0.000%"]


def test_three_times_are_told_apart(phone: Page, url: str) -> None:
    phone.goto(url)
    expect(phone.locator("#status")).to_have_text("En vivo")
    clock = r"(\d\d/\d\d(/\d{4})? )?\d\d:\d\d"
    wanted = rf"Dato de ONPE (13/06(/2026)? )?14:05 · revisado hace \d+ (s|min) \({clock}\) · sin cambios desde {clock}"
    assert re.fullmatch(wanted, said(phone, ".times"))


def test_nothing_on_a_phone_is_broken_or_hidden(phone: Page, url: str) -> None:
    phone.goto(url)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    # A name keeps to one line beside its share.
    for name in phone.locator(".lists b").all():
        box = name.bounding_box()
        assert box is not None
        assert box["height"] < 32
    assert "SIMULACRO" not in phone.content()
    phone.get_by_role("link", name="Cómo se revisa").click()
    expect(phone.locator("#archive")).to_contain_text(re.compile(r"Último sello: .* a las \d\d:\d\d"))


def test_the_map_is_painted_and_abroad_has_a_block_of_its_own(wide: Page, url: str) -> None:
    wide.goto(url)
    until(wide, "Boolean(escrutinio.featureColor('department/14'))")
    colors = [wide.evaluate(f"escrutinio.featureColor('department/{n:02d}')") for n in range(1, 26)]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", color) for color in colors)
    assert len(set(colors)) > 5
    expect(wide.locator(".abroad .box")).to_have_count(5)
