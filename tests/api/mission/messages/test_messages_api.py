"""Messages over HTTP: written by coordinators, read by whom they reach, sent as texts to those with a number."""

from typing import Any

import pytest

from api.routes.mission.observation import messages
from mission.messages.book import LIMITS
from tests.api.mission.answering import answered
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team
from tests.api.mission.messages.gateway import KeptTexts
from tests.waiting import wait_until

MESSAGES = f"{MISSION}/messages"
CLOSE = {"to": {"kind": "all"}, "text": "Cierren a las 17:00"}


def send(team: Team, key: str | None = None, **changed: object) -> dict[str, object]:
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = team.people["coordinator"].post(MESSAGES, json={**CLOSE, **changed}, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


def lines(team: Team, who: str) -> list[dict[str, Any]]:
    return list(team.people[who].get(MESSAGES).json()["messages"])


def test_an_observer_reads_answers_and_the_coordinators_see_it(team: Team) -> None:
    number = send(team)["id"]
    seen = team.people["observer"].get(MESSAGES).json()
    assert (seen["unread"], [one["text"] for one in seen["messages"]]) == (1, ["Cierren a las 17:00"])
    assert team.people["observer"].post(f"{MESSAGES}/{number}/read").json()["read_at"] is not None
    answer = team.people["observer1"].post(f"{MESSAGES}/{number}/answers", json={"text": "Aquí siguen votando"})
    assert answer.status_code == 201
    [line] = team.people["coordinator"].get(MESSAGES).json()["messages"]
    assert (line["progress"]["receivers"], line["progress"]["read"]) == (3, 2)
    assert line["progress"]["unread_by"] == [team.pseudonym("observer2")]
    assert [(one["by"], one["text"]) for one in line["answers"]] == [
        (team.pseudonym("observer1"), "Aquí siguen votando")
    ]
    assert team.people["observer"].get(MESSAGES).json()["unread"] == 0


def test_of_many_answers_the_newest_are_told_and_how_many_there_are(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = send(team)["id"]
    for who in ("observer", "observer1"):
        team.people[who].post(f"{MESSAGES}/{number}/answers", json={"text": f"Soy {who}"})
    monkeypatch.setattr(messages, "_NAMED", 1)
    [line] = lines(team, "coordinator")
    assert ([one["text"] for one in line["answers"]], line["answered"]) == (["Soy observer1"], 2)


def test_an_observer_reads_nothing_of_others(team: Team) -> None:
    number = send(team)["id"]
    team.people["observer1"].post(f"{MESSAGES}/{number}/answers", json={"text": "Hecho"})
    [line] = lines(team, "observer")
    assert (line["answers"], line["progress"], line["by"], line["to"]) == ([], None, None, None)
    assert lines(team, "verifier") == []
    assert team.people["verifier"].post(f"{MESSAGES}/{number}/read").status_code == 404


def test_the_audiences_are_counted_before_anything_is_sent_and_reach_just_those(team: Team) -> None:
    team.station(("observer", "district/140101"))
    found = team.people["coordinator"].get(f"{MESSAGES}/audiences").json()
    assert found["has_texts"]
    sizes = {(one["kind"], one["value"]): (one["receivers"], one["with_phone"]) for one in found["audiences"]}
    assert sizes["all", None] == (3, 2)
    assert sizes["region", "department/14"] == (1, 1)
    for (kind, value), (receivers, _) in sizes.items():
        assert send(team, to={"kind": kind, "value": value})["receivers"] == receivers
    assert len(lines(team, "observer")) == len(sizes)


def test_a_message_to_one_observer_reaches_them_alone_and_only_coordinators_write_it(team: Team) -> None:
    one, verifier = team.pseudonym("observer1"), team.pseudonym("verifier")
    assert send(team, to={"kind": "person", "value": one})["receivers"] == 1
    assert [len(lines(team, who)) for who in ("observer", "observer1", "observer2")] == [0, 1, 0]
    assert lines(team, "coordinator")[0]["to"] == {"kind": "person", "value": one}
    asked = {**CLOSE, "to": {"kind": "person", "value": one}}
    assert [team.people[who].post(MESSAGES, json=asked).status_code for who in ("observer", "verifier")] == [403, 403]
    nobody = {**CLOSE, "to": {"kind": "person", "value": verifier}}
    assert team.people["coordinator"].post(MESSAGES, json=nobody).status_code == 422


def test_a_message_to_those_without_a_form_reaches_who_is_assigned_and_did_not_answer(team: Team) -> None:
    team.station(("observer", "district/140101"), ("observer1", "district/140101"))
    answered(team, "observer")
    send(team, to={"kind": "without_form", "value": "opening"})
    assert [len(lines(team, who)) for who in ("observer", "observer1", "observer2")] == [0, 1, 0]


def test_whose_answers_are_doubted_is_without_a_form_as_it_counts_as_missing(team: Team) -> None:
    team.station(("observer", "district/140101"))
    judged = f"{MISSION}/responses/{answered(team, 'observer')}/verify"
    doubt = {"state": "doubtful", "reason": "otra mesa", "seen": 0}
    assert team.people["verifier"].post(judged, json=doubt).status_code == 201
    assert send(team, to={"kind": "without_form", "value": "opening"})["receivers"] == 1


def test_a_message_sent_again_with_its_key_is_the_same_one(team: Team) -> None:
    assert send(team, key="k-1")["id"] == send(team, key="k-1")["id"]
    assert len(lines(team, "observer")) == 1
    for wrong in ("", "k" * 101, "two words"):
        refused = team.people["coordinator"].post(MESSAGES, json=CLOSE, headers={"Idempotency-Key": wrong})
        assert refused.status_code == 422, wrong


def test_a_message_goes_out_as_a_text_to_those_with_a_number_once_each(team: Team, gateway: KeptTexts) -> None:
    send(team, is_by_text=True, text="Atención: cierren a las 17:00")
    wait_until(lambda: len(gateway.sent) == 2)
    assert {text.to for text in gateway.sent.values()} == {"+51987654321", "+51987654322"}
    assert {text.text for text in gateway.sent.values()} == {"Atencion: cierren a las 17:00 (Responda LEIDO 1)"}
    texts = {"lined_up": 2, "sent": 2, "given_up": 0}

    def shown() -> bool:
        [line] = team.people["coordinator"].get(MESSAGES).json()["messages"]
        return bool(line["progress"]["texts"] == texts)

    wait_until(shown)
    assert gateway.tries == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**CLOSE, "text": ""},
        {**CLOSE, "text": "   "},
        {**CLOSE, "text": "\0"},
        {**CLOSE, "text": "x" * (LIMITS.longest_text + 1)},
        {**CLOSE, "to": {"kind": "all", "value": "x"}},
        {**CLOSE, "to": {"kind": "team"}},
        {**CLOSE, "to": {"kind": "team", "value": "nobody's"}},
        {**CLOSE, "to": {"kind": "region", "value": "Lima"}},
        {**CLOSE, "to": {"kind": "nobody"}},
        {**CLOSE, "to": {"kind": "person"}},
        {**CLOSE, "to": {"kind": "person", "value": "nobody-1"}},
    ],
)
def test_what_is_no_message_is_refused(team: Team, body: dict[str, object]) -> None:
    assert team.people["coordinator"].post(MESSAGES, json=body).status_code == 422
    assert lines(team, "coordinator") == []
