"""A program of ours that tests start: what `subprocess` offers, of a fork of the nursery."""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

import msgspec

from tests.programs.nursery import Wanted
from tests.waiting import PATIENCE_S

_PROJECT = Path(__file__).parents[2]


class Program:
    """One that runs. `stdout` is there if nothing else was given for it. Leaving its block waits for its end."""

    def __init__(
        self,
        *words: object,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        stdout: IO[Any] | int | None = None,
        stderr: IO[Any] | int | None = None,
        is_humble: bool = False,
    ) -> None:
        environment = {**os.environ, "PYTHONPATH": str(_PROJECT), **(settings or {})}
        wanted = Wanted(tuple(map(str, words)), str(folder), environment, is_humble)
        told, telling = os.pipe()
        read, write = (None, stdout) if stdout is not None else os.pipe()
        with open(os.devnull, "rb") as nothing:
            files = [_number(one) for one in (nothing, write, 2 if stderr is None else stderr, telling)]
            socket.send_fds(_nursery(), [msgspec.json.encode(wanted)], files)
        os.close(telling)
        if read is not None:
            os.close(_number(write))
        self.stdout: IO[str] = os.fdopen(read if read is not None else os.dup(_nothing()), encoding="utf-8")
        self._told = os.fdopen(told, "rb", buffering=0)  # what was told and not yet asked for is seen by `select`
        self.args, self.pid, self.returncode = wanted.words, int(self._told.readline()), None

    returncode: int | None

    def poll(self) -> int | None:
        """Its exit status, if it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status. Raises: subprocess.TimeoutExpired: it has not ended within those seconds."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
            self.returncode = int(self._told.readline())
        return self.returncode

    def send_signal(self, sent: int) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, sent)

    def terminate(self) -> None:
        """Tell it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()
        self.stdout.close()
        self._told.close()


def escrutinio(
    *words: object, folder: Path, settings: Mapping[str, str] | None = None, seconds: float = 2 * PATIENCE_S
) -> "subprocess.CompletedProcess[str]":
    """A command and what it said, once it has ended. Raises: subprocess.TimeoutExpired: it has not, and was killed."""
    with TemporaryFile("w+", encoding="utf-8") as said, TemporaryFile("w+", encoding="utf-8") as errors:
        with Program(*words, folder=folder, settings=settings, stdout=said, stderr=errors) as program:
            try:
                program.wait(seconds)
            except subprocess.TimeoutExpired:
                program.kill()
                raise
        for file in (said, errors):
            file.seek(0)
        return subprocess.CompletedProcess(program.args, program.wait(), said.read(), errors.read())


def _number(file: IO[Any] | int) -> int:
    if file == subprocess.DEVNULL:
        return _nothing()
    return file if isinstance(file, int) else file.fileno()


@cache
def _nothing() -> int:
    return os.open(os.devnull, os.O_RDWR)


@cache
def _nursery() -> socket.socket:
    """Where this process asks for programs."""
    asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-u", "-m", "tests.programs.nursery", str(asked.fileno())]
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    nursery = subprocess.Popen(command, cwd=_PROJECT, env=environment, pass_fds=[asked.fileno()])
    asked.close()
    atexit.register(nursery.wait, PATIENCE_S)
    atexit.register(asking.close)
    return asking
