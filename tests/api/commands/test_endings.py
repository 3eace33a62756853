"""Whoever tells a program to end need not ask what it is doing: within 10 s it is gone, and holds nothing any more."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.live.hub import SUBPROTOCOL
from tests.api.commands.test_unwell_source import API, Stage, options
from tests.api.commands.unwell import served
from tests.api.live.replicas import free_port
from tests.waiting import PATIENCE_S, wait_until

_PROJECT = Path(__file__).parents[3]
_WITHIN_S = 10.0

Process = subprocess.Popen[bytes]


class Silent:
    """A server that takes connections and never says anything. `asked`: somebody came."""

    def __init__(self, stack: ExitStack) -> None:
        self._listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._listener.setblocking(False)
        self._stack = stack
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def asked(self) -> bool:
        """Whether somebody came since the last look. Raises: BlockingIOError: not yet."""
        self._stack.enter_context(self._listener.accept()[0])
        return True


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as closing_all:
        yield closing_all


@pytest.fixture
def silent(stack: ExitStack) -> Silent:
    return Silent(stack)


def begin(stack: ExitStack, folder: Path, *words: object, python: tuple[str, ...] = ()) -> Process:
    """A command of the program, and options of Python itself; what it says stands in the file `log`."""
    command = [sys.executable, *python, "-m", "api.cli", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    log = stack.enter_context((folder / "log").open("wb"))
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def end(process: Process) -> None:
    """Tell it to end. Raises: TimeoutExpired: it did not in time."""
    began = time.monotonic()
    process.terminate()
    process.wait(_WITHIN_S)
    assert time.monotonic() - began < _WITHIN_S


def loaded(folder: Path, module: str) -> Callable[[], bool]:
    """Whether Python says that it has loaded a module."""
    return lambda: f" {module}\n" in (folder / "log").read_text()


@pytest.mark.parametrize(
    "words",
    [("run",), ("poll",), ("serve",), ("upgrade",), ("export", "--site", "site")],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("module", ["tally.errors", "sqlalchemy"])
def test_a_program_ends_while_it_starts(
    stack: ExitStack, silent: Silent, tmp_path: Path, words: tuple[str, ...], module: str
) -> None:
    feed = ("--feed", silent.url) if words[0] in ("run", "poll") else ()
    process = begin(stack, tmp_path, *words, *feed, python=("-X", "importtime"))
    wait_until(loaded(tmp_path, module))
    end(process)


@pytest.mark.parametrize("command", ["run", "poll"])
def test_a_program_ends_while_a_source_does_not_answer_its_first_question(
    stack: ExitStack, silent: Silent, tmp_path: Path, command: str
) -> None:
    port = ("--port", 0) if command == "run" else ()
    process = begin(stack, tmp_path, command, "--feed", silent.url, "--database", "sqlite:///count.db", *port)
    wait_until(silent.asked)
    end(process)
    with closing(sqlite3.connect(tmp_path / "count.db")) as database:  # nobody holds it any more
        database.execute("BEGIN EXCLUSIVE")


def test_whoever_copies_pages_ends_while_a_replica_does_not_answer(
    stack: ExitStack, silent: Silent, tmp_path: Path
) -> None:
    process = begin(stack, tmp_path, "export", "--site", "site", "--from", silent.url)
    wait_until(silent.asked)
    end(process)


def test_an_upgrade_ends_while_it_waits_for_a_database_that_somebody_holds(stack: ExitStack, tmp_path: Path) -> None:
    holder = stack.enter_context(closing(sqlite3.connect(tmp_path / "count.db", isolation_level=None)))
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    process = begin(stack, tmp_path, "upgrade", "--database", "sqlite:///count.db")
    wait_until(lambda: any("count.db" in os.readlink(one) for one in Path(f"/proc/{process.pid}/fd").iterdir()))
    end(process)
    holder.execute("ROLLBACK")
    assert holder.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_program_ends_while_it_serves_what_it_reads_to_somebody(stack: ExitStack, tmp_path: Path) -> None:
    stage, port = Stage(tmp_path), free_port()
    source = stack.enter_context(served(stage.source))
    process = begin(stack, tmp_path, "run", *options(source), "--port", port)
    address = f"127.0.0.1:{port}"
    wait_until(lambda: httpx.get(f"http://{address}/readyz").status_code == 200)
    wanted = [Subprotocol(SUBPROTOCOL)]
    follower = stack.enter_context(connect(f"ws://{address}{API}/live", subprotocols=wanted, proxy=None))
    follower.send('{"t":"sub","topics":["nation"]}')
    assert '"t":"hello"' in str(follower.recv(PATIENCE_S))
    end(process)
