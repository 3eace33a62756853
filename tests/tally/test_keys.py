"""The algebra of keys and ubigeos."""

import ast
import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.routes import Route, parse_path, path_of
from tally import keys
from tally.keys import (
    ABROAD,
    AREA_LEVELS,
    CHILD_LEVEL,
    DOMESTIC,
    HEADS,
    NATION,
    PREFIX_LENGTH,
    UBIGEO_LENGTH,
    UBIGEO_LEVELS,
    Level,
    ancestors,
    area_key,
    areas_of,
    code_of,
    is_abroad,
    is_area,
    is_district,
    is_key,
    is_within,
    level_of,
    mesa_key,
    parent,
    place_key,
    prefix_of,
    scope_of,
    start_of,
    ubigeo_of,
)
from tests.dashboard.modules import read_cases

CASES = read_cases("keys")
_PAIR = st.integers(1, 99).map("{:02}".format)
# 1 to 90 departments, 91 to 95 continents.
_DEPARTMENT = st.integers(1, 95).map("{:02}".format)
PREFIXES = st.one_of(
    _DEPARTMENT,
    st.builds("{}{}".format, _DEPARTMENT, _PAIR),
    st.builds("{}{}{}".format, _DEPARTMENT, _PAIR, _PAIR),
)
AREAS = st.one_of(st.sampled_from((NATION, DOMESTIC, ABROAD)), PREFIXES.map(area_key))
DISTRICTS = st.builds("{}{}{}".format, _DEPARTMENT, _PAIR, _PAIR)


@pytest.mark.parametrize("case", CASES["keys"], ids=lambda case: case["key"])
def test_a_key_says_all_that_follows_from_it(case: dict[str, Any]) -> None:
    key = case["key"]
    assert (level_of(key), code_of(key), ubigeo_of(key)) == (case["level"], case["code"], case["ubigeo"])
    assert (parent(key), CHILD_LEVEL.get(level_of(key))) == (case["parent"], case["below"])
    assert (is_key(key), is_area(key), is_abroad(key)) == (True, case["isArea"], case["isAbroad"])
    assert path_of(key) == case["path"]
    assert parse_path(case["path"]) == Route(key)


@pytest.mark.parametrize(("where", "area", "expected"), CASES["within"])
def test_what_lies_within_what(where: str, area: str, expected: bool) -> None:
    assert is_within(where, area) is expected


@pytest.mark.parametrize("text", CASES["noKeys"])
def test_what_can_be_no_key_is_none(text: str) -> None:
    assert not is_key(text)


def test_a_key_of_another_level_than_is_wanted_is_none() -> None:
    assert is_key("mesa/000001", Level.MESA)
    assert not is_key("place/0001", Level.MESA)
    assert not is_key("mesa/000001", *AREA_LEVELS, Level.POLLING_PLACE)


def test_no_level_is_found_for_what_is_no_key() -> None:
    with pytest.raises(KeyError):
        level_of("provinces")


@given(PREFIXES)
def test_a_prefix_its_ubigeo_and_its_key_name_the_same_area(prefix: str) -> None:
    key = area_key(prefix)
    ubigeo = ubigeo_of(key)
    assert ubigeo is not None
    assert len(ubigeo) == UBIGEO_LENGTH
    assert area_key(ubigeo) == key
    assert code_of(key) == prefix == prefix_of(ubigeo, level_of(key))
    assert len(prefix) == PREFIX_LENGTH[level_of(key)]
    assert is_key(key)
    assert is_area(key)
    assert key.startswith(start_of(level_of(key)))


@given(AREAS)
def test_the_parent_is_one_step_up_and_holds_the_area(area: str) -> None:
    above = parent(area)
    if above is None:
        assert area == NATION
        return
    assert is_within(area, above)
    assert not is_within(above, area)
    assert AREA_LEVELS.index(level_of(above)) == AREA_LEVELS.index(level_of(area)) - 1
    # Scopes are no rows of the nation: their departments are.
    if level_of(area) is not Level.SCOPE:
        assert CHILD_LEVEL[level_of(above)] is level_of(area)


@given(AREAS)
def test_the_ancestors_are_the_way_of_parents_from_the_nation(area: str) -> None:
    steps = [*ancestors(area), area]
    assert steps[0] == NATION
    assert [parent(step) for step in steps[1:]] == steps[:-1]


@given(AREAS, AREAS)
def test_an_area_lies_within_its_ancestors_and_itself_and_nothing_else(one: str, other: str) -> None:
    assert is_within(one, other) == (other in (*ancestors(one), one))


@given(AREAS, AREAS, AREAS)
def test_what_lies_within_what_lies_within_lies_within(one: str, two: str, three: str) -> None:
    if is_within(one, two) and is_within(two, three):
        assert is_within(one, three)


@given(DISTRICTS)
def test_a_district_is_abroad_or_not_as_all_that_holds_it(district: str) -> None:
    assert areas_of(district)[-1] == area_key(district)
    assert scope_of(district) == areas_of(district)[1] == (ABROAD if int(district) // 10_000 > 90 else DOMESTIC)
    assert {is_abroad(area) for area in (*areas_of(district)[1:], district)} == {scope_of(district) == ABROAD}


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_six_digits_are_a_district_unless_one_of_their_areas_has_no_number(ubigeo: str) -> None:
    assert is_district(ubigeo) == ("00" not in (ubigeo[:2], ubigeo[2:4], ubigeo[4:]))


@given(DISTRICTS, AREAS)
def test_an_ubigeo_lies_where_its_district_lies(district: str, area: str) -> None:
    assert is_within(district, area) == is_within(area_key(district), area) == (area in areas_of(district))


@given(st.sampled_from(Level), st.sampled_from(Level), AREAS, st.from_regex(r"[0-9-]{1,32}", fullmatch=True))
def test_the_start_of_a_level_is_that_of_its_keys_alone(one: Level, other: Level, area: str, code: str) -> None:
    made = [area, place_key(code), mesa_key("000001")]
    assert all(key.startswith(start_of(one)) == (level_of(key) is one) for key in made)
    assert (start_of(one) == start_of(other)) == (one is other)


def test_every_level_has_a_head_and_the_levels_of_areas_a_level_below() -> None:
    assert set(HEADS) == set(Level)
    assert set(CHILD_LEVEL) == {*AREA_LEVELS, Level.POLLING_PLACE}
    assert set(UBIGEO_LEVELS) < set(AREA_LEVELS)


def test_the_vocabulary_imports_none_of_ours() -> None:
    found = ast.walk(ast.parse(inspect.getsource(keys)))
    modules = {node.module for node in found if isinstance(node, ast.ImportFrom)}
    found = ast.walk(ast.parse(inspect.getsource(keys)))
    modules |= {alias.name for node in found if isinstance(node, ast.Import) for alias in node.names}
    assert modules == {"re", "enum"}
