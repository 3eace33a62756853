"""What every site is asked for at addresses that everybody knows."""

import re
from datetime import UTC, datetime

import pytest
from fastapi.routing import iter_route_contexts
from msgspec.structs import replace

from api.main import create_app
from dashboard.app import build
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country


def test_robots_are_kept_from_what_is_private_and_the_icon_is_there(store: Store, country: Country) -> None:
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        assert "Disallow: /mission" in client.get("/robots.txt").text.splitlines()
        icon = client.get("/favicon.ico")
        assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")


@pytest.mark.parametrize(
    ("contact", "said"), [("a@b.pe", "mailto:a@b.pe"), ("https://count.example/who", "https://count.example/who")]
)
def test_a_finder_of_a_weakness_is_told_whom_to_tell(store: Store, country: Country, contact: str, said: str) -> None:
    with client_of(create_app(store, ELECTIONS, options=replace(QUICK, contact=contact))) as client:
        lines = client.get("/.well-known/security.txt").text.splitlines()
    assert f"Contact: {said}" in lines
    (expires,) = (line.partition(": ")[2] for line in lines if line.startswith("Expires: "))
    assert moments.read(expires) > datetime.now(UTC)


def test_where_nobody_is_named_nobody_is_told(store: Store, country: Country) -> None:
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        assert client.get("/.well-known/security.txt").status_code == 404


def test_programs_are_told_what_is_here_and_every_way_they_are_told_leads_somewhere(
    store: Store, country: Country
) -> None:
    app = create_app(store, ELECTIONS, dashboard=build, options=QUICK)
    with client_of(app) as client:
        told = client.get("/llms.txt")
        assert told.headers["content-type"] == "text/markdown; charset=utf-8"
        assert told.text.startswith("# Escrutinio\n\n> ")
        ways = re.findall(r"\]\(([^)]+)\)", told.text)
        assert BASE in ways
        named = {address.partition("?")[0] for address in re.findall(r"`(/api/v1/[^`…]+)`", told.text)}
        assert named
        served = {re.sub(r"\{[\w:]+\}", "{}", str(route.path)) for route in iter_route_contexts(app.routes)}
        assert {re.sub(r"\{\w+\}", "{}", path) for path in named} - served == set()
        assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)
