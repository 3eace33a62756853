"""The map's legend: the server says it, on the page and again where the map shows something else."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from dashboard import app
from dashboard.colours import bin_labels, load_presentation
from dashboard.words import load_words
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import LIVE, STANDS, until

_MEASURES = load_presentation(Path(app.__file__).parent / "presentation.toml").measures


def standing(page: str) -> tuple[str, str]:
    """The legend of a page: what it is of, and what it says."""
    found = re.search(r'<div id="map-legend" data-legend="([^"]*)">(.*?)</div></section>', page)
    assert found is not None
    return unescape(found[1]), found[2]


@pytest.mark.parametrize("path", ["/", "/area/department/14", "/area/district/140101"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_browser_is_told_of_the_colours_what_the_page_says(client: Any, path: str, language: str) -> None:
    query, said = standing(client.get(f"{path}?lang={language}").text)
    answer = client.get(f"/legend?{query}")
    assert answer.text == said
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    # A language has one address of each: the browser's and this one's are letter by letter the same.
    assert query.startswith(f"lang={language}&measure=lead&level=")


def test_every_measure_has_its_heading_and_its_bins_and_points_are_said_to_be_approximate(
    client: Any,
) -> None:
    words = load_words()["es"]
    for name, edges in _MEASURES.items():
        said = client.get(f"/legend?measure={name}&level=department").text
        assert f"<h3>{words(f'measures.{name}_legend')}</h3>" in said
        assert words("measures.none") in said
        labels = re.findall(r'<li style="--tile:\s?#[0-9a-f]{6}">([^<]*)</li>', said)
        assert [unescape(label) for label in labels] == bin_labels(edges)
    assert words("map.places_notice") in client.get("/legend?measure=lead&level=district&places=1").text
    mixed = client.get("/legend?measure=lead&level=district&places=1&exact=1").text
    assert words("map.places_mixed") in mixed
    assert words("map.places_notice") not in mixed
    assert "esquemáticos" in client.get("/legend?measure=lead&level=province").text
    assert "esquemáticos" not in client.get("/legend?measure=lead&level=department").text


@pytest.mark.parametrize(
    "query",
    ["", "measure=luck&level=department", "level=galaxy", "level=department&leaders=7", "level=nation&leaders=x"],
)
def test_what_no_map_shows_has_no_legend(client: Any, query: str) -> None:
    assert client.get(f"/legend?{query}").status_code == 404


@pytest.mark.browser
def test_a_legend_is_asked_for_where_the_map_shows_something_else_and_once(wide: Page, site: str, client: Any) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/legend?" in request.url:
            asked.append(request.url)

    wide.on("request", note)
    wide.goto(f"{site}/?view=map")
    until(wide, STANDS)
    assert asked == []
    legend = wide.locator("#map-legend")
    lead = legend.inner_html()
    for _ in range(2):
        wide.get_by_label("Qué mostrar").select_option("turnout")
        expect(legend.locator("h3")).to_contain_text("Participación")
        assert client.get(asked[0].removeprefix(site)).text.count("<li") == legend.locator("li").count()
        wide.get_by_label("Qué mostrar").select_option("lead")
        expect(legend.locator("h3")).to_contain_text("Ventaja")
    assert legend.inner_html() == lead
    assert len(asked) == 2


@pytest.mark.browser
def test_where_no_legend_can_be_had_none_stands_that_is_of_other_colours(wide: Page, site: str) -> None:
    wide.goto(f"{site}/?view=map")
    until(wide, STANDS)
    away: list[Route] = []
    wide.route("**/legend?*", lambda route: (away.append(route), route.abort()))
    wide.get_by_label("Qué mostrar").select_option("turnout")
    expect(wide.locator("#map-legend")).to_be_empty()
    wide.unroute("**/legend?*")
    wide.get_by_label("Qué mostrar").select_option("counted")
    expect(wide.locator("#map-legend h3")).to_contain_text("Actas contabilizadas")
    assert len(away) == 1


@pytest.mark.browser
def test_a_legend_names_a_list_from_when_it_leads_somewhere(wide: Page, site: str, api: ToyApi) -> None:
    wide.goto(f"{site}/?view=map")
    until(wide, STANDS)
    until(wide, LIVE)
    areas = [key for key in api.count.state if key.startswith("department/")]
    for key in areas:
        api.send(api.count.set_published(key, votes=[60_000, 40_000]))
    legend, other = wide.locator("#map-legend"), api.count.meta()["contest"]["lists"][1]["short"]
    expect(legend).not_to_contain_text(other)
    api.send(api.count.set_published("department/14", votes=[40_000, 60_000]))
    expect(legend).to_contain_text(other)
