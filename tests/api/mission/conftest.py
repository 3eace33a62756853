"""A mission with one account a role, served beside a count that has not begun."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Engine

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from mission.people.accounts import Newcomer, add_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.devices import invite, redeem
from mission.people.passwords import Passwords
from mission.people.roles import Role
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import Country
from tests.api.promises import HoldingClient
from tests.mission.people import ORIGINS

MISSION = "/api/v1/mission"
# As strong as need be for passwords nobody uses.
QUICK_PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse battery"
OPTIONS = ServeOptions(poll_s=0.02, mission=MissionOptions(passwords=QUICK_PASSWORDS))


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers look for news of the count and of the team ten times as often as in earnest."""
    for module, seconds in (("live.tasks", 0.1), ("alerts.listeners", 0.05)):
        monkeypatch.setattr(f"api.{module}._LOOK_S", seconds)


def add(engine: Engine, name: str, role: Role) -> None:
    """An account whose password is PASSWORD."""
    newcomer = Newcomer(name, role, QUICK_PASSWORDS.hash(PASSWORD))
    add_account(engine, newcomer, COMMAND_LINE, moments.utc_now())


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    """Ask for a session; the client keeps its cookie."""
    return client.post(f"{MISSION}/session", json={"name": name, "password": password}, headers=own(client))


def own(client: httpx.Client) -> dict[str, str]:
    """The header a browser adds on our own pages."""
    return {"Origin": str(client.base_url).rstrip("/")}


def as_browser(client: httpx.Client) -> httpx.Client:
    """Another client of the same server, with a cookie jar of its own, that sends what a page of ours would."""
    return HoldingClient(base_url=client.base_url, headers=own(client))


def device_token(engine: Engine, name: str) -> str:
    """The token of a new device of an observer."""
    now = moments.utc_now()
    code = invite(engine, name, COMMAND_LINE, now).code
    token, _ = redeem(engine, code, ORIGINS.origin("127.0.0.1"), now, datetime(2100, 1, 1, tzinfo=UTC))
    return token


@pytest.fixture
def served_mission(any_store: Store) -> Iterator[tuple[httpx.Client, Store]]:
    """A client of a server with a mission, and its store; every account is named after its role."""
    Country(any_store)
    for role in Role:
        add(any_store.engine, role.value, role)
    with client_of(make_app(any_store)) as client:
        client.headers.update(own(client))
        yield client, any_store


def make_app(store: Store) -> FastAPI:
    """The application over a store."""
    return create_app(store, ELECTIONS, options=OPTIONS)
