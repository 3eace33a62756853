"""Outlines for pictures: small, whole-numbered, and not torn along shared borders."""

import re
from itertools import accumulate

import brotli
import msgspec
import pytest
import shapely

from geo.boundaries import Geometry
from geo.paths import path_of
from geo.svg import Outlines
from tally.errors import NotFound
from tally.keys import ABROAD, NATION


@pytest.fixture(scope="module")
def outlines(schematic_set: Geometry) -> Outlines:
    return Outlines(schematic_set)


def rings(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each ring of our own path data."""
    found = []
    for start, steps in re.findall(r"M(-?\d+ -?\d+)l([-\d ]+)Z", path):
        x, y = map(int, start.split())
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        ring = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def test_the_nation_is_small_and_whole(outlines: Outlines) -> None:
    assert len(outlines.layer(NATION).content) <= 12_000
    outline = outlines.outline(NATION)
    assert len(outline.paths) == 25
    assert not outline.schematic
    assert outline.notice is None
    for path in outline.paths.values():
        assert re.fullmatch(r"(M\d+ \d+l-?\d+([- ]\d+|-\d+)*Z)+", path), path
        assert all(0 <= x <= outline.width and 0 <= y <= outline.height for ring in rings(path) for x, y in ring)


@pytest.mark.parametrize(("key", "level"), [(NATION, None), ("department/14", "district"), ("department/07", None)])
def test_neighbours_share_every_step_of_their_border(outlines: Outlines, key: str, level: str | None) -> None:
    outline = outlines.outline(key, level)
    steps = {
        name: {frozenset(pair) for ring in rings(path) for pair in zip(ring, ring[1:] + ring[:1], strict=True)}
        for name, path in outline.paths.items()
    }
    polygons = {
        name: shapely.make_valid(shapely.union_all([shapely.Polygon(ring) for ring in rings(path)]))
        for name, path in outline.paths.items()
    }
    names = list(polygons)
    tree = shapely.STRtree(list(polygons.values()))
    touching = 0
    for one, other in zip(*tree.query(list(polygons.values()), predicate="intersects"), strict=True):
        if one < other:
            overlap = shapely.area(shapely.intersection(polygons[names[one]], polygons[names[other]]))
            # Rounding to the grid may fold a corner over by a unit; a torn border would be far more.
            assert overlap <= 6, (names[one], names[other], overlap)
            touching += bool(steps[names[one]] & steps[names[other]])
    assert touching >= len(names) - 1


def test_a_department_is_drawn_by_provinces_or_by_districts(outlines: Outlines) -> None:
    assert len(outlines.outline("department/14").paths) == 10
    districts = outlines.outline("department/14", "district")
    assert len(districts.paths) == 171
    assert districts.schematic
    assert districts.notice is not None
    assert len(outlines.layer("department/14", "district").content) < 40_000
    assert all(key.startswith("district/1401") for key in outlines.outline("province/1401").paths)


def test_abroad_is_a_block_of_five_boxes_clear_of_the_country(outlines: Outlines) -> None:
    outline = outlines.outline(NATION)
    assert outline.abroad is not None
    assert sorted(outline.abroad) == [f"department/{code}" for code in range(91, 96)]
    land = [shapely.Polygon(ring) for path in outline.paths.values() for ring in rings(path)]
    boxes = [shapely.box(x, y, x + width, y + height) for x, y, width, height in outline.abroad.values()]
    assert not any(shapely.intersects(land, box).any() for box in boxes)
    assert all(shapely.contains_xy(box, *outline.points[key]) for box, key in zip(boxes, outline.abroad, strict=True))
    alone = outlines.outline(ABROAD)
    assert alone.paths == {}
    assert alone.abroad is not None
    assert set(alone.abroad) == set(outline.abroad)


def test_a_point_lies_in_its_area(outlines: Outlines) -> None:
    outline = outlines.outline(NATION)
    assert set(outline.points) == set(outline.paths) | set(outline.abroad or {})
    inside = [
        any(shapely.Polygon(ring).buffer(3).contains(shapely.Point(outline.points[key])) for ring in rings(path))
        for key, path in outline.paths.items()
    ]
    assert all(inside)


def test_an_area_of_less_than_a_unit_does_not_vanish() -> None:
    assert path_of(shapely.box(3.2, 7.1, 3.3, 7.2)) == "M3 7h1v1h-1Z"


def test_equal_geometry_gives_equal_names(outlines: Outlines, schematic_set: Geometry) -> None:
    again = Outlines(schematic_set)
    assert again.layer(NATION) == outlines.layer(NATION)
    assert msgspec.json.decode(again.layer(NATION).content)["width"] == outlines.outline(NATION).width


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("mesa/000001", None),
        ("department/92", None),
        ("district/140101", None),
        ("province/1401", "department"),
        ("", None),
    ],
)
def test_what_has_no_outline_is_not_found(outlines: Outlines, key: str, level: str | None) -> None:
    with pytest.raises(NotFound):
        outlines.outline(key, level)


def test_what_is_too_small_to_be_seen_stands_larger_where_there_is_no_land(outlines: Outlines) -> None:
    nation = outlines.outline("nation")
    inset = nation.inset
    assert inset is not None
    assert inset.key == "department/24"
    assert set(inset.paths) == {"department/14", "department/24"}
    x, y, side = inset.frame
    assert 0 < x < x + side < nation.width
    assert 0 < y < y + side < nation.height
    assert side > 5 * inset.window[2]
    # Nothing of the country lies below the frame.
    numbers = re.compile(r"-?\d+")
    for path in nation.paths.values():
        for ring in path.split("Z"):
            if not ring:
                continue
            values = [int(number) for number in numbers.findall(ring)]
            across, down = accumulate(values[::2]), accumulate(values[1::2])
            assert not any(x <= u <= x + side and y <= v <= y + side for u, v in zip(across, down, strict=True))
    assert outlines.outline("department/14").inset is None


@pytest.mark.parametrize(("level", "areas", "most"), [("province", 196, 15_000), ("district", 1892, 40_000)])
def test_a_countrys_finer_areas_fill_the_frame_of_its_departments_and_are_a_small_file(
    outlines: Outlines, level: str, areas: int, most: int
) -> None:
    whole, finer = outlines.outline(NATION), outlines.outline(NATION, level)
    assert len(finer.paths) == areas
    assert (finer.width, finer.height) == (whole.width * finer.grid, whole.height * finer.grid)
    assert len(brotli.compress(outlines.layer(NATION, level).content)) < most
    for code in ("01", "14", "24"):
        inside = [path for key, path in finer.paths.items() if key.startswith(f"{level}/{code}")]
        corners = [rings(path) for path in (*inside, whole.paths[f"department/{code}"])]
        spans = [shapely.MultiPoint([point for ring in own for point in ring]) for own in corners]
        around = shapely.union_all(spans[:-1]).bounds
        assert [value / finer.grid for value in around] == pytest.approx(spans[-1].bounds, abs=2)


@pytest.mark.parametrize("level", ["province", "district"])
def test_finer_areas_have_the_city_of_the_smallest_department_larger_in_the_sea(outlines: Outlines, level: str) -> None:
    finer = outlines.outline(NATION, level)
    inset, abroad = finer.inset, finer.abroad or {}
    assert inset is not None
    assert {key.partition("/")[2][:4] for key in inset.paths} >= {"1401", "2401"}
    x, y, side = inset.frame
    assert side > 5 * inset.window[2]
    frame = shapely.box(x, y, x + side, y + side)
    boxes = [shapely.box(left, top, left + wide, top + tall) for left, top, wide, tall in abroad.values()]
    land = [shapely.Polygon(ring) for path in finer.paths.values() for ring in rings(path)]
    assert not shapely.intersects(frame, [*boxes, *land]).any()
    drawn = [ring for path in inset.paths.values() for ring in rings(path)]
    assert all(
        x - 1 <= across <= x + side + 1 and y - 1 <= down <= y + side + 1 for ring in drawn for across, down in ring
    )
