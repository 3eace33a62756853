"""How good the join is, on a register made by hand (see `by_hand`)."""

import pytest
from msgspec.structs import replace

from geo.boundaries import Geometry
from geo.schools.joining import Joined, join
from geo.schools.rules import load_rules
from geo.schools.within import Fence
from tests.geo.schools.by_hand import ByHand, read_by_hand


@pytest.fixture(scope="module")
def by_hand() -> ByHand:
    return read_by_hand()


@pytest.fixture(scope="module")
def joined(by_hand: ByHand, schematic_set: Geometry) -> Joined:
    rules = load_rules()
    return join(by_hand.places, by_hand.schools, Fence(schematic_set, rules.place), rules)


def test_what_is_called_exact_is_right_and_most_places_are_found(by_hand: ByHand, joined: Joined) -> None:
    assert len(by_hand.places) >= 400
    exact = {
        match.place.code: match.school.row for match in joined.matches if match.school and match.confidence == "exact"
    }
    right = [code for code, row in exact.items() if by_hand.truth.get(code) == row and code not in by_hand.moved]
    assert len(right) / len(exact) >= 0.995
    assert len(right) / len(by_hand.truth.keys() - by_hand.moved) >= 0.85


def test_a_school_whose_point_lies_in_another_district_is_not_exact(by_hand: ByHand, joined: Joined) -> None:
    found = {match.place.code: match for match in joined.matches if match.place.code in by_hand.moved}
    assert len(found) == 3
    assert {match.confidence for match in found.values()} <= {"check", "none"}
    assert all({"outside", "border"} & set(match.doubts) for match in found.values())


def test_every_place_and_every_school_is_told_once(by_hand: ByHand, joined: Joined) -> None:
    assert [match.place.code for match in joined.matches] == [place.code for place in by_hand.places]
    used = {match.school.row for match in joined.matches if match.school and match.confidence != "none"}
    assert used | {school.row for school in joined.unused} == {school.row for school in by_hand.schools}
    assert used.isdisjoint(school.row for school in joined.unused)


def test_real_borders_decide_where_they_are_known(by_hand: ByHand, schematic_set: Geometry) -> None:
    """The drawn borders stand for real ones: nothing beyond them is exact, and far beyond nothing is used."""
    rules = load_rules()
    real = replace(schematic_set, schematic={**schematic_set.schematic, "district": False})
    place = by_hand.places[0]
    school = next(one for one in by_hand.schools if one.row == by_hand.truth[place.code])
    polygon = real.polygons("district")[f"district/{place.ubigeo}"]
    east, middle = polygon.bounds[2], schematic_set.points[f"district/{place.ubigeo}"]
    edge = next(point for point in polygon.exterior.coords if point[0] == east)
    told = {}
    for name, point in (("in", middle), ("by", (edge[0] + 0.003, edge[1])), ("out", (edge[0] + 0.1, edge[1]))):
        joined = join([place], [replace(school, point=point)], Fence(real, rules.place), rules)
        told[name] = joined.matches[0].confidence, joined.matches[0].doubts
    assert told == {"in": ("exact", ()), "by": ("check", ("border",)), "out": ("none", ("outside",))}
