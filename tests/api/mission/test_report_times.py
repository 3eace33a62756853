"""When something happened, as a report says it: with its zone, asked back in doubt, and how far its clock is off."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mission.thresholds import THRESHOLDS
from tally import moments
from tests.api.mission import desk
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import INTAKE, Team, report


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with desk.lasting_team(tmp_path_factory.mktemp("times")) as team:
        yield team


def after(**later: float) -> str:
    return moments.write((moments.utc_now() + timedelta(**later)).replace(microsecond=0))


def send(team: Team, key: str, *, device_time: str | None = None, **changed: Any) -> httpx.Response:
    """A report of now that confirms nothing."""
    now = {"occurred_at": after(minutes=-5), "device_at": after(), "is_time_confirmed": False}
    headers = {"Idempotency-Key": key} | ({} if device_time is None else {"Device-Time": device_time})
    return team.people["observer"].post(INTAKE, json={**report(), **now, **changed}, headers=headers)


@pytest.mark.parametrize("name", ["occurred_at", "device_at"])
@pytest.mark.parametrize("moment", ["2026-06-07T08:05:00", "2026-06-07", "20260607T080500"])
def test_a_time_without_a_zone_is_refused(team: Team, name: str, moment: str) -> None:
    answer = team.file(key=f"{name} {moment}".replace(" ", "-"), **{name: moment})
    assert answer.status_code == 422
    assert f"{name}: '{moment}' has no zone" in answer.json()["detail"]


def test_a_time_in_any_zone_is_the_same_moment(team: Team) -> None:
    incident = team.filed(occurred_at="2030-01-06T08:20:00-05:00")
    assert team.see("observer", incident)["occurred_at"] == "2030-01-06T13:20:00Z"


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ({"minutes": THRESHOLDS.reports.future_minutes + 1}, "lies after our clock"),
        ({"days": -366}, "lies in another year"),
    ],
)
def test_a_time_to_come_or_of_another_year_is_asked_back_about_and_taken_once_it_is_confirmed(
    team: Team, later: dict[str, float], words: str
) -> None:
    key, doubted = f"asked-{words.replace(' ', '-')}", after(**later)
    asked = send(team, key, occurred_at=doubted)
    assert asked.status_code == 422
    assert asked.json()["detail"].startswith("is_time_confirmed: ")
    assert words in asked.json()["detail"]
    written = after()
    taken = send(team, key, occurred_at=doubted, device_at=written, is_time_confirmed=True)
    assert taken.status_code == 201
    # What was confirmed is the same report, however it is sent again.
    again = send(team, key, occurred_at=doubted, device_at=written)
    assert (again.status_code, again.json()) == (200, taken.json())
    assert team.see("observer", taken.json()["id"])["occurred_at"] == doubted


def test_a_time_a_little_ahead_of_our_clock_is_taken(team: Team) -> None:
    assert send(team, "soon", occurred_at=after(minutes=THRESHOLDS.reports.future_minutes - 1)).status_code == 201


def test_how_far_a_devices_clock_is_from_ours_stands_in_the_incident_and_in_the_sheet(team: Team) -> None:
    sent = send(team, "off", device_time=after(hours=-3)).json()["id"]
    [line] = [
        one for one in team.people["verifier"].get(f"{MISSION}/incidents").json()["incidents"] if one["id"] == sent
    ]
    assert line["is_clock_off"] is True
    assert line["clock_ahead_s"] == pytest.approx(-3 * 3600, abs=30)
    assert team.see("observer", sent)["clock_ahead_s"] == line["clock_ahead_s"]
    header, *rows = team.people["verifier"].get(f"{MISSION}/incidents.csv").text.splitlines()
    [row] = [row for row in rows if row.startswith(sent)]
    assert row.split(",")[header.split(",").index("clock_ahead_s")] == str(line["clock_ahead_s"])
    silent = send(team, "silent").json()["id"]
    seen = team.see("observer", silent)
    assert (seen["clock_ahead_s"], seen["is_clock_off"]) == (None, False)


def test_a_clock_that_tells_no_moment_is_refused(team: Team) -> None:
    answer = send(team, "no-clock", device_time="half past eight")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Device-Time")
