"""A small country with boundaries, served with a public address of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from api.main import create_app
from api.options import ServeOptions
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of, wait_until
from tests.api.country import Country

HOME = "https://count.example"
OPTIONS = ServeOptions(poll_s=0.02, public_url=HOME, embed_ancestors=("https://news.example", "https://radio.example"))


@pytest.fixture
def country(store: Store) -> Country:
    """A rehearsal whose count has begun: eight mesas of one district, as the source publishes them."""
    country = Country(store, is_test=True)
    country.count(country.mesas[:8], "2030-01-06T22:01:00Z")
    country.publish(["nation", "scope/domestic", "department/14", "province/1401"], "2030-01-06T22:01:00Z")
    country.report("ok", "2030-01-06T22:02:00Z")
    return country


@pytest.fixture
def client(store: Store, country: Country, geometry: Geometry) -> Iterator[httpx.Client]:
    """A client of that country's pages."""
    with client_of(create_app(store, ELECTIONS, geometry=geometry, options=OPTIONS)) as client:
        client.timeout = httpx.Timeout(60)  # the first picture starts a process
        yield client


@pytest.fixture
def caught_up(client: httpx.Client, country: Country) -> Callable[[], None]:
    """Waits until all the country has published is served."""
    return lambda: wait_until(lambda: client.get(BASE).json()["seq"] == country.writer.seq)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path / "embeds"
