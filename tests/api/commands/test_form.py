"""A mission's forms on the command line: looked over, sealed, listed, and read from spreadsheets."""

import builtins
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from api.cli import program
from mission.forms.library import read_file
from tally.errors import InvalidInput
from tests.mission.forms.files import MINIMAL, write
from tests.mission.forms.sheets import OPENING, sheet

TOLD = ("--moment", "opening", "--code", "mi")


def form(command: str, *options: object) -> Result:
    return CliRunner().invoke(program("form"), ["form", command, *map(str, options)])


def test_every_fault_of_files_and_folders_is_said_and_the_exit_status_tells(tmp_path: Path) -> None:
    file = write(tmp_path, MINIMAL.replace('"CO"', '"co"').replace("least = 0", "least = 1\nmost = 0"))
    done = form("check", tmp_path)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "short.v1.toml: code: 'co' is not two to four capital letters",
        "short.v1.toml: sections[0] (only) · queue: nothing lies between 1 and 0",
    ]
    write(tmp_path)
    assert form("check", file).stdout == "1 sound\n"
    write(tmp_path, MINIMAL.replace('"CO"', '"VO"'))
    assert "voting" in form("check", tmp_path).stdout


def test_what_is_in_use_is_sealed_and_whoever_changes_or_removes_it_is_told(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert "1 more in use" in form("check", "--seal", tmp_path).stdout
    write(tmp_path, MINIMAL.replace("esperan", "votaron"))
    assert "says something else than version 1 did" in form("check", tmp_path).stdout
    file.unlink()
    assert "short.v1.toml: is in use, and is gone" in form("check", tmp_path).stdout


def test_all_versions_are_listed_with_the_mission_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, MINIMAL.replace('"short"', '"opening"').replace("= 1", "= 2").replace("CO", "AP"), "opening.v2")
    monkeypatch.setenv("ESCRUTINIO_FORMS", str(tmp_path))
    lines = [line.split() for line in form("list").stdout.splitlines()]
    assert [(line[0], line[-1]) for line in lines if line[0].startswith("opening")] == [
        ("opening.v1", "replaced"),
        ("opening.v2", "Corto"),
    ]
    assert len(lines) == 8


@pytest.mark.parametrize("ending", ["xlsx", "csv", "md"])
def test_a_spreadsheet_is_read_into_a_sound_form(tmp_path: Path, ending: str) -> None:
    source = tmp_path / f"opening.{ending}"
    if ending == "md":
        source.write_text(sheet(*OPENING), "utf-8")
    elif ending == "csv":
        lines = [line.strip()[1:-1].split("|") for line in sheet(*OPENING).splitlines() if line]
        source.write_text("\n".join(",".join(f'"{cell.strip()}"' for cell in line) for line in lines), "utf-8-sig")
    else:
        write_workbook(source)
    done = form("import", source, "-o", tmp_path, *TOLD, "--of-mesa")
    assert done.exit_code == 0, done.output
    assert f"opening.{ending}: left out: start" in done.stderr
    read, faults = read_file(tmp_path / "our-opening.v3.toml")
    assert faults == []
    assert read is not None
    assert len(read.questions) == 7
    assert read.is_of_mesa


def write_workbook(path: Path) -> None:
    """The same as a workbook, a sheet for each table."""
    book = openpyxl.Workbook()
    for line in filter(None, sheet(*OPENING).splitlines()):
        cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
        if cells[0]:
            rows = book.create_sheet(cells[0])
        else:
            rows.append(cells[1:])
    book.save(path)


def test_what_cannot_be_taken_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    source, target = tmp_path / "sheet.md", tmp_path / "mine.v1.toml"
    source.write_text(sheet(("decimal", "weight", "¿Cuánto pesa?")), "utf-8")
    done = form("import", source, "-o", target, *TOLD)
    assert (done.exit_code, target.exists()) == (1, False)
    assert "sheet.md: weight: `decimal` is not taken" in done.stdout
    source.write_text(sheet(("integer", "", "¿Cuántos?")), "utf-8")
    assert "sheet.md: [row : 2]" in form("import", source, "-o", target, *TOLD).stdout
    source.write_bytes(b"\xff\xfe")
    assert form("import", source, "-o", target, *TOLD).exit_code == 1
    unknown = tmp_path / "sheet.csv"
    unknown.write_text('"pages","a"\n,"b"\n"survey","type","name","label"\n,"integer","a","A"\n', "utf-8")
    assert "'pages'" in form("import", unknown, "-o", target, *TOLD).stdout


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("nothing.xlsx", "mine.v1.toml", "nothing.xlsx cannot be read"),
        ("sheet.md", "mine.toml", "a form's file is called like opening.v1.toml"),
        ("sheet.md", "there.v1.toml", "is there already"),
    ],
)
def test_files_that_cannot_be_are_said(tmp_path: Path, source: str, target: str, why: str) -> None:
    (tmp_path / "sheet.md").write_text(sheet(*OPENING), "utf-8")
    (tmp_path / "there.v1.toml").write_text("", "utf-8")
    done = form("import", tmp_path / source, "-o", tmp_path / target, *TOLD)
    assert isinstance(done.exception, InvalidInput)
    assert why in str(done.exception)


def test_without_pyxform_it_is_said_how_to_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pyxform"):
            raise ImportError(name)
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    done = form("import", tmp_path / "sheet.md", "-o", tmp_path, *TOLD)
    assert "pip install 'escrutinio[xlsform]'" in str(done.exception)
