"""Which count a command is about, and what it says of a database that has another one, several, or is not there."""

import csv
import subprocess
from pathlib import Path
from urllib.error import HTTPError

import pytest

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import build_feed
from tests.api.commands.unwell import eventually, read, served, started
from tests.ingest.rig import a_small_country, write_mesas
from tests.programs.program import escrutinio

OLD, NEW = "2021-06-06-president-runoff", "2026-06-07-president-runoff"
ELECTIONS = known_elections()


def poll(folder: Path, election: str, mesas: Path, database: str) -> None:
    """Read a whole count into a database, with an archive of its own."""
    plan = FeedPlan(mesas=mesas, speed=None)
    with served(build_feed(ELECTIONS[election], load_catalogue(ELECTIONS[election].date.year), plan)) as url:
        where = ("--database", f"sqlite:///{database}", "--archive", folder / f"{election}.archive")
        done = escrutinio(
            "poll", "--feed", url, "--election", election, *where, "--unlimited", "--until-final", folder=folder
        )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """one.db holds the old count, both.db the old and the new one."""
    folder = tmp_path_factory.mktemp("choice")
    for election in (OLD, NEW):
        mesas = a_small_country(folder / f"{election}.csv", ELECTIONS[election])
        poll(folder, election, mesas, "both.db")
        if election == OLD:
            (folder / "one.db").write_bytes((folder / "both.db").read_bytes())
    return folder


def test_a_database_with_one_count_needs_no_election_named(folder: Path) -> None:
    printed = escrutinio("totals", "--database", "sqlite:///one.db", folder=folder)
    [row] = csv.DictReader(printed.stdout.splitlines())
    assert row["published_peru_libre"] == row["computed_peru_libre"] != ""
    told = escrutinio("doctor", "--database", "sqlite:///one.db", "--feed", "http://127.0.0.1:9", folder=folder)
    assert f"ok    election: {OLD}" in told.stdout
    released = escrutinio(
        "release", "nation", "--by", "A", "--reason", "B", "--database", "sqlite:///one.db", folder=folder
    )
    assert "nation" in released.stderr
    assert NEW not in released.stderr
    epoch = escrutinio("new-epoch", "--database", "sqlite:///one.db", folder=folder)
    assert epoch.stdout.startswith(OLD)


def test_serve_takes_the_only_count_and_says_what_is_held_where_another_was_named(folder: Path) -> None:
    database = ("--database", "sqlite:///one.db", "--port", 0)
    with started("serve", *database, folder=folder) as program:
        eventually(lambda: _read(f"{program.url}/readyz"), lambda text: '"ready"' in text)
        assert "Castillo" in read(f"{program.url}/")
    with started("serve", *database, "--election", NEW, folder=folder) as program:
        eventually(lambda: _read(f"{program.url}/readyz"), lambda text: "ready" in text)
        assert f"the database holds {OLD}, and no count of {NEW}" in program.log
        said = eventually(lambda: _read(f"{program.url}/"), lambda text: "Esta base de datos tiene otro conteo" in text)
        assert ELECTIONS[OLD].name["es"] in said


def _read(url: str) -> str:
    """What an address answers, whatever its status."""
    try:
        return read(url)
    except HTTPError as error:
        return error.read().decode()


def verify(folder: Path, *options: object) -> "subprocess.CompletedProcess[str]":
    return escrutinio("verify", *options, folder=folder)


def test_two_honest_counts_in_one_database_are_verified_one_at_a_time(folder: Path) -> None:
    unnamed = verify(folder, "--database", "sqlite:///both.db", "--archive", f"{OLD}.archive")
    assert unnamed.returncode == 1
    assert unnamed.stderr.strip() == (
        f"escrutinio: the database holds counts of {OLD}, {NEW}; name one with --election"
    )
    for election in (OLD, NEW):
        options = ("--database", "sqlite:///both.db", "--archive", f"{election}.archive", "--election", election)
        done = verify(folder, *options)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == "All of it is as it was published."


def test_an_election_that_the_database_does_not_hold_is_not_verified(folder: Path) -> None:
    done = verify(folder, "--database", "sqlite:///one.db", "--election", NEW, "--archive", f"{OLD}.archive")
    assert done.returncode == 1
    assert f"the database holds no count of {NEW}; it holds {OLD}" in done.stderr


@pytest.mark.parametrize(
    "command",
    [("verify",), ("totals",), ("new-epoch",), ("release", "nation", "--by", "A", "--reason", "B")],
    ids=lambda command: command[0],
)
def test_who_only_looks_makes_no_database(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = escrutinio(*command, "--database", "sqlite:///none.db", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == "escrutinio: there is no database none.db; name it with --database"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def domestic(tmp_path: Path) -> Path:
    """A country without a place abroad."""
    path = a_small_country(tmp_path / "all.csv", ELECTIONS[OLD])
    with path.open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["ubigeo_onpe"] < "91"]
    return write_mesas(tmp_path / "domestic.csv", rows)


def test_a_replay_of_2021_without_places_abroad_is_read_whole(domestic: Path, tmp_path: Path) -> None:
    poll(tmp_path, OLD, domestic, "count.db")
    printed = escrutinio("totals", "--database", "sqlite:///count.db", folder=tmp_path)
    [row] = csv.DictReader(printed.stdout.splitlines())
    assert (row["published_counted"], row["computed_counted"]) == ("45", "45")
