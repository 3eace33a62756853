"""A served country: in process for HTTP, behind a real uvicorn for sockets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.commands.web_server import make_server
from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.country import ELECTION, Country
from tests.api.promises import HoldingClient
from tests.databases import sqlite_in
from tests.serving import in_thread
from tests.waiting import wait_until

BASE = f"/api/v1/elections/{ELECTION.id}"
ELECTIONS = {ELECTION.id: ELECTION}
QUICK = ServeOptions(poll_s=0.02)
# Of a store that nobody writes to: who asked it all the same, fifty times a second and until the last test, would keep
# a twentieth of a core busy in every worker.
LEISURELY = ServeOptions(poll_s=60.0)


@contextmanager
def served(app: FastAPI, *, is_ready: bool = True, port: int = 0, **settings: Any) -> Iterator[str]:
    """host:port of the application behind a real server, by default once a count is loaded."""
    counts = app.state.services.counts
    with in_thread(
        make_server(app, **settings), port=port, is_ready=lambda: counts.is_ready or not is_ready
    ) as address:
        yield address


@contextmanager
def client_of(app: FastAPI, *, is_ready: bool = True) -> Iterator[httpx.Client]:
    """An HTTP client of the served application, which holds every answer against the description."""
    with served(app, is_ready=is_ready) as address, HoldingClient(base_url=f"http://{address}") as client:
        yield client


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a country whose count has not begun, for tests that only ask."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("untouched")))
    Country(store)
    with client_of(create_app(store, ELECTIONS, options=LEISURELY)) as client:
        yield client
    store.close()


@pytest.fixture
def country(store: Store) -> Country:
    """A country whose count has not begun."""
    return Country(store)


@pytest.fixture
def client(store: Store, country: Country) -> Iterator[httpx.Client]:
    """A client of that country's API."""
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        yield client


@pytest.fixture
def caught_up(client: httpx.Client, country: Country) -> Callable[[], None]:
    """Waits until the API serves all the country has published."""

    def wait() -> None:
        wait_until(lambda: client.get(BASE).json()["seq"] == country.writer.seq)

    return wait
