"""How the lead moved: zero in the middle, the list that is ahead above it, changes of the lead marked."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.components import leadchart
from dashboard.components.chart import ChartLine
from tests.dashboard.toy.story import moment
from tests.dashboard.watching import until

_CHART = r'data-chart="(lead\w*)".*?<svg(.*?)</svg>'
PAIR = [ChartLine(0, "Norte", "#1f5fa8", "#88aadd"), ChartLine(1, "Sur", "#b8500b", "#ddaa88")]


def points(*votes: tuple[int, int]) -> list[dict[str, Any]]:
    return [
        {"at": moment(n), "count": {"votes": list(own), "counted": n * 10, "total": 100, "source_at": None}}
        for n, own in enumerate(votes, 1)
    ]


def heights(svg: str) -> list[set[float]]:
    """How far down each side goes."""
    return [set(map(float, re.findall(r" ([\d.]+)", path))) for path in re.findall(r'class="side" d="([^"]+)"', svg)]


def test_zero_is_in_the_middle_and_each_list_has_its_side() -> None:
    svg = str(leadchart.over_counted(points((10, 30), (50, 40), (80, 60)), PAIR, [(20.0, "lead")]))
    above, below = heights(svg)
    middle = max(above)
    assert middle == min(below) == (12 + 204) / 2
    assert min(above) < middle < max(below)
    # As many votes are as far from it on either side: 20 behind at first, 20 ahead at the end.
    assert middle - min(above) == pytest.approx(max(below) - middle)
    assert 'class="turn lead"' in svg
    assert ">10 %<" in svg
    assert ">30 %<" in svg


@pytest.mark.parametrize(
    ("most", "step"), [(1, 1), (3, 2), (33, 20), (171, 100), (13_639, 8_000), (105_061, 60_000), (200_000, 100_000)]
)
def test_votes_beside_the_chart_are_round_and_the_greatest_lead_fits(most: int, step: int) -> None:
    assert leadchart.round_step(most) == step
    assert 2 * step >= most


def test_where_nobody_was_ever_ahead_there_is_nothing_to_draw() -> None:
    assert leadchart.over_time(points((5, 5), (7, 7)), PAIR, "America/Lima", []) == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ("La ventaja en el tiempo, en votos", "Arriba del cero: {} adelante", "Debajo del cero: {} adelante")),
        ("en", ("The lead over time, in votes", "Above zero: {} ahead", "Below zero: {} ahead")),
    ],
)
def test_the_lead_comes_first_and_the_shares_below_it(client: Any, language: str, said: tuple[str, str, str]) -> None:
    html = client.get(f"/timeline?lang={language}").text
    charts = re.findall(r'data-chart="(\w+)"', html)
    assert charts == ["lead", "lead_counted", "shares", "actas"]
    heading, above, below = said
    assert heading in html
    for name in ("Norte", "Sur"):
        assert above.format(name) in html or below.format(name) in html


@pytest.mark.browser
def test_the_lively_chart_has_zero_in_the_middle_too(reader: Page, site: str) -> None:
    reader.goto(f"{site}/timeline")
    until(reader, "Boolean(escrutinio.charts && escrutinio.charts.drawn)")
    html = reader.request.get(f"{site}/timeline").text()
    served = {
        name: re.findall(r'text-anchor="end">([\d\s]+)<', chart) for name, chart in re.findall(_CHART, html, re.S)
    }
    for name in ("lead", "lead_counted"):
        low, high = reader.evaluate(f"document.querySelector('[data-chart={name}]').layout.yaxis.range")
        assert low == -high < 0
        ticks = reader.evaluate(f"document.querySelector('[data-chart={name}]').layout.yaxis.ticktext")
        assert ticks == served[name]
        sides = reader.evaluate(f"document.querySelector('[data-chart={name}]').data.map(({{ y }}) => y)")
        assert min(sides[0]) >= 0 >= max(sides[1])
    assert reader.evaluate("document.querySelector('[data-chart=lead]').layout.shapes.length") > 0
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
