"""One number for one fact: board, queue, embed and card say the same of one version, whatever was counted."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from unittest.mock import patch

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.main import create_app
from dashboard.app import build
from dashboard.embed.card import draw_card
from dashboard.embed.poster import draw_poster
from dashboard.embed.scene import Scene
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import NAMES, Country, minute
from tests.api.embed.conftest import OPTIONS
from tests.api.embed.test_pages import Text
from tests.api.story.test_queue import send_to_jury

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})*(?:\.\d+)?(?:[ \u00a0]%)?")
_MOMENT = re.compile(r"\d+ \w{3} \d{4}, \d\d:\d\d|\d\d/\d\d(/\d{4})?|\d\d:\d\d(:\d\d)?|hace \d+ \w+")
_ABOUT = re.compile(r"versi[oó]n \S+?-(<[^>]*>)*\d+|https?:\S+|\S*\?at=\S+")
_LISTED = [key for key in NAMES if key.startswith(("nation", "scope", "department"))]


@pytest.fixture
def country(store: Store) -> Country:
    return Country(store)


@pytest.fixture
def client(store: Store, country: Country, geometry: Geometry) -> Iterator[httpx.Client]:
    """A client of that country's pages, the dashboard's among them."""
    with client_of(create_app(store, ELECTIONS, geometry=geometry, dashboard=build, options=OPTIONS)) as client:
        yield client


def numbers(html: str) -> set[str]:
    """Every number that is shown, as it is written; moments and versions are none."""
    body = _ABOUT.sub("", html.partition("<body")[2] or html)
    texts = (_MOMENT.sub("", part.replace("\u00a0", " ")) for part in Text(body).parts)
    return {found for text in texts for found in _NUMBER.findall(text)}


def section(html: str, kind: str) -> str:
    """One part of a page, by its class."""
    found = re.search(rf'<section class="{kind}.*?</section>', html, re.DOTALL)
    assert found is not None, kind
    return found[0]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    votes=st.tuples(st.integers(0, 97), st.integers(0, 97)),
    counted=st.integers(1, 39),
    visible=st.tuples(st.integers(0, 90), st.integers(0, 90)),
)
def test_board_queue_embed_and_card_say_the_same_of_one_version(
    client: httpx.Client,
    country: Country,
    caught_up: Callable[[], None],
    votes: tuple[int, int],
    counted: int,
    visible: tuple[int, int],
) -> None:
    minutes = _MINUTES
    at_jury = country.mesas[counted:]
    country.count(country.mesas[:counted], minute(next(minutes)), votes)
    for mesa in at_jury:
        send_to_jury(country, mesa, minute(next(minutes)), "Acta ilegible", visible)
    country.publish(_LISTED, minute(next(minutes)))
    caught_up()
    scenes: list[Scene] = []

    def drawn(scene: Scene, view: str) -> str:
        scenes.append(scene)
        return draw_poster(scene, view)

    with patch("api.embed.pictures.draw_poster", drawn):
        board, queue = (client.get(path).text for path in ("/", "/queue"))
        embeds = [client.get(f"/embed/v1/{view}", params={"area": "nation"}).text for view in ("bar", "card")]
        poster = client.get("/embed/v1/card.svg", params={"area": "nation"}).text
    shown = numbers(board)
    for embed in (*embeds, poster, draw_card(scenes[-1])):
        assert numbers(embed) <= shown, numbers(embed) - shown
    # What the board leads with is what an embed leads with, list by list.
    headline = numbers(section(board, "headline card"))
    assert headline <= numbers(embeds[0])
    # How many wait, how many voters they have and what they are held against: the board's own numbers.
    weight = section(queue, "card weight")
    first = re.findall(r"<p[ >].*?</p>", weight, re.DOTALL)[:2]
    said = " ".join(first).partition("<b>")[0] if len(first) < 2 else first[0] + first[1].partition("<b>")[0]
    assert numbers(f"<body>{said}") <= shown, numbers(f"<body>{said}") - shown


# No moment comes twice, whatever example is tried again.
_MINUTES = count(1)
