"""Every cell of role × route × owner, generated from the declared policy: who is let in, who is not, and how."""

import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from PIL import Image

from api.http.policy import INTAKE, MISSION, POLICY, PREFIX, AccessRule, Undeclared, check_policy, served
from api.main import create_app
from api.options import MissionOptions, ServeOptions
from api.routes import mission
from api.serving.viewer import admit
from mission.people.accounts import revoke_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.roles import Role
from tally import moments
from tests.api.conftest import ELECTIONS
from tests.api.mission.answering import answered
from tests.api.mission.conftest import add, as_browser, device_token, sign_in
from tests.api.mission.desk import Team, lasting_team
from tests.api.mission.messages import gateway as texts

# What stands in a path's braces when it is nobody's thing.
NOTHING = {"id": "nothing", "hash": "0" * 64, "mesa": "000001", "name": "nobody-here", "form": "nothing"}
NOTHING |= {"place_code": "mesa-000001", "copy": "1"}
# Who asks: with which role, or None for whoever may not come in.
ASKING: dict[str, Role | None] = {
    **{role.value: role for role in Role},
    "browsing observer": Role.OBSERVER,
    "nobody": None,
    "revoked device": None,
    "revoked admin": None,
    "made-up session": None,
    "made-up token": None,
}


def about_owner(rule: AccessRule) -> bool:
    return rule.all_from is not None or rule.is_foreign_only


def bare_app() -> FastAPI:
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


def mounted() -> FastAPI:
    """All the mission's routes, over nothing."""
    app = bare_app()
    for router in mission.ROUTERS:
        app.include_router(router, prefix=PREFIX)
    return app


PRIVATE = [(method, path, POLICY[method, path]) for method, path, _ in served(mounted())]
OWNED = [(method, path, rule) for method, path, rule in PRIVATE if "{id}" in path and about_owner(rule)]
BODIES: dict[str, Any] = {"moves": {"move": "take", "seen": 1}, "notes": {"text": "una nota"}}
BODIES["corrections"] = {"severity": "minor", "reason": "era leve", "seen": 1}
# Which question a picture answers, where it answers one.
QUESTION = {"question": "acta_photo"}
BODIES["verify"] = {"state": "verified", "reason": "hay foto", "seen": 0}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with lasting_team(tmp_path_factory.mktemp("matrix")) as team:
        yield team


@pytest.fixture(scope="module")
def asking(team: Team) -> Iterator[dict[str, httpx.Client]]:
    """One client for everybody in ASKING."""
    engine = team.store.engine
    clients = {name: team.people.get(name) or as_browser(team.public) for name in ASKING}
    for name in ("browsing", "ended-device", "ended-admin"):
        add(engine, name, Role.ADMIN if name == "ended-admin" else Role.OBSERVER)
    sign_in(clients["browsing observer"], "browsing")
    sign_in(clients["revoked admin"], "ended-admin")
    clients["revoked device"].headers["Authorization"] = f"Bearer {device_token(engine, 'ended-device')}"
    for name in ("ended-device", "ended-admin"):
        revoke_account(engine, name, COMMAND_LINE, moments.utc_now())
    clients["made-up session"].cookies.set("escrutinio_session", "A" * 43)
    clients["made-up token"].headers["Authorization"] = "Bearer " + "A" * 43
    yield clients
    for client in clients.values():
        client.close()


def expected(rule: AccessRule, role: Role | None) -> int | None:
    """The status with which somebody is turned away; None: they are let in."""
    if rule.least is None:
        return None
    if role is None:
        return 401
    return None if role.covers(rule.least) else 403


def told(answer: httpx.Response) -> int | None:
    """The status, if somebody was turned away with it."""
    assert answer.status_code < 500, answer.text
    return answer.status_code if answer.status_code in (401, 403) else None


@pytest.mark.parametrize(("method", "path", "rule"), PRIVATE, ids=[f"{one[0]} {one[1]}" for one in PRIVATE])
def test_every_role_meets_every_route_as_declared(
    team: Team, asking: dict[str, httpx.Client], method: str, path: str, rule: AccessRule
) -> None:
    seen, wanted = dict[str, int | None](), dict[str, int | None]()
    for name, role in ASKING.items():
        client = asking[name]
        answer = client.request(method, path.format(**NOTHING), json={} if method == "POST" else None)
        seen[name], wanted[name] = told(answer), expected(rule, role)
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        if (method, path) == ("DELETE", f"{MISSION}/session") and answer.status_code == 204:
            sign_in(client, "browsing" if name == "browsing observer" else name)
    assert seen == wanted


def team_app(team: Team) -> FastAPI:
    mission = MissionOptions(**texts.options())
    return create_app(
        team.store, ELECTIONS, options=ServeOptions(relay_token="a-token-of-some-length", mission=mission)
    )


def thing_of(team: Team, owner: str) -> dict[str, str]:
    """An incident that somebody reported, with a picture."""
    return with_picture(team, owner, "incidents", team.filed(owner))


def response_of(team: Team, owner: str) -> dict[str, str]:
    """What somebody answered to a form, with a picture."""
    return with_picture(team, owner, "responses", answered(team, owner, form="counting", answers={}))


def with_picture(team: Team, owner: str, things: str, thing: str) -> dict[str, str]:
    where, png = f"{MISSION}/{things}/{thing}/photos", {"Content-Type": "image/png"}
    sent = team.people[owner].post(where, params=QUESTION, content=picture(), headers=png)
    assert sent.status_code == 201, sent.text
    return {**NOTHING, "id": thing, "hash": sent.json()["hash"]}


def picture() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((40, 30), 60).save(made, "PNG")  # no two are alike: the same one twice would be refused
    return made.getvalue()


THINGS = {"incidents": thing_of, "responses": response_of}


def owner_expected(rule: AccessRule, role: Role, *, is_own: bool) -> int | None:
    turned_away = expected(rule, role)
    if turned_away is not None:
        return turned_away
    if not is_own and rule.all_from is not None and not role.covers(rule.all_from):
        return 404
    return 403 if is_own and rule.is_foreign_only else None


@pytest.mark.parametrize("is_own", [True, False], ids=["own", "other's"])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "path", "rule"), OWNED, ids=[f"{one[0]} {one[1]}" for one in OWNED])
def test_things_of_ones_own_and_of_others(
    team: Team, method: str, path: str, rule: AccessRule, role: Role, is_own: bool
) -> None:
    owner = role.value if is_own else "second" if role is Role.OBSERVER else "observer"
    make, last = THINGS[path.removeprefix(MISSION).split("/")[1]], path.rpartition("/")[2]
    where = path.format(**make(team, owner))
    client = team.people[role.value]
    if last == "photos":
        answer = client.post(where, params=QUESTION, content=picture(), headers={"Content-Type": "image/png"})
    else:
        answer = client.request(method, where, json=BODIES[last] if method == "POST" else None)
    wanted = owner_expected(rule, role, is_own=is_own)
    if wanted is None:
        assert answer.status_code in (200, 201), answer.text
    else:
        assert answer.status_code == wanted, answer.text


def test_an_observer_lists_nothing_of_others(team: Team) -> None:
    mine, others = team.filed("observer"), team.filed("verifier")
    listed = {one["id"] for one in team.people["observer"].get(f"{MISSION}/incidents").json()["incidents"]}
    assert mine in listed
    assert others not in listed
    listed = {one["id"] for one in team.people["verifier"].get(f"{MISSION}/incidents").json()["incidents"]}
    assert {mine, others} <= listed


def test_every_route_has_a_rule_and_every_rule_a_route(team: Team) -> None:
    routes = {(method, path) for method, path, _ in served(team_app(team))}
    assert (routes - POLICY.keys(), POLICY.keys() - routes) == (set(), set())


def test_no_public_route_wants_anything_but_reading(team: Team) -> None:
    writing = {path for (method, path), rule in POLICY.items() if method != "GET" and not rule.is_private}
    assert writing == {"/api/v1/relay", "/api/v1/text-messages"}


def test_a_route_without_a_rule_stops_the_start() -> None:
    app = bare_app()
    app.add_api_route("/api/v1/secrets", lambda: None)
    with pytest.raises(Undeclared, match="GET /api/v1/secrets has no rule"):
        check_policy(app, admit)


def test_a_private_route_without_its_guard_stops_the_start() -> None:
    app, router = bare_app(), APIRouter()
    router.add_api_route("/mission/accounts", lambda: None)
    app.include_router(router, prefix="/api/v1")
    with pytest.raises(Undeclared, match="mounted without its guard"):
        check_policy(app, admit)


def test_a_private_route_that_reads_its_body_at_once_stops_the_start() -> None:
    async def add(body: dict[str, str]) -> None:
        raise AssertionError(body)

    app, router = bare_app(), APIRouter()
    router.add_api_route("/mission/accounts", add, methods=["POST"])
    app.include_router(router, prefix="/api/v1", dependencies=[Depends(admit)])
    with pytest.raises(Undeclared, match="would read its body before"):
        check_policy(app, admit)


def test_a_rule_for_another_place_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    app, router = bare_app(), APIRouter()
    router.add_api_route("/incidents", lambda: None, methods=["POST"])
    app.include_router(router, prefix="/api/v1")
    monkeypatch.setattr("api.http.policy.POLICY", {("POST", INTAKE): AccessRule("public", is_private=False)})
    with pytest.raises(Undeclared, match="does not fit"):
        check_policy(app, admit)
