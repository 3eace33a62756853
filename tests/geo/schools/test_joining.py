"""A register joined to places: by code, by name, and rather not at all."""

from pathlib import Path

import pytest

from geo.boundaries import Geometry
from geo.places import Point, locate
from geo.schools.joining import Joined, Match, join
from geo.schools.positions import PLACES_LEFT, POSITIONS, SCHOOLS_LEFT, read_positions, write_joined
from geo.schools.register import School
from geo.schools.rules import load_rules
from geo.schools.within import Fence
from tally.errors import InvalidInput
from tally.model import PollingPlace

CHACHAPOYAS = "010101"
HERE = (-77.87, -6.23)
THERE = (-77.86, -6.22)


def place(code: str, name: str) -> PollingPlace:
    return PollingPlace(code=code, name=name, ubigeo=CHACHAPOYAS)


def school(row: int, name: str, point: Point | None = HERE, place_code: str | None = None) -> School:
    return School(row, place_code, None, name, "", CHACHAPOYAS, "", point)


@pytest.fixture(scope="module")
def fence(schematic_set: Geometry) -> Fence:
    return Fence(schematic_set, load_rules().place)


def told(joined: Joined) -> list[tuple[str, tuple[str, ...]]]:
    return [(match.confidence, match.doubts) for match in joined.matches]


def test_the_code_of_the_polling_place_decides_where_the_name_confirms_it(fence: Fence) -> None:
    schools = [school(2, "Otro nombre", place_code="1"), school(3, "18006"), school(4, "18007", THERE, place_code="2")]
    joined = join([place("1", "IE 18006"), place("2", "IE 18007 SANTA ROSA")], schools, fence, load_rules())
    assert told(joined) == [("check", ("code",)), ("exact", ())]
    assert [match.school.row for match in joined.matches if match.school] == [2, 4]


def test_homonyms_of_one_district_are_for_somebody_to_tell_apart(fence: Fence) -> None:
    schools = [school(2, "San José"), school(3, "I.E. San José", THERE)]
    assert told(join([place("1", "IE SAN JOSE")], schools, fence, load_rules())) == [("check", ("several",))]


def test_services_of_one_school_listed_apart_are_one_school(fence: Fence) -> None:
    schools = [school(2, "18006"), school(3, "I.E. 18006", (HERE[0] + 0.0005, HERE[1]))]
    assert told(join([place("1", "IE 18006")], schools, fence, load_rules())) == [("exact", ())]


def test_no_school_is_two_places(fence: Fence) -> None:
    places = [place("1", "IE 18006"), place("2", "IE 18006 SANTA ROSA")]
    assert told(join(places, [school(2, "18006")], fence, load_rules())) == [("check", ("shared",))] * 2


@pytest.mark.parametrize(("point", "reason"), [(None, "no_point"), ((-77.03, -12.05), "outside")])
def test_a_school_without_a_point_in_its_district_places_nothing(fence: Fence, point: Point, reason: str) -> None:
    joined = join([place("1", "IE 18006")], [school(2, "18006", point)], fence, load_rules())
    assert told(joined) == [("none", (reason,))]
    assert [one.row for one in joined.unused] == [2]


def test_what_is_exact_is_served_so_and_both_lists_say_what_did_not_match(
    fence: Fence, schematic_set: Geometry, tmp_path: Path
) -> None:
    point = schematic_set.points[f"district/{CHACHAPOYAS}"]
    places = [place("1", "IE 18006"), place("2", "IE SAN JOSE"), place("3", "IE MIGUEL RUBIO")]
    schools = [school(2, "18006", point), school(3, "I.E.P. San José"), school(4, "99999")]
    write_joined(join(places, schools, fence, load_rules()), tmp_path)
    assert [line.split(",")[0] for line in (tmp_path / PLACES_LEFT).read_text("utf-8").splitlines()] == ["place", "3"]
    assert "99999" in (tmp_path / SCHOOLS_LEFT).read_text("utf-8")
    found = locate(places, schematic_set, schools=read_positions(tmp_path))
    assert [at.precision for at in found.values() if at] == ["exact", "district", "district"]
    assert found["1"] is not None
    assert (found["1"].lon, found["1"].lat) == point
    file = tmp_path / POSITIONS
    file.write_text(file.read_text("utf-8").replace(",check,", ",exact,"), "utf-8")
    assert len(read_positions(tmp_path)) == 2


def test_positions_of_another_elections_places_are_not_used(schematic_set: Geometry, tmp_path: Path) -> None:
    point = schematic_set.points[f"district/{CHACHAPOYAS}"]
    match = Match(place("1", "IE 18006"), school(2, "18006", point), "exact", 1.0)
    write_joined(Joined([match], []), tmp_path)
    found = locate([place("1", "IE MIGUEL RUBIO")], schematic_set, schools=read_positions(tmp_path))
    assert [at.precision for at in found.values() if at] == ["district"]


def test_without_a_file_nothing_is_exact_and_another_file_is_refused(tmp_path: Path) -> None:
    assert read_positions(tmp_path) == {}
    (tmp_path / POSITIONS).write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InvalidInput, match=r"positions\.csv"):
        read_positions(tmp_path)
