"""The soak of attacks: all at once against `escrutinio run` and against the proxy before it, while a voter reads.

All on loopback, from its many addresses. The whole country is counted meanwhile.
"""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from argon2.profiles import RFC_9106_LOW_MEMORY
from msgspec import Struct, field

from api.http import keeping
from bench.attack.kinds import KINDS
from bench.reliability import SoakSection
from tests.acceptance.team import PASSWORD, Team
from tests.api.live.replicas import proxy
from tests.stage.night import Night, night

NAME, TITLE, MINUTES = (
    "attack",
    "Attacked: half-open, slow, junk, floods, while a voter reads and a coordinator signs in",
    10.0,
)
_HOURS, _SPEED = 2.5, 10.0
_QUIET_S, _LOOK_S = 20.0, 1.0
# Attackers have machines of their own: here they take of the processor what is left.
_GIVING_WAY = ("nice", "-n", "10")
_TRUSTED = {"ESCRUTINIO_TRUSTED_PROXIES": '["127.0.0.1"]'}
# What may be kept of answers, and two passwords that are being checked.
_ALLOWED_MB = (keeping.TOTAL + 2 * RFC_9106_LOW_MEMORY.memory_cost * 1024) / 2**20
_OURS = ("500", "502", "504")


class Stretch(Struct):
    """What one target lived through: visitors without and with the attack, the attackers' answers, memory in MB."""

    name: str
    quiet: dict[str, Any] = field(default_factory=dict)
    attacked: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Counter[str]] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)


def main(seed: int = 1, say: Callable[[str], None] = print, minutes: float = MINUTES) -> SoakSection:
    """Attack the program, then the proxy, half of the time each."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert nginx is not None, "nginx is needed (Debian: nginx-light)"
    with night(_HOURS, seed, say, pace=(), **_TRUSTED) as stage:
        Team(stage.url, stage.folder).add_people()
        direct = urlsplit(stage.url).netloc
        with proxy(nginx, _own_folder(stage), [direct, direct]) as proxied, stage.moving(_SPEED):
            stretches = [
                _live_through(stage, name, int(address.rpartition(":")[2]), seed, minutes * 30, say)
                for name, address in (("`escrutinio run`", direct), ("the shipped nginx", proxied))
            ]
    section = SoakSection(NAME, TITLE, seed, _lines(stretches, minutes))
    say(section.text())
    return section


def _own_folder(stage: Night) -> Path:
    folder = stage.folder / "proxy"
    folder.mkdir()
    return folder


def _live_through(stage: Night, name: str, port: int, seed: int, seconds: float, say: Callable[[str], None]) -> Stretch:
    found = Stretch(name)
    with _program("bench.attack.visitors", port, "carla", PASSWORD) as hear_visitors:
        hear_visitors()
        time.sleep(min(_QUIET_S, seconds / 3))
        found.quiet = hear_visitors()
        say(f"attacking {name} for {seconds:.0f} s")
        with _program("bench.attack", port, urlsplit(stage.api).path, seed, gives_way=True) as hear_attackers:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                found.memory.append(_memory_mb(stage.pid))
                time.sleep(_LOOK_S)
            found.attacked = hear_visitors()
            found.answers = {kind: Counter(answers) for kind, answers in hear_attackers().items()}
    found.memory.append(_memory_mb(stage.pid))
    return found


@contextmanager
def _program(module: str, *arguments: object, gives_way: bool = False) -> Iterator[Callable[[], Any]]:
    """A module in a process of its own; what is yielded asks it for what it has to tell."""
    command = [*(_GIVING_WAY if gives_way else ()), sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def hear() -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline().removeprefix("= "))

        try:
            yield hear
        finally:
            process.kill()


def _memory_mb(pid: int) -> float:
    words = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(words.split()[1]) / 1024


def _lines(stretches: list[Stretch], minutes: float) -> list[str]:
    lines = [
        f"{minutes:.0f} minutes, half of them against the program itself, half against `deploy/nginx.conf` before it,",
        f"while the whole country is counted {_SPEED:.0f} times faster and read at the pace of the night. Attackers",
        "come from some 270 addresses of loopback, and take what is left of this machine's processors. All at once: 80",
        "heads and 80 bodies that never end, 60 slow readers, 300 sockets that hold still, and floods of junk",
        "parameters, moments of the past and wrong passwords, 24 at a time. From an address of their own, on a new",
        "connection each time, a voter reads pages and a coordinator signs in with the right password of an account",
        "that is attacked too.",
        "",
        "| what | bar |" + "".join(f" {one.name} |" for one in stretches),
        "|---|---|" + "---|" * len(stretches),
    ]
    rows: list[tuple[str, str, Callable[[Stretch], str]]] = [
        ("a voter's page, p99, s", "≤ 1", lambda one: f"{_p99(one.attacked['page']):.2f}"),
        ("… median; longest", "–", lambda one: _spread(one.attacked["page"])),
        ("… p99 before the attack", "–", lambda one: f"{_p99(one.quiet['page']):.2f}"),
        ("… pages; failed", "0 failed", lambda one: _failures(one.attacked["page"])),
        ("sign-ins with the right password; refused", "0 refused", lambda one: _failures(one.attacked["sign-in"])),
        ("… median; longest, s", "–", lambda one: _spread(one.attacked["sign-in"])),
        (
            "memory at the start, at most, at the end, MB", f"at most + {_ALLOWED_MB:.0f}",
            lambda one: f"{one.memory[0]:.0f}, {max(one.memory):.0f}, {one.memory[-1]:.0f}",
        ),
        (
            "answers of 500, 502 or 504 to attackers", "0",
            lambda one: f"{sum(answers[status] for answers in one.answers.values() for status in _OURS):,}",
        ),
    ]  # fmt: skip
    lines += [f"| {what} | {bar} |" + "".join(f" {say(one)} |" for one in stretches) for what, bar, say in rows]
    for kind in KINDS:
        told = [_told(one.answers.get(kind, Counter())) for one in stretches]
        lines.append(f"| answers to {kind} | – | {' | '.join(told)} |")
    return lines + _first_failures(stretches)


def _p99(told: dict[str, Any]) -> float:
    return float(quantiles([*told["seconds"], *told["seconds"]], n=100)[98]) if told["seconds"] else float("inf")


def _spread(told: dict[str, Any]) -> str:
    return f"{median(told['seconds']):.2f}; {max(told['seconds']):.2f}" if told["seconds"] else "none"


def _failures(told: dict[str, Any]) -> str:
    return f"{len(told['seconds']):,}; {len(told['failed']):,}"


def _told(answers: Counter[str]) -> str:
    return ", ".join(f"{what} × {number:,}" for what, number in answers.most_common(5)) or "none has ended"


def _first_failures(stretches: list[Stretch]) -> list[str]:
    failed = {
        f"- {one.name}, {kind}: {text}"
        for one in stretches
        for kind, told in one.attacked.items()
        for text in told["failed"]
    }
    return ["", "Failed:", *sorted(failed)[:8]] if failed else []
