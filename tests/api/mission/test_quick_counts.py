"""The quick count over HTTP: drawn from the count's mesas, copied blind, set beside the actas, published by two."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from tally.board import Fact
from tally.keys import NATION, mesa_key
from tally.storage.store import Store
from tests.api.conftest import BASE
from tests.api.country import minute
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.api.mission.test_policy_matrix import picture
from tests.waiting import wait_until

SEED = "27182818284590452353"
WHERE = f"{MISSION}/quick-counts"
SAMPLE = {"name": "Conteo de la misión", "unit": "mesa", "design": "stratified", "size": 36, "seed": SEED}


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(store, tmp_path, observers=1) as team:
        wait_until(lambda: team.public.get(f"{BASE}/mesas/{team.country.mesas[-1]}").status_code == 200)
        yield team


def draw(team: Team, **other: Any) -> Any:
    answer = team.people["coordinator"].post(WHERE, json={**SAMPLE, **other})
    assert answer.status_code == 201, answer.text
    return answer.json()


def ask(team: Team, path: str, who: str = "coordinator") -> Any:
    answer = team.people[who].get(f"{WHERE}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def copy_of(team: Team, mesa: str, **other: Any) -> dict[str, Any]:
    """What an observer copies of the acta as the country has it."""
    acta = team.country.acta(mesa)
    assert acta.votes is not None
    codes = ["1", "2"]
    figures = {name: getattr(acta, name) for name in ("blank", "null", "challenged", "cast", "registered")}
    return {"mesa": mesa, "entry": 1, "votes": dict(zip(codes, acta.votes, strict=True)), **figures, **other}


def send(team: Team, count: str, body: dict[str, Any], who: str = "verifier", key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or f"{who}-{body['mesa']}-{body['entry']}"}
    return team.people[who].post(f"{WHERE}/{count}/copies", json=body, headers=headers)


def copy_twice(team: Team, count: str, body: dict[str, Any]) -> None:
    """Two entries alike."""
    for turn in (1, 2):
        assert send(team, count, {**body, "entry": turn}).status_code == 201


def publish(team: Team, count: str, who: str, **body: Any) -> httpx.Response:
    return team.people[who].post(f"{WHERE}/{count}/publication", json=body)


def test_a_sample_is_drawn_from_the_mesas_that_the_count_knows_and_can_be_drawn_again(team: Team) -> None:
    assert ask(team, "")["frame"] == {"mesas": 40, "is_whole": True, "given": None}
    made = draw(team)
    assert (made["mesas"], made["frame_mesas"], made["seed"], made["standing"]) == (36, 40, SEED, 0)
    assert [(part["areas"], part["mesas"], part["drawn"]) for part in made["strata"]] == [
        (["LIMA"], 24, 22),
        (["CALLAO"], 8, 7),
        (["EXTRANJERO"], 8, 7),
    ]
    units = ask(team, f"/{made['id']}/units")["units"]
    assert sorted(unit["mesa"] for unit in units) == [unit["mesa"] for unit in units]
    assert {unit["state"] for unit in units} == {"missing"}
    assert team.people["coordinator"].post(WHERE, json=SAMPLE).status_code == 409


def test_who_copies_actas_is_heard_of(store: Store, tmp_path: Path) -> None:
    with team_of(store, tmp_path, observers=1, is_test=True) as team:  # its day is over, and every form due
        wait_until(lambda: team.public.get(f"{BASE}/mesas/{team.country.mesas[-1]}").status_code == 200)
        count = draw(team)["id"]
        mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
        team.station(("observer", f"place/{team.country.where[mesa].code}"), ("observer1", "department/14"))
        assert send(team, count, copy_of(team, mesa), "observer").status_code == 201
        silent = team.people["verifier"].get(f"{MISSION}/completeness").json()["silent"]
        assert [one["observer"] for one in silent] == [team.pseudonym("observer1")]


def test_a_sample_that_cannot_be_drawn_is_refused(team: Team) -> None:
    for wrong in ({"seed": "1"}, {"size": 0}, {"size": 41}, {"design": "handpicked"}, {"unit": "box"}):
        assert team.people["coordinator"].post(WHERE, json={**SAMPLE, **wrong}).status_code == 422, wrong


def test_while_the_source_speaks_of_more_mesas_than_it_named_nothing_is_drawn(team: Team) -> None:
    count = team.country.board.sums.of(NATION).as_count(minute(1))
    team.country.tell([Fact(NATION, structs.replace(count, total=41, pending=41))], minute(1))
    wait_until(lambda: not ask(team, "")["frame"]["is_whole"])
    answer = team.people["coordinator"].post(WHERE, json=SAMPLE)
    assert answer.status_code == 409
    assert "not named all mesas" in answer.json()["detail"]


def test_while_the_source_has_not_said_how_many_mesas_there_are_nothing_is_drawn(store: Store, tmp_path: Path) -> None:
    with team_of(store, tmp_path, is_listed=False) as team:
        country = team.country
        country.list_mesas(country.mesas[:36], minute(1))
        wait_until(lambda: ask(team, "")["frame"]["mesas"] == 36)
        assert not ask(team, "")["frame"]["is_whole"]
        refused = team.people["coordinator"].post(WHERE, json=SAMPLE)
        assert (refused.status_code, "not named all mesas" in refused.json()["detail"]) == (409, True)
        none_yet = country.board.sums.of(NATION).as_count(minute(2))
        country.tell([Fact(NATION, structs.replace(none_yet, total=0, pending=0))], minute(2))
        wait_until(lambda: team.public.get(BASE).json()["seq"] == country.writer.seq)
        assert not ask(team, "")["frame"]["is_whole"]  # it publishes, and speaks of no acta
        country.list_mesas(country.mesas[36:], minute(3))
        country.publish([NATION], minute(3))
        wait_until(lambda: ask(team, "")["frame"]["is_whole"])
        assert draw(team)["frame_mesas"] == 40


def test_an_observer_sees_and_copies_only_the_mesas_where_they_are_assigned(team: Team) -> None:
    count = draw(team)["id"]
    assert ask(team, "", "observer")["quick_counts"] == []
    mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
    place = team.country.where[mesa]
    team.station(("observer", f"place/{place.code}"), ("observer1", "department/24"))
    own = ask(team, f"/{count}/units", "observer")["units"]
    assert mesa in {unit["mesa"] for unit in own}
    assert {unit["place"] for unit in own} == {place.code}
    assert {unit["assigned"] for unit in own} == {None}
    assert [(one["id"], one["drawn_by"]) for one in ask(team, "", "observer")["quick_counts"]] == [(count, None)]
    assert ask(team, f"/{count}/units")["units"][0]["assigned"] == [team.pseudonym("observer")]
    assert send(team, count, copy_of(team, mesa), "observer").status_code == 201
    assert send(team, count, copy_of(team, mesa), "observer1").status_code == 404


def test_two_entries_are_blind_and_stand_when_they_are_alike(team: Team) -> None:
    count = draw(team)["id"]
    mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
    team.station(("observer", f"place/{team.country.where[mesa].code}"))
    first = send(team, count, copy_of(team, mesa), "observer")
    assert send(team, count, copy_of(team, mesa), "observer").json() == first.json()
    told = [one for one in ask(team, f"/{count}/units", "observer")["units"] if one["mesa"] == mesa]
    assert [(one["state"], one["own"], one["entries"]) for one in told] == [("alone", 1, 1)]
    assert "votes" not in told[0]
    assert send(team, count, copy_of(team, mesa, entry=2), "observer").status_code == 201
    assert ask(team, f"/{count}/mesas/{mesa}")["state"] == "alike"


def test_a_key_names_one_copy_whatever_the_mesa(team: Team) -> None:
    count = draw(team)["id"]
    one, other = (unit["mesa"] for unit in ask(team, f"/{count}/units")["units"][:2])
    assert send(team, count, copy_of(team, one), key="once").status_code == 201
    assert send(team, count, copy_of(team, one), key="once").status_code == 200
    assert send(team, count, copy_of(team, other), key="once").status_code == 409
    assert send(team, count, copy_of(team, one), "second", key="once").status_code == 201


def test_entries_that_differ_are_open_until_a_third_person_decides_with_a_reason(team: Team) -> None:
    count = draw(team)["id"]
    mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
    send(team, count, copy_of(team, mesa))
    wrong = send(team, count, copy_of(team, mesa, cast=190), "second").json()
    assert wrong["faults"] == ["sum"]
    found = ask(team, f"/{count}/mesas/{mesa}")
    assert (found["state"], found["may_decide"]) == ("open", True)
    body = {"entry": found["entries"][0]["id"], "reason": "La suma de la otra no cuadra", "seen": found["revision"]}
    where = f"{WHERE}/{count}/decisions"
    assert team.people["verifier"].post(where, json=body).status_code == 403
    assert team.people["coordinator"].post(where, json={**body, "reason": ""}).status_code == 422
    decided = team.people["coordinator"].post(where, json=body).json()
    assert (decided["state"], decided["decision"]["reason"]) == ("decided", body["reason"])
    assert [one["is_standing"] for one in decided["entries"]] == [True, False]
    late = team.people["admin"].post(where, json={**body, "entry": found["entries"][1]["id"]})
    assert (late.status_code, late.json()["detail"][:5]) == (409, "seen:")
    assert ask(team, f"/{count}/mesas/{mesa}")["decision"] == decided["decision"]


def test_one_entry_with_a_photo_of_the_acta_stands_and_the_photo_is_the_teams(team: Team) -> None:
    count = draw(team)["id"]
    mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
    team.station(("observer", f"place/{team.country.where[mesa].code}"))
    sent = send(team, count, copy_of(team, mesa), "observer").json()
    where, headers = f"{WHERE}/{count}/copies/{sent['id']}/photos", {"Content-Type": "image/png"}
    assert team.people["second"].post(where, content=picture(), headers=headers).status_code == 404
    kept = team.people["observer"].post(where, content=picture(), headers=headers)
    assert kept.status_code == 201, kept.text
    found = ask(team, f"/{count}/mesas/{mesa}")
    assert (found["state"], found["entries"][0]["photos"]) == ("photo", [kept.json()["hash"]])
    photo = f"{where}/{kept.json()['hash']}"
    assert team.people["verifier"].get(photo).headers["content-type"] == "image/jpeg"
    assert team.people["observer"].get(photo).status_code == 403
    assert team.people["verifier"].get(f"{where}/{'0' * 64}").status_code == 404


def test_a_copy_that_cannot_be_read_is_refused_in_words(team: Team) -> None:
    count = draw(team)["id"]
    mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
    strange = {"1": 60, "2": 50, "9": 1}
    for changed in ({"votes": {"1": 60}}, {"votes": strange}, {"entry": 3}, {"cast": -1}, {"x": 1}):
        answer = send(team, count, {**copy_of(team, mesa), **changed})
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True), changed


def alerts(team: Team, who: str = "coordinator") -> list[Any]:
    found = team.people[who].get(f"{MISSION}/alerts").json()["alerts"]
    return [one for one in found if one["kind"] == "copy_differs"]


def test_a_copy_that_differs_is_found_the_moment_its_acta_is_published_and_told_once(team: Team) -> None:
    """Of three copies two are what is published later; in the third a list has 40 votes more."""
    count, country = draw(team)["id"], team.country
    mesas = [unit["mesa"] for unit in ask(team, f"/{count}/units")["units"]][:3]
    for mesa in mesas[:2]:
        copy_twice(team, count, copy_of(team, mesa))
    odd = copy_of(team, mesas[2])
    copy_twice(team, count, {**odd, "votes": {**odd["votes"], "1": odd["votes"]["1"] + 40}})
    before = ask(team, f"/{count}/comparisons")
    assert (before["counts"]["not_published"], before["waiting"]) == (3, 33)
    assert alerts(team) == []
    country.count([mesa for mesa in country.mesas if mesa not in mesas], minute(4))
    country.publish([NATION], minute(4))
    country.count(mesas, minute(5))
    [alert] = wait_until(lambda: alerts(team))
    assert alert["figures"]["areas"][0]["key"] == mesa_key(mesas[2])
    assert (alert["figures"]["lists"], alert["figures"]["moved"], alert["figures"]["shift"]) == ("Rojo", 40, 40)
    assert alert["href"] == f"/mission/quick-count?id={count}&mesa={mesas[2]}"
    assert alerts(team, "verifier") == []
    found = ask(team, f"/{count}/comparisons")
    assert (found["counts"]["equal"], found["counts"]["different"]) == (2, 1)
    first = found["lines"][0]
    assert (first["mesa"], first["moved"]) == (mesas[2], 40)
    assert first["differences"][0] | {"figure": "votes", "place": 0} == first["differences"][0]
    assert [(one["votes"], one["is_enough"]) for one in first["margins"]] == [(40, False)]
    country.count(mesas[:1], minute(6), votes=(61, 54))
    assert len(wait_until(lambda: alerts(team) if len(alerts(team)) > 1 else None)) == 2


def test_what_the_team_hears_of_a_rehearsals_observers_says_that_it_is_one(store: Store, tmp_path: Path) -> None:
    """By mail and webhook it leaves the house."""
    with team_of(store, tmp_path, observers=1, is_test=True) as team:
        wait_until(lambda: team.public.get(f"{BASE}/mesas/{team.country.mesas[-1]}").status_code == 200)
        count = draw(team)["id"]
        mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
        odd = copy_of(team, mesa)
        copy_twice(team, count, {**odd, "votes": {**odd["votes"], "1": odd["votes"]["1"] + 40}})
        team.filed(severity="critical")
        team.country.count(team.country.mesas, minute(5))
        team.country.publish([NATION], minute(5))
        wait_until(lambda: alerts(team))
        found = team.people["coordinator"].get(f"{MISSION}/alerts").json()["alerts"]
        assert {one["kind"] for one in found} >= {"critical", "copy_differs"}
        assert {
            one["kind"]: one["figures"].get("is_test") for one in found if one["figures"].get("is_test") is not True
        } == {}


def copy_all(team: Team, count: str) -> None:
    for unit in ask(team, f"/{count}/units")["units"]:
        copy_twice(team, count, copy_of(team, unit["mesa"]))


def is_public(team: Team) -> bool:
    return team.public.get(f"{BASE}/quick-count").status_code == 200


def test_nothing_is_estimated_below_the_stated_response_and_only_coordinators_see_it(team: Team) -> None:
    count = draw(team)["id"]
    copy_twice(team, count, copy_of(team, ask(team, f"/{count}/units")["units"][0]["mesa"]))
    found = ask(team, f"/{count}/estimate")
    assert (found["refusal"], found["shares"], found["lead"], found["settling"]) == ("response", [], None, [])
    assert publish(team, count, "coordinator", step="propose").status_code == 409
    assert team.people["verifier"].get(f"{WHERE}/{count}/estimate").status_code == 403


def test_of_a_sample_of_all_mesas_the_estimate_is_the_published_count_beside_which_it_stands(team: Team) -> None:
    count, country = draw(team, size=40)["id"], team.country
    copy_all(team, count)
    country.count(country.mesas, minute(5))
    country.publish([NATION], minute(5))
    official = wait_until(lambda: one if any(one := ask(team, f"/{count}/estimate")["official"]) else None)
    found = ask(team, f"/{count}/estimate")
    for part, votes in zip(found["shares"], official, strict=True):
        assert part["low"] == pytest.approx(votes / sum(official)) == part["high"]
    assert (found["copied"], found["response"], found["lead"]["first"]) == (40, 1.0, 0)
    assert found["settling"][-1]["copies"] == 40
    assert {line["trait"] for line in ask(team, f"/{count}/arrival")["lines"]} == {"area", "remote", "registered"}


def test_the_public_reads_it_when_two_people_published_it_and_hears_when_it_is_taken_back(team: Team) -> None:
    count = draw(team)["id"]
    copy_all(team, count)
    public = f"{BASE}/quick-count"
    assert team.public.get(public).status_code == 404
    assert publish(team, count, "verifier", step="propose").status_code == 403
    proposal = publish(team, count, "coordinator", step="propose").json()["proposal"]
    assert proposal["is_own"]
    assert publish(team, count, "coordinator", step="confirm", digest=proposal["digest"]).status_code == 403
    assert team.public.get(public).status_code == 404
    assert publish(team, count, "verifier", step="confirm", digest=proposal["digest"]).status_code == 201
    told = wait_until(lambda: team.public.get(public) if is_public(team) else None)
    shown = told.json()["figures"]
    assert shown == proposal["public"]
    own = ask(team, f"/{count}")
    assert (own["frame"], own["frame_mesas"]) == (None, 40)
    wanted = {"origin": "count", "digest": own["frame_digest"], "mesas": 40}
    assert shown["frame"] == {**wanted, "other": None, "as_of": None, "apart": None, "is_whole": None}
    sample = [unit["mesa"] for unit in ask(team, f"/{count}/units")["units"]]
    assert not any(mesa in told.text for mesa in sample)
    assert SEED not in told.text
    assert team.public.get(public, params={"at": "2026-01-01T00:00:00Z"}).status_code == 404
    assert publish(team, count, "coordinator", step="withdraw", reason="Se copió mal").status_code == 201
    wait_until(lambda: team.public.get(public).json()["figures"] is None)
    gone = team.public.get(public).json()
    assert (gone["reason"], gone["published_at"], gone["is_test"]) == ("Se copió mal", None, False)


def test_a_rehearsals_quick_count_and_incidents_say_that_they_are_one(store: Store, tmp_path: Path) -> None:
    with team_of(store, tmp_path, is_test=True) as team:
        wait_until(lambda: team.public.get(f"{BASE}/mesas/{team.country.mesas[-1]}").status_code == 200)
        count = draw(team)["id"]
        copy_all(team, count)
        proposal = publish(team, count, "coordinator", step="propose").json()["proposal"]
        assert publish(team, count, "verifier", step="confirm", digest=proposal["digest"]).status_code == 201
        told = wait_until(lambda: team.public.get(f"{BASE}/quick-count").json() if is_public(team) else None)
        assert (told["is_test"], team.public.get(f"{BASE}/incidents").json()["is_test"]) == (True, True)


def test_copies_of_an_observer_whose_reports_are_set_aside_count_for_nothing_and_stay_on_record(team: Team) -> None:
    count = draw(team)["id"]
    mesa = ask(team, f"/{count}/units")["units"][0]["mesa"]
    team.station(("observer", f"place/{team.country.where[mesa].code}"))
    for turn in (1, 2):
        send(team, count, copy_of(team, mesa, entry=turn), "observer")
    where = f"{MISSION}/observers/{team.pseudonym('observer')}/quarantine"
    assert team.people["coordinator"].post(where, json={}).status_code == 200
    found = ask(team, f"/{count}/mesas/{mesa}")
    assert (found["state"], [one["is_set_aside"] for one in found["entries"]]) == ("missing", [True, True])
    assert ask(team, f"/{count}")["standing"] == 0
    assert team.people["coordinator"].delete(where).status_code == 200
    assert ask(team, f"/{count}/mesas/{mesa}")["state"] == "alike"
