"""`escrutinio geo fetch` as somebody types it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from api.commands.boundaries import fetch
from api.commands.geo import app
from api.commands.serve import announce
from geo.fetching.catalogue import load_sources
from tally.settings import Settings
from tests.geo.fetching.host import Host, Served

CATALOGUE = """
[limits]
bytes = 1_000_000
unpacked_bytes = 1_000_000
members = 10
total_s = 60.0
silence_s = 5.0
redirects = 2
tries = 1
pause_s = 0.0
longest_pause_s = 0.0
least_units = 0.9
[[source]]
name = "lima"
title = "Districts of Lima"
credit = "Somebody"
licence = "CC-BY-4.0"
licence_address = "https://creativecommons.org/licenses/by/4.0/"
terms = "Somebody is to be named."
addresses = ["{address}"]
form = "geojson"
key = "UBIGEO"
vintage = "2026"
units = 171
is_plain = true
"""


@pytest.fixture
def command(host: Host, forms: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Runs it over a catalogue of one source of this machine, in an empty working folder."""
    file = tmp_path / "own.toml"
    file.write_text(CATALOGUE.replace("{address}", host.serve("lima", Served(forms["geojson"]))), "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*options: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, ["fetch", "--catalogue", str(file), *options], input=typed)

    return SimpleNamespace(run=run, place=tmp_path / "var" / "geometry")


def test_one_command_puts_boundaries_where_a_server_looks_for_them(command: SimpleNamespace) -> None:
    result = command.run("--accept-licence", "CC-BY-4.0")
    assert result.exit_code == 0
    assert (command.place / "geometry.json").exists()
    last = result.stdout.splitlines()[-1]
    assert last.startswith("Done: 171 districts from Districts of Lima, without CHACHAPOYAS (010101)")
    assert "lima: Districts of Lima; CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/" in result.stderr
    assert "lima: downloading from 127.0.0.1" in result.stderr


def test_a_second_run_says_that_they_are_there(command: SimpleNamespace, host: Host) -> None:
    command.run("--accept-licence", "CC-BY-4.0")
    host.asked.clear()
    result = command.run("--accept-licence", "CC-BY-4.0")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Boundaries are there already, in var/geometry: 171 districts, from Districts of Lima"
    )
    assert host.asked == []
    assert command.run("--accept-licence", "CC-BY-4.0", "--again").exit_code == 0
    assert len(host.asked) == 1


def test_without_a_licence_nothing_is_asked_for_and_the_way_on_is_said(command: SimpleNamespace, host: Host) -> None:
    result = command.run()
    assert result.exit_code == 1
    assert "passed over, --accept-licence CC-BY-4.0 was not given" in result.stderr
    assert result.stderr.splitlines()[-1].endswith("the same command with --accept-licence CC-BY-4.0 does it")
    assert host.asked == []


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1)])
def test_on_a_terminal_the_licence_is_asked_for(
    command: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, typed: str, status: int
) -> None:
    monkeypatch.setattr(fetch, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    result = command.run(typed=typed)
    assert result.exit_code == status
    assert "Somebody is to be named.\nDo you accept CC-BY-4.0?" in result.stderr


def test_the_list_says_of_each_source_what_is_known() -> None:
    result = CliRunner().invoke(app, ["fetch", "--list"])
    assert result.exit_code == 0
    for source in load_sources().sources:
        assert f"{source.name}: {source.title}" in result.stdout
    assert "8.7 MB, SHA-256 e0f3e5c6217adfd0…" in result.stdout
    assert "size not published, hash not published" in result.stdout


def test_whoever_starts_a_server_hears_of_it_while_boundaries_are_schematic(
    command: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(Settings(), 8000)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Provinces and districts are schematic: `escrutinio geo fetch` gets real boundaries."
    ]
    command.run("--accept-licence", "CC-BY-4.0")
    announce(Settings(), 8000)
    assert capsys.readouterr().out.splitlines()[1:] == []
