"""Flags, badges, votes at stake and audits of actas over HTTP, beside a count that moves."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from msgspec import structs

from api.mission.findings import roll_bound
from mission.flags.records import FlagRecords
from mission.flags.thresholds import load_thresholds
from tally.board import Fact
from tally.keys import NATION, mesa_key, place_key
from tally.model import ActaState, PollingPlace
from tally.storage.store import Store
from tests.api.country import ELECTION, ROLL, Country, minute
from tests.api.mission.conftest import MISSION, make_app
from tests.api.mission.desk import Team, team_of
from tests.waiting import wait_until

SEED = "27182818284590452353"
PLACE = "0900"
# Nine mesas that vote alike and one that does not.
ODD = "000900"
ALIKE = [f"{n:06}" for n in range(901, 910)]


def grow(country: Country) -> None:
    """One more polling place, large enough to be tested: ten mesas in ANCÓN, all pending."""
    place = PollingPlace(code=PLACE, name="I.E. GRANDE", ubigeo="140102")
    country.where |= dict.fromkeys([ODD, *ALIKE], place)
    facts = [Fact(mesa_key(mesa), country.acta(mesa, ActaState.PENDING)) for mesa in (ODD, *ALIKE)]
    country.tell([Fact(place_key(PLACE), place), *facts], minute(1))


def count_place(country: Country, at: str) -> None:
    """Its actas are counted: nine with about 80 of 160 votes for the first list, one with 156."""
    for n, mesa in enumerate(ALIKE):
        country.count([mesa], at, votes=(76 + n, 84 - n))
    country.count([ODD], at, votes=(156, 4))


def finish(country: Country, at: str) -> None:
    """Everything else is counted, and the source says so."""
    country.count(country.mesas, at)
    country.publish([NATION], at)


@pytest.fixture
def team(any_store: Store, tmp_path: Path) -> Iterator[Team]:
    """A team beside the grown country, of which nothing is counted yet."""
    with team_of(any_store, tmp_path) as team:
        grow(team.country)
        await_mesa(team, ODD)
        yield team


def ask(team: Team, path: str, who: str = "verifier", **params: Any) -> Any:
    answer = team.people[who].get(f"{MISSION}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["cache-control"]
    return answer.json()


def await_mesa(team: Team, mesa: str) -> None:
    """Until the server has heard of it."""
    wait_until(lambda: team.public.get(f"/api/v1/elections/{ELECTION.id}/mesas/{mesa}").status_code == 200)


def flags_of(team: Team, checkpoint: str) -> Any:
    """The flags of a checkpoint, once it is frozen."""

    def frozen() -> Any:
        found = ask(team, "flags")
        return found if found["checkpoint"] == checkpoint else None

    return wait_until(frozen)


def counted(team: Team) -> Any:
    """The flags of the whole count."""
    count_place(team.country, minute(5))
    finish(team.country, minute(5))
    return flags_of(team, "100")


def test_before_the_first_checkpoint_nothing_is_said_to_be_normal(team: Team) -> None:
    found = ask(team, "flags")
    assert (found["checkpoint"], found["checkpoints"], found["flags"]) == (None, [], [])
    assert found["first_checkpoint"] == load_thresholds().checkpoints.percent[0]
    assert found["progress"] == {"counted": 0, "at_jee": 0, "pending": 50, "total": 50}
    history = ask(team, f"flags/history/{ODD}")
    assert (history["is_testable"], history["history"]) == (None, [])


def test_how_far_the_count_is_nobody_says_before_a_total_is_published(store: Store, tmp_path: Path) -> None:
    with team_of(store, tmp_path, is_listed=False) as team:
        assert ask(team, "flags")["progress"] is None


def test_a_mesa_unlike_its_place_is_flagged_at_the_checkpoint_with_everything_a_reader_needs(team: Team) -> None:
    found = counted(team)
    assert found["checkpoints"][-1]["counted"] == found["checkpoints"][-1]["total"]
    assert (found["tested"], found["mesas"] - found["tested"]) == (10, found["not_testable"])
    flag = next(one for one in found["flags"] if one["kind"] == "share")
    assert (flag["key"], flag["place"], flag["place_name"]) == (f"mesa/{ODD}", PLACE, "I.E. GRANDE")
    assert flag["area_name"] == "ANCÓN"
    assert (flag["severity"], flag["first_seen"], flag["gone"]) == ("review", "100", None)
    assert flag["q"] < 0.05
    assert flag["at_most_votes"] > 100
    assert [flag["figures"][name] for name in ("x", "n", "list")] == [156, 160, 0]
    one = ask(team, f"flags/{flag['id']}")
    assert one["checkpoints"] == ["100"]
    assert {name: one[name] for name in flag} == flag


def test_flags_can_be_asked_for_by_kind_place_and_area(team: Team) -> None:
    counted(team)
    for within in (f"mesa/{ODD}", f"place/{PLACE}", "district/140102", "department/14", "scope/domestic", "nation"):
        assert [one["kind"] for one in ask(team, "flags", kind="share", within=within)["flags"]] == ["share"]
    assert ask(team, "flags", kind="share", within="department/24")["flags"] == []
    assert ask(team, "flags", kind="turnout")["flags"] == []
    assert team.people["verifier"].get(f"{MISSION}/flags", params={"within": "ocean/1"}).status_code == 422
    assert team.people["verifier"].get(f"{MISSION}/flags", params={"checkpoint": "12"}).status_code == 404
    assert team.people["verifier"].get(f"{MISSION}/flags/share-mesa-999999").status_code == 404


def test_a_flag_that_went_away_is_still_told_with_its_history(team: Team) -> None:
    country = team.country
    count_place(country, minute(5))
    country.count(country.mesas[:20], minute(5))
    country.publish([NATION], minute(5))
    assert any(one["kind"] == "share" for one in flags_of(team, "50")["flags"])
    country.count([ODD], minute(6), votes=(75, 85))
    finish(country, minute(6))
    assert all(one["kind"] != "share" for one in flags_of(team, "100")["flags"])
    one = ask(team, f"flags/share-mesa-{ODD}")
    assert (one["first_seen"], one["gone"], one["checkpoints"]) == ("50", "100", ["50"])
    history = ask(team, f"flags/history/{ODD}")
    assert history["is_testable"] is True
    assert [(entry["checkpoint"], entry["kind"]) for entry in history["history"]] == [("50", "share")]
    assert ask(team, "flags", checkpoint="50")["checkpoint"] == "50"


def test_a_mesa_with_few_siblings_is_said_not_to_be_testable(team: Team) -> None:
    counted(team)
    assert ask(team, f"flags/history/{team.country.mesas[0]}")["is_testable"] is False
    assert team.people["verifier"].get(f"{MISSION}/flags/history/999999").status_code == 404


def test_a_report_opened_from_a_flag_keeps_its_id(team: Team) -> None:
    flag = next(one for one in counted(team)["flags"] if one["kind"] == "share")
    incident = team.filed(place={"mesa": ODD}, text=flag["id"], flag=flag["id"], category="counting_or_acta")
    assert team.see("verifier", incident)["flag"] == flag["id"]


def test_of_two_servers_over_one_store_one_freezes_a_checkpoint(team: Team, any_store: Store) -> None:
    counted(team)
    app = make_app(any_store)
    asyncio.run(look_once(app))
    live = FlagRecords(any_store.engine)
    info = any_store.info(ELECTION.id)
    assert [one.name for one in live.checkpoints(info.id, info.epoch)].count("100") == 1


async def look_once(app: FastAPI) -> None:
    """Start another server on the same store and let it look for due checkpoints."""
    async with app.router.lifespan_context(app):
        while not app.state.services.counts.is_ready:
            await asyncio.sleep(0.02)
        await app.state.screener.look()


def test_badges_stand_at_every_level_for_incidents_flags_and_stakes(team: Team) -> None:
    counted(team)
    team.verified(place={"mesa": ODD}, severity="serious")
    team.filed(place={"district": "140102"}, severity="minor", category="opening_delay")
    for level, key in (
        ("nation", "nation"),
        ("department", "department/14"),
        ("province", "province/1401"),
        ("district", "district/140102"),
    ):
        badge = ask(team, "badges", level=level)["rows"][key]
        assert badge["incidents"] == {"critical": 0, "serious": 1, "minor": 1, "info": 0}
        assert badge["flags"] >= 1
        assert (badge["stake"]["mesas"], badge["stake"]["at_most"]) == (1, ROLL)
    place = ask(team, "badges", level="polling_place")["rows"][f"place/{PLACE}"]
    assert (place["incidents"]["serious"], place["incidents"]["minor"]) == (1, 0)
    assert place["stake"] == {"mesas": 1, "at_most": ROLL, "if_annulled": None, "margin": None, "is_troubled": False}
    mesas = ask(team, "badges", level="mesa")["rows"]
    assert mesas[f"mesa/{ODD}"]["flags"] >= 1
    for within in (f"place/{PLACE}", "district/140102"):
        assert f"mesa/{ODD}" in ask(team, "badges", level="mesa", within=within)["rows"]
    assert ask(team, "badges", level="mesa", within="district/240101")["rows"] == {}
    nowhere = {"level": "mesa", "within": "district/999999"}
    assert team.people["verifier"].get(f"{MISSION}/badges", params=nowhere).status_code == 404
    assert "department/24" not in ask(team, "badges", level="department")["rows"]


def test_a_resolved_incident_leaves_the_badges_and_the_stake(team: Team) -> None:
    counted(team)
    mesa = team.country.mesas[0]
    incident = team.verified(place={"mesa": mesa}, severity="critical")
    assert ask(team, "stake", set="incidents")["mesas"] == 1
    answer = team.move("coordinator", incident, "resolve", reason="the seal was whole")
    assert answer.status_code == 200, answer.text
    wait_until(lambda: ask(team, "stake", set="incidents")["mesas"] == 0)
    assert f"mesa/{mesa}" not in ask(team, "badges", level="mesa")["rows"]


def test_an_incident_at_a_polling_place_puts_all_its_mesas_at_stake(team: Team) -> None:
    counted(team)
    team.verified(place={"polling_place": PLACE}, severity="critical")
    found = ask(team, "stake", set="incidents")
    assert (found["mesas"], found["registered"], found["at_most"]) == (10, 10 * ROLL, 10 * ROLL)
    votes = [(76 + n) - (84 - n) for n in range(9)] + [152]
    assert found["if_annulled"] == -sum(votes)
    assert set(found["margins"]) == {"district", "department", "nation"}
    assert found["margins"]["district"]["key"] == "district/140102"
    assert found["verdict"] == "safe_if_annulled"


def test_any_selection_of_mesas_can_be_weighed(team: Team) -> None:
    counted(team)
    mesas = team.country.mesas
    far = next(mesa for mesa in mesas if team.country.where[mesa].ubigeo == "240101")
    found = ask(team, "stake", set="mesas", mesas=f"{mesas[0]},{far},999999")
    assert (found["mesas"], found["unknown"]) == (2, ["999999"])
    assert found["margins"]["district"] is None
    assert found["margins"]["nation"]["is_safe"] is (found["margins"]["nation"]["margin"] > 2 * ROLL + 2 * 14)
    assert ask(team, "stake", set="mesas", mesas=f"{mesas[0]},{far}", within="department/24")["mesas"] == 1
    assert ask(team, "stake", set="flags")["mesas"] == 1
    assert ask(team, "stake", set="holds", mesas="", within="")["verdict"] == "none"
    assert ask(team, "stake")["sets"] == ["incidents", "holds", "observed", "flags"]
    refused = team.people["verifier"].get(f"{MISSION}/stake", params={"set": "mesas", "mesas": "12"})
    assert refused.status_code == 422


def test_held_and_observed_actas_are_at_stake_too(team: Team) -> None:
    counted(team)
    country = team.country
    country.tell([Fact(mesa_key(country.mesas[0]), country.acta(country.mesas[0], ActaState.AT_JEE))], minute(7))
    bad = country.acta(country.mesas[1], votes=(190, 190))
    country.tell([Fact(mesa_key(country.mesas[1]), bad)], minute(7))
    wait_until(lambda: ask(team, "stake", set="observed")["mesas"] == 1)
    wait_until(lambda: ask(team, "stake", set="holds")["mesas"] == 1)


def test_alerts_name_the_place_and_lead_to_the_lines_they_are_about(team: Team) -> None:
    counted(team)
    mesa = team.country.mesas[1]
    team.country.tell([Fact(mesa_key(mesa), team.country.acta(mesa, votes=(190, 190)))], minute(7))
    hold = wait_until(lambda: alert_of(team, "hold"))
    place = team.country.where[mesa].name
    assert hold["figures"]["areas"] == [{"key": mesa_key(mesa), "name": place}]
    assert hold["href"] == "/corrections?kind=hold"
    lines = team.public.get(f"/api/v1/elections/{ELECTION.id}{hold['href']}").json()["corrections"]
    assert [line["key"] for line in lines] == [mesa_key(mesa)]
    team.filed(place={"mesa": mesa}, severity="critical")
    assert wait_until(lambda: alert_of(team, "critical"))["figures"]["place"] == {"key": mesa_key(mesa), "name": None}


def alert_of(team: Team, kind: str) -> Any:
    """The newest alert of that kind, None until there is one."""
    return next((alert for alert in ask(team, "alerts")["alerts"] if alert["kind"] == kind), None)


def test_an_area_with_more_votes_at_stake_than_its_margin_is_close_and_troubled(team: Team) -> None:
    counted(team)
    team.verified(place={"polling_place": PLACE}, severity="serious")
    wait_until(lambda: ask(team, "troubled")["areas"] != [])
    areas = {area["key"]: area for area in ask(team, "troubled")["areas"]}
    assert areas["district/140102"]["at_most"] == 10 * ROLL > areas["district/140102"]["margin"]
    assert areas["district/140102"]["name"] == "ANCÓN"
    assert {area["level"] for area in ask(team, "troubled", level="district")["areas"]} == {"district"}


def test_a_report_that_all_went_well_is_no_incident_in_any_count(team: Team) -> None:
    counted(team)
    team.verified(place={"mesa": ODD}, severity="serious", category="positive_or_none")
    team.verified(place={"mesa": ALIKE[0]}, severity="serious", category="opening_delay")
    badge = ask(team, "badges", level="nation")["rows"]["nation"]
    assert badge["incidents"] == {"critical": 0, "serious": 1, "minor": 0, "info": 0}
    assert ask(team, "stake", set="incidents")["mesas"] == 1
    summary = ask(team, "summary")
    assert (summary["incidents"], summary["uneventful"], sum(cell["n"] for cell in summary["cells"])) == (1, 1, 1)


def test_close_and_troubled_are_the_areas_whose_leader_is_not_said_to_be_safe(team: Team) -> None:
    counted(team)
    mesas = team.country.mesas
    team.verified(place={"mesa": mesas[0]}, severity="serious")
    team.verified(place={"mesa": mesas[-1]}, severity="serious")
    troubled = {area["key"] for area in wait_until(lambda: ask(team, "troubled")["areas"])}
    for mesa in (mesas[0], mesas[-1]):
        margin = ask(team, "stake", set="mesas", mesas=mesa)["margins"]["district"]
        assert (margin["key"] in troubled) is not margin["is_safe"]
    nation = ask(team, "badges", level="nation")["rows"]["nation"]["stake"]
    assert nation["is_troubled"] is not ask(team, "stake", set="all")["margins"]["nation"]["is_safe"]


def test_an_audit_is_drawn_read_blind_by_two_and_told_with_its_p_value(team: Team) -> None:
    counted(team)
    answer = team.people["coordinator"].post(f"{MISSION}/acta-audits", json={"seed": SEED, "risk_limit": 0.05})
    assert answer.status_code == 201, answer.text
    audit = answer.json()
    assert (audit["seed"], audit["settled"], audit["p_value"], audit["outcome"]) == (SEED, 0, 1.0, "running")
    assert [one["id"] for one in ask(team, "acta-audits")["audits"]] == [audit["id"]]
    first = audit["draws"][0]["mesa"]
    assert audit["draws"][0] == {
        "n": 1, "mesa": first, "entries": 0, "missing": 2, "is_read_by_you": False,
        "reported": None, "read": None, "taint": None, "p": None,
    }  # fmt: skip
    votes = list(team.country.board.actas[mesa_key(first)].votes or ())
    reading = {"mesa": first, "votes": votes, "blank": 3, "null": 2, "challenged": 0}
    path = f"{MISSION}/acta-audits/{audit['id']}/entries"
    assert team.people["verifier"].post(path, json=reading).json() == {"mesa": first, "missing": 1}
    mine, theirs = (ask(team, f"acta-audits/{audit['id']}", who)["draws"][0] for who in ("verifier", "second"))
    assert (mine["is_read_by_you"], theirs["is_read_by_you"]) == (True, False)
    assert (mine["read"], theirs["read"], theirs["reported"]) == (None, None, None)
    assert team.people["verifier"].post(path, json=reading).status_code == 403
    assert team.people["second"].post(path, json=reading).json()["missing"] == 0
    assert team.people["coordinator"].post(path, json=reading).status_code == 409
    after = ask(team, f"acta-audits/{audit['id']}")
    assert after["settled"] >= 1
    assert after["draws"][0]["p"] < 1
    assert after["draws"][0]["reported"]["votes"] == votes
    assert after["discrepancies"] == 0


def test_a_disagreement_asks_for_a_third_reader_and_the_sheet_tells_only_what_is_settled(team: Team) -> None:
    counted(team)
    made = team.people["coordinator"].post(f"{MISSION}/acta-audits", json={"seed": SEED}).json()
    first, path = made["draws"][0]["mesa"], f"{MISSION}/acta-audits/{made['id']}"
    right = list(team.country.board.actas[mesa_key(first)].votes or ())
    rest = {"blank": 3, "null": 2, "challenged": 0}
    for who, votes in (("verifier", right), ("second", [right[0] - 1, right[1] + 1])):
        assert team.people[who].post(f"{path}/entries", json={"mesa": first, "votes": votes, **rest}).status_code == 201
    assert sheet_of(team, path)[0]["is_settled"] == "0"
    assert sheet_of(team, path)[0]["reported_list_1"] == ""
    third = team.people["coordinator"].post(f"{path}/entries", json={"mesa": first, "votes": right, **rest})
    assert third.json()["missing"] == 0
    line = sheet_of(team, path)[0]
    assert (line["is_settled"], line["entries"], line["read_list_1"]) == ("1", "3", str(right[0]))
    assert (line["seed"], line["mesa"]) == (SEED, first)


def sheet_of(team: Team, path: str) -> list[dict[str, str]]:
    answer = team.people["verifier"].get(f"{path}.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize(
    "body", [{"seed": "12"}, {"seed": SEED, "risk_limit": 0.9}, {"seed": SEED, "risk_limit": 2}, {"seed": SEED, "x": 1}]
)
def test_an_audit_that_cannot_be_drawn_is_refused(team: Team, body: dict[str, Any]) -> None:
    counted(team)
    assert team.people["coordinator"].post(f"{MISSION}/acta-audits", json=body).status_code == 422


def test_an_audit_of_a_part_of_the_count_never_confirms_the_leader_of_what_was_read(team: Team) -> None:
    """The source publishes the whole count for blue; of the actas we have read one place, and there red leads."""
    count_place(team.country, minute(5))
    country = team.country
    rest = [mesa for mesa in country.mesas if mesa not in (ODD, *ALIKE)]
    votes = (sum(76 + n for n in range(9)) + 156, sum(84 - n for n in range(9)) + 4 + 150 * len(rest))
    total = len(rest) + 10
    ours = country.board.state(NATION).computed.as_count(minute(6))
    actas = {"counted": total, "at_jee": 0, "pending": 0, "total": total}
    unstated = dict.fromkeys(("blank", "null", "challenged"))
    whole = structs.replace(ours, **actas, **unstated, cast=sum(votes), valid=sum(votes), votes=votes)
    country.tell([Fact(NATION, whole)], minute(6))
    told = wait_until(lambda: prospect_with(team, outcome=True))
    assert (told["refusal"], told["outcome"]["winners"]) == ("unread", [1])
    assert told["outcome"]["margin"] == votes[1] - votes[0]
    assert (told["outcome"]["actas"], told["outcome"]["unread"]) == (total, len(rest))
    assert told["outcome"]["unread_voters"] == ROLL * len(rest)
    refused = team.people["coordinator"].post(f"{MISSION}/acta-audits", json={"seed": SEED})
    assert (refused.status_code, "unread" in refused.json()["detail"]) == (422, True)
    assert ask(team, "acta-audits")["audits"] == []


def test_an_audit_says_no_more_of_a_winner_once_another_is_published(team: Team) -> None:
    counted(team)
    country = team.country
    made = team.people["coordinator"].post(f"{MISSION}/acta-audits", json={"seed": SEED}).json()
    assert (made["winners"], made["unread"], made["outcome"]) == ([0], 0, "running")
    country.count(country.mesas, minute(7), votes=(50, 70))
    country.publish([NATION], minute(7))
    wait_until(lambda: ask(team, f"acta-audits/{made['id']}")["outcome"] == "overtaken")
    assert prospect_with(team, outcome=True)["outcome"]["winners"] == [1]


def prospect_with(team: Team, *, outcome: bool) -> Any:
    """What an audit would confirm, once it is known whom."""
    found = ask(team, "acta-audits/prospect", "coordinator")
    return found if (found["outcome"] is not None) is outcome else None


def test_while_figures_of_the_count_are_in_review_stake_and_audit_say_nothing_of_a_winner(team: Team) -> None:
    counted(team)
    made = team.people["coordinator"].post(f"{MISSION}/acta-audits", json={"seed": SEED}).json()
    sound = team.country.board.published[NATION]
    country = team.country
    country.tell([Fact(NATION, structs.replace(sound, cast=sound.cast * 1000))], minute(8))
    chosen = {"set": "mesas", "mesas": country.mesas[0]}
    wait_until(lambda: ask(team, "stake", **chosen)["verdict"] == "in_review")
    margin = ask(team, "stake", **chosen)["margins"]["nation"]
    assert (margin["is_in_review"], margin["is_safe"], margin["is_safe_if_annulled"]) == (True, False, False)
    assert ask(team, f"acta-audits/{made['id']}")["outcome"] == "in_review"
    refused = team.people["coordinator"].post(f"{MISSION}/acta-audits", json={"seed": SEED})
    assert refused.status_code == 409
    country.tell([Fact(NATION, sound)], minute(9))
    wait_until(lambda: ask(team, "stake", **chosen)["verdict"] == "safe")
    assert ask(team, f"acta-audits/{made['id']}")["outcome"] == "running"


def test_who_may_not_read_flags_is_refused_and_who_does_not_sign_in_is_asked_to(team: Team) -> None:
    assert team.people["verifier"].get(f"{MISSION}/acta-audits/prospect").status_code == 403
    for path in ("flags", "badges?level=nation", "stake", "troubled", "acta-audits"):
        assert team.people["observer"].get(f"{MISSION}/{path}").status_code == 403
        assert httpx.get(f"{team.public.base_url}{MISSION}/{path}").status_code == 401
    assert team.people["verifier"].post(f"{MISSION}/acta-audits", json={"seed": SEED}).status_code == 403


def test_the_largest_roll_a_mesa_can_have_is_the_one_abroad() -> None:
    assert roll_bound(ELECTION) == 500


def test_the_earlier_paths_of_the_log_and_of_the_audits_send_on(team: Team) -> None:
    for path, now in (
        ("audits?x=1", "acta-audits?x=1"),
        ("audits/7", "acta-audits/7"),
        ("audits/7.csv", "acta-audits/7.csv"),
    ):
        answer = team.people["coordinator"].get(f"{MISSION}/{path}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, f"{MISSION}/{now}")
    answer = team.people["admin"].get(f"{MISSION}/audit?before=9", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"{MISSION}/activity?before=9")
