"""Whether a place is in a town or in the country is said by registers alone."""

from pathlib import Path

import pytest

from geo.schools.positions import POSITIONS
from geo.urban import PlaceAreas, read_place_areas
from tally.errors import InvalidInput
from tally.model import PollingPlace

_VILLAGES = """inei_distrito,ccpp,tipo,latitude,longitude
010101,CACLIC,Rural,-6.2,-77.9
010101,CHACHAPOYAS,Urban,-6.2,-77.8
010101,TWICE,Urban,-6.2,-77.8
010101,TWICE,Rural,-6.3,-77.8
010101,UNKNOWN,,-6.3,-77.8
"""
_SCHOOLS = """place,ubigeo,name,confidence,score,doubts,row,school,code,address,area,lon,lat
0001,010101,IE 1,exact,100,,2,IE 1,,,Urbana,1,1
0002,010101,IE 2,check,80,,3,IE 2,,,Urbana,1,1
0003,010101,IE 3,exact,100,,4,IE 3,,,1,1,1
"""


def place(code: str, village: str | None = None) -> PollingPlace:
    return PollingPlace(code=code, name=f"IE {int(code)}", ubigeo="010101", populated_place=village)


@pytest.fixture
def areas(tmp_path: Path) -> PlaceAreas:
    (tmp_path / "villages.csv").write_text(_VILLAGES)
    (tmp_path / POSITIONS).write_text(_SCHOOLS)
    return read_place_areas(tmp_path / "villages.csv", tmp_path)


def test_a_place_named_for_a_village_is_what_the_directory_says_of_it(areas: PlaceAreas) -> None:
    said = [areas.of(place("0009", village)) for village in ("Caclic", "CHACHAPOYAS", "TWICE", "UNKNOWN", "NONE", None)]
    assert said == ["rural", "urban", None, None, None, None]


def test_a_place_that_is_a_school_is_what_its_register_says(areas: PlaceAreas) -> None:
    assert [areas.of(place(code)) for code in ("0001", "0002", "0003")] == ["urban", None, None]


def test_without_registers_nothing_is_told(tmp_path: Path) -> None:
    assert read_place_areas(None, tmp_path).of(place("0001", "CACLIC")) is None


def test_a_file_of_an_earlier_version_tells_no_areas(tmp_path: Path) -> None:
    (tmp_path / POSITIONS).write_text("place,ubigeo,name,confidence\n0001,010101,IE 1,exact\n")
    assert read_place_areas(None, tmp_path).of(place("0001")) is None


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "villages.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InvalidInput, match="is not a table of populated places"):
        read_place_areas(tmp_path / "villages.csv", tmp_path)
