"""`escrutinio geo places` as somebody types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands.boundaries import places
from api.commands.geo import app
from geo.boundaries import Geometry
from geo.schools.positions import read_positions
from tally.model import PollingPlace

_PLACES = [
    PollingPlace(code="1", name="IE 18006", ubigeo="010101"),
    PollingPlace(code="2", name="IE MIGUEL RUBIO", ubigeo="010101"),
]


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schematic_set: Geometry) -> None:
    """An empty one, beside a count of two places and the schematic set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "_polling_places", lambda *_: iter(_PLACES))
    monkeypatch.setattr("geo.boundaries.load_geometry", lambda *_, **__: schematic_set)


def test_the_register_is_joined_and_the_end_says_how_many_of_each(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("name,ubigeo,lon,lat\n18006,010101,-77.87,-6.23\nX,010101,-77.87,-6.23\n")
    (tmp_path / "columns.toml").write_text('codes = "onpe"')
    result = CliRunner().invoke(app, ["places", "--source", "register.csv", "--columns", "columns.toml"])
    assert result.exit_code == 0, result.output
    assert "2 polling places: 1 exact, 0 to be checked, 1 without a school; 1 rows of the register" in result.output
    assert "Borders are schematic" in result.output
    assert read_positions(tmp_path / "var" / "places") == {("1", "010101", "ie_18006"): (-77.87, -6.23)}


def test_a_file_that_is_no_register_changes_nothing_and_ends_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("<html>not found</html>\n")
    result = CliRunner().invoke(app, ["places", "--source", "register.csv"])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert result.output.startswith("escrutinio: ")
    assert not (tmp_path / "var" / "places").exists()
