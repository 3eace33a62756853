"""Answers to forms over HTTP: taken once, read and judged by those who may, chosen between where observers differ."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.routes.mission.observation import conflicts, responses
from tests.api.mission.answering import ANSWERS, RESPONSES, answer, answered, body
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, lasting_team
from tests.api.mission.test_policy_matrix import picture


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with lasting_team(tmp_path_factory.mktemp("responses")) as team:
        yield team


def see(team: Team, response: str, who: str = "verifier") -> Any:
    return team.people[who].get(f"{RESPONSES}/{response}").json()


def listed(team: Team, who: str = "verifier", **asked: str) -> set[str]:
    found = team.people[who].get(RESPONSES, params=asked).json()
    return {one["id"] for one in found["responses"]}


def test_answers_are_acknowledged_once_and_read_with_their_place(team: Team) -> None:
    first, again = answer(team, key="once"), answer(team, key="once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    seen = see(team, first.json()["id"])
    assert seen["answers"] == ANSWERS
    assert (seen["place"], seen["region"]) == ({"mesa": "000001"}, "department/14")
    assert seen["place_name"].startswith("I.E. Nº 1")
    assert seen["observer"] == team.pseudonym("observer")


def test_what_is_missing_is_taken_and_told(team: Team) -> None:
    taken = answer(team, answers={"access": "no"})
    assert taken.json()["faults"] == [{"id": "obstacle", "kind": "required"}]
    assert see(team, taken.json()["id"])["is_partial"] is True


def test_an_empty_answer_is_none(team: Team) -> None:
    sent = answered(team, answers={"access": "yes", "installed_at": "", "cause": []})
    assert see(team, sent)["answers"] == {"access": "yes"}
    assert team.people["verifier"].get(f"{MISSION}/findings").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"form": "nothing"}, "no form 'nothing'"),
        ({"version": 9}, "has 1, and no 9"),
        ({"place": {"mesa": "999999"}}, "this count has no mesa/999999"),
        ({"place": {"district": "140101"}}, "a mesa or a polling place"),
        ({"place": {}}, "exactly one"),
        ({"answers": {"access": "yes", "notes": "x" * 4001}}, "4000 characters at most"),
        ({"answers": {"access": "perhaps"}}, "'access' cannot be read (choice)"),
        ({"answers": {"weather": "fine"}}, "'weather' cannot be read (type)"),
        ({"answers": {**ANSWERS, "installed_at": {"h": 7}}}, "'installed_at' cannot be read (type)"),  # nor asked
        ({"finished_at": "yesterday 10"}, "finished_at"),
        ({"started_at": "2030-01-06T13:00:00"}, "has no zone"),
        ({"is_time_confirmed": False}, "is_time_confirmed"),
        ({"votes": 3}, "votes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(team: Team, wrong: dict[str, Any], said: str) -> None:
    refused = answer(team, **wrong)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]


def test_a_key_of_other_answers_or_none_at_all_is_refused(team: Team) -> None:
    answer(team, key="taken")
    assert answer(team, key="taken", answers={"access": "no"}).status_code == 422
    assert team.people["observer"].post(RESPONSES, json=body()).status_code == 422


def test_answers_may_be_of_a_whole_polling_place(team: Team) -> None:
    seen = see(team, answered(team, place={"polling_place": "1401011"}))
    assert (seen["place"], seen["place_key"]) == ({"polling_place": "1401011"}, "place/1401011")


def test_the_list_is_chosen_by_form_place_region_state_and_observer(team: Team) -> None:
    mine, far = answered(team, "observer"), answered(team, "verifier", place={"mesa": "000025"})
    assert {mine, far} <= listed(team)
    assert far not in listed(team, "observer")
    assert far in listed(team, region="department/24")
    assert far not in listed(team, place="mesa/000001")
    assert mine not in listed(team, form="closing")
    assert mine in listed(team, state="open", observer=team.pseudonym("observer"))
    assert far in listed(team, mine="true")
    assert mine not in listed(team, mine="true")
    assert team.people["verifier"].get(RESPONSES, params={"region": "moon/1"}).status_code == 422


def test_what_looks_odd_waits_for_a_verifier_who_says_what_it_is(team: Team) -> None:
    odd = answered(team, started_at="2030-01-06T13:30:00Z")
    assert {"kind": "backwards", "figures": {"minutes": 18}} in see(team, odd)["issues"]
    assert see(team, odd, "observer")["issues"] == []
    assert odd in listed(team, to_look_at="true")
    asked = {"state": "verified", "reason": "su reloj iba mal", "seen": 0}
    changed = team.people["second"].post(f"{RESPONSES}/{odd}/verify", json=asked)
    assert changed.status_code == 201
    assert changed.json()["state"] == "verified"
    assert odd not in listed(team, to_look_at="true")
    [review] = see(team, odd, "observer")["reviews"]
    assert (review["reason"], review["by"]) == ("su reloj iba mal", None)
    assert see(team, odd)["reviews"][0]["by"] == team.pseudonym("second")


def test_a_picture_answers_a_question_that_is_answered_with_pictures(team: Team) -> None:
    response = answered(team, form="counting", answers={})
    where, png = f"{RESPONSES}/{response}/photos", {"Content-Type": "image/png"}
    sent = picture()
    first = team.people["observer"].post(where, params={"question": "acta_photo"}, content=sent, headers=png)
    again = team.people["observer"].post(where, params={"question": "acta_photo"}, content=sent, headers=png)
    assert (first.status_code, again.status_code) == (201, 200)
    kept = see(team, response)["photos"]["acta_photo"]
    given = team.people["verifier"].get(f"{where}/{kept[0]['hash']}")
    assert given.headers["content-type"] == "image/jpeg"
    wrong = team.people["observer"].post(where, params={"question": "access"}, content=picture(), headers=png)
    assert wrong.status_code == 422
    assert team.people["verifier"].get(f"{where}/{'0' * 64}").status_code == 404


def test_where_observers_differ_a_verifier_chooses_and_says_why(team: Team) -> None:
    place, path = {"mesa": "000030"}, f"{MISSION}/conflicts/opening/mesa-000030"
    one = answered(team, "observer", place=place)
    other = answered(team, "second", place=place, answers={"access": "no", "obstacle": ["third"]})
    table = team.people["verifier"].get(f"{MISSION}/conflicts", params={"region": "department/24"}).json()
    [line] = table["conflicts"]
    assert table["undecided"] == 1
    assert line["differences"] == {"obstacle": {one: ["police"], other: ["third"]}}
    assert {named["observer"] for named in line["responses"]} == {team.pseudonym("observer"), team.pseudonym("second")}
    asked = {"choose": {"obstacle": one}, "reason": "hay foto del cordón", "seen": line["revision"]}
    assert team.people["second"].post(path, json=asked).status_code == 403
    decided = team.people["verifier"].post(path, json=asked).json()
    assert (decided["chosen"], decided["undecided"]) == ({"obstacle": one}, [])
    assert decided["rulings"][0]["reason"] == "hay foto del cordón"
    late = team.people["coordinator"].post(path, json={**asked, "choose": {"obstacle": other}})
    assert (late.status_code, late.json()["detail"][:5]) == (409, "seen:")
    upon = {**asked, "choose": {"obstacle": other}, "seen": decided["revision"]}
    assert team.people["coordinator"].post(path, json=upon).json()["chosen"] == {"obstacle": other}
    assert team.people["verifier"].post(f"{path}x", json=asked).status_code == 404
    assert team.people["verifier"].get(f"{MISSION}/conflicts", params={"form": "closing"}).json()["conflicts"] == []


def test_conflicts_come_by_pages_and_those_of_one_place_can_be_asked_for(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mesa in ("000002", "000003"):
        answered(team, "observer", place={"mesa": mesa})
        answered(team, "second", place={"mesa": mesa}, answers={"access": "no", "obstacle": ["third"]})
    monkeypatch.setattr(conflicts, "_PAGE", 1)
    path, found, after = f"{MISSION}/conflicts", list[str](), dict[str, str]()
    while len(found) < 10:
        page = team.people["verifier"].get(path, params={"region": "department/14", **after}).json()
        found += [line["place_code"] for line in page["conflicts"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert sorted(found) == ["mesa-000002", "mesa-000003"]
    own = team.people["verifier"].get(path, params={"place": "mesa/000003"}).json()
    assert ([line["place_code"] for line in own["conflicts"]], own["next"]) == (["mesa-000003"], None)


def test_what_is_settled_between_two_pages_hides_nothing_of_what_is_not(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mesa in ("000005", "000006", "000007"):
        answered(team, "observer", place={"mesa": mesa})
        answered(team, "second", place={"mesa": mesa}, answers={"access": "no", "obstacle": ["third"]})
    monkeypatch.setattr(conflicts, "_PAGE", 1)
    path, seen, after = f"{MISSION}/conflicts", list[str](), dict[str, str]()
    while True:
        page = team.people["verifier"].get(path, params={"form": "opening", **after}).json()
        [line] = page["conflicts"]
        if not line["undecided"]:
            break
        seen.append(line["place_code"])
        choose = {question: next(iter(by)) for question, by in line["differences"].items()}
        told = {"choose": choose, "reason": "la foto lo muestra", "seen": line["revision"]}
        assert team.people["verifier"].post(f"{path}/opening/{seen[-1]}", json=told).status_code == 201
        after = {"after": page["next"]}
    assert {"mesa-000005", "mesa-000006", "mesa-000007"} <= set(seen)
    everything = {"form": "opening", "after": "whatever nobody has told"}
    assert team.people["verifier"].get(path, params=everything).json()["conflicts"] == []


def test_what_is_judged_between_two_pages_does_not_begin_them_anew(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = {answered(team, started_at="2030-01-06T13:30:00Z") for _ in range(3)}
    monkeypatch.setattr(responses, "_PAGE", 1)
    told, before = list[str](), dict[str, str]()
    for _ in odd:
        page = team.people["verifier"].get(RESPONSES, params={"to_look_at": "true", **before}).json()
        [line] = page["responses"]
        told.append(line["id"])
        judged = {"state": "doubtful", "reason": "reloj", "seen": line["revision"]}
        assert team.people["verifier"].post(f"{RESPONSES}/{line['id']}/verify", json=judged).status_code == 201
        answered(team, started_at="2030-01-06T13:30:00Z")  # what comes meanwhile stands before them
        before = {"before": page["next"]}
    assert set(told) == odd


def test_completeness_is_told_of_who_is_assigned_by_team_and_region(team: Team) -> None:
    team.station(("observer", "district/140101"), ("second", "department/24"))
    answered(team, "observer")
    table = team.people["verifier"].get(f"{MISSION}/completeness").json()
    assert [form["id"] for form in table["forms"]][:2] == ["arrival", "opening"]
    assert table["forms"][1]["due_at"] == "2030-01-06T13:00:00Z"
    assert table["total"]["observers"] == 2
    assert [(one["group"], one["observers"]) for one in table["teams"]] == [(None, 2)]
    assert table["names"] == {"department/14": "LIMA", "department/24": "CALLAO"}
    assert table["are_distances_told"] is False
