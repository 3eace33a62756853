"""Commands about one count, in a database that holds several of one election."""

import csv
import json
from pathlib import Path

import pytest

from tally.storage.store import Store
from tests.api.commands.test_choice import escrutinio
from tests.api.regions import GOVERNOR, Region
from tests.databases import sqlite_in

WHERE = ("--database", "sqlite:///count.db", "--election", GOVERNOR.id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = Store.open(sqlite_in(tmp_path))
    for name, votes in (("puno", (6000, 1500)), ("cusco", (3700, 3600))):
        region = Region(store, name)
        region.publish(votes, counted=90)
        region.writer.release()
    store.close()
    return tmp_path


def test_totals_are_of_the_contest_that_is_named_and_of_none_by_themselves(folder: Path) -> None:
    asked = escrutinio("totals", *WHERE, folder=folder)
    assert asked.returncode != 0
    assert "holds 2 counts" in asked.stderr
    assert "name one with --contest: cusco, puno" in asked.stderr
    [row] = csv.DictReader(escrutinio("totals", *WHERE, "--contest", "cusco", folder=folder).stdout.splitlines())
    assert row[f"published_{GOVERNOR.contest('cusco').lists[1].id}"] == "3600"
    printed = escrutinio("totals", *WHERE, "--contest", "puno", "--format", "json", folder=folder).stdout
    assert json.loads(printed)[0]["published"]["votes"][:2] == [6000, 1500]


def test_after_a_restored_backup_every_count_goes_on_as_another(folder: Path) -> None:
    told = escrutinio("new-epoch", *WHERE, folder=folder)
    assert [line.partition(" goes on at version 2 as ")[0] for line in told.stdout.splitlines()] == [
        f"cusco of {GOVERNOR.id}",
        f"puno of {GOVERNOR.id}",
    ]
