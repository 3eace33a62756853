"""The schematic set: complete, nested, and departments where they really are."""

import numpy as np
import pytest
import shapely

from geo.boundaries import Geometry
from geo.notice import SCHEMATIC
from geo.schematic import draw_districts, load_capitals, load_departments
from geo.ubigeo import load_catalogue
from tally.keys import Level, parent

# Cities as anyone can look them up, and the department ONPE counts them in.
CITIES = {
    "Puno": (-70.0219, -15.8402, "20"),
    "Juliaca": (-70.1333, -15.5000, "20"),
    "Callao": (-77.1350, -12.0560, "24"),
    "Lima": (-77.0300, -12.0460, "14"),
    "Cañete": (-76.3850, -13.0770, "14"),
    "Huacho": (-77.6050, -11.1080, "14"),
    "Cusco": (-71.9785, -13.5170, "07"),
    "Iquitos": (-73.2516, -3.7491, "15"),
    "Huancayo": (-75.2049, -12.0651, "11"),
    "Tumbes": (-80.4515, -3.5669, "23"),
    "Tacna": (-70.2500, -18.0140, "22"),
    "Pucallpa": (-74.5539, -8.3791, "25"),
}


@pytest.mark.parametrize("city", CITIES)
def test_a_city_lies_in_the_department_onpe_counts_it_in(schematic_set: Geometry, city: str) -> None:
    lon, lat, department = CITIES[city]
    polygons = schematic_set.polygons("department")
    assert [key for key, polygon in polygons.items() if shapely.contains_xy(polygon, lon, lat)] == [
        f"department/{department}"
    ]


def test_every_district_of_the_newest_tree_has_a_cell(schematic_set: Geometry) -> None:
    cells = schematic_set.polygons("district")
    assert set(cells) == {f"district/{code}" for code in load_catalogue().prefixes(Level.DISTRICT) if code < "90"}
    assert all(cell.area > 0 for cell in cells.values())


def test_a_cell_lies_in_its_real_department() -> None:
    departments = load_departments()
    cells = draw_districts(departments, load_capitals())
    # The network of borders is snapped to a grid of about one metre.
    outside = [code for code, cell in cells.items() if not departments[code[:2]].buffer(2e-5).covers(cell)]
    assert outside == []
    assert sum(cell.area for cell in cells.values()) == pytest.approx(
        sum(department.area for department in departments.values()), rel=1e-6
    )


def test_a_district_capital_lies_in_its_own_cell(schematic_set: Geometry) -> None:
    cells, departments = schematic_set.polygons("district"), load_departments()
    capitals = load_capitals()
    in_department = {code: at for code, at in capitals.items() if shapely.contains_xy(departments[code[:2]], *at)}
    outside = [code for code, at in in_department.items() if not shapely.contains_xy(cells[f"district/{code}"], *at)]
    # Simplification moves borders by up to 0.001°, about 100 m.
    far = [c for c in outside if cells[f"district/{c}"].distance(shapely.Point(capitals[c])) > 0.002]
    assert len(in_department) > 1800
    assert far == []
    assert len(outside) < 20


def test_each_area_is_the_union_of_the_areas_below_it(schematic_set: Geometry) -> None:
    for level, below in (("department", "province"), ("province", "district")):
        parts: dict[str | None, list[object]] = {}
        for key, polygon in schematic_set.polygons(below).items():
            parts.setdefault(parent(key), []).append(polygon)
        areas = schematic_set.polygons(level)
        assert set(parts) == set(areas)
        for key, polygon in areas.items():
            union = shapely.union_all(np.array(parts[key], dtype=object))
            assert polygon.symmetric_difference(union).area < 1e-9, key


def test_the_set_says_what_is_real_and_what_is_schematic(schematic_set: Geometry) -> None:
    assert schematic_set.schematic == {"department": False, "province": True, "district": True}
    assert schematic_set.notice == SCHEMATIC
