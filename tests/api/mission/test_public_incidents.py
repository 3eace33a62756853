"""The public layer over HTTP: previewed, published by a coordinator, the same for everybody, and without any secret."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mission.publication import Terms
from tally.storage.store import Store
from tests.api.conftest import BASE
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, report, team_of
from tests.mission.pictures import SECRET, with_secret
from tests.waiting import wait_until

PUBLIC = f"{BASE}/incidents"
OBSERVERS = 7
SECRETS = {
    "text": "El secreto está en el texto 4711",
    "lon": "-77.0412345",
    "lat": "-12.0598765",
    "note": "una nota secreta 4711",
    "reason": "un motivo secreto 4711",
    "exif": SECRET.decode(),
}


@pytest.fixture
def team(any_store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(any_store, tmp_path, observers=OBSERVERS) as team:
        yield team


def five_in(team: Team, key: str, first: int = 1, number: int = 5) -> None:
    team.station(*((f"observer{n}", key) for n in range(first, first + number)))


def read(team: Team) -> dict[str, Any]:
    answer = team.public.get(PUBLIC)
    assert answer.status_code == 200
    return dict(answer.json())


def test_nothing_is_public_before_somebody_publishes(team: Team) -> None:
    five_in(team, "district/140101")
    team.verified()
    nothing = {"as_of": None, "is_test": False, "delay_minutes": 0, "rows": {}, "incidents": []}
    assert read(team) == nothing


def test_what_was_previewed_is_what_is_published(team: Team) -> None:
    five_in(team, "place/1401011")
    incident, unverified = team.verified(), team.filed()
    preview = wait_for_preview(team, incident)
    assert preview["now"]["incidents"] == []
    assert [one["id"] for one in preview["entries"]] == [incident]
    assert unverified not in str(preview)
    answer = team.publish()
    assert answer.status_code == 201
    wait_until(lambda: read(team)["incidents"])
    public = read(team)
    assert public["incidents"] == preview["next"]["incidents"]
    assert public["incidents"] == [
        {"key": "district/140101", "category": "opening_delay", "severity": "serious", "at": "2030-01-06T13:30:00Z"}
    ]
    row = {"critical": 0, "serious": 1, "minor": 0, "info": 0}
    assert public["rows"] == {"department/14": row, "province/1401": row, "district/140101": row}


def test_a_preview_that_is_no_longer_true_is_not_published(team: Team) -> None:
    five_in(team, "district/140101")
    first = team.verified()
    preview = wait_for_preview(team, first)
    wait_for_preview(team, team.verified(category="voter_list"))
    body = {"digest": preview["digest"], "withhold": []}
    refused = team.people["coordinator"].post(f"{MISSION}/publications", json=body)
    assert refused.status_code == 409
    assert read(team)["incidents"] == []


def test_what_a_coordinator_withholds_stays_unsaid(team: Team) -> None:
    five_in(team, "district/140101")
    kept, withheld = team.verified(), team.verified(category="voter_list")
    wait_for_preview(team, kept)
    wait_for_preview(team, withheld)
    assert publish(team, withheld).status_code == 201
    wait_until(lambda: read(team)["incidents"])
    assert [one["category"] for one in read(team)["incidents"]] == ["opening_delay"]
    preview = team.people["coordinator"].get(f"{MISSION}/public-preview").json()
    assert preview["hidden"] == [{"id": withheld, "reason": "withheld"}]


def test_fewer_than_five_observers_are_named_as_a_larger_area_or_not_at_all(team: Team) -> None:
    five_in(team, "district/140101", number=3)
    five_in(team, "district/140201", first=4, number=2)
    near, far, nowhere = (
        team.verified(),
        team.verified(place={"district": "920101"}),
        team.verified(place=None),
    )
    preview = wait_for_preview(team, near)
    assert [(one["id"], one["key"]) for one in preview["entries"]] == [(near, "department/14")]
    reasons = {one["id"]: one["reason"] for one in preview["hidden"]}
    assert reasons == {far: "few_observers", nowhere: "not_at_a_station"}


def test_a_reopened_incident_is_public_no_more(team: Team) -> None:
    five_in(team, "district/140101")
    incident = team.verified()
    wait_for_preview(team, incident)
    publish(team)
    wait_until(lambda: read(team)["incidents"])
    team.move("coordinator", incident, "resolve", reason="pasó")
    assert read(team)["incidents"]
    team.move("coordinator", incident, "reopen")
    wait_until(lambda: not read(team)["incidents"])
    assert read(team)["rows"] == {}


def test_an_incident_waits_for_its_hour(any_store: Store, tmp_path: Path) -> None:
    with team_of(any_store, tmp_path, observers=5, terms=Terms(timedelta(minutes=60), timedelta(seconds=1))) as team:
        five_in(team, "district/140101")
        incident = team.verified()
        preview = team.people["coordinator"].get(f"{MISSION}/public-preview").json()
        assert preview["entries"] == []
        assert [one["id"] for one in preview["waiting"]] == [incident]
        assert publish(team).status_code == 201
        assert read(team)["incidents"] == []
        assert read(team)["delay_minutes"] == 60


def test_only_a_coordinator_previews_and_publishes(team: Team) -> None:
    for who in ("observer", "verifier"):
        assert team.people[who].get(f"{MISSION}/public-preview").status_code == 403
        body = {"digest": "0" * 64, "withhold": []}
        assert team.people[who].post(f"{MISSION}/publications", json=body).status_code == 403


def test_the_public_answer_is_cached_and_the_same_for_everybody(team: Team) -> None:
    five_in(team, "district/140101")
    wait_for_preview(team, team.verified())
    publish(team)
    wait_until(lambda: read(team)["incidents"])
    public = team.public.get(PUBLIC)
    assert public.headers["cache-control"].startswith("public")
    assert public.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in public.headers
    assert team.people["coordinator"].get(PUBLIC).content == public.content
    again = team.public.get(PUBLIC, headers={"If-None-Match": public.headers["etag"]})
    assert again.status_code == 304


def test_planted_secrets_are_in_no_public_answer(team: Team) -> None:
    five_in(team, "district/140101")
    position = {"lon": float(SECRETS["lon"]), "lat": float(SECRETS["lat"]), "accuracy": 3.0}
    incident = team.verified(text=SECRETS["text"], position=position, flag=SECRETS["text"])
    pictures = f"{MISSION}/incidents/{incident}/photos"
    photo = team.people["observer"].post(
        pictures, content=with_secret("JPEG", "exif"), headers={"Content-Type": "image/jpeg"}
    )
    assert photo.status_code == 201
    team.people["verifier"].post(f"{MISSION}/incidents/{incident}/notes", json={"text": SECRETS["note"]})
    wait_for_preview(team, incident)
    publish(team)
    team.move("coordinator", incident, "resolve", reason=SECRETS["reason"])
    wait_until(lambda: read(team)["incidents"])
    team.country.count(team.country.mesas[:8], "2030-01-06T23:00:00Z")
    everybody = {name: team.pseudonym(name) for name in team.people}
    planted = [*SECRETS.values(), *everybody.values(), incident, photo.json()["hash"], report()["text"]]
    answers = crawl(team)
    assert len(answers) > 20
    assert sum(answer.status_code == 200 for answer in answers.values()) > 15
    found = {
        (path, secret) for path, answer in answers.items() for secret in planted if secret.encode() in answer.content
    }
    assert found == set()


def crawl(team: Team) -> dict[str, Any]:
    """The answer of every GET that the API describes, asked by nobody in particular."""
    epoch = team.public.get(f"{BASE}/state").json()
    known = {
        "election_id": BASE.rpartition("/")[2],
        "key": "district/140101",
        "code": "1401011",
        "mesa": "000001",
        "seq": str(epoch["seq"]),
    }
    needed = {
        "level": "mesa",
        "q": "lima",
        "within": "district/140101",
        "epoch": epoch["epoch"],
        "from": "0",
        "topic": "nation",
    }
    answers = {}
    for path, methods in team.public.get("/openapi.json").json()["paths"].items():
        if "get" not in methods or path.endswith("/stream"):
            continue
        filled = re.sub(r"\{(\w+)(:path)?\}", lambda part: known.get(part.group(1), "x"), path)
        names = {one["name"] for one in methods["get"].get("parameters", []) if one["in"] == "query"}
        for params in ({}, {name: value for name, value in needed.items() if name in names}, {"format": "csv"}):
            answers[f"{filled} {params}"] = team.public.get(filled, params=params)
    return answers


def wait_for_preview(team: Team, incident: str) -> dict[str, Any]:
    """The preview once its step has come to that incident."""
    seen: dict[str, Any] = {}

    def look() -> bool:
        seen.update(team.people["coordinator"].get(f"{MISSION}/public-preview").json())
        return any(one["id"] == incident for one in seen["entries"])

    wait_until(look)
    return seen


def publish(team: Team, *withheld: str) -> Any:
    """Publish what the preview shows; a step may come in between."""
    answers: list[Any] = []

    def is_published() -> bool:
        answers.append(team.publish(withheld))
        return bool(answers[-1].status_code != 409)

    wait_until(is_published)
    return answers[-1]
