"""Pages beside the API: which paths they get, and how they read the API without waiting for themselves."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.responses import FileResponse

from api.http.asking import ask, make_scope
from api.main import create_app
from api.serving.reader import OwnReader
from dashboard.app import build
from tally.keys import NATION
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.waiting import PATIENCE_S, wait_until


def echo(read: Callable[[str], Any], *, election_id: str) -> SimpleNamespace:
    """Pages that answer with what they read at their own path."""

    def server(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        try:
            text, status = str(read(f"/api/v1/elections/{election_id}{path}")), "200 OK"
        except (LookupError, ConnectionError) as error:
            text, status = type(error).__name__, "404 Not Found"
        start(status, [("Content-Type", "text/plain")])
        return [text.encode()]

    return SimpleNamespace(server=server)


def test_pages_read_the_api_in_process(store: Store, country: Country) -> None:
    app = create_app(store, ELECTIONS, dashboard=echo, options=QUICK)
    with client_of(app) as client:
        assert "'key': 'nation'" in client.get("/areas/nation").text
        missing = client.get("/areas/department/99")
        assert (missing.status_code, missing.text) == (404, "LookupError")
        assert client.get("/results").text == "Refused"


def test_the_api_keeps_its_own_paths(store: Store, country: Country) -> None:
    with client_of(create_app(store, ELECTIONS, dashboard=echo, options=QUICK)) as client:
        for path in ("/api/v1/unknown", "/api/unknown", "/api/v1/elections/"):
            assert client.get(path).headers["content-type"] == "application/problem+json"
        assert client.post(BASE).status_code == 405
        assert client.get("/openapi.json").json()["openapi"]


def test_pages_are_made_before_anybody_asks_for_one(store: Store, country: Country) -> None:
    made: list[str] = []

    def counted(read: Callable[[str], Any], *, election_id: str) -> SimpleNamespace:
        made.append(election_id)
        return echo(read, election_id=election_id)

    with client_of(create_app(store, ELECTIONS, dashboard=counted, options=QUICK)) as client:
        assert len(made) == 1
        assert client.get("/areas/nation").status_code == 200
        assert len(made) == 1


def test_without_a_count_there_is_no_page_yet(store: Store) -> None:
    with client_of(create_app(store, ELECTIONS, dashboard=echo, options=QUICK), is_ready=False) as client:
        assert client.get("/areas/nation").status_code == 503
        Country(store)
        wait_until(lambda: client.get("/areas/nation").status_code == 200)


def test_many_pages_at_once_do_not_wait_for_each_other(store: Store, country: Country) -> None:
    app = create_app(store, ELECTIONS, dashboard=echo, options=QUICK)
    with client_of(app) as client:

        async def ask() -> list[httpx.Response]:
            async with httpx.AsyncClient(base_url=client.base_url, timeout=PATIENCE_S) as many:
                return await asyncio.gather(*(many.get("/areas/nation") for _ in range(40)))

        assert {answer.status_code for answer in asyncio.run(ask())} == {200}


def test_a_reader_refuses_to_wait_for_its_own_loop() -> None:
    reader = OwnReader(lambda *_: None)
    with pytest.raises(ConnectionError):
        reader("/healthz")

    async def read() -> None:
        reader.start()
        reader("/healthz")

    with pytest.raises(RuntimeError, match="the server's own loop"):
        asyncio.run(read())


def test_the_real_dashboard_shows_the_count(store: Store, country: Country) -> None:
    country.count(country.mesas[:20], minute(5), (70, 60))
    country.publish([NATION], minute(6))
    with client_of(create_app(store, ELECTIONS, dashboard=build, options=QUICK)) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "Azul" in page.text
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert client.get("/nothing/here").status_code == 404


def test_an_answer_out_of_a_file_is_read_by_a_page_without_holding_up_the_loop(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text("{}")

    async def read() -> bytes:
        return (await ask(FileResponse(path), make_scope("/data/package.json", "127.0.0.1"))).body

    assert asyncio.run(asyncio.wait_for(read(), PATIENCE_S)) == b"{}"
