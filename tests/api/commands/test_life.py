"""Whether a count is alive is told by life: a poller that ended is said everywhere, and another one may follow it."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ingest.fetch import REHEARSAL_HEADER
from tests.api.commands.test_unwell_source import API, Stage, again, options, page, retry_after
from tests.api.commands.unwell import ENVIRONMENT, TOTALS, Program, Said, eventually, get, read, served, started
from tests.api.live.replicas import free_port
from tests.programs.program import escrutinio

pytestmark = pytest.mark.long

# How soon a program ends is promised elsewhere.
_AT_LEISURE_S = 60.0


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def serving(stage: Stage) -> Iterator[Program]:
    """`serve` beside a database that `poll` has filled, and goes on filling until it is killed."""
    with served(stage.source) as url, started("poll", *options(url), folder=stage.folder) as poller:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        with started("serve", "--database", "sqlite:///count.db", "--port", 0, folder=stage.folder) as program:
            eventually(lambda: feed_of(program)["state"], lambda state: state == "ok")
            poller.process.kill()
            poller.process.wait()
            yield program


def feed_of(program: Program) -> dict[str, Any]:
    """The feed as the website tells it; nothing while no count is loaded."""
    try:
        return dict(get(f"{program.url}{API}")["feed"])
    except OSError:
        return {"state": None}


def command(stage: Stage, *words: object) -> "subprocess.CompletedProcess[str]":
    return escrutinio(*words, "--database", "sqlite:///count.db", folder=stage.folder, settings=ENVIRONMENT)


def test_a_poller_that_was_killed_is_said_on_screen_in_readyz_metrics_and_doctor_within_thirty_seconds(
    stage: Stage, serving: Program
) -> None:
    began = time.monotonic()
    feed = eventually(lambda: feed_of(serving), lambda feed: feed["note"] == "ended", 30.0)
    assert time.monotonic() - began < 30
    assert feed["state"] == "down"
    assert "Ahora nadie lee la fuente" in page(serving)
    election = API.rpartition("/")[2]
    assert get(f"{serving.url}/readyz") == {"status": "ready", "reading": {election: "ended"}}
    figures = read(f"{serving.url}/metrics")
    assert f'escrutinio_poller_ended{{election="{election}"}} 1.0' in figures
    assert f'escrutinio_poller_up{{election="{election}"}} 0.0' in figures
    assert "nobody reads the source" in command(stage, "doctor").stdout


def test_a_lease_that_nobody_keeps_is_freed_by_a_command(stage: Stage, serving: Program) -> None:
    with served(stage.source) as url:
        refused = command(stage, "poll", "--feed", url, "--unlimited")
    assert refused.returncode == 1
    assert "another process is writing" in refused.stderr
    assert "is free: a poller may begin" in command(stage, "free").stdout
    assert "another process is writing" not in again(stage)
    assert stage.stored() == stage.counted()


def test_a_poller_that_lives_keeps_its_lease_and_tells_so_at_its_own_address(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setitem(ENVIRONMENT, "ESCRUTINIO_POLLER_PORT", own.rpartition(":")[2])
    with served(stage.source) as url, started("poll", *options(url), folder=stage.folder) as poller:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        assert get(f"{own}/healthz")["is_polling"] is True
        figures = read(f"{own}/metrics")
        assert re.search(r'escrutinio_polling_lease_seconds\{election="[^"]+"\} 1\d', figures)
        assert "escrutinio_polling_key_info" in figures
        assert "ok    poller: " in command(stage, "doctor").stdout
        kept = command(stage, "free")
        assert kept.returncode == 1
        assert "lives: it renewed its lease" in kept.stderr
        stage.step()
        eventually(stage.stored, lambda counted: counted == stage.counted())
        assert poller.end(_AT_LEISURE_S) == 0
        assert "nobody reads the source" in command(stage, "doctor").stdout
        with ThreadPoolExecutor(1) as pool:
            patient = pool.submit(command, stage, "doctor", "--wait", 60)
            with started("poll", *options(url), folder=stage.folder):
                assert "is being read" in patient.result().stdout


def test_a_count_that_is_final_says_so_and_is_neither_stale_nor_an_alarm(stage: Stage) -> None:
    stage.finish()
    again(stage)
    with started("serve", "--database", "sqlite:///count.db", "--port", 0, folder=stage.folder) as program:
        feed = eventually(lambda: feed_of(program), lambda feed: feed["state"] is not None)
        assert (feed["state"], feed["note"]) == ("final", "final")
        assert "Todas las actas están contabilizadas" in page(program)
        assert list(get(f"{program.url}/readyz")["reading"].values()) == ["final"]
        assert "} 1.0" not in "".join(line for line in read(f"{program.url}/metrics").splitlines() if "_ended" in line)
    assert "is final" in command(stage, "doctor").stdout


def test_an_archive_of_another_count_is_refused_before_anything_is_asked(stage: Stage) -> None:
    again(stage)
    before = logged(stage)
    with served(stage.source) as url:
        other = ("--database", "sqlite:///other.db", "--archive", stage.archive, "--until-final")
        with started("poll", "--feed", url, *other, folder=stage.folder) as program:
            assert program.process.wait(60) == 1
    assert "belongs to a count of" in program.log
    assert "--archive" in program.log
    assert logged(stage) == before


def test_a_source_that_is_away_is_told_with_the_time_at_which_it_is_asked_again_and_each_reason_is_logged(
    stage: Stage,
) -> None:
    with served(stage.source) as url, started("run", *options(url), "--port", 0, folder=stage.folder) as program:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        stage.source.spoil = lambda url, body: Said(503)
        feed = eventually(lambda: feed_of(program), lambda feed: feed.get("note") == "unreachable")
        assert feed["state"] == "down"
        assert feed["figures"]["at"] > feed["checked_at"][:19]
        assert "volvemos a preguntar a las" in page(program)
        stage.source.spoil = lambda url, body: Said(403)
        eventually(lambda: feed_of(program)["note"], lambda note: note == "refused")
        eventually(lambda: program.log, lambda log: "answered 503" in log and "refused with 403" in log)
        assert program.end(_AT_LEISURE_S) == 0


@pytest.mark.parametrize("name", ["poll", "run"])
def test_poll_waits_out_a_refusal_at_its_start_as_run_does(stage: Stage, name: str) -> None:
    stage.source.spoil = lambda url, body: retry_after(b"1")
    port = ("--port", 0) if name == "run" else ()
    with served(stage.source) as url, started(name, *options(url), *port, folder=stage.folder) as program:
        eventually(lambda: program.log, lambda log: "polling stopped, trying again" in log)
        assert program.process.poll() is None
        assert program.end(_AT_LEISURE_S) == 0


def test_a_source_that_turns_into_a_rehearsal_is_published_no_more_and_that_is_said(stage: Stage) -> None:
    with served(stage.source) as url, started("run", *options(url), "--port", 0, folder=stage.folder) as program:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        before = stage.stored()
        stage.source.spoil = lambda url, body: Said(headers=((REHEARSAL_HEADER.encode(), b"1"),), body=body)
        after = stage.step()
        feed = eventually(lambda: feed_of(program), lambda feed: feed.get("note") == "another_source")
        assert feed["state"] == "down"
        assert "la fuente es otra" in page(program)
        assert stage.stored() == before
        stage.source.spoil = lambda url, body: None
        eventually(stage.stored, lambda counted: counted == after, 120.0)
        assert program.end(_AT_LEISURE_S) == 0


def test_after_a_restart_the_totals_come_before_any_mesa(stage: Stage) -> None:
    with served(stage.source) as url, started("poll", *options(url), folder=stage.folder) as program:
        eventually(stage.stored, lambda counted: counted == stage.counted())
        assert program.end(_AT_LEISURE_S) == 0
    stage.step()
    del stage.source.asked[:]
    again(stage)
    asked = [url for url in stage.source.asked if "/proceso/" not in url and "/ubigeos/" not in url]
    first_totals = asked.index(TOTALS)
    assert not [url for url in asked[:first_totals] if "/actas" in url]


def test_serve_works_on_a_database_that_may_only_be_read(stage: Stage, tmp_path: Path) -> None:
    again(stage)
    folder = tmp_path / "sealed"
    folder.mkdir()
    shutil.copy(stage.folder / "count.db", folder)
    (folder / "count.db").chmod(0o444)
    folder.chmod(0o555)
    with started("serve", *of(folder), "--port", 0, folder=stage.folder, is_humble=True) as program:
        feed = eventually(lambda: feed_of(program), lambda feed: feed["state"] is not None)
        assert feed["state"] in ("down", "final")
        assert get(f"{program.url}/readyz")["status"] == "ready"
        rows = get(f"{program.url}{API}/results?level=nation")["rows"]
        assert rows[0]["published"]["counted"] == stage.counted()
        assert program.end(_AT_LEISURE_S) == 0
    assert "Traceback" not in program.log
    # It was no more than read, and there was nothing beside it that would have let it be written.
    assert [path.name for path in folder.iterdir()] == ["count.db"]
    with started("new-epoch", *of(folder), folder=stage.folder, is_humble=True) as program:
        assert program.process.wait(60) == 1
    assert "read-only" in program.log


def logged(stage: Stage) -> list[bytes]:
    """What the archive's log holds, file by file."""
    return [path.read_bytes() for path in sorted((stage.archive / "log").glob("*.jsonl"))]


def of(folder: Path) -> tuple[str, str]:
    return "--database", f"sqlite:///{folder / 'count.db'}"
