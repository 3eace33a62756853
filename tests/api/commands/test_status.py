"""`escrutinio status`: what an operator sees of a whole installation, in words, in a terminal and as JSON."""

import asyncio
import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.cli import program
from api.commands.watching import status
from api.commands.watching.installation import release_command
from api.main import create_app
from ingest.archive import Archive
from ingest.proof.keyring import load_signer
from ingest.proof.seal import Sealer
from tally import moments
from tally.changes import Change, Kind
from tally.settings import Settings
from tally.storage.store import Store
from tests.api.conftest import QUICK, client_of
from tests.api.country import end_leases
from tests.api.regions import ELECTIONS, GOVERNOR, Region
from tests.databases import sqlite_in
from texts.language import load_languages

NOW = moments.write(moments.utc_now())


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_in(tmp_path)


@pytest.fixture
def region(url: str) -> Region:
    region = Region(Store.open(url), "cusco")
    region.publish((3700, 3600, 3000, 2500), counted=80, pending=10)
    return region


def run(*words: str) -> str:
    done = CliRunner().invoke(program("status"), ["status", *words], env={"COLUMNS": "260", "NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    return done.output


def look(url: str, *words: str) -> Any:
    return json.loads(run("--json", "--database", url, *words))


def hold(region: Region) -> None:
    held = b'{"computed":{},"held":[{"figures":{},"rule":"negative"}],"name":"CUSCO","published":null}'
    region.writer.append([Change("department/07", Kind.HOLD, held)], NOW)


def test_what_is_held_is_listed_with_the_command_that_releases_it(url: str, region: Region) -> None:
    hold(region)
    [count] = look(url)["counts"]
    [held] = count["holds"]
    assert (held["key"], held["since"]) == ("department/07", NOW)
    assert held["release"] == (
        f'escrutinio release department/07 --by "…" --reason "…" --database {url} '
        f"--election {GOVERNOR.id} --contest cusco"
    )
    said = run("--once", "--database", url)
    assert held["release"] in said
    assert held["reasons"][0] in said


def test_a_password_of_the_database_stands_nowhere(region: Region) -> None:
    settings = Settings(database_url="postgresql://me:secret@db/count")
    assert release_command("nation", region.writer.info, settings) == (
        f'escrutinio release nation --by "…" --reason "…" --election {GOVERNOR.id} --contest cusco'
    )


def test_lease_seal_key_and_disks_are_told(url: str, region: Region, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "count.archive")
    signer = load_signer(archive.folder, None)
    Sealer(archive, [region.writer], signer).seal(NOW)
    seen = look(url)
    [count] = seen["counts"]
    assert (count["contest"], count["seq"], count["reading"], count["sealed_at"]) == ("cusco", 2, "followed", NOW)
    assert count["lease_left_s"] > 0
    assert str(signer.verifier).startswith(count["key"])
    assert set(seen["disks"]) == {"database", "archive", "photos", "files"}
    assert seen["clock_offset_s"] is None
    end_leases(region.writer.store)
    assert look(url)["counts"][0]["reading"] == "ended"
    assert "! NOBODY READS" in run("--once", "--database", url)
    assert "! NADIE LEE" in run("--once", "--database", url, "--lang", "es")


def test_replicas_that_answer_and_those_that_do_not_are_told(url: str, region: Region) -> None:
    with client_of(create_app(region.writer.store, ELECTIONS, options=QUICK)) as client:
        own = str(client.base_url).rstrip("/")
        well, ill = look(url, "--replica", own, "--replica", "http://127.0.0.1:9")["replicas"]
        said = run("--once", "--database", url, "--replica", own, "--replica", "http://127.0.0.1:9")
    assert (well["address"], well["answer"]["status"]) == (own, "ready")
    assert (ill["answer"], bool(ill["reason"])) == (None, True)
    assert "! does not answer" in said


def test_the_poller_is_asked_where_the_settings_have_its_address(
    url: str, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(url)["poller"] is None
    monkeypatch.setenv("ESCRUTINIO_POLLER_PORT", "9")
    assert look(url)["poller"]["address"] == "http://127.0.0.1:9"
    assert "Poller's own figures" in run("--once", "--database", url)


def test_a_terminal_shows_it_from_one_look_to_the_next(url: str, region: Region) -> None:
    hold(region)
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=260, height=60)

    async def follow() -> str:
        task = asyncio.create_task(
            status._follow(Settings(database_url=url), [], load_languages()["en"], console, 0.05)
        )
        text = ""
        while text.count("department/07") < 2:
            await asyncio.sleep(0.02)
            text = screen.getvalue()
            assert not task.done()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return text

    assert "Ctrl-C ends" in asyncio.run(follow())


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = f"sqlite:///{tmp_path / 'none.db'}"
    done = CliRunner().invoke(program("status"), ["status", "--once", "--database", missing])
    assert "there is no database" in str(done.exception)
    assert not (tmp_path / "none.db").exists()


def test_an_empty_database_says_that_it_holds_nothing(url: str) -> None:
    assert "holds no count yet" in run("--once", "--database", url)
