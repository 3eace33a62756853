"""A ballot of dozens in a real browser: the first lists drawn, the others in words until one rises."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi, serve
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.watching import open_live

pytestmark = pytest.mark.browser


@pytest.fixture
def api() -> ToyApi:
    return ToyApi(ToyCount(lists=38))


@pytest.fixture
def site(api: ToyApi) -> Iterator[str]:
    """The address of API and dashboard together."""
    with serve(api) as url:
        yield url


def test_without_javascript_every_list_can_be_read(plain: Page, site: str, api: ToyApi) -> None:
    plain.goto(site)
    plain.get_by_text("Ver las otras 33 listas").click()
    votes = api.count.state["nation"]["published"]["votes"]
    for index, own in enumerate(votes):
        entry = plain.locator(f'.headline [data-list="{index}"]')
        expect(entry).to_be_visible()
        expect(entry).to_contain_text(f"{own:,} votos".replace(",", " "))
        expect(entry).to_contain_text("%")


def test_a_list_that_rises_out_of_the_fold_is_drawn_and_the_one_it_passed_is_not(
    reader: Page, site: str, api: ToyApi
) -> None:
    open_live(reader, site)
    top, rest = reader.locator(".lists:not(.small) > li"), reader.locator(".lists.small > li")
    expect(top).to_have_count(5)
    fifth = top.nth(4).get_attribute("data-list")
    rising = rest.last.get_attribute("data-list")
    votes = list(api.count.state["nation"]["published"]["votes"])
    votes[int(str(rising))] = 2 * max(votes)
    api.send(api.count.set_published("nation", votes=votes))
    expect(top.first).to_have_attribute("data-list", str(rising))
    width = 100 * votes[int(str(rising))] / sum(votes)
    assert float(top.first.locator("i").evaluate("(bar) => parseFloat(bar.style.width)")) == pytest.approx(
        width, abs=0.01
    )
    expect(top.first.locator("i")).to_be_visible()
    expect(rest.first).to_have_attribute("data-list", str(fifth))
    expect(rest.first.locator("i")).to_be_hidden()
    assert (top.count(), rest.count()) == (5, 33)
    sizes = {one.evaluate("(name) => getComputedStyle(name).fontSize") for one in rest.locator("b").all()}
    assert len(sizes) == 1
