"""`escrutinio totals` into files that other programs open as they are, and what it says where it cannot."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest

from api.commands.totals import totals
from tally.keys import Level
from tally.storage.store import Store
from tests.api.commands.test_choice import escrutinio
from tests.api.country import minute
from tests.api.files.cells import csv_row
from tests.api.regions import GOVERNOR, Region
from tests.api.standards.nist_schema import check_nist
from tests.databases import sqlite_in

WHERE = ("--database", "sqlite:///count.db")
LIST = GOVERNOR.contest("cusco").lists[1].id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A count of one region, twice published."""
    folder = tmp_path_factory.mktemp("totals")
    store = Store.open(sqlite_in(folder))
    region = Region(store, "cusco")
    region.publish((3000, 2900), counted=80)
    region.publish((3700, 3600), counted=90)
    region.writer.release()
    store.close()
    return folder


def test_every_form_has_the_same_rows(folder: Path) -> None:
    printed = escrutinio("totals", *WHERE, "--level", "department", folder=folder).stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert [row["key"] for row in rows] == [f"department/{GOVERNOR.contest('cusco').scope}"]
    assert rows[0][f"published_{LIST}"] == "3600"
    for name in ("a.csv", "a.json", "a.parquet", "a.xlsx"):
        done = escrutinio("totals", *WHERE, "--level", "department", "--out", name, folder=folder)
        assert (done.returncode, done.stdout) == (0, "")
    assert (folder / "a.csv").read_text("utf-8") == printed
    [told] = json.loads((folder / "a.json").read_text("utf-8"))
    assert told["published"]["votes"][1] == 3600
    as_csv = {name: str(told[name]).lower() for name in ("level", "changed_seq", "is_test")}
    assert {**as_csv, "changed_at": told["changed_at"]} == {name: rows[0][name] for name in (*as_csv, "changed_at")}
    table = pq.read_table(folder / "a.parquet")
    assert table.column_names == list(rows[0])
    assert [csv_row(row) for row in table.to_pylist()] == rows
    about = json.loads(table.schema.metadata[b"escrutinio"])
    assert (about["contest"], about["level"], about["is_test"]) == ("cusco", "department", False)
    with zipfile.ZipFile(folder / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>3600</v>" in sheet
    assert "<f>" not in sheet
    assert not list(folder.glob(".*.part"))


def test_a_moment_and_an_area_choose_what_is_written(folder: Path) -> None:
    first = escrutinio("totals", *WHERE, "--level", "department", "--format", "json", folder=folder)
    assert json.loads(first.stdout)[0]["published"]["votes"][1] == 3600
    scope = GOVERNOR.contest("cusco").scope
    inside = escrutinio("totals", *WHERE, "--level", "province", "--within", f"department/{scope}", folder=folder)
    assert inside.returncode == 0
    assert all(row["parent"] == f"department/{scope}" for row in csv.DictReader(io.StringIO(inside.stdout)))
    before = escrutinio("totals", *WHERE, "--at", "2020-01-01T00:00:00Z", folder=folder)
    assert len(before.stdout.splitlines()) == 1


def test_a_file_of_the_past_names_the_version_that_stood_and_when_it_was_published(folder: Path) -> None:
    for at, seq, as_of in ((minute(1).replace("00Z", "30Z"), 3, minute(1)), ("2020-01-01T00:00:00Z", 0, minute(0))):
        for name in ("past.parquet", "past.nist"):
            done = escrutinio("totals", *WHERE, "--at", at, "--out", name, folder=folder)
            assert (done.returncode, done.stderr) == (0, "")
        about = json.loads(pq.read_table(folder / "past.parquet").schema.metadata[b"escrutinio"])
        assert (about["seq"], about["as_of"]) == (seq, as_of)
        assert json.loads((folder / "past.nist").read_bytes())["GeneratedDate"] == as_of


def test_reports_of_the_standards_are_written_down_to_a_level(folder: Path) -> None:
    asked = {
        "database": f"sqlite:///{folder / 'count.db'}",
        "election": GOVERNOR.id,
        "contest": "cusco",
        "level": Level.DISTRICT,
    }
    for name in ("a.nist", "a.civics"):
        totals(**asked, within=None, format=None, at=minute(1), out=folder / name)
    report = json.loads((folder / "a.nist").read_bytes())
    check_nist(report)
    second = report["Election"][0]["Contest"][0]["ContestSelection"][1]
    assert [(one["Count"], one["GpUnitId"]) for one in second["VoteCounts"]] == [(3600, "gp-department-07")]
    parsed = ElementTree.parse(folder / "a.civics")  # noqa: S314 - our own
    assert parsed.findtext("Status") == "unofficial-complete"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "parquet"), "--format parquet needs a file: name it with --out"),
        (("--within", "department/99"), "there is no area 'department/99' in this count"),
        (("--within", "nonsense"), "within='nonsense' is not the key of an area or a polling place"),
        (("--at", "yesterday"), "--at 'yesterday' is not a moment like 2026-06-13T19:05:18Z"),
        (("--at", "2999-01-01T00:00:00Z"), "--at 2999-01-01T00:00:00Z is still to come"),
        (
            ("--out", "a.xls"),
            "the name a.xls says no form that there is: name one with --format (csv, spreadsheet, json",
        ),
        (("--out", "nowhere/a.xlsx"), "nowhere/a.xlsx cannot be written"),
        (("--out", "nowhere/a.csv"), "nowhere/a.csv cannot be written"),
    ],
)
def test_what_cannot_be_is_one_sentence(folder: Path, options: tuple[str, ...], said: str) -> None:
    refused = escrutinio("totals", *WHERE, *options, folder=folder)
    assert refused.returncode == 1
    assert re.fullmatch(rf"escrutinio: {re.escape(said)}.*\n", refused.stderr)
