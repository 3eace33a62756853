"""The hub beside a raw uvloop writer and the naive FastAPI loop: CPU of the server's process, in paired rounds.

Every server has its own process, all clients another one; the rounds of the things compared are interleaved.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median, quantiles
from typing import Any

from tests.api.conftest import BASE

_ROUNDS = 20
_PUSHES = {1000: 8, 4000: 3}
_SIZES = {"1k": 1000, "20k": 20_000}
_MANY = 5000
_MOST_PUSHES = 1000


class BenchedProcess:
    """A program that answers a line of JSON with one."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **command: Any) -> Any:
        """What it answers to a command."""
        self.tell(**command)
        return self.hear()

    def tell(self, **command: Any) -> None:
        """Send a command without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """The next answer."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("= "):  # others are its log
                return json.loads(line[2:])
        raise AssertionError("the process has ended")

    def close(self) -> None:
        """End it, and give its pipes back."""
        with self._process:
            self._process.kill()


class Side:
    """One server with its group of clients."""

    def __init__(self, kind: str, server: BenchedProcess, clients: BenchedProcess, name: str | None = None) -> None:
        self.kind, self.server, self._clients = kind, server, clients
        self.name = name or kind
        self.port = server.hear()
        self.number = 0
        self._wire: dict[int, int] = {}
        self.first = server.ask(do="memory")

    def open(self, number: int, *, stalled: bool = False) -> None:
        """Connect that many more clients."""
        greets = self.kind in ("hub", "count")
        path = f"{self._base()}/live"
        where = {"group": self.name, "port": self.port, "path": path, "greets": greets}
        self._clients.ask(do="open", number=number, stalled=stalled, **where)
        self.number += 0 if stalled else number

    def _base(self) -> str:
        if self.kind == "count":
            from bench.country import newest_election

            return f"/api/v1/elections/{newest_election().id}"
        return BASE

    def push(self, size: int, *, at_least: int | None = None) -> tuple[float, list[float]]:
        """Give all one message; when that began, and how long after each had it, sorted.

        `at_least`: bytes after which a client is content, where the size is not known before.
        """
        self._clients.ask(do="arm", group=self.name, bytes=at_least or self._wire.get(size, size))
        pushed = self.server.ask(do="push", size=size)
        self._wire[size] = pushed["bytes"]
        times = self._clients.ask(do="wait", group=self.name)
        return pushed["at"], [at - pushed["at"] for at in times]

    def spend(self, size: int, pushes: int) -> float:
        """Deliveries per CPU second of the server."""
        before = self.server.ask(do="cpu")
        for _ in range(pushes):
            self.push(size)
        return self.number * pushes / float(self.server.ask(do="cpu") - before)


@contextmanager
def sides(*kinds: str) -> Iterator[list[Side]]:
    """Servers of those kinds, and one process of clients."""
    with ExitStack() as stack:
        clients = BenchedProcess("bench.fanout.clients")
        stack.callback(clients.close)
        found = []
        for number, kind in enumerate(kinds):
            server = BenchedProcess("bench.fanout.servers", kind)
            stack.callback(server.close)
            found.append(Side(kind, server, clients, f"{kind}{number}"))
        yield found


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    found: dict[str, float] = {}
    for number in _PUSHES:
        say(f"deliveries to {number} clients")
        found |= _deliveries(number)
    say(f"{_MANY} clients: the last one, HTTP beside it, memory, all dropped at once")
    found |= _many()
    say("a tenth of the clients does not read")
    found |= _stalled()
    say("a batch of 500 actas, from its bytes to 1,000 sockets")
    found |= _poll_to_screen()
    return found


def _rounds(all_sides: list[Side], measure: Callable[[Side], float]) -> list[list[float]]:
    """One measurement of every side a round, in the order of the sides; each round another one is first."""
    found = []
    for n in range(_ROUNDS):
        start = n % len(all_sides)
        turn = {side.name: measure(side) for side in (*all_sides[start:], *all_sides[:start])}
        found.append([turn[side.name] for side in all_sides])
    return found


def _deliveries(number: int) -> dict[str, float]:
    found: dict[str, float] = {}
    with sides("raw", "naive", "hub") as all_sides:
        for side in all_sides:
            side.open(number)
        for label, size in _SIZES.items():
            for side in all_sides:  # caches, buffers, the branch predictor
                side.spend(size, 2)
            rounds = _rounds(all_sides, partial(Side.spend, size=size, pushes=_PUSHES[number]))
            suffix = f"{number}_{label}"
            found[f"deliveries_over_raw_{suffix}"] = round(median(hub / raw for raw, _, hub in rounds), 3)
            found[f"deliveries_over_naive_{suffix}"] = round(median(hub / naive for _, naive, hub in rounds), 2)
            found[f"deliveries_per_cpu_s_{suffix}"] = round(median(hub for _, _, hub in rounds))
    return found


def _many() -> dict[str, float]:
    with sides("raw", "hub") as (raw, hub):
        raw.open(_MANY)
        hub.open(_MANY)
        per_client = (hub.server.ask(do="memory") - hub.first) / _MANY
        for side in (raw, hub):
            side.push(1000)
        last = _rounds([raw, hub], lambda side: side.push(1000)[1][-1])
        http = _http_beside(hub)
        return {
            "last_of_5000_over_raw": round(median(ours / its for its, ours in last), 2),
            "last_of_5000_ms": round(median(ours for _, ours in last) * 1000, 1),
            **http,
            "idle_client_kb": round(per_client / 1024, 1),
            **_come_back(hub),
        }


def _http_beside(hub: Side) -> dict[str, float]:
    """p99 of a small request on the same loop, while 5,000 are pushed to and while nothing happens."""
    idle = _probe(hub.port, lambda: time.sleep(3))
    busy = _probe(hub.port, lambda: [hub.push(1000) for _ in range(_ROUNDS)])
    return {"http_p99_ms_while_pushing": _p99(busy), "http_p99_ms_idle": _p99(idle), "http_requests": len(busy)}


def _probe(port: int, work: Callable[[], object]) -> list[float]:
    prober = BenchedProcess("bench.fanout.prober", str(port))
    try:
        time.sleep(0.5)  # it is asking by now
        work()
        return list(prober.ask(do="stop"))
    finally:
        prober.close()


def _p99(times: list[float]) -> float:
    return round(quantiles(times, n=100)[98] * 1000, 2)


def _come_back(hub: Side) -> dict[str, float]:
    clients = hub._clients
    clients.ask(do="return", group=hub.name)
    assert hub.server.ask(do="drop") == _MANY
    back = clients.ask(do="come_back", group=hub.name, number=_MANY)
    wanted = hub.server.ask(do="hash")
    assert (back["back"], back["hashes"]) == (_MANY, [wanted]), back
    return {"dropped_5000_all_back_s": round(back["seconds"], 1)}


def _stalled() -> dict[str, float]:
    """p99 of the healthy, beside a server where all read."""
    healthy, stalled, size = 900, 100, 20_000
    with sides("hub", "hub") as (plain, mixed):
        plain.open(healthy)
        mixed.open(healthy)
        for side in (plain, mixed):
            side.push(size)
        before = mixed.server.ask(do="memory")
        mixed.open(stalled, stalled=True)
        pushes = 0
        while mixed.server.ask(do="paused") < stalled:  # until every buffer of theirs is full, the kernel's too
            mixed.push(size)
            pushes += 1
            assert pushes < _MOST_PUSHES, "the stalled clients never fill up"
        grown = mixed.server.ask(do="memory") - before
        rounds = _rounds([plain, mixed], lambda side: _late(side.push(size)[1]))
        return {
            "healthy_p99_over_unstalled": round(median(with_them / without for without, with_them in rounds), 2),
            "stalled_client_mb": round(grown / stalled / 2**20, 3),
        }


def _late(times: list[float]) -> float:
    return times[int(len(times) * 0.99) - 1]


def _poll_to_screen() -> dict[str, float]:
    with sides("count") as (side,):
        side.open(1000)
        for _ in range(3):
            side.push(500, at_least=1)
        times = [time for _ in range(_ROUNDS) for time in side.push(500, at_least=1)[1]]
        return {
            "poll_500_visible_in_1000_p99_ms": _p99(times),
            "poll_500_visible_in_1000_p50_ms": round(median(times) * 1000, 1),
        }
