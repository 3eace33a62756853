"""The ubigeo tables, against ONPE's published counts of its own tree."""

import re

import pytest

from geo.divisions import load_divisions
from geo.ubigeo import Crosswalk, load_catalogue, load_crosswalk
from tally.errors import InvalidInput
from tally.keys import Level, code_of, is_abroad, level_of


@pytest.mark.parametrize(("year", "districts", "cities"), [(2021, 1874, 208), (2026, 1892, 210)])
def test_the_tree_has_the_districts_and_cities_that_onpe_states(year: int, districts: int, cities: int) -> None:
    codes = load_catalogue(year).prefixes(Level.DISTRICT)
    assert len([code for code in codes if code < "90"]) == districts
    assert len([code for code in codes if code > "90"]) == cities


def test_the_newest_tree_has_the_areas_above_that_onpe_states() -> None:
    catalogue = load_catalogue()
    departments, provinces = catalogue.prefixes(Level.DEPARTMENT), catalogue.prefixes(Level.PROVINCE)
    assert len([code for code in departments if code < "90"]) == 25
    assert [code for code in departments if code > "90"] == ["91", "92", "93", "94", "95"]
    assert len([code for code in provinces if code < "90"]) == 196
    assert len([code for code in provinces if code > "90"]) == 77


def test_an_area_has_one_name_whichever_district_gives_it() -> None:
    for year in (2021, 2026):
        names: dict[str, set[str]] = {}
        for ubigeo, district in load_catalogue(year).districts.items():
            names.setdefault(ubigeo[:2], set()).add(district.department)
            names.setdefault(ubigeo[:4], set()).add(district.province)
        assert {code: found for code, found in names.items() if len(found) > 1} == {}


def test_an_election_between_two_trees_uses_the_older_one() -> None:
    assert load_catalogue(2022).districts == load_catalogue(2021).districts
    assert load_catalogue(2030).districts == load_catalogue(2026).districts


def test_an_election_before_the_oldest_tree_is_refused() -> None:
    with pytest.raises(InvalidInput, match="2016"):
        load_catalogue(2016)


@pytest.mark.parametrize(
    ("onpe", "inei", "name"),
    [
        ("14", "15", "LIMA"),
        ("24", "07", "CALLAO"),
        ("07", "08", "CUSCO"),
        ("15", "16", "LORETO"),
        ("20", "21", "PUNO"),
        ("1401", "1501", "LIMA"),
        ("140101", "150101", "LIMA"),
        ("240101", "070101", "CALLAO"),
        ("070101", "080101", "CUSCO"),
        ("110101", "120101", "HUANCAYO"),
    ],
)
def test_onpe_and_inei_codes_name_the_same_area(onpe: str, inei: str, name: str) -> None:
    crosswalk = load_crosswalk()
    assert crosswalk.inei(onpe) == inei
    assert crosswalk.onpe(inei) == onpe
    assert load_catalogue().name(onpe) == name


@pytest.mark.parametrize("level", [Level.DEPARTMENT, Level.PROVINCE, Level.DISTRICT])
def test_the_two_lists_of_codes_are_one_to_one(level: Level) -> None:
    catalogue = load_catalogue()
    crosswalk = Crosswalk(catalogue)
    domestic = [code for code in catalogue.prefixes(level) if code < "90"]
    translated = [inei for code in domestic if (inei := crosswalk.inei(code)) is not None]
    assert len(set(translated)) == len(translated)
    assert [crosswalk.onpe(inei) for inei in translated] == [code for code in domestic if crosswalk.inei(code)]
    # ONPE's Santa Rosa de Loreto has no code of INEI's yet.
    unknown = ["150605"] if level is Level.DISTRICT else []
    assert [code for code in domestic if crosswalk.inei(code) is None] == unknown


def test_abroad_has_no_code_of_the_statistics_office() -> None:
    crosswalk = load_crosswalk()
    assert crosswalk.inei("92") is None
    assert crosswalk.inei("921317") is None
    assert load_catalogue().name("921317") == "MIAMI"


def test_every_department_has_one_identifier_of_open_civic_data_and_no_identifier_two_areas() -> None:
    divisions, catalogue = load_divisions(), load_catalogue()
    departments = {code for code in catalogue.prefixes(Level.DEPARTMENT) if not is_abroad(code)}
    assert {code_of(key) for key in divisions if level_of(key) is Level.DEPARTMENT} == departments
    assert len(set(divisions.values())) == len(divisions)
    assert all(re.fullmatch(r"ocd-division/country:pe(/[a-z]+:[a-z]+)?", one) for one in divisions.values())
