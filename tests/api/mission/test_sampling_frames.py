"""The frame before the night over HTTP: given as a CSV, drawn from before the count names a mesa, and set beside it."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from mission.people.roles import Role
from mission.quickcount.frame import stratum_of
from mission.quickcount.frames.beside import FrameDifferences, set_beside
from mission.quickcount.frames.listing import Listing
from tally.board import Fact
from tally.keys import NATION, area_key, mesa_key, place_key
from tally.model import ActaState, PollingPlace
from tally.storage.store import Store
from tests.api.conftest import BASE, client_of
from tests.api.country import ELECTION, Country, minute
from tests.api.mission.conftest import MISSION, QUICK_PASSWORDS, add, as_browser, sign_in
from tests.api.mission.desk import Team, team_of
from tests.api.mission.test_quick_counts import (
    SAMPLE,
    WHERE,
    ask,
    copy_all,
    copy_of,
    copy_twice,
    draw,
    is_public,
    publish,
    send,
)
from tests.waiting import wait_until

FRAMES = f"{MISSION}/sampling-frames"
HEAD = "mesa;ubigeo;local;electores"
ABROAD = "scope/abroad"


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    """Before the night: the source has named areas and places, and not one mesa."""
    with team_of(store, tmp_path, observers=1, is_listed=False) as team:
        yield team


@pytest.fixture(autouse=True)
def _compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.mission.quickcount.frames._PAUSE_S", 0.0)


def lines_of(country: Country, mesas: Iterable[str] | None = None) -> list[str]:
    """The list as a mission has it."""
    where = {mesa: country.where[mesa] for mesa in (country.mesas if mesas is None else mesas)}
    return [f"{mesa.lstrip('0')};{place.ubigeo};{place.code};200" for mesa, place in where.items()]


def post(client: httpx.Client, lines: Iterable[str], step: str = "", head: str = HEAD, **params: str) -> httpx.Response:
    body = "\r\n".join((head, *lines)).encode()
    return client.post(f"{FRAMES}{step}", content=body, headers={"Content-Type": "text/csv"}, params=params)


def give(team: Team, lines: Iterable[str], who: str = "coordinator", **other: str) -> Any:
    lines = list(lines)
    preview = post(team.people[who], lines, "/preview", **other)
    assert preview.status_code == 200, preview.text
    answer = post(team.people[who], lines, digest=preview.json()["digest"], **other)
    assert answer.status_code == 201, answer.text
    return answer.json()


def frames(team: Team, who: str = "coordinator") -> Any:
    answer = team.people[who].get(FRAMES)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_sample_is_drawn_from_a_list_that_is_given_before_the_count_names_a_mesa(team: Team) -> None:
    coordinator = team.people["coordinator"]
    assert coordinator.post(WHERE, json=SAMPLE).status_code == 409
    assert coordinator.post(WHERE, json={**SAMPLE, "frame": "f1"}).status_code == 404
    given = give(team, lines_of(team.country))
    assert (given["id"], given["mesas"], given["origin"]) == ("f1", 40, "file")
    assert given["given_by"] == team.pseudonym("coordinator")
    assert (given["beside"]["named"], given["beside"]["is_whole"], given["beside"]["is_same"]) == (0, False, True)
    made = draw(team, frame="f1")
    assert (made["mesas"], made["frame_mesas"], made["frame_digest"]) == (36, 40, given["digest"])
    assert (made["frame"]["id"], made["frame"]["given_by"]) == ("f1", given["given_by"])
    assert ask(team, "")["frame"]["given"]["id"] == "f1"
    units = ask(team, f"/{made['id']}/units")["units"]
    assert {unit["acta"] for unit in units} == {None}
    assert {unit["is_unknown"] for unit in units} == {False}
    assert {unit["place"] for unit in units} <= {place.code for place in team.country.places}
    assert all(unit["area_name"] for unit in units)


def preview_roster(team: Team, *mesas: str) -> tuple[list[str | None], list[str]]:
    """What a roster that sends an observer to each of those mesas would do: where to, and what is wrong."""
    seen = _send_roster(team, mesas, "/preview").json()
    return [one["place"] for one in seen["people"]], [one["kind"] for one in seen["faults"]]


def enter_roster(team: Team, *mesas: str) -> None:
    digest = _send_roster(team, mesas, "/preview").json()["digest"]
    entered = _send_roster(team, mesas, "", digest=digest)
    assert entered.status_code == 201, entered.text


def _send_roster(team: Team, mesas: Iterable[str], step: str, **params: str) -> httpx.Response:
    body = "\n".join(("código;nombre;mesa", *(f"T{n};Ana {n};{mesa}" for n, mesa in enumerate(mesas)))).encode()
    path, csv = f"{MISSION}/roster{step}", {"Content-Type": "text/csv"}
    return team.people["coordinator"].post(path, content=body, headers=csv, params=params)


def test_a_roster_and_a_sample_are_assigned_by_the_given_list_before_the_count_names_a_mesa(team: Team) -> None:
    strange, no_place, nowhere, listed, *_ = team.country.mesas
    district, own = team.country.where[strange].ubigeo, team.country.where[listed]
    assert preview_roster(team, listed) == ([], ["place_unknown"])
    # The count has the district and no such place; then no place is said; then the count has nothing of it.
    made = [f"{strange};{district};9999;200", f"{no_place};{district};;200", f"{nowhere};259999;8888;200"]
    give(team, [*lines_of(team.country, [listed]), *made])
    assert preview_roster(team, nowhere) == ([], ["place_unknown"])
    enter_roster(team, listed, strange, no_place)
    postings = team.people["coordinator"].get(f"{MISSION}/postings").json()["postings"]
    wanted = [place_key(own.code), area_key(district), area_key(district)]
    assert sorted(one["key"] for one in postings) == sorted(wanted)
    body = {"places": [mesa_key(listed)], "observers": [team.pseudonym("observer")]}
    spread = team.people["coordinator"].post(f"{MISSION}/people/spread", json=body)
    assert spread.status_code == 200, spread.text
    assert [one["key"] for one in spread.json()["orders"]] == [place_key(own.code)]


def test_what_the_count_says_of_a_mesa_goes_before_the_list_and_a_whole_count_knows_every_mesa(team: Team) -> None:
    mesa, other = team.country.mesas[0], team.country.mesas[-1]
    here, there = team.country.where[mesa], team.country.where[other]
    give(team, [f"{mesa};{there.ubigeo};{there.code};200", f"999999;{here.ubigeo};{here.code};200"])
    before, _ = preview_roster(team, mesa)
    team.country.list_mesas(team.country.mesas, minute(1))
    wait_until(lambda: preview_roster(team, mesa)[0] != before)
    assert preview_roster(team, "999999")[1] == []
    team.country.publish([NATION], minute(1))
    wait_until(lambda: ask(team, "")["frame"]["is_whole"])
    assert preview_roster(team, "999999") == ([], ["place_unknown"])


def test_the_desk_is_told_of_how_many_mesas_list_and_count_differ_and_nothing_without_a_list(team: Team) -> None:
    def told() -> Any:
        return team.people["coordinator"].get(f"{MISSION}/waiting").json()["frame_apart"]

    assert told() is None
    give(team, lines_of(team.country)[:-3])
    assert told() == 0
    team.country.list_mesas(team.country.mesas, minute(1))
    team.country.publish([NATION], minute(1))
    assert wait_until(told) == 3


def test_while_mesas_are_named_the_list_is_set_beside_them_once_for_all_who_ask_and_says_as_of_when(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def beside(given: Listing, count: Listing, *, is_whole: bool) -> FrameDifferences:
        compared.append(len(count.mesas))
        return set_beside(given, count, is_whole=is_whole)

    def waiting(who: str) -> dict[str, Any]:
        found: dict[str, Any] = team.people[who].get(f"{MISSION}/waiting").json()
        return {name: found[name] for name in ("frame_apart", "frame_as_of", "frame_seq")}

    def named() -> int:
        return int(team.people["coordinator"].get(WHERE).json()["frame"]["mesas"])

    give(team, lines_of(team.country)[3:])
    monkeypatch.setattr("api.mission.quickcount.frames.set_beside", beside)
    monkeypatch.setattr("api.mission.quickcount.frames._PAUSE_S", 3600.0)
    first = waiting("coordinator")
    assert first["frame_apart"] == 0
    for n, mesa in enumerate(team.country.mesas[:5], start=1):
        team.country.list_mesas([mesa], minute(n))
        wait_until(lambda n=n: named() == n)
        assert [waiting(who) for who in ("coordinator", "verifier")] == [first, first]
        assert frames(team)["frames"][0]["beside"]["seq"] == first["frame_seq"]
    assert compared == []
    monkeypatch.setattr("api.mission.quickcount.frames._PAUSE_S", 0.0)
    last = waiting("coordinator")
    assert (compared, last["frame_apart"]) == ([5], 3)
    assert last["frame_seq"] > first["frame_seq"]
    assert waiting("verifier") == last
    assert compared == [5]


def test_the_same_seed_draws_the_same_from_the_count_once_it_names_what_was_given(team: Team) -> None:
    give(team, lines_of(team.country))
    before = draw(team, frame="f1")
    team.country.list_mesas(team.country.mesas, minute(1))
    team.country.publish([NATION], minute(1))
    wait_until(lambda: ask(team, "")["frame"]["is_whole"])
    after = team.people["coordinator"].post(WHERE, json=SAMPLE)
    assert after.status_code == 409  # a seed is used once
    assert "seed" in after.json()["detail"]
    other = draw(team, seed="27182818284590452354")
    assert (other["frame_digest"], other["frame"]) == (before["frame_digest"], None)


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_public_is_told_which_list_a_quick_count_was_drawn_from_and_how_it_differed(
    team: Team, is_whole: bool
) -> None:
    first, second, *rest = team.country.mesas
    where = {mesa: team.country.where[mesa] for mesa in team.country.mesas}
    there = next(place for place in team.country.places if place.ubigeo != where[first].ubigeo)
    given = give(team, [f"{first};{there.ubigeo};{there.code};200", *lines_of(team.country, rest)])
    count = draw(team, frame="f1")["id"]
    copy_all(team, count)
    team.country.list_mesas([first, second], minute(1))
    if is_whole:
        team.country.list_mesas(rest, minute(2))
        team.country.publish([NATION], minute(2))
        wait_until(lambda: ask(team, "")["frame"]["is_whole"])
    wait_until(lambda: ask(team, f"/{count}")["frame"]["beside"]["named"] >= (40 if is_whole else 2))
    digest = publish(team, count, "coordinator", step="propose").json()["proposal"]["digest"]
    assert publish(team, count, "verifier", step="confirm", digest=digest).status_code == 201
    told = wait_until(lambda: team.public.get(f"{BASE}/quick-count") if is_public(team) else None)
    wanted = {"origin": "file", "digest": given["digest"], "mesas": 39, "other": None}
    shown = told.json()["figures"]["frame"]
    assert shown.pop("as_of") == ask(team, f"/{count}")["frame"]["beside"]["as_of"]
    assert shown == {**wanted, "apart": 2, "is_whole": is_whole}
    assert given["given_by"] not in told.text
    assert not any(unit["mesa"] in told.text for unit in ask(team, f"/{count}/units")["units"])


def test_the_frame_is_told_as_the_text_of_its_digest_from_which_anybody_draws_again(team: Team) -> None:
    give(team, lines_of(team.country))
    count = draw(team, design="simple", frame="f1")
    text = team.people["verifier"].get(f"{FRAMES}/f1/mesas")
    assert hashlib.sha256(text.content).hexdigest() == count["frame_digest"]
    mesas = [line.split(",")[0] for line in text.text.splitlines()]
    tickets = sorted((hashlib.sha256(f"{SAMPLE['seed']},{mesa}".encode()).digest(), mesa) for mesa in mesas)
    drawn = [unit["mesa"] for unit in ask(team, f"/{count['id']}/units")["units"]]
    assert drawn == sorted(mesa for _, mesa in tickets[:36])


def test_every_fault_is_told_by_line_and_column_and_nothing_is_kept(team: Team) -> None:
    wrong = ["1;140101;p1;200", "x;140101;p1;200", "2;140000;p1;200", "1;140101;p1;200", "3;140101;p1;many"]
    found = post(team.people["coordinator"], [*wrong, "4;140102;p1;200", "5;140101;a b;"], "/preview").json()
    assert [(one["line"], one["column"], one["kind"], one["other"]) for one in found["faults"]] == [
        (3, "mesa", "mesa_wrong", None),
        (4, "ubigeo", "ubigeo_wrong", None),
        (5, "mesa", "repeated", 2),
        (6, "electores", "registered_wrong", None),
        (7, "local", "place_elsewhere", 2),
        (8, "local", "place_wrong", None),
    ]
    assert (found["mesas"], found["faulty"]) == (1, 6)
    assert post(team.people["coordinator"], wrong, digest=found["digest"]).status_code == 422
    assert frames(team)["frames"] == []


def test_a_list_is_kept_once_and_another_file_than_was_looked_at_is_not(team: Team) -> None:
    lines, coordinator = lines_of(team.country), team.people["coordinator"]
    first = give(team, lines)
    again = post(coordinator, lines[::-1], "/preview").json()
    assert not again["is_new"]
    assert post(coordinator, lines[::-1], digest=again["digest"]).json()["id"] == first["id"]
    assert post(coordinator, lines[:-1], digest=again["digest"]).status_code == 409
    assert give(team, lines[:-1])["id"] == "f2"
    assert [(one["id"], one["beside"] is None) for one in frames(team)["frames"]] == [("f2", False), ("f1", True)]


def test_a_preview_says_what_is_in_the_list_and_which_districts_the_count_has_not(team: Team) -> None:
    lines = [*lines_of(team.country, team.country.mesas[:8]), "90;150101;;"]
    found = post(team.people["coordinator"], lines, "/preview").json()
    assert (found["mesas"], found["places"], found["registered"]) == (9, 8, 8)
    assert (found["strange"], found["separator"], found["is_new"]) == (["150101"], ";", True)
    told = [(one["key"], one["name"], one["mesas"]) for one in found["areas"]]
    assert told == [("department/14", "LIMA", 8), ("department/15", "department/15", 1)]


def differing(team: Team) -> list[str]:
    """A list in which one mesa is missing, one is of no count, one lies elsewhere and one at another place."""
    country, mesas = team.country, team.country.mesas
    lines = lines_of(country, mesas[3:])
    elsewhere = f"{mesas[1]};140201;{country.where['000020'].code};200"
    return [*lines, elsewhere, f"{mesas[2]};140101;1401012;200", "999999;140101;1401011;200"]


def test_the_list_and_the_mesas_that_the_count_names_later_are_set_side_by_side(team: Team) -> None:
    country = team.country
    given = give(team, differing(team))
    count = draw(team, size=given["mesas"], frame="f1")
    assert count["frame"]["beside"]["examples"]["missing"] == []
    whole = country.board.sums.of(NATION).as_count(minute(1))
    country.tell([Fact(NATION, structs.replace(whole, total=40, pending=40))], minute(1))
    country.list_mesas(country.mesas[:30], minute(1))
    found = wait_until(lambda: one if (one := ask(team, f"/{count['id']}"))["frame"]["beside"]["named"] == 30 else None)
    beside = found["frame"]["beside"]
    assert (beside["is_whole"], beside["unknown"], beside["missing"]) == (False, 11, 1)
    assert "unknown" not in beside["examples"]
    country.list_mesas(country.mesas[30:], minute(2))
    country.publish([NATION], minute(2))
    found = wait_until(lambda: one if (one := ask(team, f"/{count['id']}"))["frame"]["beside"]["is_whole"] else None)
    beside = found["frame"]["beside"]
    assert (beside["given"], beside["named"], beside["equal"], beside["is_same"]) == (40, 40, 37, False)
    assert beside["examples"] == {
        "missing": [country.mesas[0]],
        "unknown": ["999999"],
        "other_district": [country.mesas[1]],
        "other_place": [country.mesas[2]],
    }
    assert found["frame"]["sampled"]["examples"]["unknown"] == ["999999"]
    assert found["frame"]["sampled"]["missing"] == 0
    assert frames(team)["frames"][0]["beside"] == beside
    lost = [unit for unit in ask(team, f"/{count['id']}/units")["units"] if unit["is_unknown"]]
    assert [unit["mesa"] for unit in lost] == ["999999"]


def test_a_copy_of_a_mesa_that_the_authority_never_had_is_told_first(team: Team) -> None:
    country = team.country
    count = draw(team, size=give(team, differing(team))["mesas"], frame="f1")["id"]
    copy_twice(team, count, {**copy_of(team, "000009"), "mesa": "999999"})
    copy_twice(team, count, copy_of(team, "000009"))
    told = ask(team, f"/{count}/comparisons")
    assert told["counts"]["not_published"] == 2
    country.list_mesas(country.mesas, minute(1))
    country.count(["000009"], minute(2))
    country.publish([NATION], minute(2))
    wait_until(lambda: team.public.get(BASE).json()["seq"] == country.writer.seq)
    told = ask(team, f"/{count}/comparisons")
    assert [(line["mesa"], line["standing"]) for line in told["lines"]] == [
        ("999999", "no_such_mesa"),
        ("000009", "equal"),
    ]


def test_all_that_follows_works_with_mesas_that_the_count_does_not_know_yet(team: Team) -> None:
    """Assignments by district, copies, the estimate, who has reported; then the count names them, and says more."""
    country = team.country
    bare = [f"{mesa};{place.ubigeo};;" for mesa, place in country.where.items()]
    give(team, bare)
    count = draw(team, size=40, frame="f1")["id"]
    team.station(("observer", "district/140101"))
    own = ask(team, f"/{count}/units", "observer")["units"]
    assert {country.where[unit["mesa"]].ubigeo for unit in own} == {"140101"}
    assert len(own) == 8
    mesa = own[0]["mesa"]
    assert send(team, count, copy_of(team, mesa), "observer").status_code == 201
    for unit in country.mesas[:32]:
        copy_twice(team, count, copy_of(team, unit))
    assert ask(team, f"/{count}/estimate")["refusal"] is None
    assert {line["trait"] for line in ask(team, f"/{count}/arrival")["lines"]} == {"area"}
    stations = {unit["mesa"]: unit["station"] for unit in ask(team, f"/{count}/units")["units"]}
    assert stations["000001"] == "district/140101"
    asked = {"places": list(stations.values()), "observers": [team.pseudonym("observer1")]}
    [order] = team.people["coordinator"].post(f"{MISSION}/people/spread", json=asked).json()["orders"]
    assert order["key"] in stations.values()
    country.list_mesas(country.mesas, minute(1))
    wait_until(lambda: {unit["acta"] for unit in ask(team, f"/{count}/units")["units"]} == {"pending"})
    assert {line["trait"] for line in ask(team, f"/{count}/arrival")["lines"]} == {"area", "remote", "registered"}
    assert ask(team, f"/{count}/units")["units"][0]["place"] == country.where["000001"].code
    assert ask(team, f"/{count}/units")["units"][0]["station"] == place_key(country.where["000001"].code)


def test_a_mesa_is_where_the_count_says_once_it_has_named_it(team: Team) -> None:
    """The list had it in another district, at a place that the count does not have."""
    country = team.country
    moved = PollingPlace(code="nueva", name="I.E. NUEVA", ubigeo="240101")
    give(team, [*lines_of(country, country.mesas[1:]), "1;140101;vieja;200"])
    count = draw(team, size=40, frame="f1")["id"]
    team.station(("observer", "district/240101"))
    assert "000001" not in {unit["mesa"] for unit in ask(team, f"/{count}/units", "observer")["units"]}
    country.where["000001"] = moved
    country.tell([Fact(place_key("nueva"), moved)], minute(1))
    country.tell([Fact(mesa_key("000001"), country.acta("000001", ActaState.PENDING))], minute(1))

    def first() -> Any:
        units = ask(team, f"/{count}/units", "observer")["units"]
        return next((unit for unit in units if unit["mesa"] == "000001"), None)

    assert wait_until(first)["place_name"] == "I.E. NUEVA"


def test_only_coordinators_give_a_list_and_observers_do_not_read_it(team: Team) -> None:
    lines = lines_of(team.country)
    assert post(team.people["verifier"], lines, "/preview").status_code == 403
    assert post(team.people["verifier"], lines).status_code == 403
    give(team, lines)
    assert frames(team, "verifier")["frames"][0]["mesas"] == 40
    assert team.people["observer"].get(FRAMES).status_code == 403
    assert ask(team, "", "observer")["frame"]["given"] is None
    assert team.people["observer"].get(f"{FRAMES}/f1/mesas").status_code == 403
    assert team.people["verifier"].get(f"{FRAMES}/f9/mesas").status_code == 404


def test_the_mesas_of_a_first_round_are_taken_at_one_press(store: Store, tmp_path: Path) -> None:
    """And not before it names all of them, nor those of the very count that is observed."""
    round_one = structs.replace(ELECTION, id="2029-10-07-mayor", date=date(2029, 10, 7))
    first = Country(store, election=round_one)
    first.publish([NATION], minute(0))
    second = Country(store, is_listed=False)
    for name, role in (("admin", Role.ADMIN), ("coordinator", Role.COORDINATOR)):
        add(store.engine, name, role)
    mission = MissionOptions(passwords=QUICK_PASSWORDS, photos=tmp_path / "photos")
    options = ServeOptions(poll_s=0.02, mission=mission, election_id=ELECTION.id)
    app = create_app(store, {one.id: one for one in (round_one, ELECTION)}, options=options)
    with client_of(app) as public, as_browser(public) as client:
        signed = sign_in(client, "coordinator")
        assert signed.status_code == 200, signed.text
        other = {"election": round_one.id, "contest": "mayor"}
        [told] = client.get(FRAMES).json()["others"]
        assert (told["election"], told["contest"], told["mesas"]) == (*other.values(), 40)
        own = client.post(f"{FRAMES}/taken", json={"election": ELECTION.id, "contest": "mayor"})
        assert own.status_code == 409
        taken = client.post(f"{FRAMES}/taken", json=other)
        assert taken.status_code == 201, taken.text
        assert (taken.json()["origin"], taken.json()["other"]) == ("other", f"{round_one.id}/mayor")
        assert client.post(f"{FRAMES}/taken", json=other).status_code == 200
        named = client.get(f"{FRAMES}/places").json()
        assert [one["name"] for one in named["places"]] == [place.name for place in first.places]
        drawn = client.post(WHERE, json={**SAMPLE, "frame": "f1"}).json()
        assert (drawn["frame_mesas"], drawn["frame"]["origin"]) == (40, "other")
        second.list_mesas(second.mesas, minute(1))
        wait_until(lambda: client.get(f"{WHERE}/q1").json()["frame"]["beside"]["equal"] == 40)
        first.tell([Fact(mesa_key("000099"), replace_place(first, "000099"))], minute(1))
        first_nation = first.board.sums.of(NATION).as_count(minute(2))
        first.tell([Fact(NATION, structs.replace(first_nation, total=50, pending=50))], minute(2))
        wait_until(lambda: client.post(f"{FRAMES}/taken", json=other).status_code == 409)


def replace_place(country: Country, mesa: str) -> Any:
    country.where[mesa] = country.places[0]
    return country.acta(mesa, ActaState.PENDING)


def test_strata_are_what_the_list_says(team: Team) -> None:
    give(team, lines_of(team.country))
    strata = draw(team, frame="f1")["strata"]
    assert [(part["areas"], part["mesas"]) for part in strata] == [(["LIMA"], 24), (["CALLAO"], 8), (["EXTRANJERO"], 8)]
    assert stratum_of("920101") == ABROAD
    assert stratum_of("140101") == area_key("14")


def test_the_places_of_the_list_are_found_before_the_count_names_them_and_reported_from(team: Team) -> None:
    where, observer, country, new = f"{FRAMES}/places", team.people["observer"], team.country, "1401019"
    assert observer.get(where).json() == {"places": [], "districts": {}}
    give(team, [*lines_of(country), f"900001;140101;{new};200"])
    answer = observer.get(where)
    told = {one["key"]: one for one in answer.json()["places"]}
    assert told.keys() == {place_key(place.code) for place in country.places} | {place_key(new)}
    district = area_key("140101")
    assert told[place_key(new)] == {"key": place_key(new), "name": "", "district": district, "position": None}
    assert answer.json()["districts"][district] == "LIMA"
    assert answer.headers["cache-control"] == "no-store"
    assert observer.get(where, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    incident = team.filed(place={"polling_place": new})
    assert team.see("verifier", incident)["place_name"] == new
    place = PollingPlace(code=new, name="I.E. NUEVA", ubigeo="140101")
    acta = structs.replace(country.acta(country.mesas[0], ActaState.PENDING), place=new, ubigeo="140101")
    country.tell([Fact(place_key(new), place), Fact(mesa_key("900001"), acta)], minute(1))
    wait_until(lambda: team.see("verifier", incident)["place_name"] == "I.E. NUEVA · LIMA")
    country.list_mesas(country.mesas, minute(2))
    country.publish([NATION], minute(2))
    wait_until(lambda: observer.get(where).json()["places"] == [])
    assert team.file(place={"polling_place": "9999999"}).status_code == 422


def test_until_the_count_names_a_place_the_lists_name_is_read_wherever_it_is_shown(team: Team) -> None:
    """In the search and "near me", a sample, a report, answers, a file: then the count's own word stands."""
    country, new = team.country, "1401019"
    head = "mesa;ubigeo;local;nombre del local"
    give(team, [f"900001;140101;{new};=I.E. NUEVA", f"{country.mesas[-1]};140101;{new};"], head=head)
    [place] = team.people["observer"].get(f"{FRAMES}/places").json()["places"]
    assert (place["key"], place["name"]) == (place_key(new), "=I.E. NUEVA")
    count = draw(team, size=2, frame="f1", unit="mesa")["id"]
    assert {unit["place_name"] for unit in ask(team, f"/{count}/units")["units"]} == {"=I.E. NUEVA"}
    incident = team.filed(place={"polling_place": new})
    assert team.see("verifier", incident)["place_name"] == "=I.E. NUEVA"
    rows = team.people["coordinator"].get(f"{MISSION}/incidents.csv").text
    assert "'=I.E. NUEVA" in rows
    for said in (f"place;{new}", "place;=i.e. nueva"):
        field, value = said.split(";")
        body = f"name;{field}\nAna;{value}".encode()
        seen = (
            team.people["coordinator"]
            .post(f"{MISSION}/roster/preview", content=body, headers={"Content-Type": "text/csv"})
            .json()
        )
        assert (seen["faults"], [one["place"] for one in seen["people"]]) == ([], ["LIMA"])
    own = PollingPlace(code=new, name="I.E. NUEVA", ubigeo="140101")
    acta = structs.replace(country.acta(country.mesas[0], ActaState.PENDING), place=new, ubigeo="140101")
    country.tell([Fact(place_key(new), own), Fact(mesa_key("900001"), acta)], minute(1))
    wait_until(lambda: team.see("verifier", incident)["place_name"] == "I.E. NUEVA · LIMA")
    assert {unit["place_name"] for unit in ask(team, f"/{count}/units")["units"]} == {"I.E. NUEVA"}
