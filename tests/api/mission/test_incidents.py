"""Incidents over HTTP: taken once, moved on by those who may, and shown to each as far as they may see."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from api.routes.mission import incidents
from tally.board import Fact
from tally.model import Acta, ActaState
from tally.storage.store import Store
from tests.api.country import minute
from tests.api.mission import desk
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import INTAKE, Team, report, team_of
from tests.waiting import wait_until


@pytest.fixture
def team(any_store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(any_store, tmp_path) as team:
        yield team


@pytest.fixture(scope="module")
def lasting_team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """One for all reports that are refused: they leave nothing behind."""
    with desk.lasting_team(tmp_path_factory.mktemp("refused")) as team:
        yield team


def test_a_report_is_acknowledged_with_its_id_and_can_be_read(team: Team) -> None:
    answer = team.file()
    assert answer.status_code == 201
    assert answer.json()["state"] == "reported"
    seen = team.see("observer", answer.json()["id"])
    assert seen["text"] == report()["text"]
    assert seen["place"] == {"mesa": "000001"}
    assert "I.E. Nº 1" in seen["place_name"]
    assert seen["is_own"] is True


def test_a_retry_gets_the_same_receipt_and_makes_no_second_incident(team: Team) -> None:
    first, again = team.file(key="once"), team.file(key="once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(team.people["verifier"].get(f"{MISSION}/incidents").json()["incidents"]) == 1


def test_forty_retries_at_once_make_one_incident(team: Team) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: team.file(key="storm"), range(40)))
    assert sorted(answer.status_code for answer in answers) == [200] * 39 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_key_that_named_another_report_is_refused(team: Team) -> None:
    team.file(key="mine")
    answer = team.file(key="mine", text="Otra cosa")
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]


def test_keys_of_two_people_are_their_own(team: Team) -> None:
    assert team.file("observer", key="k").json()["id"] != team.file("verifier", key="k").json()["id"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": {"mesa": "999999"}},
        {"place": {"mesa": "000001", "district": "140101"}},
        {"place": {}},
        {"severity": "terrible"},
        {"category": "weather"},
        {"occurred_at": "yesterday"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"occurred_at": "9999-12-31T23:59:59Z"},
        {"text": "a\u0000b"},
        {"text": "x" * 4001},
        {"position": {"lon": 200, "lat": 0}},
        {"votes": [1, 2]},
    ],
)
def test_a_report_that_says_nothing_usable_is_refused_with_the_reason(
    lasting_team: Team, wrong: dict[str, object]
) -> None:
    answer = lasting_team.file(**wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_mesa_that_no_list_has_named_yet_is_taken_and_finds_its_place_later(team: Team) -> None:
    country, late = team.country, "900001"
    count = country.board.sums.of("nation").as_count(minute(1))
    country.tell([Fact("nation", replace(count, total=count.total + 1, pending=count.pending + 1))], minute(1))
    wait_until(lambda: team.file(place={"mesa": late}, key="late").is_success)
    incident = team.verified(place={"mesa": late}, severity="serious")
    seen = team.see("verifier", incident)
    assert (seen["place"], seen["place_name"]) == ({"mesa": late}, late)
    place = country.places[0]
    acta = Acta(code="P", place=place.code, registered=200, state=ActaState.PENDING, ubigeo=place.ubigeo)
    country.tell([Fact(f"mesa/{late}", acta)], minute(2))
    within = {"within": f"place/{place.code}"}
    found = wait_until(lambda: team.people["verifier"].get(f"{MISSION}/incidents", params=within).json()["incidents"])
    assert incident in [one["id"] for one in found]
    assert found[0]["place_name"].startswith(f"{late} · I.E. Nº 1")
    assert team.file(place={"mesa": "999999"}).status_code == 422


def test_a_report_without_a_key_is_refused(team: Team) -> None:
    answer = team.people["observer"].post(INTAKE, json=report())
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({"polling_place": "1401011"}, "I.E. Nº 1 LIMA · LIMA"),
        ({"district": "140102"}, "ANCÓN"),
        (None, None),
    ],
)
def test_a_report_names_one_place_or_none(team: Team, place: dict[str, str] | None, name: str | None) -> None:
    seen = team.see("verifier", team.filed(place=place))
    assert (seen["place"], seen["place_name"]) == (place, name)


def test_the_log_tells_every_step_with_who_when_and_why(team: Team) -> None:
    incident = team.filed()
    team.move("verifier", incident, "take")
    team.move("verifier", incident, "verify", basis="document_or_image")
    team.move("coordinator", incident, "resolve", reason="La mesa abrió a las 9:10")
    seen = team.see("coordinator", incident)
    told = [(event["move"], event["before"], event["after"]) for event in seen["events"]]
    assert told == [
        ("report", "draft", "reported"),
        ("take", "reported", "verifying"),
        ("verify", "verifying", "verified"),
        ("resolve", "verified", "resolved"),
    ]
    assert seen["basis"] == "document_or_image"
    assert all(event["at"] and event["actor"] for event in seen["events"])
    assert seen["moves"] == [{"move": "reopen", "needs_reason": False, "needs_basis": False}]


def test_the_reporter_learns_the_outcome_but_not_who_decided(team: Team) -> None:
    incident = team.filed()
    team.move("verifier", incident, "take")
    team.move("verifier", incident, "reject", reason="El acta muestra lo contrario")
    seen = team.see("observer", incident)
    assert (seen["state"], seen["outcome"]) == ("rejected", "El acta muestra lo contrario")
    assert team.pseudonym("verifier") not in str(seen)


def test_a_critical_incident_needs_two_people(team: Team) -> None:
    incident = team.filed(severity="critical")
    team.move("verifier", incident, "take")
    assert team.move("verifier", incident, "verify", basis="media_only").json()["state"] == "verifying"
    assert team.move("verifier", incident, "verify", basis="media_only").status_code == 403
    assert team.move("second", incident, "verify", basis="second_observer").json()["state"] == "verified"


def test_a_critical_report_is_told_to_the_team_once_and_not_to_observers(team: Team) -> None:
    incident = team.file(key="alarm", severity="critical", category="intimidation_or_violence").json()["id"]
    team.file(key="alarm", severity="critical", category="intimidation_or_violence")
    [alert] = team.people["verifier"].get(f"{MISSION}/alerts").json()["alerts"]
    assert (alert["kind"], alert["href"]) == ("critical", f"/mission/incident?id={incident}")
    place = {"key": "mesa/000001", "name": None}
    assert alert["figures"] == {"category": "intimidation_or_violence", "place": place}
    assert team.people["observer"].get(f"{MISSION}/alerts").json()["alerts"] == []


def test_nobody_verifies_their_own_report(team: Team) -> None:
    incident = team.filed("verifier")
    assert team.move("verifier", incident, "take").status_code == 403
    team.move("second", incident, "take")
    assert team.move("verifier", incident, "verify", basis="media_only").status_code == 403
    assert team.see("verifier", incident)["moves"] == []


def test_illegal_moves_are_refused_and_change_nothing(team: Team) -> None:
    incident = team.filed()
    assert team.move("verifier", incident, "verify", basis="media_only").status_code == 409
    team.move("verifier", incident, "take")
    assert team.move("verifier", incident, "verify").status_code == 422
    assert team.move("verifier", incident, "reject", reason="  ").status_code == 422
    assert team.move("verifier", incident, "escalate").status_code == 409
    assert team.move("verifier", incident, "merge", reason="x").status_code == 422
    assert team.see("verifier", incident)["state"] == "verifying"
    assert team.move("verifier", "nosuchid", "take").status_code == 404


def test_similar_reports_are_suggested_and_merging_keeps_both_reporters(team: Team) -> None:
    first = team.filed(place={"mesa": "000001"})
    second = team.filed("verifier", place={"polling_place": "1401011"}, occurred_at="2030-01-06T14:30:00Z")
    team.filed(place={"polling_place": "1401012"})
    team.filed(occurred_at="2030-01-06T18:00:00Z")
    team.filed(category="voter_list")
    assert [other["id"] for other in team.see("second", first)["duplicates"]] == [second]
    merge = {"into": first, "reason": "El mismo retraso"}
    assert team.decide("second", second, "merge", **merge).status_code == 403
    assert team.decide("coordinator", second, "merge", **merge).status_code == 409
    team.move("second", second, "take")
    assert team.decide("coordinator", second, "merge", **merge).json()["state"] == "duplicate"
    kept = team.see("coordinator", first)
    assert kept["reporters"] == [team.pseudonym("observer"), team.pseudonym("verifier")]
    assert kept["absorbed"] == [second]
    team.move("second", first, "take")
    assert team.move("verifier", first, "verify", basis="media_only").status_code == 403


def test_whose_report_was_merged_learns_the_outcome_and_reads_nobody_elses_words(team: Team) -> None:
    kept = team.filed("verifier", text="palabras de otra persona", position={"lon": -77.0, "lat": -12.0})
    merged = team.filed("observer")
    team.move("second", merged, "take")
    assert team.decide("coordinator", merged, "merge", into=kept, reason="lo mismo").status_code == 200
    team.move("second", kept, "take")
    team.move("second", kept, "verify", basis="second_observer")
    team.move("coordinator", kept, "resolve", reason="La ODPE repuso el material")
    assert team.people["observer"].get(f"{MISSION}/incidents/{kept}").status_code == 404
    seen = team.see("observer", merged)
    assert (seen["state"], seen["into_state"], seen["outcome"]) == (
        "duplicate",
        "resolved",
        "La ODPE repuso el material",
    )
    assert "otra persona" not in str(seen)
    [mine] = team.people["observer"].get(f"{MISSION}/incidents").json()["incidents"]
    assert (mine["id"], mine["into_state"]) == (merged, "resolved")


def test_an_observer_has_only_their_own(team: Team) -> None:
    other = team.filed("verifier")
    mine = team.filed("observer")
    listed = team.people["observer"].get(f"{MISSION}/incidents").json()
    assert [incident["id"] for incident in listed["incidents"]] == [mine]
    assert listed["counts"]["new"] == 1
    assert team.people["observer"].get(f"{MISSION}/incidents/{other}").status_code == 404
    assert team.people["observer"].post(f"{MISSION}/incidents/{other}/notes", json={"text": "x"}).status_code == 404


def test_the_list_counts_and_filters_and_pages_through_everything(team: Team) -> None:
    waiting = [team.filed() for _ in range(3)]
    taken = team.filed(severity="minor")
    team.move("verifier", taken, "take")
    verified = team.verified(category="voter_list", place={"district": "920101"})
    client = team.people["verifier"]
    listed = client.get(f"{MISSION}/incidents").json()
    assert listed["counts"] == {"new": 3, "to_verify": 1, "verified_open": 1}
    assert listed["oldest_unverified_at"] is not None

    def ids(**params: str) -> set[str]:
        found = client.get(f"{MISSION}/incidents", params=params).json()["incidents"]
        return {incident["id"] for incident in found}

    assert ids(state="reported") == set(waiting)
    assert ids(severity="minor") == {taken}
    assert ids(within="department/92") == {verified}
    assert ids(within="scope/abroad") == {verified}
    assert ids(within="place/1401011") == {*waiting, taken}
    assert ids(within="mesa/000001") == {*waiting, taken}
    assert ids(category="voter_list") == {verified}
    assert len(ids(within="nation")) == 5
    assert client.get(f"{MISSION}/incidents", params={"within": "moon"}).status_code == 422


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_what_is_moved_between_two_pages_does_not_begin_them_anew(
    team: Team, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    made = {team.filed() for _ in range(3)}
    monkeypatch.setattr(incidents, "_PAGE", 2)

    def page(**before: str) -> tuple[list[str], str | None]:
        asked = {"state": "reported", "order": order, **before}
        found = team.people["verifier"].get(f"{MISSION}/incidents", params=asked).json()
        return [line["id"] for line in found["incidents"]], found["next"]

    first, end = page()
    assert team.move("verifier", first[-1], "take").status_code == 200
    assert page(before=str(end)) == ([*(made - {*first})], None)


def test_the_position_is_for_the_reporter_and_the_coordinator_alone(team: Team) -> None:
    incident = team.filed(position={"lon": -77.0312, "lat": -12.0464, "accuracy": 12.0})
    assert team.see("observer", incident)["position"]["lon"] == -77.0312
    assert team.see("coordinator", incident)["position"]["lat"] == -12.0464
    assert team.see("verifier", incident)["position"] is None
    assert "77.03" not in team.people["coordinator"].get(f"{MISSION}/incidents.csv").text


def test_the_kill_switch_stops_new_reports_and_not_the_retry_of_an_old_one(team: Team) -> None:
    known = team.file(key="before").json()
    stop = team.people["admin"].post(f"{MISSION}/intake-stop", json={"reason": "ataque"})
    assert stop.status_code in (200, 201)
    assert team.file().status_code == 503
    assert team.file(key="before").json() == known
    incident = known["id"]
    assert team.people["observer"].post(f"{MISSION}/incidents/{incident}/notes", json={"text": "x"}).status_code == 503


def test_an_incident_is_given_to_one_of_the_team(team: Team) -> None:
    incident = team.filed()
    given = team.decide("coordinator", incident, "assign", to="verifier").json()
    assert given["assigned_to"] == team.pseudonym("verifier")
    assert team.decide("coordinator", incident, "assign", to="observer").status_code == 404
    assert team.decide("coordinator", incident, "assign", to=None).json()["assigned_to"] is None


_DECISIONS = {
    "moves": {"move": "reject", "reason": "no pasó"},
    "corrections": {"severity": "minor", "reason": "era leve"},
    "assign": {"to": "verifier"},
    "merge": {"reason": "lo mismo"},
}


@pytest.mark.parametrize("what", _DECISIONS)
def test_of_two_who_decide_at_once_the_second_is_told_and_decides_upon_what_stands(team: Team, what: str) -> None:
    incident, other = team.filed(), team.filed()
    team.move("verifier", incident, "take")
    said = {**_DECISIONS[what], **({"into": other} if what == "merge" else {})}
    seen = team.see("coordinator", incident)["revision"]
    assert team.decide("second", incident, "corrections", category="voter_list", reason="era el padrón").is_success
    before = team.see("coordinator", incident)
    refused = team.decide("coordinator", incident, what, **{**said, "seen": seen})
    assert (refused.status_code, refused.json()["detail"].partition(":")[0]) == (409, "seen")
    assert team.see("coordinator", incident) == before
    assert team.decide("coordinator", incident, what, **said).is_success


@pytest.mark.parametrize("what", _DECISIONS)
def test_a_decision_that_does_not_say_upon_what_is_not_taken(team: Team, what: str) -> None:
    incident = team.filed()
    blind = team.people["coordinator"].post(f"{MISSION}/incidents/{incident}/{what}", json=_DECISIONS[what])
    assert blind.status_code == 422
    assert len(team.see("coordinator", incident)["events"]) == 1


def test_what_an_observer_adds_names_nothing_and_nobody_tells_them_how_often_it_was_decided(team: Team) -> None:
    incident = team.filed()
    seen = team.see("verifier", incident)["revision"]
    note = team.people["observer"].post(f"{MISSION}/incidents/{incident}/notes", json={"text": "sigue cerrada"})
    assert note.status_code == 201
    assert (note.json()["revision"], team.see("observer", incident)["revision"]) == (None, None)
    assert team.see("verifier", incident)["revision"] == seen


def test_the_sheet_runs_no_formula_and_the_summary_adds_up(team: Team) -> None:
    team.filed(text='=HYPERLINK("http://evil","x")')
    team.filed(text="+1+1", severity="minor")
    team.verified(text="@SUM(A1)")
    sheet = team.people["verifier"].get(f"{MISSION}/incidents.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert not any(cell.startswith(("=", "+", "@")) for line in sheet.text.splitlines()[1:] for cell in line.split(","))
    assert "'+1+1" in sheet.text
    summary = team.people["verifier"].get(f"{MISSION}/summary").json()
    assert summary["incidents"] == sum(cell["n"] for cell in summary["cells"]) == 3
    assert summary["coverage"]["places"] == 10
    assert summary["coverage"]["places_visited"] == 1


def test_coverage_says_where_nobody_looked(team: Team) -> None:
    team.station(("observer", "place/1401011"))
    team.filed()
    coverage = team.people["verifier"].get(f"{MISSION}/coverage").json()
    regions = {region["key"]: region for region in coverage["regions"]}
    assert (coverage["places"], coverage["places_visited"], coverage["observers"]) == (10, 1, 1)
    lima, callao = regions["department/14"], regions["department/24"]
    assert (lima["observers"], lima["visited"], lima["is_silent"]) == (1, 1, False)
    assert (callao["observers"], callao["visited"], callao["last_report_at"], callao["is_silent"]) == (0, 0, None, True)
