"""What a report is made of, where contests are not one a region: areas in common, and a contest of one district."""

from typing import Any

import msgspec
from msgspec.structs import replace

from api.standards.civics import write_civics
from api.standards.figures import ContestFigures, UnitFigures
from api.standards.nist import nist_json
from api.standards.reporting import Report
from api.standards.terms import vote_variation
from tally.election import Contest
from tally.outcome.rule import ContestRule, RuleKind
from tests.api.country import ELECTION, minute
from tests.api.standards.nist_schema import check_nist

FIGURES = {"counted": 3, "at_jee": 0, "total": 4, "cast": 20, "blank": 2, "votes": (9, 9)}


def reported(*contests: Contest) -> Any:
    """The report of those contests, all with the same figures."""
    told = (
        ContestFigures(contest=one, units=(UnitFigures(key=one.whole, registered=one.registered, **FIGURES),))
        for one in contests
    )
    report = Report(replace(ELECTION, contests=contests), tuple(told), minute(3))
    assert b"<ElectionReport" in write_civics(report)
    found = msgspec.json.decode(nist_json(report))
    check_nist(found)
    return found


def test_a_unit_of_two_contests_has_the_figures_of_neither_and_each_contest_its_own() -> None:
    mayor = ELECTION.contest()
    found = reported(mayor, replace(mayor, id="council"))
    (unit,) = found["GpUnit"]
    assert not unit.keys() & {"SubUnitsReported", "TotalSubUnits", "VotersRegistered", "CountStatus"}
    election = found["Election"][0]
    assert "BallotCounts" not in election
    assert [one["SubUnitsReported"] for one in election["Contest"]] == [3, 3]
    assert [len(one["OtherCounts"]) for one in election["Contest"]] == [1, 1]


def test_a_party_of_several_contests_stands_once_without_a_colour_that_differs() -> None:
    mayor = ELECTION.contest()
    other = replace(mayor, id="other", lists=(replace(mayor.lists[0], color="#ABCDEF"), mayor.lists[1]))
    assert [one.get("Color") for one in reported(mayor, other)["Party"]] == [None, "2166ac"]
    assert [one["Color"] for one in reported(other)["Party"]] == ["abcdef", "2166ac"]


def test_a_contest_of_one_district_hangs_below_the_country() -> None:
    found = reported(replace(ELECTION.contest(), scope="140102", registered=500))
    country, district = found["GpUnit"]
    assert country["ComposingGpUnitIds"] == [district["@id"]] == ["gp-district-140102"]
    assert (district["VotersRegistered"], district["SubUnitsReported"]) == (500, 3)
    # It is not named by the count yet, but by the tree of districts.
    assert district["Name"]["Text"][0]["Content"] == "Ancón"
    assert found["Election"][0]["Contest"][0]["ElectionDistrictId"] == district["@id"]


def test_an_election_is_a_runoff_where_all_its_contests_are() -> None:
    mayor = ELECTION.contest()
    runoff = replace(mayor, id="runoff", rule=ContestRule(RuleKind.FINAL_ROUND))
    kinds = [reported(*contests)["Election"][0]["Type"] for contests in ((mayor,), (runoff,), (mayor, runoff))]
    assert kinds == ["general", "runoff", "general"]


def test_more_than_half_is_a_majority_and_another_threshold_is_named() -> None:
    assert vote_variation(ContestRule(RuleKind.TWO_ROUND, "1/2", False)) == ("majority", None)
    assert vote_variation(ContestRule(RuleKind.TWO_ROUND, "1/2", True)) == ("other", "two-round-1-of-2")
    assert vote_variation(ContestRule(RuleKind.TWO_ROUND, "3/10", True)) == ("other", "two-round-3-of-10")


def test_a_moment_is_told_to_the_second() -> None:
    report = Report(ELECTION, (), "2030-01-06T22:03:00.123Z")
    assert report.generated_at == "2030-01-06T22:03:00Z"
