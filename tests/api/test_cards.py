"""The card of a shared link, and the tags that lead to it."""

import io
from collections.abc import Callable, Iterator

import httpx
import pytest
from PIL import Image

from api.main import create_app
from api.options import ServeOptions
from dashboard.embed.card import draw_card
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import Country, minute
from tests.databases import sqlite_in

HOME = "https://count.example"


@pytest.fixture(scope="module")
def client(geometry: Geometry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("cards")))
    country = Country(store)
    country.count(country.mesas[:8], minute(1))
    country.publish(["nation", "department/14"], minute(1))
    options = ServeOptions(poll_s=0.02, public_url=HOME)
    with client_of(create_app(store, ELECTIONS, geometry=geometry, options=options)) as client:
        client.timeout = httpx.Timeout(60)
        yield client
    store.close()


@pytest.mark.parametrize(
    "key",
    ["nation", "scope/abroad", "department/14", "department/92", "district/140101", "place/1401011", "mesa/000001"],
)
def test_every_place_has_a_card_of_the_size_that_networks_ask_for(client: httpx.Client, key: str) -> None:
    answer = client.get(f"/cards/{key}.png?lang=en")
    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (1200, 630)
    assert answer.headers["cache-control"].startswith("public")


def test_a_card_of_a_moment_is_that_moments(client: httpx.Client) -> None:
    now, then = client.get("/cards/nation.png"), client.get("/cards/nation.png", params={"at": minute(0)})
    assert then.status_code == 200
    assert then.content != now.content


@pytest.mark.parametrize("query", ["lang=fr", "at=soon", "lang=es&lang=es"])
def test_a_card_is_asked_for_by_language_and_moment_alone(client: httpx.Client, query: str) -> None:
    assert client.get("/cards/nation.png?area=x&utm_source=x").content == client.get("/cards/nation.png").content
    assert client.get(f"/cards/nation.png?{query}").status_code == 400


def test_there_is_no_card_of_what_is_not_there(client: httpx.Client) -> None:
    assert client.get("/cards/nowhere.png").status_code == 404
    assert client.get("/cards/department/99.png").status_code == 400


def test_a_small_lead_is_told_to_three_decimals(scene: Callable[..., str]) -> None:
    svg = " ".join(scene(votes=(9_052_039, 9_043_470), counted=91_279, total=92_766).split())
    for part in ("50.024 %", "49.976 %", "9 052 039", "8 569", "98.40 %", "Parcial, no oficial", "13 jun 2026, 14:05"):
        assert part in svg, part
    assert "SIMULACRO" not in svg
    assert "SIMULACRO" in scene(votes=(2, 1), counted=1, total=2, is_test=True)


@pytest.fixture
def scene() -> Callable[..., str]:
    """The card of an invented nation, as SVG."""
    from importlib.resources import as_file, files

    from dashboard.colours import load_presentation
    from dashboard.embed.scene import Scene
    from dashboard.words import load_words

    def draw(*, votes: tuple[int, ...], counted: int, total: int, is_test: bool = False) -> str:
        lists = [
            {"short": short, "name": short, "candidate": None, "color": color}
            for short, color in (("Rojo", "#e08214"), ("Azul", "#2166ac"))
        ]
        count = {"votes": votes, "counted": counted, "total": total, "source_at": "2026-06-13T19:05:18Z"}
        meta = {
            "name": {"es": "Prueba"},
            "timezone": "America/Lima",
            "credit": {"es": "Datos: nadie"},
            "is_test": is_test,
            "status": "unofficial-partial",
            "contest": {"lists": lists},
            "feed": None,
            "as_of": "2026-06-13T19:06:00Z",
            "checked_at": None,
            "changed_at": None,
        }
        with as_file(files("dashboard")) as folder:
            words, look = load_words()["es"], load_presentation(folder / "presentation.toml")
        return draw_card(Scene("nation", "", meta, {"computed": count}, words, look))

    return draw
