"""Pictures drawn anew in processes of their own, within limits: what one costs, nobody who is served pays.

`python -m mission.incidents.redrawing` reads pictures from stdin and answers on stdout, each after its length in four
bytes. Whatever breaks a decoder, or takes too much, ends that process and nothing else.
"""

import os
import queue
import resource
import signal
import subprocess
import sys
import threading

import msgspec
from msgspec import Struct

from mission.incidents.photos import Picture, redraw
from mission.thresholds import THRESHOLDS
from tally import child
from tally.errors import InvalidInput, StoreUnavailable

LIMITS = THRESHOLDS.pictures
_TOO_MUCH = "the picture takes more to draw than a picture may"
_AWAY = "pictures cannot be drawn just now; try again in a moment"
# Whoever is served goes first.
_NICENESS = 10
# Signals by which a process is ended that takes too much, or that a picture has broken.
_ITS_OWN_FAULT = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGFPE}


class _Answer(Struct, array_like=True):
    picture: Picture | None
    refused: str = ""


class Redrawing:
    """A few processes, each started when it is first needed and again after it ended. For any thread."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._all = [_Process() for _ in range(LIMITS.at_once)]
        for process in self._all:
            self._idle.put(process)

    def redraw(self, sent: bytes) -> Picture:
        """See `photos.redraw`; waits for a process.

        Raises: InvalidInput: no such picture, or it takes too much. StoreUnavailable: no process can be had.
        """
        process = self._idle.get()
        try:
            return process.redraw(sent)
        finally:
            self._idle.put(process)

    def close(self) -> None:
        """End the processes."""
        for process in self._all:
            process.stop()


class _Process:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def redraw(self, sent: bytes) -> Picture:
        process = self._process
        if process is None or process.poll() is not None:
            self.stop()
            process = self._process = _start()
        ending = threading.Timer(LIMITS.wall_s, process.kill)
        ending.start()
        try:
            assert process.stdin is not None  # noqa: S101 - opened in _start
            assert process.stdout is not None  # noqa: S101 - and so was this
            child.send(process.stdin, sent)
            answer = msgspec.msgpack.decode(child.receive(process.stdout), type=_Answer)
        except (OSError, EOFError) as error:
            code = process.wait()
            if code in _ITS_OWN_FAULT:
                raise InvalidInput(_TOO_MUCH) from error
            raise StoreUnavailable(f"the process that draws pictures ended ({code})", public=_AWAY) from error
        finally:
            ending.cancel()
        if answer.picture is None:
            raise InvalidInput(answer.refused)
        return answer.picture

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            child.end(process)


def _start() -> subprocess.Popen[bytes]:
    # Nothing that opens a door is told to a process that reads what strangers send.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ESCRUTINIO_")}
    command = [sys.executable, "-m", "mission.incidents.redrawing"]
    try:
        return subprocess.Popen(  # noqa: S603 - ours
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
    except OSError as error:
        raise StoreUnavailable(
            f"no process to draw pictures can be started ({error.strerror})", public=_AWAY
        ) from error


def main() -> None:
    """Draw whatever arrives until stdin ends."""
    os.nice(_NICENESS)
    for limit, most in (
        (resource.RLIMIT_AS, LIMITS.memory_mb * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    while True:
        try:
            sent = child.receive(sys.stdin.buffer)
        except EOFError:
            return
        _allow_seconds(LIMITS.cpu_s)
        child.send(sys.stdout.buffer, msgspec.msgpack.encode(_answer(sent)))


def _answer(sent: bytes) -> _Answer:
    try:
        return _Answer(redraw(sent))
    except InvalidInput as error:
        return _Answer(None, str(error))
    except MemoryError:
        return _Answer(None, _TOO_MUCH)


def _allow_seconds(seconds: int) -> None:
    """Let this process use so much more time of a processor; then it is ended."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, most))


if __name__ == "__main__":
    main()
