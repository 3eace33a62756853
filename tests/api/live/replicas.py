"""One poller and two replicas on PostgreSQL behind nginx: each the real program, in a process of its own."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from ingest.registry import known_elections
from tally import moments
from tests import postgres
from tests.ingest.rig import write_mesas
from tests.programs import program as programs
from tests.waiting import wait_until

ELECTION = known_elections()["2026-06-07-president-runoff"]
BASE = f"/api/v1/elections/{ELECTION.id}"
_PROJECT = Path(__file__).parents[3]
# Two actas a cut of the source, which makes one each half second at this speed.
_SPEED, _BETWEEN = 600, timedelta(minutes=2, seconds=30)
_STARTS = datetime(2026, 6, 8, 0, 0, tzinfo=UTC)
_UBIGEOS = ("140101", "140102", "150101", "920101")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """One `escrutinio` command in a process of its own, writing to `NAME.log`."""

    def __init__(self, folder: Path, name: str, *options: object, **settings: str) -> None:
        self.name, self._folder, self._options = name, folder, options
        self._settings = settings
        self._process: programs.Program | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self._process = programs.Program(
                *self._options, folder=self._folder, settings=self._settings, stdout=log, stderr=log
            )

    @property
    def log(self) -> Path:
        """What it printed."""
        return self._folder / f"{self.name}.log"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """End it politely. Returns: its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self.wait(30)

    def wait(self, limit_s: float = 120) -> int:
        """Wait for its end. Returns: its exit status."""
        process, self._process = self._process, None
        assert process is not None
        return process.wait(limit_s)

    def kill(self) -> None:
        """End it as a lost machine does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


class Replica(Program):
    """`escrutinio serve` on a port of its own."""

    def __init__(self, folder: Path, name: str, database: str, **settings: str) -> None:
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        options = ("serve", "--database", database, "--port", port)
        super().__init__(folder, name, *options, ESCRUTINIO_TRUSTED_PROXIES='["127.0.0.1"]', **settings)

    def metric(self, name: str) -> float:
        """A figure without labels."""
        found = re.search(rf"^escrutinio_{name} (\S+)$", httpx.get(f"http://{self.address}/metrics").text, re.MULTILINE)
        assert found is not None, name
        return float(found[1])

    def meta(self) -> Any:
        """What it says of the election."""
        return httpx.get(f"http://{self.address}{BASE}").raise_for_status().json()


class Replicas:
    """The whole of it. `address` is the proxy's; what `poller` reads lies in `folder`/archive."""

    def __init__(
        self, folder: Path, cluster: postgres.Cluster, poller: Program, replicas: list[Replica], address: str
    ) -> None:
        self.folder, self.cluster, self.poller, self.replicas, self.address = folder, cluster, poller, replicas, address

    def seq(self, replica: Replica) -> int:
        """The version a replica is at."""
        return int(replica.meta()["seq"])


@contextmanager
def replicas_of(folder: Path, binaries: Path, nginx: str, mesas: int = 800) -> Iterator[Replicas]:
    """Everything started, a count under way (four mesas a second), both replicas and the proxy serving it."""
    with ExitStack() as stack:
        feed = start_feed(folder, mesas)  # while it starts, so does the database
        stack.callback(feed.kill)
        cluster = postgres.Cluster(folder, binaries)
        stack.callback(cluster.stop)
        cluster.start()
        replicas = [Replica(folder, f"serve-{n}", cluster.url) for n in (1, 2)]
        for replica in replicas:
            stack.callback(replica.kill)
            replica.start()
        source = wait_until(lambda: re.search(r"http://\S+", feed.log.read_text()))[0]
        poll = ("poll", "--feed", source, "--database", cluster.url, "--archive", folder / "archive", "--unlimited")
        poller = Program(folder, "poll", *poll, "--cycle", 0.5)
        stack.callback(poller.kill)
        poller.start()
        address = stack.enter_context(proxy(nginx, folder, [replica.address for replica in replicas]))
        for replica in replicas:
            try:
                wait_until(lambda one=replica: one.meta()["seq"] > 3, 120)
            except AssertionError as error:
                logs = (f"{one.name}: {one.log.read_text()[-2000:]}" for one in (feed, poller, *replicas))
                raise AssertionError("\n".join(("no count came under way", *logs))) from error
        yield Replicas(folder, cluster, poller, replicas, address)


def start_feed(folder: Path, number: int) -> Program:
    """A feed of that many mesas, four a second."""
    mesas = _write_country(folder / "mesas.csv", number)
    feed = ("feed", "--mesas", mesas, "--election", ELECTION.id, "--speed", _SPEED, "--from", moments.write(_STARTS))
    program = Program(folder, "feed", *feed, "--arrivals", "arrival", "--port", 0)
    program.start()
    return program


def _write_country(path: Path, number: int) -> Path:
    first, second = (entry.id for entry in ELECTION.contest().lists)
    rows = []
    for n in range(number):
        ubigeo, votes = _UBIGEOS[n % 4], (50 + n % 60, 110 - n % 60)
        rows.append(
            {
                "mesa": f"{n + 1:06}", "ubigeo_onpe": ubigeo, "electores": 300, "emitidos": sum(votes) + 12,
                first: votes[0], second: votes[1], "blancos": 5, "nulos": 7, "impugnados": 0,
                "cod_local": f"{ubigeo[:3]}{n % 8}", "local": f"IE {n % 8}",
                "arrival": moments.write(_STARTS + n * _BETWEEN),
            }
        )  # fmt: skip
    return write_mesas(path, rows)


@contextmanager
def proxy(nginx: str, folder: Path, replicas: list[str]) -> Iterator[str]:
    """nginx with the configuration that is deployed; only its addresses and folders are the test's."""
    by_address = deployed("replicas-by-address.conf", {f"127.0.0.1:800{n}": replicas[n - 1] for n in (1, 2)})
    with running_nginx(nginx, folder, {"replicas.conf": by_address}) as address:
        yield address


def deployed(name: str, here: dict[str, str]) -> str:
    """The text of a file of deploy/, with other addresses and folders in the place of its own."""
    text = (_PROJECT / "deploy" / name).read_text()
    for theirs, ours in here.items():
        assert theirs in text, theirs
        text = text.replace(theirs, ours)
    return text


@contextmanager
def running_nginx(nginx: str, folder: Path, files: dict[str, str]) -> Iterator[str]:
    """host:port of the deployed nginx, with the files that it includes."""
    address = f"127.0.0.1:{free_port()}"
    places = {"/tmp/escrutinio-": f"{folder}/nginx-", "/srv/site": f"{folder}/site", "/srv/files": f"{folder}/files"}  # noqa: S108 - what is replaced
    files = {**files, "nginx.conf": deployed("nginx.conf", {"listen 8080": f"listen {address}", **places})}
    for name, text in files.items():
        (folder / name).write_text(text)
    user = "user root; " if os.geteuid() == 0 else ""
    extra = f"{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;"
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", extra]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: httpx.get(f"http://{address}/healthz").status_code in (200, 503))
            yield address
        finally:
            server.terminate()
            server.wait(10)
