"""Frozen copies behind the shipped nginx: taken by itself when no replica answers, left by itself when one does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from api.commands.copies.following import Order, follow
from api.main import create_app
from dashboard.app import build
from dashboard.routes import CHOICES, MOMENT
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, served
from tests.api.country import ELECTION, Country, minute
from tests.api.live.follower import follow as follow_live
from tests.api.live.replicas import free_port, proxy
from tests.databases import sqlite_in
from tests.waiting import wait_until

pytestmark = pytest.mark.nginx


class Frozen:
    """A replica that comes and goes, and the shipped proxy with copies of its pages beside it."""

    def __init__(self, store: Store, geometry: Geometry, nginx: str, folder: Path, stack: ExitStack) -> None:
        self._make = lambda: create_app(store, ELECTIONS, geometry=geometry, dashboard=build, options=QUICK)
        self._numbers = count()
        self._port, self._replica, self.site = free_port(), ExitStack(), folder / "site"
        stack.callback(self._replica.close)
        self._start()
        replica = f"127.0.0.1:{self._port}"
        follow(Order([f"http://{replica}"], ELECTION.id, self.site, "", is_once=True), rest=lambda _: None)
        self.address = stack.enter_context(proxy(nginx, folder, [replica, f"127.0.0.1:{free_port()}"]))

    def _start(self) -> None:
        self._replica.enter_context(served(self._make(), port=self._port, trusted_proxies=["127.0.0.1"]))

    def come_back(self) -> None:
        """The replica serves, and the proxy has noticed."""
        self._replica.close()
        self._start()
        wait_until(lambda: "x-copy" not in self.get("/").raise_for_status().headers)

    def go_away(self) -> None:
        """No replica is left, and the proxy has noticed."""
        self._replica.close()
        wait_until(lambda: self.get("/").headers.get("x-copy"))

    def fresh(self) -> int:
        """A number that it has not given before."""
        return next(self._numbers)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"http://{self.address}{path}", headers=headers)


@pytest.fixture(scope="module")
def frozen(nginx: str, geometry: Geometry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frozen]:
    folder = tmp_path_factory.mktemp("frozen")
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store.open(sqlite_in(folder))))
        country = Country(store)
        country.count(country.mesas[:8], minute(1))
        yield Frozen(store, geometry, nginx, folder, stack)


def test_the_live_page_gives_way_to_its_copy_and_comes_back(frozen: Frozen) -> None:
    frozen.come_back()
    live = frozen.get("/")
    assert (live.status_code, "Copia del" in live.text) == (200, False)
    assert "script" in live.text
    frozen.go_away()
    copy = frozen.get("/")
    assert copy.status_code == 200
    assert "<b>Copia del <time" in copy.text
    assert "la página en vivo no responde" in copy.text
    assert copy.headers["cache-control"] == "public, max-age=2"
    assert "frame-ancestors 'none'" in copy.headers["content-security-policy"]
    for path, words in (
        ("/?lang=en", "Copy of"),
        ("/area/department/14", "LIMA"),
        ("/area/district/140101?lang=en&utm_source=x", "Copy of"),
        ("/queue", "Copia del"),
        ("/corrections", "Copia del"),
        ("/methods?lang=en", "Copy of"),
        ("/embed/v1/map", "Copia del"),
        ("/embed/v1/map?incidents=0&utm_source=a%20b", "Copia del"),
        ("/embed/v1/bar?area=department%2F14&lang=en&theme=dark", "Copy of"),
    ):
        found = frozen.get(path)
        assert (found.status_code, words.lower() in found.text.lower()) == (200, True), path
    assert "frame-ancestors 'self' *" in frozen.get("/embed/v1/card").headers["content-security-policy"]
    frozen.come_back()
    assert "Copia del" not in frozen.get("/").text


def test_all_who_ask_see_the_live_page_once_one_of_them_does(frozen: Frozen) -> None:
    with ThreadPoolExecutor(16) as crowd:

        def copies() -> int:
            """How many of a crowd are shown a copy: each by a worker of its own choice, none from the cache."""
            answers = crowd.map(lambda n: frozen.get(f"/?utm_source={n}"), [frozen.fresh() for _ in range(64)])
            return sum("x-copy" in answer.headers for answer in answers)

        frozen.go_away()
        assert copies() == 64
        frozen.come_back()
        assert copies() == 0


def test_a_copy_brings_along_all_that_it_loads(frozen: Frozen) -> None:
    frozen.come_back()
    style = frozen.get("/").text.split('<noscript><link rel="stylesheet" href="')[1].partition('"')[0]
    frozen.go_away()
    assert frozen.get(style).headers["content-type"].startswith("text/css")
    assert frozen.get("/embed/v1/height.js").headers["content-type"].startswith("text/javascript")
    assert frozen.get("/assets/favicon.svg?m=1").headers["content-type"] == "image/svg+xml"
    packed = frozen.get("/", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"


def test_what_has_no_copy_says_so_and_never_shows_other_numbers(frozen: Frozen) -> None:
    frozen.go_away()
    chosen = {name for names in CHOICES.values() for name in names} | {MOMENT}
    paths = [f"/queue?{name}=x" for name in sorted(chosen)]
    for path in (
        *paths,
        "/mesa/000001",
        "/mission",
        "/timeline",
        "/embed/v1/map?area=department/99",
        "/embed/v1/map?at=2030-01-06T22:01:00Z",
        "/embed/v1/map?area=province/1401",
        "/embed/v1/map?area=scope/domestic",
        "/embed/v1/map?incidents=1",
        "/embed/v1/map?%61rea=department/14",
        "/embed/v1/bar?lang=es&%69ncidents=1",
        "/?%61t=2030-01-06T22:01:00Z",
        "/queue?lang=es&%77ithin=department/14",
    ):
        answer = frozen.get(path)
        ancestors = "'self' *" if path.startswith("/embed/") else "'none'"
        assert f"frame-ancestors {ancestors}" in answer.headers["content-security-policy"], path
        assert answer.status_code == 503, path
        assert "De esta página no hay copia" in answer.text, path
        assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("5", "no-store")
    assert "There is no copy of this page" in frozen.get("/timeline?lang=en").text


def test_the_api_and_its_sockets_answer_503_when_no_replica_does(frozen: Frozen) -> None:
    frozen.go_away()
    for path in (
        f"{BASE}/results",
        f"{BASE}/stream?topic=nation",
        "/api/v1/mission/summary",
        f"{BASE}/areas/nation",
        "/embed/v1/map.svg",
        "/data/index.json",
        "/data/catalog.jsonld",
        f"/data/{ELECTION.id}/mayor/latest/areas.csv",
        "/news.atom",
        "/contests/mayor/news.atom?lang=en",
        "/openapi.json",
        "/llms.txt",
        "/prove.py",
    ):
        answer = frozen.get(path)
        assert (answer.headers["content-type"], answer.json()["status"]) == ("application/problem+json", 503)
        assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("5", "no-store")
    update = httpx.post(f"http://{frozen.address}/_dash-update-component", json={})
    assert (update.status_code, update.headers["content-type"]) == (503, "application/problem+json")
    with pytest.raises(InvalidStatus, match="503"), follow_live(frozen.address):
        pass


def test_without_any_copy_the_answer_is_still_a_503(frozen: Frozen) -> None:
    frozen.go_away()
    elsewhere = frozen.site.rename(frozen.site.with_name("elsewhere"))
    answer = frozen.get("/")
    elsewhere.rename(frozen.site)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
