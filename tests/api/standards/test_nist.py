"""Reports of NIST SP 1500-100: they fit the standard, hold the count's own figures, and nothing that is not known."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tally.election import Election
from tests.api.conftest import BASE
from tests.api.country import NAMES, Country, minute
from tests.api.regions import GOVERNOR
from tests.api.standards.conftest import (
    ANNULLED,
    AT_JEE,
    EMPTY,
    FIRST_ROUND,
    INVALID,
    RUNOFF,
    TIED,
    UNREAD,
)
from tests.api.standards.nist_schema import check_nist

LEVELS = ("nation", "scope", "department", "province", "district")
MESAS = "?level=mesa&within=district/140102"
REPORTS = [
    *(f"{RUNOFF.id}/contests/president/nist.json?level={level}" for level in LEVELS),
    f"{RUNOFF.id}/nist.json",
    f"{RUNOFF.id}/nist.json{MESAS}",
    f"{RUNOFF.id}/nist.json?level=polling_place&within=district/140101",
    f"{RUNOFF.id}/nist.json?level=district&within=department/14",
    f"{RUNOFF.id}/nist.json?at=2030-01-06T22:02:30Z",
    f"{RUNOFF.id}/nist.json?at=2030-01-01",
    f"{FIRST_ROUND.id}/nist.json",
    f"{GOVERNOR.id}/nist.json",
    f"{GOVERNOR.id}/nist.json?at=2030-01-06T22:00:30Z",
    f"{GOVERNOR.id}/nist.json?at=2030-01-01",
    *(f"{GOVERNOR.id}/contests/{name}/nist.json?level=district" for name in (TIED, EMPTY, INVALID)),
]


def get(client: httpx.Client, path: str) -> Any:
    answer = client.get(f"/api/v1/elections/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def contests(report: Any) -> dict[str, Any]:
    return {one["@id"].removeprefix("contest-"): one for one in report["Election"][0]["Contest"]}


def votes(contest: Any) -> dict[str, dict[str, int]]:
    """Votes of each list by unit."""
    return {
        one["@id"].rpartition("-")[2]: {count["GpUnitId"]: count["Count"] for count in one.get("VoteCounts", ())}
        for one in contest["ContestSelection"]
    }


def ballots(report: Any, unit: str) -> dict[str, int]:
    """What is counted in a unit beside the votes of the lists."""
    own = [one for one in report["Election"][0].get("BallotCounts", ()) if one["GpUnitId"] == unit]
    return {one.get("OtherType", one["Type"]): one.get("BallotsCast", one.get("BallotsOutstanding")) for one in own}


def units(report: Any) -> dict[str, Any]:
    return {one["@id"]: one for one in report["GpUnit"]}


@pytest.mark.parametrize("path", REPORTS)
def test_a_report_fits_the_standard(shared: httpx.Client, path: str) -> None:
    check_nist(get(shared, path))


@pytest.mark.parametrize(("election", "level"), [(RUNOFF, level) for level in LEVELS] + [(FIRST_ROUND, "department")])
def test_votes_and_actas_are_those_of_the_table_of_results(
    shared: httpx.Client, election: Election, level: str
) -> None:
    report = get(shared, f"{election.id}/nist.json?level={level}")
    found, told = votes(contests(report)["president"]), units(report)
    rows = [
        row for row in get(shared, f"{election.id}/results?level={level}")["rows"] if row["key"] != "scope/domestic"
    ]
    assert rows
    for row in rows:
        unit, count = f"gp-{row['key'].replace('/', '-')}", row["published"]
        running = [place for place, entry in enumerate(election.contest().lists) if not entry.is_withdrawn]
        for place in running:
            assert found[election.contest().lists[place].id].get(unit) == (
                count["votes"][place] if count["counted"] else None
            )
        assert (told[unit]["SubUnitsReported"], told[unit]["TotalSubUnits"]) == (count["counted"], count["total"])


def test_blank_null_and_challenged_votes_and_actas_at_the_juries_are_told_apart(shared: httpx.Client) -> None:
    report = get(shared, f"{FIRST_ROUND.id}/nist.json")
    told = ballots(report, "gp-department-14")
    cast = sum(100 for entry in FIRST_ROUND.contest().lists if not entry.is_withdrawn) + 100
    assert told == {"total": cast, "null-votes": 50, "challenged-votes": 10, "actas-at-jee": 3}
    other = contests(report)["president"]["OtherCounts"]
    assert {one["GpUnitId"]: one["Undervotes"] for one in other} == {"gp-nation": 40, "gp-department-14": 40}
    assert [one.get("OtherType") for one in units(report)["gp-department-14"]["CountStatus"]] == [None, "actas-at-jee"]


def test_where_nothing_is_counted_no_votes_are_told(shared: httpx.Client) -> None:
    report = get(shared, f"{GOVERNOR.id}/nist.json")
    contest, unit = contests(report)[EMPTY], units(report)["gp-department-05"]
    assert not any(votes(contest).values())
    assert "OtherCounts" not in contest
    assert ballots(report, unit["@id"]) == {"actas-at-jee": 40}
    assert (contest["SubUnitsReported"], contest["TotalSubUnits"]) == (0, 100)
    assert unit["CountStatus"][0]["Status"] == "not-processed"


def test_where_no_vote_is_valid_no_votes_is_a_number(shared: httpx.Client) -> None:
    report = get(shared, f"{GOVERNOR.id}/nist.json")
    assert {count for one in votes(contests(report)[INVALID]).values() for count in one.values()} == {0}
    assert ballots(report, "gp-department-02") == {"total": 30, "actas-at-jee": 0}


def test_a_contest_that_is_not_read_has_its_lists_and_no_figures(shared: httpx.Client) -> None:
    report = get(shared, f"{GOVERNOR.id}/nist.json")
    contest = contests(report)[UNREAD]
    assert len(contest["ContestSelection"]) == len(GOVERNOR.contest(UNREAD).lists)
    assert not any(votes(contest).values())
    assert "TotalSubUnits" not in contest
    assert [one["Status"] for one in contest["CountStatus"]] == ["unknown"]


def test_a_withdrawn_list_has_neither_candidate_nor_votes(shared: httpx.Client) -> None:
    report = get(shared, f"{FIRST_ROUND.id}/nist.json")
    gone = {entry.id for entry in FIRST_ROUND.contest().lists if entry.is_withdrawn}
    assert gone
    selections = {one["@id"].rpartition("-")[2]: one for one in contests(report)["president"]["ContestSelection"]}
    for name in gone:
        assert not selections[name].keys() & {"CandidateIds", "VoteCounts"}
        assert selections[name]["EndorsementPartyIds"] == [f"party-{name}"]
    assert not any(one["@id"].endswith(tuple(gone)) for one in report["Election"][0]["Candidate"])


def test_nobody_is_called_a_winner_while_the_jury_proclaims_nobody(shared: httpx.Client) -> None:
    for path in (f"{GOVERNOR.id}/nist.json", f"{FIRST_ROUND.id}/nist.json", f"{RUNOFF.id}/nist.json"):
        report = get(shared, path)
        assert not any("PostElectionStatus" in one for one in report["Election"][0]["Candidate"])
        assert report["Status"] == "unofficial-partial"
    tied = votes(contests(get(shared, f"{GOVERNOR.id}/nist.json"))[TIED])
    assert sorted(count for one in tied.values() for count in one.values())[-2:] == [500, 500]


def test_mesas_of_one_district_are_told_without_what_no_total_holds(shared: httpx.Client) -> None:
    report = get(shared, f"{RUNOFF.id}/nist.json{MESAS}")
    told, found = units(report), votes(contests(report)["president"])
    at_jee, annulled = told[f"gp-mesa-{AT_JEE}"], told[f"gp-mesa-{ANNULLED}"]
    assert (report["Format"], at_jee["Type"], at_jee["Number"]) == ("precinct-level", "precinct", AT_JEE)
    assert all(at_jee["@id"] not in one for one in found.values())
    assert ballots(report, at_jee["@id"]) == {"actas-at-jee": 1}
    assert ballots(report, annulled["@id"])["null-votes"] == 180
    assert [key for key in told if "district" in key] == ["gp-district-140102"]
    mesas = {key for key in told if "mesa" in key}
    assert {one for key in told for one in told[key].get("ComposingGpUnitIds", ()) if "mesa" in one} == mesas


def test_units_have_the_codes_of_onpe_and_of_inei_and_those_of_open_civic_data(shared: httpx.Client) -> None:
    told = units(get(shared, f"{RUNOFF.id}/nist.json?level=district"))
    codes = {
        key: {one.get("OtherType", one["Type"]): one["Value"] for one in unit.get("ExternalIdentifier", ())}
        for key, unit in told.items()
    }
    assert codes["gp-department-14"] == {
        "ocd-id": "ocd-division/country:pe/region:lim", "ubigeo-onpe": "140000", "ubigeo-inei": "150000"
    }  # fmt: skip
    assert codes["gp-district-140101"] == {"ubigeo-onpe": "140101", "ubigeo-inei": "150101"}
    assert codes["gp-district-920101"] == {"ubigeo-onpe": "920101"}
    assert told["gp-nation"]["ComposingGpUnitIds"] == ["gp-scope-abroad", "gp-department-14", "gp-department-24"]


def test_a_rehearsal_says_so(shared: httpx.Client) -> None:
    assert {get(shared, f"{one.id}/nist.json")["IsTest"] for one in (FIRST_ROUND, GOVERNOR)} == {False}
    report = get(shared, f"{RUNOFF.id}/nist.json?at=2030-01-01")
    assert (report["IsTest"], report["TestType"]) == (True, "rehearsal")


@pytest.mark.parametrize(
    "path",
    [
        f"{RUNOFF.id}/nist.json?level=mesa",
        f"{RUNOFF.id}/nist.json?level=polling_place&within=province/1401",
        f"{RUNOFF.id}/nist.json?within=mesa/000001",
        f"{RUNOFF.id}/nist.json?at=2100-01-01",
        f"{GOVERNOR.id}/nist.json?level=district",
        f"{GOVERNOR.id}/nist.json?at=2100-01-01",
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(shared: httpx.Client, path: str) -> None:
    answer = shared.get(f"/api/v1/elections/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("name", ["nist.json", "civics.xml"])
@pytest.mark.parametrize("of", [f"{RUNOFF.id}/contests/president", GOVERNOR.id])
def test_who_has_a_version_is_not_sent_it_again(shared: httpx.Client, of: str, name: str) -> None:
    path = f"/api/v1/elections/{of}/{name}"
    first = shared.get(path)
    assert "max-age=2" in first.headers["cache-control"]
    again = shared.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    then = shared.get(f"{path}?at=2030-01-06T22:00:30Z")
    assert (then.status_code, then.headers["etag"] == first.headers["etag"]) == (200, False)


@pytest.mark.parametrize("path", ["nist.json?", "nist.json?level=district&", "civics.xml?"])
def test_a_moment_is_told_as_it_stood(
    client: httpx.Client, country: Country, caught_up: Callable[[], None], path: str
) -> None:
    country.count(country.mesas[:4], minute(1))
    country.publish(NAMES, minute(2))
    caught_up()
    first = client.get(f"{BASE}/{path}")
    country.count(country.mesas[4:9], minute(6))
    country.publish(NAMES, minute(7))
    caught_up()
    then = client.get(f"{BASE}/{path}at={minute(5)}")
    assert (then.content, then.headers["etag"]) == (first.content, first.headers["etag"])
    assert "max-age=86400" in then.headers["cache-control"]
