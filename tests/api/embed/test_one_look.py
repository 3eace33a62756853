"""One visual system: board, embed, picture and card of a version share title, order, legend, colours and textures."""

import re
from collections.abc import Callable, Iterator
from unittest.mock import patch

import httpx
import msgspec
import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from dashboard.app import build
from dashboard.embed.card import draw_card
from dashboard.embed.poster import draw_poster
from dashboard.embed.scene import Scene
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import ELECTION, Country, minute
from tests.api.embed.conftest import OPTIONS
from tests.api.embed.test_pages import Text

_SHORT = {"es": "ronda de prueba", "en": "test round"}
_LISTED = ["nation", "scope/domestic", "department/14", "province/1401"]
_TALLEST_PX = 64
_RAMP = re.compile(r"#[0-9a-f]{6}")


class Surfaces:
    """What is served of one version: two pages, two drawings."""

    def __init__(self, board: str, embed: str, poster: str, card: str) -> None:
        self.board, self.embed, self.poster, self.card = board, embed, poster, card


@pytest.fixture
def country(store: Store) -> Country:
    return Country(store)


@pytest.fixture
def client(store: Store, country: Country, geometry: Geometry) -> Iterator[httpx.Client]:
    elections = {**ELECTIONS, ELECTION.id: msgspec.structs.replace(ELECTION, short=_SHORT)}
    with client_of(create_app(store, elections, geometry=geometry, dashboard=build, options=OPTIONS)) as client:
        yield client


@pytest.fixture(params=[(90, 40), (40, 90)], ids=["the first list leads", "the second list leads"])
def shown(
    request: pytest.FixtureRequest, client: httpx.Client, country: Country, caught_up: Callable[[], None]
) -> Surfaces:
    """The four, whoever leads."""
    country.count(country.mesas[:8], minute(1), request.param)
    country.publish(_LISTED, minute(1))
    caught_up()
    scenes: list[Scene] = []

    def drawn(scene: Scene, view: str) -> str:
        scenes.append(scene)
        return draw_poster(scene, view)

    with patch("api.embed.pictures.draw_poster", drawn):
        poster = client.get("/embed/v1/map.svg").text
    board, embed = client.get("/?view=map").text, client.get("/embed/v1/map").text
    return Surfaces(board, embed, poster, draw_card(scenes[-1]))


def part(page: str, begins: str, ends: str) -> str:
    """What stands between two pieces of a page."""
    return page.partition(begins)[2].partition(ends)[0]


def words(html: str) -> str:
    return str(Text(html))


def lists(html: str, color: str) -> list[tuple[str, str, str]]:
    """Place on the ballot, colour and texture of each list, in the order in which they stand."""
    entries = re.findall(r"<li[^>]*data-list.*?</li>", html, re.DOTALL)
    return [
        (
            "".join(re.findall(r'data-list="(\d+)"', entry)),
            "".join(re.findall(color, entry)[:1]),
            "".join(re.findall(r"texture-(\d)|url\(#t(\d)\)", entry)[0]) if "t1" in entry or "texture" in entry else "",
        )
        for entry in entries
    ]


def test_the_title_is_the_same_words(shown: Surfaces) -> None:
    title = words(f"<h1>{part(shown.board, '<h1>', '</h1>')}</h1>")
    assert title == "Conteo ONPE · ronda de prueba"
    assert words(f"<h1>{part(shown.embed, '<h1>', '</h1>')}</h1>") == title
    for drawn in (shown.poster, shown.card):
        assert title in words(drawn)
    # What the short title leaves open, such as the year, stands below it on pages of others.
    for foreign in (shown.embed, shown.poster, shown.card):
        assert ELECTION.name["es"] in words(foreign)


def test_lists_stand_in_one_order_with_one_colour_and_texture_each(shown: Surfaces) -> None:
    board = lists(part(shown.board, 'class="lists"', "</ol>"), r"--list:(#\w+)")
    assert len(board) == 2
    assert lists(part(shown.embed, 'class="lists"', "</ol>"), r'fill="(#\w+)"') == board
    shorts = [ELECTION.contests[0].lists[int(place)].short for place, _, _ in board]
    for drawn in (shown.poster, shown.card):
        said = words(drawn)
        assert sorted(shorts, key=said.index) == shorts
    # Whoever leads, the second list of the ballot is the one with lines over its colour.
    assert {place: texture for place, _, texture in board} == {"0": "", "1": "1"}


def test_the_legend_is_the_same_words_in_the_same_order_and_colours(shown: Surfaces) -> None:
    board = part(shown.board, '<div id="map-legend"', "</div></section>").partition(">")[2]
    embed = part(shown.embed, '<div class="legend">', "</ul></div>")
    assert words(f"{embed}</ul>") == words(board)
    assert words(board) in words(shown.poster)
    ramps = _RAMP.findall(part(board, '<div class="ramp">', '<ul class="covers">'))
    assert ramps
    assert set(ramps) <= set(_RAMP.findall(embed))
    assert set(ramps) <= set(_RAMP.findall(shown.poster))


def test_the_states_of_actas_have_one_sign_each(shown: Surfaces) -> None:
    drawn = part(shown.embed, '<svg class="bar thin"', "</svg>")
    for state in ("at_jee", "pending"):
        assert f'fill="url(#{state})"' in drawn
        for picture in (shown.poster, shown.card):
            assert f'fill="url(#{state})"' in picture
        assert f'class="segment {state}"' in shown.board
        for page in (shown.board, shown.embed):
            assert f":is(.key,.segment).{state}{{background:" in page.replace(" ", "")


def test_an_embed_has_every_size_and_colour_that_it_names(shown: Surfaces) -> None:
    named = set(re.findall(r"var\((--[a-z0-9-]+)", shown.embed))
    assert "--counted" in named
    assert named <= set(re.findall(r"(--[a-z0-9-]+):", shown.embed))


@pytest.mark.browser
def test_on_a_phone_an_embeds_rows_are_two_lines_and_nothing_is_scrolled_sideways(
    phone: Page, client: httpx.Client, country: Country, caught_up: Callable[[], None]
) -> None:
    country.count(country.mesas[:8], minute(1), (4000, 90))
    country.publish(_LISTED, minute(1))
    caught_up()
    phone.set_content(client.get("/embed/v1/table").text)
    table = phone.locator(".scroller")
    assert table.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    row = phone.locator("tr[data-area='department/14']")
    assert row.evaluate("(one) => one.offsetHeight") <= _TALLEST_PX
    for field in ("votes.0", "share.0", "votes.1", "share.1", "counted_pct"):
        expect(row.locator(f"[data-f='{field}']")).to_be_visible()
    # Each list's cell has its mark there, as the page's rows have.
    expect(row.locator(".of svg")).to_have_count(2)
    expect(row.locator(".of svg").first).to_be_visible()
