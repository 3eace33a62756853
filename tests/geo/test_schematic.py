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
    reach = {code: department.buffer(2e-5) for code, department in departments.items()}
    outside = [code for code, cell in cells.items() if not reach[code[:2]].covers(cell)]
    assert outside == []
    assert sum(cell.area for cell in cells.values()) == pytest.approx(
        sum(department.area for department in departments.values()), rel=1e-6
    )


def test_a_capital_lies_in_its_own_district_wherever_the_departments_outline_has_it(schematic_set: Geometry) -> None:
    cells = schematic_set.polygons("district")
    mainlands = {code: max(shapely.get_parts(one), key=shapely.area) for code, one in load_departments().items()}
    points = {code: shapely.Point(one.lon, one.lat) for code, one in load_capitals().items()}
    in_department = [code for code, point in points.items() if mainlands[code[:2]].contains(point)]
    outside = [code for code in in_department if not cells[f"district/{code}"].contains(points[code])]
    # Simplification moves borders by up to 0.001°, about 100 m; smoothing them a little more.
    far = [code for code in outside if cells[f"district/{code}"].distance(points[code]) > 0.02]
    assert len(in_department) > 1800
    assert far == []
    assert len(outside) < 8


def test_every_province_is_one_polygon_with_its_capital_inside(schematic_set: Geometry) -> None:
    departments, provinces = load_departments(), schematic_set.polygons("province")
    islands = {code: len(shapely.get_parts(department)) - 1 for code, department in departments.items()}
    parts = {key: len(shapely.get_parts(province)) - 1 for key, province in provinces.items()}
    assert len(parts) == 196
    for code, count in islands.items():
        assert sum(more for key, more in parts.items() if key[9:11] == code) == count, code
    assert not any(part.interiors for province in provinces.values() for part in shapely.get_parts(province))
    beyond = []
    for code, one in load_capitals().items():
        if code.endswith("01") and not shapely.contains_xy(provinces[f"province/{code[:4]}"], one.lon, one.lat):
            beyond.append(code)
            assert not shapely.contains_xy(departments[code[:2]], one.lon, one.lat), code
    # Beyond their department's generalised outline: Huacaybamba, Cascas, Iñapari and Yunguyo.
    assert len(beyond) <= 4


def test_no_district_lies_around_others(schematic_set: Geometry) -> None:
    cells = schematic_set.polygons("district")
    assert [key for key, cell in cells.items() if any(part.interiors for part in shapely.get_parts(cell))] == []


def test_districts_have_about_the_size_that_is_published(schematic_set: Geometry) -> None:
    capitals, cells = load_capitals(), schematic_set.polygons("district")
    by_department: dict[str, list[tuple[float, float]]] = {}
    for code, one in capitals.items():
        if one.km2 is not None:
            by_department.setdefault(code[:2], []).append((one.km2, cells[f"district/{code}"].area))
    near = []
    for sizes in by_department.values():
        published, drawn = np.array(sizes).T
        near += list(np.abs(np.log((drawn / drawn.sum()) / (published / published.sum()))) < np.log(2))
    assert np.mean(near) > 0.75


def test_the_outline_of_a_department_is_the_real_one(schematic_set: Geometry) -> None:
    real = load_departments()
    for key, drawn in schematic_set.polygons("department").items():
        department = real[key.partition("/")[2]]
        assert drawn.symmetric_difference(department).area < 1e-4 * department.area, key


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
