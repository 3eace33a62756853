"""Approximate positions of polling places."""

import csv
import gzip
import math
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.boundaries import Geometry
from geo.places import PlacePosition, locate, read_populated_places
from geo.ubigeo import load_catalogue
from tally.errors import InvalidInput
from tally.keys import Level
from tally.model import PollingPlace


def place(code: str, ubigeo: str, populated_place: str | None = None) -> PollingPlace:
    return PollingPlace(code=code, name=f"IE {code}", ubigeo=ubigeo, populated_place=populated_place)


def test_every_place_lies_inside_its_district(schematic_set: Geometry) -> None:
    districts = [ubigeo for ubigeo in load_catalogue().prefixes(Level.DISTRICT) if ubigeo < "90"]
    places = [place(f"{ubigeo}-{number}", ubigeo) for ubigeo in districts for number in range(3)]
    cells = schematic_set.polygons("district")
    found = locate(places, schematic_set)
    assert len(found) == 3 * 1892
    for one in places:
        position = found[one.code]
        assert position is not None
        assert position.precision == "district"
        assert shapely.contains_xy(cells[f"district/{one.ubigeo}"], position.lon, position.lat)


def test_places_of_a_district_do_not_lie_on_one_another(schematic_set: Geometry) -> None:
    found = locate([place(f"{number:04}", "110101") for number in range(100)], schematic_set)
    assert len({(at.lon, at.lat) for at in found.values() if at}) == 100


def test_places_of_a_schematic_district_do_not_pile_up_in_a_corner(schematic_set: Geometry) -> None:
    cells = schematic_set.polygons("district")
    for ubigeo in ("140101", "140116", "150101", "200101", "240101", "250301"):
        cell = cells[f"district/{ubigeo}"]
        found = locate([place(f"{ubigeo}{number:04}", ubigeo) for number in range(80)], schematic_set)
        positions = np.array([(at.lon, at.lat) for at in found.values() if at])
        room = shapely.Point(schematic_set.points[f"district/{ubigeo}"]).distance(cell.boundary)
        assert np.ptp(positions, axis=0).min() > room, ubigeo
        middle = positions.mean(axis=0)
        assert math.dist(middle, schematic_set.points[f"district/{ubigeo}"]) < room / 3, ubigeo


def test_a_place_stays_where_it_is_when_others_come(schematic_set: Geometry) -> None:
    alone = locate([place("0001", "140101")], schematic_set)
    among = locate([place(f"{number:04}", "140101") for number in range(50)], schematic_set)
    assert among["0001"] == alone["0001"]


def test_a_place_abroad_has_no_position(schematic_set: Geometry) -> None:
    assert locate([place("9001", "921317")], schematic_set) == {"9001": None}


def test_a_remote_place_lies_near_the_village_it_is_named_for(schematic_set: Geometry) -> None:
    village = schematic_set.points["district/150101"]
    populated = {("150101", "san_jose_del_nanay"): village}
    found = locate([place("1", "150101", "SAN JOSÉ DEL NANAY"), place("2", "150101", "OTRO")], schematic_set, populated)
    assert found["1"] is not None
    assert found["1"].precision == "populated_place"
    assert math.dist((found["1"].lon, found["1"].lat), village) <= 0.005 + 1e-5
    assert found["2"] is not None
    assert found["2"].precision == "district"


def test_a_village_outside_the_district_is_not_believed(schematic_set: Geometry) -> None:
    populated = {("150101", "lejos"): schematic_set.points["district/200101"]}
    found = locate([place("1", "150101", "LEJOS")], schematic_set, populated)
    assert isinstance(found["1"], PlacePosition)
    assert found["1"].precision == "district"


def test_populated_places_are_keyed_by_onpe_and_unclear_ones_left_out(tmp_path: Path) -> None:
    table = (
        "inei_ccpp,inei_distrito,ccpp,tipo,latitude,longitude\n"
        "1501010001,150101,Río Alto,Rural,-12.05,-77.03\n"
        "1501010002,150101,SAN JUAN,Rural,-12.06,-77.04\n"
        "1501010003,150101,San Juan,Rural,-12.07,-77.05\n"
    )
    path = tmp_path / "places.csv.gz"
    path.write_bytes(gzip.compress(table.encode()))
    assert read_populated_places(path) == {("140101", "rio_alto"): (-77.03, -12.05)}


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", b"\xff\xfe\x00", b"inei_distrito,ccpp,latitude,longitude\n150101,X,,\n"]
)
def test_another_table_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="populated places"):
        read_populated_places(path)


@pytest.mark.reference_data
def test_the_places_of_2026_are_all_placed(schematic_set: Geometry, reference: Path) -> None:
    with gzip.open(reference / "data" / "polling_stations_2026.csv.gz", "rt", encoding="utf-8") as file:
        places = [place(r["local_id"], r["ubigeo_onpe"], r["centro_poblado"] or None) for r in csv.DictReader(file)]
    populated = read_populated_places(reference / "data" / "centros_poblados_inei.csv.gz")
    found = locate(places, schematic_set, populated)
    domestic = [one for one in places if one.ubigeo < "90"]
    assert len(domestic) > 10_000
    assert all(found[one.code] is not None for one in domestic)
    precise = [at for at in found.values() if at is not None and at.precision == "populated_place"]
    assert len(precise) > 500
