"""The process that has imported everything and forks: `python -m tests.programs.nursery FD`.

Over the socket FD come requests, each with four open files: stdin, stdout and stderr of the new process, and a pipe on
which its number is told as soon as it lives, and its exit status once it has ended.
"""

import ctypes
import gc
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

import msgspec

from api import cli

_MOST_BYTES = 1 << 18
_FILES = 4
_DROP = 24  # PR_CAPBSET_DROP
_NEEDED = ("api.main", "dashboard.app", "dashboard.worker", "geo.boundaries", "tally.storage.schema")


class Wanted(msgspec.Struct):
    """A process that somebody wants: its words, where, with which environment; `is_humble`: it obeys permissions."""

    words: tuple[str, ...]
    folder: str
    environment: dict[str, str]
    is_humble: bool = False


def main() -> None:
    """Fork whatever is asked for until nobody can ask any more; in a fork, be the program."""
    cli.program()
    for module in _NEEDED:
        import_module(module)
    gc.freeze()
    if _serve(socket.socket(fileno=int(sys.argv[1]))):
        cli.main()


def _serve(asking: socket.socket) -> bool:
    """Whether this is the fork that is to be the program."""
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    living: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([asking, heard], [], [])
        if heard in ready:
            heard.recv(4096)
            _bury(living)
        if asking in ready:
            body, files, _, _ = socket.recv_fds(asking, _MOST_BYTES, _FILES)
            if not body:
                for left in living:  # whoever asked is gone, and nobody else ends them
                    os.kill(left, signal.SIGKILL)
                return False
            number = os.fork()
            if not number:
                signal.set_wakeup_fd(-1)
                for one in (asking, heard, told):
                    one.close()
                for status in (*living.values(), files[-1]):
                    os.close(status)
                _become(msgspec.json.decode(body, type=Wanted), files[:-1])
                return True
            for file in files[:-1]:
                os.close(file)
            living[number] = files[-1]
            os.write(files[-1], b"%d\n" % number)


def _bury(living: dict[int, int]) -> None:
    for number in tuple(living):
        found, status = os.waitpid(number, os.WNOHANG)
        if found:
            file = living.pop(number)
            with suppress(BrokenPipeError):  # who asked may have ended
                os.write(file, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(file)


def _become(wanted: Wanted, files: list[int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(wanted.folder)
    is_ours = wanted.environment["PYTHONPATH"] == os.environ["PYTHONPATH"]
    os.environ.clear()
    os.environ.update(wanted.environment)
    time.tzset()
    sys.argv = ["escrutinio", *wanted.words]
    if wanted.is_humble:
        _obey()
    if wanted.is_humble or not is_ours:
        os.execv(sys.executable, [sys.executable, "-u", "-m", "api.cli", *wanted.words])


def _obey() -> None:
    """Whatever begins from here on lacks what lets root pass over permissions (CAP_DAC_OVERRIDE and READ_SEARCH)."""
    prctl: Any = ctypes.CDLL(None).prctl
    for capability in (1, 2):
        prctl(_DROP, capability, 0, 0, 0)


if __name__ == "__main__":
    main()
