"""Reports in Google's Civics profile: its own validator finds nothing in them but what the source does not say."""

import csv
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree as xml

import httpx
import pytest

from geo.divisions import load_divisions
from tests.api.regions import GOVERNOR
from tests.api.standards.conftest import EMPTY, FIRST_ROUND, RUNOFF, TIED

REPORTS = {
    "runoff": f"{RUNOFF.id}/contests/president/civics.xml",
    "first_round": f"{FIRST_ROUND.id}/civics.xml",
    "governors": f"{GOVERNOR.id}/civics.xml",
    "nothing_counted": f"{GOVERNOR.id}/contests/{EMPTY}/civics.xml",
    "before": f"{GOVERNOR.id}/civics.xml?at=2030-01-01",
}
# Election files name no office, and an election that is counted has begun: the validator warns of both.
_EXPECTED = {"ContestHasMultipleOffices", "ElectionStartDates", "ElectionEndDatesInThePast"}
# One process for all: to start takes longer than to validate. It reads a schema once, so each file has its own run.
_PROGRAM = """
import sys
from civics_cdf_validator import validator
*options, files = sys.argv[1:]
for name in files.split():
    sys.argv = ["civics_cdf_validator", "validate", *options, name]
    validator.main()
"""
_FOUND = re.compile(r"^\s+\d+ (\w+) (Fatal|Error|Warning) messages?$", re.MULTILINE)
Validate = Callable[[Mapping[str, bytes]], dict[str, set[tuple[str, str]]]]


@pytest.fixture
def validate(tmp_path: Path) -> Validate:
    """The names and degrees of the rules that each document breaks; notes of the lowest degree are not looked at."""
    known = tmp_path / "ocd.csv"
    with known.open("w") as file:
        csv.writer(file).writerows([("id", "name"), *((one, "") for one in load_divisions().values())])
    schema = Path(__file__).with_name("civics.xsd")
    options = ["--xsd", schema, "--ocdid_file", known, "-c", "pe", "--required_languages", "es,en", "-v"]

    def validate(documents: Mapping[str, bytes]) -> dict[str, set[tuple[str, str]]]:
        for name, document in documents.items():
            (tmp_path / name).write_bytes(document)
        files = " ".join(str(tmp_path / name) for name in documents)
        asked = [sys.executable, "-c", _PROGRAM, *options, files]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        parts = told.split("--- Results after validating file: ")[1:]
        assert len(parts) == len(documents), told
        return {name: set(_FOUND.findall(part)) for name, part in zip(documents, parts, strict=True)}

    return validate


def read(client: httpx.Client, path: str) -> bytes:
    answer = client.get(f"/api/v1/elections/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml"), answer.text
    return answer.content


def get(client: httpx.Client, path: str) -> xml.Element:
    return xml.fromstring(read(client, path))  # noqa: S314 - our own


def counts(selection: xml.Element | None) -> dict[str, int]:
    """Votes by unit; none where there is no such selection."""
    found: Iterable[xml.Element] = () if selection is None else selection.iterfind("VoteCountsCollection/VoteCounts")
    return {one.findtext("GpUnitId", ""): int(one.findtext("Count", "")) for one in found}


def test_the_profiles_own_validator_passes_every_report(shared: httpx.Client, validate: Validate) -> None:
    found = validate({name: read(shared, path) for name, path in REPORTS.items()})
    wanted = {(name, "Warning") for name in _EXPECTED}
    assert {name: broken - wanted for name, broken in found.items()} == {name: set() for name in REPORTS}


def test_the_validator_finds_what_we_break(shared: httpx.Client, validate: Validate) -> None:
    whole = read(shared, REPORTS["runoff"])
    broken = {
        "root": whole.replace(b"<Value>ocd-division/country:pe<", b"<Value>ocd-division/country:pe/region:lim<"),
        "order": whole.replace(b"<Format>", b"<Status>certified</Status><Format>", 1),
        "word": whole.replace(b"unofficial-partial", b"partial"),
        "reference": whole.replace(b'objectId="party-fuerza_popular"', b'objectId="party-other"'),
    }
    found = {name: {rule for rule, degree in rules if degree != "Warning"} for name, rules in validate(broken).items()}
    assert found["root"] == {"GpUnitsHaveSingleRoot", "DuplicatedGpUnitOcdId"}
    assert all("Schema" in found[name] for name in ("order", "word"))
    assert "ValidIDREF" in found["reference"]


def test_units_are_those_that_open_civic_data_names_and_one_tree(shared: httpx.Client) -> None:
    report = get(shared, REPORTS["runoff"])
    found = {one.get("objectId"): one for one in report.iterfind("GpUnitCollection/GpUnit")}
    assert set(found) == {"gp-nation", "gp-scope-abroad", "gp-department-14", "gp-department-24"}
    assert found["gp-nation"].findtext("ComposingGpUnitIds", "").split() == [*found][1:]


def test_blank_and_null_votes_are_selections_beside_those_of_the_lists(shared: httpx.Client) -> None:
    contest = get(shared, REPORTS["first_round"]).find("Election/ContestCollection/Contest")
    assert contest is not None
    blank, null = contest.find("BlankBallotSelection"), contest.find("NullBallotSelection")
    assert (counts(blank), counts(null)) == (
        {"gp-nation": 40, "gp-department-14": 40},
        {"gp-nation": 50, "gp-department-14": 50},
    )
    assert [one.findtext("CountedInTotal") for one in contest.iter() if one in (blank, null)] == ["false", "false"]
    told = {
        (one.findtext("GpUnitId"), one.findtext("OtherType")): one.findtext("BallotsCast")
        or one.findtext("BallotsOutstanding")
        for one in contest.iterfind("SummaryCounts")
    }
    assert told["gp-department-14", "challenged-votes"] == "10"
    assert told["gp-scope-abroad", "actas-at-jee"] == "0"
    assert ("gp-scope-abroad", None) not in told


def test_what_the_source_does_not_tell_apart_is_not_told(shared: httpx.Client) -> None:
    contest = get(shared, f"{GOVERNOR.id}/contests/{TIED}/civics.xml").find("Election/ContestCollection/Contest")
    assert contest is not None
    assert contest.find("BlankBallotSelection") is None
    assert contest.find("NullBallotSelection") is None
    votes = [counts(one)["gp-department-07"] for one in contest.iterfind("BallotSelection")]
    assert sorted(votes)[-2:] == [500, 500]


def test_where_nothing_is_counted_no_votes_are_told(shared: httpx.Client) -> None:
    contest = get(shared, REPORTS["nothing_counted"]).find("Election/ContestCollection/Contest")
    assert contest is not None
    assert not list(contest.iter("VoteCounts"))
    assert [one.findtext("OtherType") for one in contest.iterfind("SummaryCounts")] == ["actas-at-jee"]


def test_candidates_are_people_and_a_withdrawn_list_without_one_is_a_party_alone(shared: httpx.Client) -> None:
    report = get(shared, REPORTS["first_round"])
    parties = {one.get("objectId", "").removeprefix("party-") for one in report.iterfind("PartyCollection/Party")}
    chosen = {
        one.findtext("CandidateIds", "").removeprefix("candidate-president-") for one in report.iter("BallotSelection")
    }
    gone = {entry.id for entry in FIRST_ROUND.contest().lists if entry.is_withdrawn}
    assert parties - chosen == gone
    assert len(list(report.iterfind("PersonCollection/Person"))) == len(chosen)
