"""`geo build`: from the formats people have to the folder a server reads, and what is refused."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from msgspec.structs import replace
from typer.testing import CliRunner

from api.commands.geo import app
from geo.boundaries import Geometry, load_geometry
from geo.build import STEPS, BuildReport, build
from geo.fetching.catalogue import load_sources
from geo.layers import decode_areas
from geo.notice import MapNotice
from geo.ubigeo import load_crosswalk
from tally.errors import BoundaryError
from tests.geo.fetching.host import Served, hosting
from tests.geo.fetching.sources import make_fetch


def as_geojson(frame: Any, folder: Path) -> Path:
    frame.to_file(folder / "lima.geojson", driver="GeoJSON")
    return folder / "lima.geojson"


def as_projected_geopackage(frame: Any, folder: Path) -> Path:
    frame.to_crs(32718).to_file(folder / "lima.gpkg", driver="GPKG")
    return folder / "lima.gpkg"


def as_shapefile_with_integers(frame: Any, folder: Path) -> Path:
    frame.assign(UBIGEO=frame["UBIGEO"].astype(int)).to_file(folder / "lima.shp")
    return folder / "lima.shp"


def as_parquet_with_onpe_codes(frame: Any, folder: Path) -> Path:
    crosswalk = load_crosswalk()
    frame.assign(UBIGEO=[crosswalk.onpe(code) for code in frame["UBIGEO"]]).to_parquet(folder / "lima.parquet")
    return folder / "lima.parquet"


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        (as_geojson, "inei"),
        (as_projected_geopackage, "inei"),
        (as_shapefile_with_integers, "inei"),
        (as_parquet_with_onpe_codes, "onpe"),
    ],
)
def test_a_file_of_any_format_is_keyed_by_onpe(
    lima: Any, tmp_path: Path, write: Callable[[Any, Path], Path], kind: str
) -> None:
    report = build(write(lima, tmp_path), tmp_path / "out")
    assert (report.column, report.kind, report.districts) == ("UBIGEO", kind, len(lima))
    polygons = load_geometry(tmp_path / "out").polygons("district")
    assert len(polygons) == len(lima)
    # The centre of Lima: INEI's 150101, ONPE's 140101, and never Iquitos, which is ONPE's 150101.
    assert shapely.distance(polygons["district/140101"], shapely.Point(-77.0282, -12.0431)) < 0.02


def test_what_does_not_match_is_listed_both_ways(lima: Any, tmp_path: Path) -> None:
    renamed = lima.copy()
    renamed.loc[0, "UBIGEO"] = "159999"
    report = build(as_geojson(renamed, tmp_path), tmp_path / "out")
    assert report.unknown == ("159999",)
    assert len(report.missing) == 1892 - len(lima) + 1
    assert ("150605", "SANTA ROSA DE LORETO") in report.missing
    assert load_geometry(tmp_path / "out").notice == MapNotice({"n": len(report.missing)}, "many_missing")


def test_rows_of_one_district_become_one_area(lima: Any, tmp_path: Path) -> None:
    halves = lima.copy()
    halves.loc[1, "UBIGEO"] = halves.loc[0, "UBIGEO"]
    report = build(as_geojson(halves, tmp_path), tmp_path / "out")
    assert report.rows == len(lima)
    assert report.districts == len(lima) - 1


def test_borders_that_are_not_shared_are_repaired(lima: Any, tmp_path: Path) -> None:
    rough = lima.set_geometry(shapely.buffer(lima.geometry.to_numpy(), 0.0004), crs=4326)
    assert not shapely.coverage_is_valid(rough.geometry.to_numpy())
    report = build(as_geojson(rough, tmp_path), tmp_path / "out")
    assert report.repaired
    geometry = load_geometry(tmp_path / "out")
    for level in ("department", "province", "district"):
        for layer in geometry.layers[level].values():
            assert shapely.coverage_is_valid(np.array(list(decode_areas(layer.content).values()), dtype=object))
    before = shapely.area(shapely.union_all(rough.geometry.to_numpy()))
    assert geometry.polygons("department")["department/14"].area == pytest.approx(before, rel=0.01)


def test_progress_is_told_every_step(lima: Any, tmp_path: Path) -> None:
    told: list[str] = []
    build(as_geojson(lima, tmp_path), tmp_path / "out", told.append)
    assert len(told) == STEPS


def test_building_again_replaces_the_former_boundaries(lima: Any, tmp_path: Path) -> None:
    build(as_geojson(lima, tmp_path), tmp_path / "out")
    build(as_geojson(lima.iloc[:50], tmp_path), tmp_path / "out")
    geometry = load_geometry(tmp_path / "out")
    assert len(geometry.polygons("district")) == 50
    expected = {"geometry.json"} | {f"{name}{end}" for name in geometry.files() for end in ("", ".gz")}
    assert {path.name for path in (tmp_path / "out").iterdir()} == expected


def moved(frame: Any) -> Any:
    return frame.set_geometry(frame.geometry.translate(80, 50))


def mislabelled(frame: Any) -> Any:
    return frame.set_crs(32718, allow_override=True)


def beside(frame: Any) -> Any:
    return frame.set_geometry(frame.geometry.translate(4, 4))


def without_codes(frame: Any) -> Any:
    return frame.drop(columns=["UBIGEO"])


def with_names_only(frame: Any) -> Any:
    return without_codes(frame).assign(name="LIMA")


def empty(frame: Any) -> Any:
    return frame.iloc[:0]


def points(frame: Any) -> Any:
    return frame.set_geometry(frame.geometry.representative_point())


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (moved, "is not Peru: it covers"),
        (mislabelled, "is not Peru: it covers"),
        (beside, "do not fit the places"),
        (without_codes, "no column of lima.parquet holds district ubigeos"),
        (with_names_only, "no column of lima.parquet holds district ubigeos"),
        (empty, "has no features"),
        (points, "must hold polygons only"),
    ],
)
def test_what_is_not_peru_is_refused_and_nothing_written(
    lima: Any, tmp_path: Path, spoil: Callable[[Any], Any], sentence: str
) -> None:
    spoil(lima).to_parquet(tmp_path / "lima.parquet")
    with pytest.raises(BoundaryError, match=sentence):
        build(tmp_path / "lima.parquet", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["broken.geojson", "broken.parquet", "broken.shp", "broken.gpkg", "broken.zip"])
def test_a_broken_file_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not a map")
    with pytest.raises(BoundaryError, match="cannot be read as a geographic file"):
        build(tmp_path / name, tmp_path / "out")


def test_a_table_without_geometry_is_refused(lima: Any, tmp_path: Path) -> None:
    lima.drop(columns="geometry").to_csv(tmp_path / "lima.csv", index=False)
    with pytest.raises(BoundaryError, match="no geometry"):
        build(tmp_path / "lima.csv", tmp_path / "out")


def test_the_command_reports_in_words(lima: Any, tmp_path: Path) -> None:
    command = ["build", "--source", str(as_geojson(lima, tmp_path)), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    assert f"{len(lima)} districts from {len(lima)} rows, keyed by INEI ubigeo in column 'UBIGEO'" in result.stdout
    assert f"{1892 - len(lima):,} districts of ONPE without a polygon:\n  010101 CHACHAPOYAS\n" in result.stdout


def test_the_command_fails_in_one_sentence(tmp_path: Path) -> None:
    command = ["build", "--source", str(tmp_path / "absent.gpkg"), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].endswith("absent.gpkg does not exist or is not a file")


@pytest.fixture(scope="session")
def real(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildReport, Geometry]:
    """The real country, fetched from a host of open data and built once."""
    folder, content = tmp_path_factory.mktemp("real"), (reference / "geo" / "peru_adm3_full.parquet").read_bytes()
    with hosting() as host:
        address = host.serve("districts", Served(content, cuts=[2_000_000]))
        known = replace(load_sources().sources[0], addresses=(address,), form="geoparquet", units=1_891, is_plain=True)
        known = replace(known, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        fetch = make_fetch(folder, known)
        report = fetch.run().report
    return report, load_geometry(fetch.place)


@pytest.mark.reference_data
def test_the_real_districts_all_match_but_the_one_nobody_has_drawn(real: tuple[BuildReport, Geometry]) -> None:
    report, geometry = real
    assert (report.rows, report.districts, report.kind, report.repaired) == (1891, 1891, "onpe", False)
    assert report.missing == (("150605", "SANTA ROSA DE LORETO"),)
    assert report.unknown == ()
    assert geometry.schematic == {"department": False, "province": False, "district": False}
    assert geometry.notice == MapNotice({"districts": "SANTA ROSA DE LORETO (150605)"}, "few_missing")


@pytest.mark.reference_data
@pytest.mark.parametrize("resolution", ["low", "mid", "high"])
def test_the_real_levels_are_coverages_and_nest(real: tuple[BuildReport, Geometry], resolution: str) -> None:
    layers = {level: decode_areas(by[resolution].content) for level, by in real[1].layers.items()}
    assert {level: len(areas) for level, areas in layers.items()} == {
        "department": 25,
        "province": 196,
        "district": 1891,
    }
    for areas in layers.values():
        polygons = np.array(list(areas.values()), dtype=object)
        assert shapely.is_valid(polygons).all()
        assert shapely.coverage_is_valid(polygons)
    for key, department in layers["department"].items():
        below = [polygon for code, polygon in layers["district"].items() if code[9:11] == key[-2:]]
        assert department.area == pytest.approx(sum(polygon.area for polygon in below), rel=1e-6)


@pytest.mark.reference_data
def test_the_real_layers_are_no_bigger_than_measured(real: tuple[BuildReport, Geometry]) -> None:
    sizes = real[0].sizes
    assert sizes["district-low"] < 300_000
    assert sizes["district-mid"] < 800_000
    assert sizes["district-high"] < 1_400_000


@pytest.mark.reference_data
def test_the_schematic_departments_resemble_the_real_ones(
    real: tuple[BuildReport, Geometry], schematic_set: Geometry
) -> None:
    drawn = schematic_set.polygons("department")
    for key, polygon in real[1].polygons("department").items():
        shared = polygon.intersection(drawn[key]).area / polygon.union(drawn[key]).area
        # The public-domain Callao, the smallest of all, ends south of Ventanilla: half of the real one.
        assert shared > (0.1 if key == "department/24" else 0.8), key
