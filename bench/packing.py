"""What packing costs, and what it gives: a whole country, polled over loopback, verified, packed, and verified again.

CPU is that of each process, system time included: user and kernel of `escrutinio poll`, `verify` and `archive pack`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.country import newest_election
from tally.storage.disk import use_of

_START_S, _LOOK_S = 120.0, 0.1


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name; ratios of CPU seconds."""
    with tempfile.TemporaryDirectory(prefix="escrutinio-bench-") as name:
        folder = Path(name)
        archive, database = folder / "count.archive", f"sqlite:///{folder / 'count.db'}"
        place = ("--database", database, "--archive", str(archive))
        say("polling a whole country over loopback")
        with _feed(folder) as url:
            polled = _spend("poll", *place, "--feed", url, "--until-final", "--unlimited")
        before = use_of(archive)
        say("verifying it")
        loose = _spend("verify", *place)
        say("packing it")
        packed = _spend("archive", "pack", *place)
        after = use_of(archive)
        say("verifying it again")
        verified = _spend("verify", *place)
    return {
        "packing_loose_files": before.files,
        "packing_loose_mb": round(before.bytes / 1e6, 1),
        "packing_loose_disk_mb": round((before.bytes + before.files * 2048) / 1e6, 1),
        "packing_files": after.files,
        "packing_mb": round(after.bytes / 1e6, 1),
        "packing_cpu_s": round(packed, 1),
        "packing_poller_cpu_s": round(polled, 1),
        "packing_share_of_poller": round(packed / polled * 100, 2),
        "packing_verify_ratio": round(verified / loose, 2),
    }


def _spend(*options: str) -> float:
    """CPU seconds of a command, with those of the processes that it started.

    Raises: RuntimeError: it failed.
    """
    process = subprocess.Popen([sys.executable, "-m", "api.cli", *options], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{options[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


@contextmanager
def _feed(folder: Path) -> Iterator[str]:
    """A finished rehearsal of the newest election, in a process of its own."""
    command = [sys.executable, "-m", "api.cli", "feed", "--election", newest_election().id]
    with (folder / "feed").open("wb") as said:
        process = subprocess.Popen([*command, "--speed", "max", "--port", "0"], stdout=said)
    try:
        ends = time.monotonic() + _START_S
        while time.monotonic() < ends and process.poll() is None:
            for word in (folder / "feed").read_text().split():
                if word.startswith("http://"):
                    yield word
                    return
            time.sleep(_LOOK_S)
        raise RuntimeError("the feed did not start")
    finally:
        process.terminate()
        process.wait()
