"""Findings over HTTP: denominators for the house, and a statement and a CSV in which nobody is one of few."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.urban import PlaceAreas
from tally.election import slug
from tally.storage.store import Store
from tests.api.mission.answering import RESPONSES, answered
from tests.api.mission.desk import MISSION, Team, team_of

FINDINGS = f"{MISSION}/findings"
SCHOOL = ("1401011", "140101", slug("I.E. Nº 1 LIMA"))
IN_CALLAO = "000025"  # where observer7 said yes


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    """Six observers in two places of Lima, five in Callao, of whom two have answered."""
    with team_of(store, tmp_path, observers=11, areas=PlaceAreas(schools={SCHOOL: "urban"})) as team:
        team.station(*((f"observer{n}", f"place/140101{1 + n % 2}") for n in range(1, 7)))
        team.station(*((f"observer{n}", "place/2401011") for n in range(7, 12)))
        for n in range(1, 9):
            said = {"access": "yes"} if n % 2 else {"access": "no", "obstacle": ["police"]}
            answered(team, f"observer{n}", place={"mesa": f"{n if n < 7 else n + 18:06}"}, answers=said)
        yield team


def rows_of(team: Team, view: str) -> list[dict[str, Any]]:
    """Of the question whether the observer of an opening had access."""
    answer = team.people["verifier"].get(FINDINGS, params={"view": view})
    assert answer.status_code == 200, answer.text
    asked = [one for one in answer.json()["findings"] if (one["form"], one["question"]["id"]) == ("opening", "access")]
    return list(asked[0]["rows"])


def test_the_house_sees_every_region_and_setting_with_its_denominators(team: Team) -> None:
    rows = {(row["group"], row["region"], row["setting"]): row for row in rows_of(team, "house")}
    assert set(rows) == {
        ("all", None, None),
        ("region", "14", None),
        ("region", "24", None),
        ("setting", None, "urban"),
        ("setting", None, "not_told"),
    }
    callao = rows["region", "24", None]
    assert (callao["assigned"], callao["visited"], callao["observers"], callao["is_few"]) == (1, 1, 2, True)
    assert (rows["region", "14", None]["assigned"], rows["region", "14", None]["is_few"]) == (2, False)
    figures = rows["region", "14", None]["figures"]
    assert [(one["answer"], one["n"], one["share"]) for one in figures["answers"]] == [("yes", 3, 0.5), ("no", 3, 0.5)]


def test_the_forms_stand_as_the_day_has_them(team: Team) -> None:
    day = ["arrival", "opening", "voting", "closing", "counting", "transmission", "departure"]
    assert [*team.people["verifier"].get(FINDINGS, params={"view": "house"}).json()["forms"]] == day


def test_two_who_differ_are_undecided_and_a_doubtful_answer_is_counted_apart(team: Team) -> None:
    before = rows_of(team, "house")[0]["figures"]
    assert (before["conflicting"], before["doubtful"]) == (0, 0)
    answered(team, "observer9", place={"mesa": IN_CALLAO}, answers={"access": "no", "obstacle": ["police"]})
    response = answered(team, "observer10", place={"mesa": "000030"}, answers={"access": "yes"})
    doubt = {"state": "doubtful", "reason": "No estuvo ahí.", "seen": 0}
    assert team.people["verifier"].post(f"{RESPONSES}/{response}/verify", json=doubt).is_success
    after = rows_of(team, "house")[0]["figures"]
    assert (after["conflicting"], after["doubtful"], after["base"]) == (1, 1, before["base"] - 1)


def test_the_statement_and_its_csv_tell_few_only_together_with_others(team: Team) -> None:
    rows = rows_of(team, "statement")
    assert [row["group"] for row in rows] == ["all", "other_regions", "other_settings"]
    assert all(row["observers"] >= 5 for row in rows if row["figures"] is not None)
    answer = team.people["coordinator"].get(f"{FINDINGS}.csv")
    lines = [
        line
        for line in csv.DictReader(io.StringIO(answer.text))
        if (line["form"], line["question"]) == ("opening", "access")
    ]
    assert {line["region"] for line in lines} == {""}
    told = {(line["group"], line["answer"]): int(line["n"]) for line in lines if line["group"] == "all"}
    assert told == {("all", one["answer"]): one["n"] for one in rows[0]["figures"]["answers"]}


def test_a_verifier_takes_no_file_out_and_an_observer_sees_nothing(team: Team) -> None:
    assert team.people["verifier"].get(f"{FINDINGS}.csv").status_code == 403
    assert team.people["observer"].get(FINDINGS).status_code == 403
