"""The command line as people meet it: a process, its exit status, one sentence when it fails, nothing lost."""

import csv
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from ingest.archive import Archive
from ingest.registry import known_elections
from tally.program import this_program
from tally.storage.store import Store
from tests.ingest.rig import a_small_country, write_mesas
from tests.programs.program import Program, escrutinio
from tests.waiting import PATIENCE_S, wait_until

_PROJECT = Path(__file__).parents[3]
RUNOFF, FIRST_ROUND = "2026-06-07-president-runoff", "2026-04-12-president"


@contextmanager
def started(*options: object, folder: Path) -> Iterator[str]:
    """A server command; gives the address in the line it prints when ready."""
    with Program(*options, folder=folder) as process:
        try:
            line = process.stdout.readline()
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == 0


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("feed")
    mesas = a_small_country(folder / "mesas.csv", known_elections()[RUNOFF])
    with started("feed", "--mesas", mesas, "--election", RUNOFF, "--speed", "max", "--port", 0, folder=folder) as url:
        yield url


def test_a_count_is_polled_to_its_end_and_printed(feed: str, tmp_path: Path) -> None:
    options = ("--feed", feed, "--database", "sqlite:///count.db", "--until-final", "--unlimited")
    done = escrutinio("poll", *options, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    printed = escrutinio("totals", "--database", "sqlite:///count.db", "--level", "nation", folder=tmp_path)
    [row] = csv.DictReader(printed.stdout.splitlines())
    votes = (sum(50 + n for n in range(60)), sum(100 - n for n in range(60)))
    for side in ("published", "computed"):
        assert (int(row[f"{side}_fuerza_popular"]), int(row[f"{side}_juntos_por_el_peru"])) == votes
        assert row[f"{side}_total"] == "60"
    mesas = escrutinio("totals", "--database", "sqlite:///count.db", "--level", "mesa", folder=tmp_path)
    assert len(mesas.stdout.splitlines()) == 61
    as_json = escrutinio(
        "totals", "--database", "sqlite:///count.db", "--level", "department", "--format", "json", folder=tmp_path
    )
    rows = json.loads(as_json.stdout)
    assert {"department/14", "department/92"} <= {row["key"] for row in rows}
    before = escrutinio("totals", "--database", "sqlite:///count.db", "--at", "2020-01-01T00:00:00Z", folder=tmp_path)
    assert len(before.stdout.splitlines()) == 1


def test_run_serves_what_it_polls(feed: str, tmp_path: Path) -> None:
    with started("run", "--feed", feed, "--unlimited", "--cycle", 1, "--port", 0, folder=tmp_path) as url:
        wait_until(lambda: _counted(url) == 60)
        with urlopen(f"{url}/readyz", timeout=PATIENCE_S) as ready:
            assert ready.status == 200
        again = escrutinio("poll", "--feed", feed, "--database", "sqlite:///var/escrutinio.db", folder=tmp_path)
        assert again.returncode == 1
        assert "another process is writing" in again.stderr


@pytest.mark.parametrize("command", ["poll", "run"])
def test_a_polite_end_gives_the_lease_back(feed: str, tmp_path: Path, command: str) -> None:
    """Also in the background of a script, whose shell has interrupts ignored."""
    options = [command, "--feed", feed, "--database", "sqlite:///count.db"]
    if command == "run":
        options += ["--port", "0"]
    line = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-m", "api.cli", *options]
    with subprocess.Popen(line, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(_PROJECT)}) as process:
        store = Store.open(f"sqlite:///{tmp_path / 'count.db'}")
        while not store.counts() or store.counts()[0].seq == 0:
            assert process.poll() is None
            time.sleep(0.1)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    store.close()
    done = escrutinio("poll", *options[1:5], "--until-final", "--unlimited", folder=tmp_path)
    assert done.returncode == 0, done.stderr


def _counted(url: str) -> int | None:
    try:
        with urlopen(f"{url}/api/v1/elections/{RUNOFF}/results?level=nation", timeout=PATIENCE_S) as answer:
            rows = json.load(answer)["rows"]
    except OSError:
        return None
    published = rows[0]["published"] if rows else None
    return published and published["counted"]


def one_sentence(done: "subprocess.CompletedProcess[str]", *parts: str) -> None:
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def test_an_unknown_election_is_named_with_those_that_exist(tmp_path: Path) -> None:
    for command in ("poll", "run", "serve", "totals"):
        one_sentence(escrutinio(command, "--election", "1990-x", folder=tmp_path), "'1990-x'", RUNOFF)


def test_a_mesa_file_that_cannot_be_read_is_named_with_line_and_column(tmp_path: Path) -> None:
    path = a_small_country(tmp_path / "mesas.csv", known_elections()[RUNOFF])
    path.write_text(path.read_text().replace("300,162", "many,162", 1))
    done = escrutinio("feed", "--mesas", path, "--election", RUNOFF, "--port", 0, folder=tmp_path)
    one_sentence(done, "line 2", "electores", "many")


def test_a_source_that_is_down_at_the_start_leaves_the_attempt_in_the_archive(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        for command in ("poll", "run"):
            done = escrutinio(command, "--feed", url, *(("--port", 0) if command == "run" else ()), folder=tmp_path)
            assert done.returncode == 1
            assert "no connection (is the host right, and is it up?)" in done.stderr
    attempts = Archive(tmp_path / "var" / "escrutinio.archive").attempts()
    assert [attempt.status for attempt in attempts] == [None, None]


def test_a_host_that_answers_about_another_election_is_refused(tmp_path: Path) -> None:
    row = {"mesa": "000001", "ubigeo_onpe": "140101", "electores": 300, "emitidos": 41, "local": "IE 1"}
    votes = {entry.id: 1 for entry in known_elections()[FIRST_ROUND].contest().lists}
    path = write_mesas(tmp_path / "mesas.csv", [{**row, **votes, "blancos": 1, "nulos": 2, "impugnados": 0}])
    options = ("--mesas", path, "--election", FIRST_ROUND, "--speed", "max", "--port", 0)
    with started("feed", *options, folder=tmp_path) as url:
        done = escrutinio("poll", "--feed", url, "--election", RUNOFF, folder=tmp_path)
    one_sentence(done, "process 2 (EG2026)", "check --feed and --election")
    assert Store.open(f"sqlite:///{tmp_path / 'var' / 'escrutinio.db'}").counts() == []


def test_a_database_locked_by_another_program_is_said_and_the_archive_stays(feed: str, tmp_path: Path) -> None:
    path = tmp_path / "count.db"
    Store.open(f"sqlite:///{path}").close()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    done = escrutinio("poll", "--feed", feed, "--database", f"sqlite:///{path}", folder=tmp_path)
    other.close()
    one_sentence(done, "locked by another program")


def test_a_read_only_database_is_said_and_the_archive_stays(feed: str, tmp_path: Path) -> None:
    path = tmp_path / "count.db"
    Store.open(f"sqlite:///{path}").close()
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    options = ("--feed", feed, "--database", url, "--archive", tmp_path / "archive")
    one_sentence(escrutinio("poll", *options, folder=tmp_path), "read-only")
    [attempt] = Archive(tmp_path / "archive").attempts()
    assert attempt.sha256 is not None
    assert Archive(tmp_path / "archive").read(attempt.sha256)


def test_a_port_that_is_taken_is_said(feed: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for options in (("run", "--feed", feed), ("serve",), ("feed", "--speed", "max")):
            one_sentence(escrutinio(*options, "--port", port, folder=tmp_path), str(port), "--port")


def test_unlimited_is_refused_for_a_host_that_is_not_this_machine(tmp_path: Path) -> None:
    done = escrutinio("poll", "--feed", "https://resultados.example", "--unlimited", folder=tmp_path)
    one_sentence(done, "--unlimited is only for a feed on this machine, not for resultados.example")


def test_the_program_says_its_version_and_commit_in_a_line(tmp_path: Path) -> None:
    done = escrutinio("--version", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"escrutinio {this_program()}\n")


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("mysql://user:secret@host/x\n")
    monkeypatch.setenv("ESCRUTINIO_DATABASE_URL_FILE", str(tmp_path / "url"))
    one_sentence(escrutinio("totals", folder=tmp_path), "only sqlite:///FILE and postgresql")


def test_the_doctor_says_what_to_fix(feed: str, tmp_path: Path) -> None:
    healthy = escrutinio("doctor", "--feed", feed, folder=tmp_path)
    assert (healthy.returncode, healthy.stdout.count("ok    ")) == (0, 13)
    ill = escrutinio("doctor", "--feed", feed, "--database", "sqlite:////no/such/folder/x.db", folder=tmp_path)
    assert (ill.returncode, ill.stdout.count("FIX   ")) == (1, 1)


def test_a_command_waits_for_nothing_that_only_others_need() -> None:
    look = "import sys; from api.cli import program; program('poll'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], cwd=_PROJECT, capture_output=True, text=True, check=True)
    assert not {"dash", "fastapi", "shapely", "argon2", "PIL", "mission"} & set(loaded.stdout.split())
