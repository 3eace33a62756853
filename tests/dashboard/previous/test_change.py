"""The change since the election before on pages: a fold, the map's colours, a column; and what is not compared."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from api.options import ServeOptions
from dashboard import app as dashboard_app
from dashboard.app import build
from dashboard.colours import load_presentation
from tally.storage.store import Store
from tests.api.conftest import BASE, served
from tests.api.country import minute
from tests.api.previous.two_elections import AFTER, BEFORE, ELECTIONS, NOW, THEN, Count
from tests.databases import sqlite_in

_PRESENTATION = load_presentation(Path(dashboard_app.__file__).parent / "presentation.toml")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("change")))
    Count(store, BEFORE, THEN).count()
    Count(store, AFTER, NOW).count()
    app = create_app(store, ELECTIONS, dashboard=build, options=ServeOptions(election_id=AFTER.id))
    with served(app) as address:
        yield f"http://{address}"
    store.close()


def fold(html: str) -> str:
    found = re.search(r'<details class="previous card" data-said="previous">(.*?)</details>', html, re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]+>", " ", found[1]))


def text_of(url: str, path: str) -> str:
    return re.sub(r"\s+", " ", fold(httpx.get(f"{url}{path}").raise_for_status().text))


def test_an_area_says_in_a_line_what_became_of_it(url: str) -> None:
    said = text_of(url, "/area/district/140101")
    assert "Frente a 2026: Participación −0.42 pts · Rojo +14.17 pts" in said
    assert "53.33 % 67.50 % +14.17" in said
    assert "300 320 +6.67 %" in said
    assert "Azul" not in said


def test_what_is_not_compared_alone_says_why_and_with_what(url: str) -> None:
    said = text_of(url, "/area/district/140103")
    assert "sin comparación por sí solo" in said
    assert "Se dividió" in said
    assert "entonces Ancón; ahora Ancón, Ancón Norte" in said
    assert "−10.00" in said
    assert "sin comparación Sin comparación: entonces ese código" in text_of(url, "/area/district/920101")


def test_a_renamed_area_names_what_it_was_called(url: str) -> None:
    assert "Entonces se llamaba San Vicente." in text_of(url, "/area/district/140201")


def test_the_browser_is_told_the_same_again_when_the_count_moves(url: str) -> None:
    meta = httpx.get(f"{url}{BASE}").json()
    asked = {"key": "district/140101", "lang": "es", "epoch": meta["epoch"], "seq": meta["seq"]}
    assert fold(httpx.get(f"{url}/sentences", params=asked).text) == fold(httpx.get(f"{url}/area/district/140101").text)


def test_before_anything_is_counted_there_is_no_change(url: str) -> None:
    said = text_of(url, f"/?at={minute(0)}")
    assert "aún nada contado" in said
    assert "−100" not in said


def test_the_legend_has_every_bin_of_the_change_and_what_is_not_compared(url: str) -> None:
    said = httpx.get(f"{url}/legend?lang=es&measure=change&level=department&leaders=&places=0").text
    assert "Rojo: cambio desde 2026" in said
    assert re.findall(r"--tile:\s?(#[0-9a-f]{6})", said) == _PRESENTATION.change_ramp
    assert _PRESENTATION.not_compared in said
    assert all(
        sign in said for sign in ("tile not_read", "tile nothing_counted", "tile no_valid_votes", "tile partial")
    )


def test_an_election_without_one_before_says_nothing_of_it(url: str) -> None:
    meta = httpx.get(f"{url}/api/v1/elections/{BEFORE.id}").json()
    assert meta["previous"] is None
    assert httpx.get(f"{url}/api/v1/elections/{BEFORE.id}/previous").status_code == 404


@pytest.mark.browser
def test_table_and_choice_follow_the_measure(url: str, wide: Page) -> None:
    wide.goto(f"{url}/area/province/1401?view=table")
    wide.get_by_label("Qué mostrar").select_option("change")
    cell = wide.locator("tr[data-area='district/140101'] td.of-measure")
    expect(cell).to_have_text("+14.17")
    expect(wide.locator("tr[data-area='district/140103'] td.of-measure")).to_have_text("—")
    expect(wide.locator("th.of-measure")).to_contain_text("Rojo: cambio desde 2026")
    assert cell.get_attribute("data-value") is not None
    assert "measure=change" in wide.url
