"""What one device may send, and what is done about one that sends what it should not; over HTTP."""

import csv
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec import structs

from mission.incidents import incident_log, quotas
from mission.incidents.incident_log import IncidentLog
from mission.incidents.photos import Picture
from mission.incidents.redrawing import Redrawing
from tally.storage.store import Store
from tests.api.conftest import BASE
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.mission.pictures import draw, encode
from tests.waiting import PATIENCE_S, wait_until

PUBLIC = f"{BASE}/incidents"


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(store, tmp_path, observers=5) as team:
        yield team


def allow(monkeypatch: pytest.MonkeyPatch, whose: str, **most: int) -> None:
    """Another quota of "device" or "mission"."""
    quota = structs.replace(getattr(quotas.LIMITS, whose), **most)
    monkeypatch.setattr(quotas, "LIMITS", structs.replace(quotas.LIMITS, **{whose: quota}))


def add_picture(team: Team, incident: str, side: int, who: str = "observer") -> tuple[int, bool]:
    """Status of a picture that is sent, and whether the answer says when to come again; no side: a broken one."""
    path, headers = f"{MISSION}/incidents/{incident}/photos", {"Content-Type": "image/png"}
    body = encode(draw((side, side)), "PNG") if side else b"\x89PNG\r\n\x1a\n broken"
    answer = team.people[who].post(path, content=body, headers=headers)
    return answer.status_code, "retry-after" in answer.headers


def test_a_device_that_sent_all_it_may_is_told_when_to_come_again_and_nobody_else_is(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "device", reports=3)
    sent = [team.file(key=f"key-{n}") for n in range(4)]
    assert [answer.status_code for answer in sent] == [201, 201, 201, 429]
    assert 0 < int(sent[-1].headers["retry-after"]) <= 60 * 60
    assert team.file(key="key-0").status_code == 200  # a retry of what was taken is no other report
    assert team.file("observer1").status_code == 201
    note = {"text": "más"}
    assert (
        team.people["observer"].post(f"{MISSION}/incidents/{sent[0].json()['id']}/notes", json=note).status_code == 429
    )
    for _ in range(4):
        assert team.file("verifier").status_code == 201
    allow(monkeypatch, "device", reports=4)
    assert team.file(key="key-3").status_code == 201  # kept by the phone meanwhile, and sent again


def test_all_devices_together_have_a_quota_and_the_team_has_none(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, "mission", reports=3)
    for who in ("observer1", "observer2", "observer3"):
        assert team.file(who).status_code == 201
    assert team.file("observer4").status_code == 429
    assert team.file("verifier").status_code == 201


@pytest.mark.parametrize("most", [{"pictures": 1}, {"picture_mb": 0}], ids=["number", "megabytes"])
def test_pictures_have_a_quota_of_their_own_and_are_not_drawn_beyond_it(
    team: Team, monkeypatch: pytest.MonkeyPatch, most: dict[str, int]
) -> None:
    incident = team.filed()
    assert add_picture(team, incident, 20) == (201, False)
    allow(monkeypatch, "device", **most)
    monkeypatch.setattr("mission.incidents.redrawing.Redrawing.redraw", None)
    assert add_picture(team, incident, 21) == (429, True)
    assert team.file().status_code == 201


def kept(folder: Path) -> int:
    """How many files of pictures there are."""
    return sum(path.is_file() for path in (folder / "photos").rglob("*"))


def test_what_can_be_refused_unseen_is_neither_drawn_nor_kept(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_log, "_LIMITS", structs.replace(incident_log._LIMITS, most_photos=1))
    full, other = team.filed(), team.filed()
    assert add_picture(team, full, 20) == (201, False)
    assert add_picture(team, full, 20) == (200, False)  # a phone that heard no answer
    before = kept(tmp_path)
    with monkeypatch.context() as blind:
        blind.setattr("mission.incidents.redrawing.Redrawing.redraw", None)
        assert add_picture(team, full, 21) == (409, False)
        stop = {"reason": "prueba"}
        assert team.people["admin"].post(f"{MISSION}/intake-stop", json=stop).status_code == 200
        assert add_picture(team, other, 22)[0] == 503
    assert kept(tmp_path) == before == 1


def test_a_picture_that_is_refused_after_it_was_drawn_leaves_no_file(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = team.filed()
    allow(monkeypatch, "device", pictures=1)
    assert add_picture(team, incident, 20) == (201, False)
    monkeypatch.setattr(IncidentLog, "check_photo", lambda *_: None)  # another replica took one meanwhile
    assert add_picture(team, incident, 21) == (429, True)
    assert kept(tmp_path) == 1


@pytest.mark.parametrize("kind", ["repeated", "broken", "of another report"])
def test_what_is_drawn_in_vain_counts_like_what_is_kept(team: Team, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    incident, other = team.filed(), team.filed()
    assert add_picture(team, incident, 20) == (201, False)
    allow(monkeypatch, "device", pictures=3)
    side, target, status = {"repeated": (20, incident, 200), "broken": (0, incident, 422)}.get(kind, (20, other, 409))
    answers = [add_picture(team, target, side) for _ in range(3)]
    assert answers == [(status, False)] * 2 + [(429, True)]
    assert add_picture(team, team.filed("observer1"), 23, "observer1") == (201, False)


def test_a_device_has_one_picture_drawn_at_a_time_and_others_wait_for_none_of_its(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = team.filed(), team.filed("observer1")
    begun, go, draw_it = threading.Event(), threading.Event(), Redrawing.redraw

    def redraw(drawing: Redrawing, sent: bytes) -> Picture:
        if not begun.is_set():
            begun.set()
            assert go.wait(PATIENCE_S)
        return draw_it(drawing, sent)

    monkeypatch.setattr(Redrawing, "redraw", redraw)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(add_picture, team, mine, 30)
        assert begun.wait(PATIENCE_S)
        assert add_picture(team, mine, 31) == (429, True)
        assert add_picture(team, others, 32, "observer1") == (201, False)
        go.set()
        assert first.result() == (201, False)
    assert add_picture(team, mine, 31) == (201, False)


def test_one_press_takes_a_devices_reports_from_the_public_and_another_gives_them_back(team: Team) -> None:
    team.station(*((f"observer{n}", "district/140101") for n in range(1, 6)))
    mine, others = team.verified(), team.verified(who="observer1", category="voter_list")
    coordinator, observer = team.people["coordinator"], team.pseudonym("observer")
    path = f"{MISSION}/observers/{observer}/quarantine"
    wait_until(lambda: len(coordinator.get(f"{MISSION}/public-preview").json()["entries"]) == 2)
    assert team.publish().status_code == 201
    wait_until(lambda: categories(team) == ["opening_delay", "voter_list"])

    assert coordinator.post(path).json() == {"observer": observer, "is_quarantined": True, "reports": 1}
    wait_until(lambda: categories(team) == ["voter_list"])
    later = team.filed(category="voter_list", severity="critical")
    assert [team.see("verifier", one)["is_set_aside"] for one in (mine, later, others)] == [True, True, False]
    assert team.see("observer", mine)["is_set_aside"] is False  # whoever has the token is not told
    preview = coordinator.get(f"{MISSION}/public-preview").json()
    assert {"id": mine, "reason": "set_aside"} in preview["hidden"]
    summary = team.people["verifier"].get(f"{MISSION}/summary").json()
    assert (summary["incidents"], summary["reporters"]) == (1, 1)
    lines = csv.DictReader(io.StringIO(team.people["verifier"].get(f"{MISSION}/incidents.csv").text))
    assert {line["id"] for line in lines if line["is_set_aside"] == "true"} == {mine, later}
    assert all(later not in (alert["href"] or "") for alert in alerts(team))

    assert coordinator.delete(path).json()["is_quarantined"] is False
    wait_until(lambda: categories(team) == ["opening_delay", "voter_list"])
    log = team.people["admin"].get(f"{MISSION}/activity").json()["deeds"]
    done = [(line["actor"], line["deed"]) for line in log if line["subject"] == f"observer/{observer}"]
    who = team.pseudonym("coordinator")
    assert done == [(who, "mission restore"), (who, "mission quarantine")]


def test_what_somebody_else_reported_too_stands(team: Team) -> None:
    mine, others = team.filed(), team.filed("observer1")
    assert team.move("verifier", others, "take").status_code == 200
    coordinator = team.people["coordinator"]
    assert team.decide("coordinator", others, "merge", into=mine, reason="lo mismo").status_code == 200
    coordinator.post(f"{MISSION}/observers/{team.pseudonym('observer')}/quarantine")
    assert team.see("verifier", mine)["is_set_aside"] is False
    coordinator.post(f"{MISSION}/observers/{team.pseudonym('observer1')}/quarantine")
    assert team.see("verifier", mine)["is_set_aside"] is True


def test_nobody_is_set_aside_who_is_not_there_and_twice_is_as_good_as_once(team: Team) -> None:
    coordinator, path = team.people["coordinator"], f"{MISSION}/observers/{team.pseudonym('observer')}/quarantine"
    assert coordinator.post(f"{MISSION}/observers/nadie-000/quarantine").status_code == 404
    for _ in range(2):
        assert coordinator.post(path).status_code == 200
    log = team.people["admin"].get(f"{MISSION}/activity").json()["deeds"]
    assert [line["deed"] for line in log].count("mission quarantine") == 1


def categories(team: Team) -> list[str]:
    """What the public reads."""
    return sorted(one["category"] for one in team.public.get(PUBLIC).json()["incidents"])


def alerts(team: Team) -> list[dict[str, str | None]]:
    """What the team was alerted of."""
    return list(team.people["verifier"].get(f"{MISSION}/alerts").json()["alerts"])
