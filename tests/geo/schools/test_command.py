"""`escrutinio geo places` as somebody types it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands.boundaries import places
from api.commands.geo import app
from geo.boundaries import Geometry
from geo.schematic import load_capitals
from geo.schools.positions import read_positions
from tally.storage.store import CountInfo, Store
from tests.api.country import Country


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schematic_set: Geometry, store: Store) -> None:
    """An empty one, beside the count of a small country and the schematic set."""
    Country(store)

    @contextmanager
    def open_counts(*_: str | None) -> Iterator[tuple[Store, list[CountInfo]]]:
        yield store, list(store.counts())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "open_counts", open_counts)
    monkeypatch.setattr("geo.boundaries.load_geometry", lambda *_, **__: schematic_set)


def test_the_register_is_joined_to_the_places_of_the_count_and_the_end_says_how_many_of_each(tmp_path: Path) -> None:
    capital = load_capitals()["140101"]
    point = f"{capital.lon},{capital.lat}"
    (tmp_path / "register.csv").write_text(f"name,ubigeo,lon,lat\n1 Lima,140101,{point}\nX,140101,{point}\n")
    (tmp_path / "columns.toml").write_text('codes = "onpe"')
    result = CliRunner().invoke(app, ["places", "--source", "register.csv", "--columns", "columns.toml"])
    assert result.exit_code == 0, result.output
    # Of ten places two are abroad, where no register is asked for.
    assert "8 polling places: 1 exact, 0 to be checked, 7 without a school; 1 rows of the register" in result.output
    assert "Borders are schematic" in result.output
    found = read_positions(tmp_path / "var" / "places")
    assert found == {("1401011", "140101", "i_e_no_1_lima"): (capital.lon, capital.lat)}


def test_a_file_that_is_no_register_changes_nothing_and_ends_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("<html>not found</html>\n")
    result = CliRunner().invoke(app, ["places", "--source", "register.csv"])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert result.output.startswith("escrutinio: ")
    assert not (tmp_path / "var" / "places").exists()
