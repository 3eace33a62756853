"""Whose word counts for a client's address: a trusted proxy's, and nobody else's."""

from ipaddress import ip_network

import pytest
from websockets.exceptions import InvalidStatus

from api.main import create_app
from api.options import ServeOptions
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, served
from tests.api.country import Country
from tests.api.live.follower import follow

ONE_EACH = ServeOptions(poll_s=0.02, sockets_per_address=1)


@pytest.fixture
def counted(store: Store) -> Store:
    Country(store)
    return store


def named(address: str) -> dict[str, dict[str, str]]:
    return {"additional_headers": {"X-Forwarded-For": address}}


def test_behind_a_trusted_proxy_sockets_are_counted_by_the_clients_address(counted: Store) -> None:
    app = create_app(counted, ELECTIONS, options=ONE_EACH)
    with (
        served(app, trusted_proxies=[ip_network("127.0.0.0/8")]) as address,
        follow(address, **named("203.0.113.1")),
        follow(address, **named("203.0.113.2")),
        pytest.raises(InvalidStatus, match="429"),
        follow(address, **named("198.51.100.9, 203.0.113.1")),
    ):
        pass


def test_without_a_trusted_proxy_a_forged_address_gains_nothing(counted: Store) -> None:
    app = create_app(counted, ELECTIONS, options=ONE_EACH)
    with (
        served(app) as address,
        follow(address, **named("203.0.113.1")),
        pytest.raises(InvalidStatus, match="429"),
        follow(address, **named("203.0.113.2")),
    ):
        pass


def test_a_trusted_proxy_is_an_address_or_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCRUTINIO_TRUSTED_PROXIES", '["10.0.0.7", "fd00::/8"]')
    assert load_settings().trusted_proxies == (ip_network("10.0.0.7"), ip_network("fd00::/8"))
    monkeypatch.setenv("ESCRUTINIO_TRUSTED_PROXIES", '["everybody"]')
    with pytest.raises(InvalidInput, match="trusted_proxies"):
        load_settings()
