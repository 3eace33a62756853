"""The mission's people over HTTP: roster, cards, suspensions and samples; and no name or number anywhere else."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import MetaData, inspect, select

from api.http.policy import POLICY
from api.mission.cards import draw_qr
from mission.people.contacts import sender_key
from tally.storage.store import Store
from tests.api.mission.conftest import MISSION, as_browser
from tests.api.mission.desk import Team, team_of
from tests.databases import sqlite_in

HEAD = "código;nombre;equipo;jefe;celular;local;ubigeo;mesa;etiquetas"
NAME, PHONE = "Zenobia Plantada Rimachi", "+51987001122"
ZENOBIA = f"T1;{NAME};Norte;sí;{PHONE[3:]};;140102;;quechua"
LUIS = "T2;Luis;Norte;no;;;;000001;"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("people")
    store = Store.open(sqlite_in(folder))
    with team_of(store, folder, sender_key=sender_key("an address key of the tests")) as team:
        yield team
    store.close()


def file(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def send(team: Team, path: str, data: bytes, who: str = "coordinator", **query: Any) -> httpx.Response:
    headers = {"Content-Type": "text/csv"}
    return team.people[who].post(f"{MISSION}/roster{path}", content=data, headers=headers, params=query)


def preview(team: Team, *lines: str, who: str = "coordinator") -> Any:
    answer = send(team, "/preview", file(*lines), who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def enter(team: Team, *lines: str) -> Any:
    answer = send(team, "", file(*lines), digest=preview(team, *lines)["digest"])
    assert answer.status_code == 201, answer.text
    return answer.json()


def people(team: Team) -> dict[str, Any]:
    answer = team.people["coordinator"].get(f"{MISSION}/people")
    assert answer.status_code == 200, answer.text
    return {one["name"] or one["pseudonym"]: one for one in answer.json()["people"]}


def cards(team: Team, *pseudonyms: str, ends_devices: bool = False) -> list[Any]:
    body = {"people": pseudonyms, "ends_devices": ends_devices}
    answer = team.people["coordinator"].post(f"{MISSION}/people/cards", json=body)
    assert answer.status_code == 201, answer.text
    return list(answer.json()["cards"])


@contextmanager
def come_in(team: Team, code: str) -> Iterator[httpx.Client]:
    """The phone of whoever types that code."""
    with as_browser(team.public) as phone:
        joined = phone.post(f"{MISSION}/devices", json={"code": code})
        assert joined.status_code == 201, joined.text
        phone.headers["Authorization"] = f"Bearer {joined.json()['token']}"
        yield phone


def test_a_roster_is_seen_entered_and_listed_and_again_changes_nothing(team: Team) -> None:
    seen = preview(team, ZENOBIA, LUIS)
    assert (seen["encoding"], seen["separator"], seen["knows_senders"]) == ("utf-8", ";", True)
    assert (seen["numbers"]["new"], seen["faults"]) == (2, [])
    assert [one["place"] for one in seen["people"]] == ["ANCÓN", "I.E. Nº 1 LIMA"]
    assert enter(team, ZENOBIA, LUIS)["new"] == 2
    assert enter(team, ZENOBIA, LUIS) == {**seen["numbers"], "new": 0, "unchanged": 2}
    one = people(team)[NAME]
    told = {
        name: one[name] for name in ("team", "is_lead", "tags", "region", "key", "place", "has_phone", "has_device")
    }
    assert told == {
        "team": "Norte", "is_lead": True, "tags": ["quechua"], "region": "department/14", "key": "district/140102",
        "place": "ANCÓN", "has_phone": True, "has_device": False,
    }  # fmt: skip
    assert people(team)["Luis"]["key"] == "place/1401011"


def test_faults_have_line_column_and_places_that_may_be_meant(team: Team) -> None:
    lines = ("A1;Eva;;;12;;;;", "A2;Iris;;;;I.E. Nº 9 LIMA;;;", "A3;Leo;;;;;149999;;", "A4;Noé;;;;;;999999;")
    faults = preview(team, *lines)["faults"]
    assert [(one["line"], one["column"], one["kind"]) for one in faults] == [
        (2, "celular", "phone_wrong"), (3, "local", "place_unclear"), (4, "ubigeo", "place_unknown"),
        (5, "mesa", "place_unknown"),
    ]  # fmt: skip
    assert faults[0]["value"] is None
    assert "I.E. Nº 1 LIMA · LIMA" in [near["name"] for near in faults[1]["near"]]
    refused = send(team, "", file(*lines), digest=preview(team, *lines)["digest"])
    assert refused.status_code == 422


def test_a_place_is_found_by_name_within_its_ubigeo_and_without_its_zeros(team: Team) -> None:
    lines = (
        "B1;Eva;;;;i.e. nº 2 ancon;;;",
        "B2;Iris;;;;I.E. Nº 1;;;",
        "B3;Leo;;;;;;9;",
        "B4;Noé;;;;1401012;;;",
        "B5;Ana;;;;lima;1401;;",
    )
    seen = preview(team, *lines)
    assert [one["place"] for one in seen["people"]] == ["I.E. Nº 2 ANCÓN", "I.E. Nº 1 ANCÓN", "I.E. Nº 2 LIMA"]
    assert [(one["line"], one["kind"]) for one in seen["faults"]] == [(3, "place_unclear"), (6, "place_unclear")]


def test_another_preview_is_needed_once_people_changed_and_a_roster_is_bounded(team: Team) -> None:
    seen = preview(team, "C1;Eva;;;;;;;")
    enter(team, "C1;Eva;Sur;;;;;;")
    assert send(team, "", file("C1;Eva;;;;;;;"), digest=seen["digest"]).status_code == 409
    assert send(team, "/preview", b"x" * (2 * 1024 * 1024 + 1)).status_code == 413
    assert send(team, "/preview", b"nada").json()["faults"][0]["kind"] == "head"


def test_only_an_admin_adds_verifiers_by_roster(team: Team) -> None:
    line, head = "D1;Vera;verificadora", "código;nombre;rol"
    [fault] = send(team, "/preview", f"{head}\n{line}".encode()).json()["faults"]
    assert (fault["column"], fault["kind"]) == ("rol", "role_for_admin")
    assert send(team, "/preview", f"{head}\n{line}".encode(), "admin").json()["people"][0]["role"] == "verifier"


def test_a_card_lets_a_phone_in_once_and_a_new_one_ends_it_where_that_is_asked(team: Team) -> None:
    enter(team, "E1;Emma;;;;;;;")
    emma = people(team)["Emma"]["pseudonym"]
    [first] = cards(team, emma)
    assert (first["name"], people(team)["Emma"]["is_invited"]) == ("Emma", True)
    with come_in(team, first["code"]) as phone:
        assert phone.get(f"{MISSION}/session").json()["pseudonym"] == emma
        [_], [third] = cards(team, emma), cards(team, emma)
        assert phone.get(f"{MISSION}/session").status_code == 200
        with come_in(team, third["code"]) as second:
            cards(team, emma, ends_devices=True)
            assert [each.get(f"{MISSION}/session").status_code for each in (phone, second)] == [204, 204]


def test_codes_that_were_given_earlier_and_cards_for_who_has_a_password_are_none(team: Team) -> None:
    enter(team, "F1;Fe;;;;;;;")
    fe = people(team)["Fe"]["pseudonym"]
    [old], [_] = cards(team, fe), cards(team, fe)
    with as_browser(team.public) as phone:
        assert phone.post(f"{MISSION}/devices", json={"code": old["code"]}).status_code == 401
    for wanted, status in (("nobody", 404), (team.pseudonym("verifier"), 409)):
        answer = team.people["coordinator"].post(f"{MISSION}/people/cards", json={"people": [fe, wanted]})
        assert answer.status_code == status


def test_a_card_leads_to_this_server_with_the_code_behind_the_hash(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "api.routes.mission.observation.people.draw_qr", lambda text: asked.append(text) or draw_qr(text)
    )
    [card] = cards(team, team.pseudonym("observer"))
    assert asked == [f"{str(team.public.base_url).rstrip('/')}/mission#code={card['code']}"]


def test_the_squares_of_a_qr_code_are_those_of_its_matrix() -> None:
    import segno

    drawn = draw_qr("https://count.example/mission#code=7K3M-ABCD-EFGH-JKMN")
    dark = set()
    for run in drawn.path.strip("z").split("z"):
        start, length = run.removeprefix("M").split("v")[0].split("h")
        x, y = map(int, start.split())
        dark |= {(x + n, y) for n in range(int(length))}
    matrix = segno.make("https://count.example/mission#code=7K3M-ABCD-EFGH-JKMN", error="q", boost_error=False).matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert drawn.size == len(matrix)


def test_whoever_is_suspended_is_told_so_and_keeps_the_phone(team: Team) -> None:
    enter(team, "G1;Gala;;;;;;;")
    gala = people(team)["Gala"]["pseudonym"]
    where = f"{MISSION}/people/{gala}/suspension"
    with come_in(team, cards(team, gala)[0]["code"]) as phone:
        done = team.people["coordinator"].post(where, json={"reason": "perdió el teléfono"})
        assert done.json() == {"pseudonym": gala, "is_suspended": True}
        for path in ("/session", "/incidents", "/assignment"):
            refused = phone.get(MISSION + path)
            assert (refused.status_code, refused.json()["detail"].partition(":")[0]) == (403, "suspended")
        assert people(team)["Gala"]["is_suspended"]
        assert team.people["coordinator"].delete(where).status_code == 200
        assert phone.get(f"{MISSION}/session").status_code == 200


def test_a_coordinator_suspends_no_verifier_and_an_admin_does(team: Team) -> None:
    where = f"{MISSION}/people/{team.pseudonym('second')}/suspension"
    assert team.people["coordinator"].post(where, json={"reason": "x"}).status_code == 403
    assert team.people["admin"].post(where, json={"reason": "x"}).status_code == 200
    assert team.people["second"].get(f"{MISSION}/incidents").status_code == 403
    assert team.people["admin"].delete(where).status_code == 200


def test_a_sample_is_spread_over_who_is_nearest_and_entered_by_a_request_of_its_own(team: Team) -> None:
    enter(team, "H1;Hana;;;;;140201;;", "H2;Hugo;;;;;2401;;", "H3;Hera;;;;;;;")
    names = {name: one["pseudonym"] for name, one in people(team).items() if name in ("Hana", "Hugo", "Hera")}
    body = {
        "places": ["mesa/000001", "place/1402011", "place/2401012", "place/9201011"],
        "observers": list(names.values()),
    }
    found = team.people["coordinator"].post(f"{MISSION}/people/spread", json=body).json()
    orders = {one["observer"]: one["key"] for one in found["orders"]}
    assert orders[names["Hana"]] == "place/1402011"
    assert orders[names["Hugo"]] == "place/2401012"
    assert orders[names["Hera"]] == "place/1401011"
    assert (len(found["uncovered"]), found["idle"]) == (1, 0)
    assert people(team)["Hana"]["key"] == "district/140201"
    sent = team.people["coordinator"].post(f"{MISSION}/postings", json={
        "postings": [{"observer": one, "key": key} for one, key in orders.items()] * 300,
    })  # fmt: skip
    assert sent.status_code == 201, sent.text
    assert people(team)["Hana"]["key"] == "place/1402011"
    bad = team.people["coordinator"].post(f"{MISSION}/people/spread", json={**body, "places": ["mesa/999999"]})
    assert bad.status_code == 422


def test_no_name_and_no_number_is_in_any_answer_log_or_other_table(tmp_path: Path) -> None:
    store, heard = Store.open(sqlite_in(tmp_path)), io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(heard))
    with team_of(store, tmp_path, sender_key=sender_key("an address key of the tests")) as team:
        enter(team, ZENOBIA)
        [one] = [each["pseudonym"] for each in people(team).values() if each["name"] == NAME]
        with come_in(team, cards(team, one)[0]["code"]) as phone:
            team.people["coordinator"].post(f"{MISSION}/people/{one}/suspension", json={"reason": "x"})
            team.people["coordinator"].delete(f"{MISSION}/people/{one}/suspension")
            named = {
                (who, path)
                for who, path, text in _answers({**team.people, "phone": phone})
                if NAME in text or (PHONE[3:] in text and _fail(who, path))
            }
        assert named == {("coordinator", f"{MISSION}/people"), ("admin", f"{MISSION}/people")}
    assert NAME not in heard.getvalue()
    assert PHONE[3:] not in heard.getvalue()
    assert _tables_with(store, NAME, PHONE) == {"contacts"}
    store.close()


def _fail(who: str, path: str) -> bool:
    pytest.fail(f"{path} tells {who} a number")


def _answers(clients: Mapping[str, httpx.Client]) -> Iterator[tuple[str, str, str]]:
    """What everybody reads at every address that needs nothing more."""
    for (method, path), _ in POLICY.items():
        if method == "GET" and "{" not in path and "stream" not in path:
            yield from ((who, path, client.get(path).text) for who, client in clients.items())


def _tables_with(store: Store, *planted: str) -> set[str]:
    """The tables in which one of those stands."""
    tables = MetaData()
    tables.reflect(store.engine)
    with store.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) >= {"contacts", "deeds", "journal"}
        return {
            table.name
            for table in tables.tables.values()
            for row in connection.execute(select(table))
            if any(each in str(tuple(row)) for each in planted)
        }
