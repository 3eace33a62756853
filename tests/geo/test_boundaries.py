"""What a server hands out: layers, hashes, labels, the folder on disk."""

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import shapely

from geo.boundaries import Geometry, draw_schematic, load_geometry, save
from geo.layers import decode_areas
from geo.notice import SCHEMATIC
from tally.errors import BoundaryError

COUNTS = {"department": 25, "province": 196, "district": 1892}


@pytest.mark.parametrize("resolution", ["low", "mid", "high"])
@pytest.mark.parametrize("level", COUNTS)
def test_neighbours_of_a_layer_share_their_borders(schematic_set: Geometry, level: str, resolution: str) -> None:
    polygons = np.array(list(decode_areas(schematic_set.layers[level][resolution].content).values()), dtype=object)
    assert len(polygons) == COUNTS[level]
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)


def test_a_feature_carries_what_the_map_needs(schematic_set: Geometry) -> None:
    for level, prefix, ubigeo, name, parent in (
        ("department", "14", "140000", "LIMA", "scope/domestic"),
        ("province", "1401", "140100", "LIMA", "department/14"),
        ("district", "010101", "010101", "CHACHAPOYAS", "province/0101"),
    ):
        layer = json.loads(schematic_set.layers[level]["low"].content)
        assert layer["type"] == "FeatureCollection"
        (feature,) = [found for found in layer["features"] if found["id"] == int(prefix)]
        key = f"{level}/{prefix}"
        assert feature["properties"] == {"key": key, "ubigeo": ubigeo, "name": name, "parent": parent}


def test_outer_rings_run_counterclockwise_as_geojson_asks(schematic_set: Geometry) -> None:
    for polygon in decode_areas(schematic_set.layers["department"]["mid"].content).values():
        assert all(part.exterior.is_ccw for part in shapely.get_parts(polygon))


def test_a_label_lies_in_its_area(schematic_set: Geometry) -> None:
    assert len(schematic_set.points) == sum(COUNTS.values())
    assert json.loads(schematic_set.labels.content)["department/14"] == list(schematic_set.points["department/14"])
    for level in COUNTS:
        for key, polygon in schematic_set.polygons(level).items():
            assert shapely.contains_xy(polygon, *schematic_set.points[key]), key


def test_a_few_areas_are_read_without_the_others_and_are_the_same(schematic_set: Geometry) -> None:
    wanted = {"district/140101", "district/240101", "district/999999"}
    found, every = schematic_set.polygons("district", wanted), schematic_set.polygons("district")
    assert found == {key: every[key] for key in ("district/140101", "district/240101")}


def test_the_bounds_are_those_of_peru(schematic_set: Geometry) -> None:
    assert schematic_set.bounds == pytest.approx((-81.33, -18.35, -68.67, -0.04), abs=0.03)


def test_the_first_layers_are_small_enough_for_a_phone(schematic_set: Geometry) -> None:
    sizes = {name.split(".")[0]: len(layer.gzipped) for name, layer in schematic_set.files().items()}
    assert sizes["department-low"] < 40_000
    assert sizes["province-low"] < 80_000
    assert sizes["district-high"] < 250_000


def test_drawing_twice_gives_the_same_names_and_bytes(schematic_set: Geometry) -> None:
    assert draw_schematic() == schematic_set


def test_gzipped_bytes_are_the_plain_bytes(schematic_set: Geometry) -> None:
    for layer in schematic_set.files().values():
        assert gzip.decompress(layer.gzipped) == layer.content


def test_a_saved_folder_gives_back_the_same_geometry(schematic_set: Geometry, tmp_path: Path) -> None:
    save(schematic_set, tmp_path / "geometry")
    assert load_geometry(tmp_path / "geometry") == schematic_set


@pytest.mark.parametrize("is_schematic", [True, False])
def test_a_folder_of_an_earlier_build_has_sentences_and_says_the_same(
    schematic_set: Geometry, tmp_path: Path, is_schematic: bool
) -> None:
    flags = {"department": False, "province": is_schematic, "district": is_schematic}
    save(msgspec.structs.replace(schematic_set, schematic=flags), tmp_path)
    manifest = json.loads((tmp_path / "geometry.json").read_text("utf-8"))
    manifest["notice"] = {"es": "Como se decía antes.", "en": "As it was said before."}
    (tmp_path / "geometry.json").write_text(json.dumps(manifest), "utf-8")
    assert load_geometry(tmp_path).notice == (SCHEMATIC if is_schematic else None)


def test_a_cache_that_another_program_is_still_writing_is_left_to_it(
    schematic_set: Geometry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(directory: Path, *_: object) -> None:
        raise BoundaryError("the other one has the layers and no manifest yet")

    monkeypatch.setattr("geo.boundaries.write_folder", interrupted)
    assert load_geometry(cache=tmp_path) == schematic_set


def test_an_absent_or_empty_folder_means_the_schematic_set_which_a_cache_keeps_and_if_damaged_is_drawn_again(
    schematic_set: Geometry, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    assert load_geometry(tmp_path / "nowhere", cache=cache) == schematic_set
    (place,) = cache.iterdir()
    written = {path: path.stat().st_mtime_ns for path in place.iterdir()}
    (tmp_path / "empty").mkdir()
    assert load_geometry(tmp_path / "empty", cache=cache) == schematic_set
    assert load_geometry(cache=cache) == schematic_set
    assert {path: path.stat().st_mtime_ns for path in place.iterdir()} == written
    (place / schematic_set.labels.file_name).write_text("{}")
    assert load_geometry(cache=cache) == schematic_set


def test_whoever_serves_a_drawing_loads_nothing_of_what_drew_it(schematic_set: Geometry) -> None:
    program = (
        "import hashlib, sys, msgspec\n"
        "from geo.boundaries import load_geometry\n"
        "drawn = msgspec.msgpack.encode(load_geometry())\n"
        "print(hashlib.sha256(drawn).hexdigest(), *sorted({'scipy.spatial', 'scipy.sparse'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == [hashlib.sha256(msgspec.msgpack.encode(schematic_set)).hexdigest()]


def test_a_drawing_that_fails_is_said_and_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(BoundaryError, match="could not be drawn"):
        load_geometry()


def test_a_damaged_folder_is_refused(schematic_set: Geometry, tmp_path: Path) -> None:
    save(schematic_set, tmp_path)
    (tmp_path / schematic_set.layers["district"]["low"].file_name).write_text("{}")
    with pytest.raises(BoundaryError, match="damaged"):
        load_geometry(tmp_path)


def test_a_folder_of_something_else_is_neither_read_nor_written(schematic_set: Geometry, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(BoundaryError, match="geo build"):
        load_geometry(tmp_path)
    with pytest.raises(BoundaryError, match="other files"):
        save(schematic_set, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
