"""What every site is asked for at addresses that everybody knows."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from api.main import create_app
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, client_of
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
