"""Coming in and going out, as a browser does it and as an attacker would try to."""

import httpx

from mission.roles import Role
from tally.store import Store
from tests.api.conftest import client_of
from tests.api.country import Country
from tests.api.mission.conftest import MISSION, add, make_app, sign_in


def test_a_session_is_a_cookie_that_scripts_and_other_sites_never_see(
    served_mission: tuple[httpx.Client, Store],
) -> None:
    client, _ = served_mission
    answer = sign_in(client, "verifier")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["role"]) == ("verifier", "verifier")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("escrutinio_session=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert client.get(f"{MISSION}/session").json()["role"] == "verifier"


def test_without_an_admin_there_is_no_mission(any_store: Store) -> None:
    Country(any_store)
    add(any_store.engine, "coordinator", Role.COORDINATOR)
    with client_of(make_app(any_store)) as client:
        for method in ("GET", "POST", "DELETE", "PUT", "OPTIONS"):
            for path in (f"{MISSION}/session", f"{MISSION}/accounts", MISSION, "/api/v1/incidents"):
                answer = client.request(method, path)
                assert answer.status_code == 404, (method, path)
                assert answer.json()["detail"] == f"there is nothing at {path}"
        assert client.get(f"{MISSION}/x").headers["cache-control"] == "no-store"
        add(any_store.engine, "admin", Role.ADMIN)
        assert client.get(f"{MISSION}/session").status_code == 401
