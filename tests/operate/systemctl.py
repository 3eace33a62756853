"""What stands in systemctl's place: starts and ends the processes of units, each told by a file with its number.

Units are those that were installed below ROOT. Of the folder MACHINE `units/` has number and log of each
that was begun, `etc/escrutinio.env` their settings.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_FOLDER = Path(os.environ["MACHINE"])
_UNITS = _FOLDER / "units"
_END_S = 30.0
# The source is on this machine and asked without a budget.
_HURRIED = ("--unlimited", "--cycle", "0.5")


def main(verb: str, *units: str) -> int:
    """Do it with each unit. Returns: the exit status."""
    verbs = {"start": [_start], "stop": [_stop], "restart": [_stop, _start], "is-active": [_check]}
    return max(act(unit.removesuffix(".service")) for act in verbs[verb] for unit in units if not unit.startswith("-"))


def _start(unit: str) -> int:
    if _pid(unit) is not None:
        return 0
    with (_UNITS / f"{unit}.log").open("ab") as log:
        process = subprocess.Popen(
            _command(unit), cwd=_FOLDER, env=_settings(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    _file(unit).write_text(str(process.pid))
    return 0


def _stop(unit: str) -> int:
    pid = _pid(unit)
    if pid is None:
        return 0
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _END_S
    while _pid(unit) is not None:
        if time.monotonic() > end:
            return 1
        time.sleep(0.02)
    _file(unit).unlink()
    return 0


def _check(unit: str) -> int:
    return 0 if _pid(unit) is not None else 3


def _command(unit: str) -> list[str]:
    name, _, instance = unit.partition("@")
    installed = Path(os.environ["ROOT"]) / "etc/systemd/system" / f"{name}{'@' if instance else ''}.service"
    lines = dict(line.split("=", 1) for line in installed.read_text().splitlines() if line.startswith("ExecStart="))
    words = [word.replace("%i", instance) for word in shlex.split(lines["ExecStart"])]
    return [sys.executable, "-u", "-m", "api.cli", *words[1:], *(_HURRIED if words[1] == "poll" else ())]


def _settings() -> dict[str, str]:
    lines = (_FOLDER / "etc" / "escrutinio.env").read_text().splitlines()
    return {**os.environ, **dict(shlex.split(line)[0].split("=", 1) for line in lines if line[:1] not in ("", "#"))}


def _file(unit: str) -> Path:
    return _UNITS / f"{unit}.pid"


def _pid(unit: str) -> int | None:
    """The number of its process, if that has not ended: nobody may be there to take note of its end."""
    with suppress(FileNotFoundError, ValueError):
        pid = int(_file(unit).read_text())
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return None if state == "Z" else pid
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
