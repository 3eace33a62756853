"""What a designer would measure: a line style for each list, where a phone's screens begin, contrast, calm changes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import dashboard
from dashboard.components.chart import ChartLine, shares
from tests.dashboard.toy.api import ToyApi, serve
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.watching import COUNT_SHIFTS, FOLLOWS, open_live, settle, until

_SCREEN_PX = 800
_FINGER_PX = 44
_CALM = 0.02
# What a list is known by: what an element is painted with, or the mark before it.
_PAINTED = "([selector, pseudo, what]) => getComputedStyle(document.querySelector(selector), pseudo)[what]"
_DASHES = {"0": "solid", "1": "dash"}


def _points(votes: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"at": f"2026-06-07T2{hour}:00:00Z", "count": {"votes": [*votes]}} for hour in (1, 2)]


def test_a_line_keeps_its_style_whoever_leads() -> None:
    red, blue = ChartLine(0, "Rojo", "#e08214", "#e08214"), ChartLine(1, "Azul", "#2166ac", "#2166ac")
    found = []
    for votes, ranked in (((60, 40), [red, blue]), ((40, 60), [blue, red])):
        drawn = shares(_points(votes), ranked, "America/Lima", [])
        found.append({color: dash for dash, color in re.findall(r'line dash-(\d)"[^>]*--list:(#\w+)', drawn)})
    assert found == [{"#e08214": "0", "#2166ac": "1"}] * 2


@pytest.mark.browser
def test_the_lively_chart_has_the_dashes_of_the_drawing(wide: Page, site: str) -> None:
    wide.goto(f"{site}/timeline")
    drawn = wide.evaluate("[...document.querySelectorAll('.line-key')].map((key) => key.className.at(-1))")
    until(wide, "Boolean(escrutinio.charts && escrutinio.charts.drawn)")
    lively = wide.evaluate("document.querySelector('[data-chart=shares]').data.map((line) => line.line.dash)")
    assert lively == [_DASHES[dash] for dash in drawn]
    assert sorted(drawn) == ["0", "1"]


@pytest.fixture(params=[2, 38], ids=["a run-off", "a first round"])
def ballot(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a count with so many lists."""
    with serve(ToyApi(ToyCount(lists=request.param))) as url:
        yield url


@pytest.mark.browser
def test_on_a_phone_map_and_table_begin_on_the_second_screen(phone: Page, ballot: str) -> None:
    for view, panel in (("map", ".map-panel"), ("table", ".table-panel")):
        open_live(phone, f"{ballot}/?view={view}")
        top, why = (phone.evaluate("(one) => document.querySelector(one).offsetTop", one) for one in (panel, ".why"))
        assert top < 2 * _SCREEN_PX - _SCREEN_PX / 8, view
        # What changed and why comes after what is looked for.
        assert top < why


@pytest.mark.browser
def test_a_finger_finds_what_stands_above_and_below_every_page(phone: Page, site: str) -> None:
    phone.goto(f"{site}/timeline")
    touched = phone.locator("header.site :is(a, button, input), footer.site nav a")
    heights = {each.inner_text() or "input": each.bounding_box() for each in touched.all() if each.is_visible()}
    assert len(heights) > 8
    assert {name: box for name, box in heights.items() if box and round(box["height"]) < _FINGER_PX} == {}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "touched"),
    [
        ("/?view=table", "main :is(summary, select, .sort, tbody th a, .why > p > a, .actas > p > a)"),
        ("/methods", "main summary"),
        ("/search?q=lima", "main :is(input, button, .found a)"),
        ("/embed", "header a, main :is(fieldset label, .boxes label, select, button)"),
    ],
)
def test_a_finger_finds_what_is_chosen_and_opened(phone: Page, site: str, path: str, touched: str) -> None:
    phone.goto(f"{site}{path}")
    expect(phone.locator(touched).first).to_be_visible()
    heights = {each.inner_text(): each.bounding_box() for each in phone.locator(touched).all() if each.is_visible()}
    assert heights
    assert {name: box for name, box in heights.items() if box and round(box["height"]) < _FINGER_PX} == {}


@pytest.fixture
def contrast(browser: Browser) -> Iterator[Page]:
    """A phone in forced colours."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_high_contrast_keeps_the_colour_that_a_list_is_known_by(contrast: Page, site: str) -> None:
    marks = {
        "/?view=table": [
            (".lists b", "::before", "backgroundColor"),
            (".areas td[data-f='list.0']", "::before", "backgroundColor"),
            (".lists li:nth-child(1) i", "", "backgroundImage"),
        ],
        "/timeline": [(".side-key", "", "backgroundColor"), (".line-key", "", "borderTopColor")],
    }
    for path, carriers in marks.items():
        contrast.emulate_media(forced_colors="none")
        contrast.goto(site + path)
        before = [contrast.evaluate(_PAINTED, [*one]) for one in carriers]
        contrast.emulate_media(forced_colors="active")
        assert [contrast.evaluate(_PAINTED, [*one]) for one in carriers] == before


def _tell(page: Page, api: ToyApi, votes: list[int]) -> None:
    """A change of the country's votes, until the page shows it."""
    api.send(api.count.set_published("nation", votes=votes, valid=sum(votes)))
    number = page.locator('.headline [data-f="votes.0"]')
    expect(number).to_have_text(f"{votes[0]:,}".replace(",", " "))


@pytest.mark.browser
def test_nothing_moves_while_a_page_loads_and_when_numbers_change(reader: Page, site: str, api: ToyApi) -> None:
    reader.add_init_script(COUNT_SHIFTS)
    open_live(reader, f"{site}/?view=table")
    until(reader, FOLLOWS)
    settle(reader)
    assert reader.evaluate("shifts") <= _CALM
    votes = list(api.count.state["nation"]["published"]["votes"])
    # The toy's pages are made at another moment than its feed is read at: the first change shortens a date.
    _tell(reader, api, [own + 1000 for own in votes])
    settle(reader)
    for changed in ([own + 2000 for own in votes], [own + 3000 for own in votes[::-1]]):
        before = reader.evaluate("shifts")
        _tell(reader, api, changed)
        settle(reader)
        assert reader.evaluate("shifts") - before <= _CALM


@pytest.mark.browser
def test_a_number_that_changed_flashes_once_and_slowly(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, site)
    until(wide, FOLLOWS)
    votes = [own + 1000 for own in api.count.state["nation"]["published"]["votes"]]
    _tell(wide, api, votes)
    number = wide.locator('.headline [data-f="votes.0"]')
    duration, times = number.evaluate(
        "(one) => [getComputedStyle(one).animationDuration, getComputedStyle(one).animationIterationCount]"
    )
    assert (float(duration.removesuffix("s")) >= 1, times) == (True, "1")
    wide.emulate_media(reduced_motion="reduce")
    bars = wide.locator(".lists i, .segment").all()
    assert {bar.evaluate("(one) => getComputedStyle(one).transitionDuration") for bar in bars} == {"0s"}


def test_every_size_of_type_is_a_step_of_the_scale() -> None:
    # Lettering within a drawing has the drawing's units.
    for sheet in (Path(dashboard.__file__).parent / "styles").glob("*.css"):
        assert re.findall(r"font-size: [\d.]+r?em", sheet.read_text()) == [], sheet.name
