"""The table of a whole country beside nginx gzip_static: answers per CPU second of the server, in paired rounds.

nginx is Debian's, one worker, started here over a file that is compressed like ours; none found is said, not hidden.
The client is this process: eight keep-alive connections, one request in flight on each.
"""

import gzip
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.hub import BenchedProcess

_ROUNDS, _REQUESTS, _CONNECTIONS = 20, 2000, 8
_TICKS = os.sysconf("SC_CLK_TCK")
_CONF = """
worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; gzip_static on; etag on; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  types {{ application/json json; }}
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name; empty without nginx."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        say("no nginx found (Debian: nginx-light): the read path is not measured")
        return {}
    say("the read path beside nginx")
    server = BenchedProcess("bench.fanout.servers", "table")
    try:
        port = server.hear()
        path = server.ask(do="path")
        body = fetch(port, path)
        with _serve_file(nginx, gzip.decompress(body)) as (nginx_port, pid):
            return {
                "table_kb": round(len(gzip.decompress(body)) / 1024),
                **_compare(server, port, path, nginx_port, pid),
            }
    finally:
        server.close()


def _compare(server: BenchedProcess, port: int, path: str, nginx_port: int, pid: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, known in (("body", False), ("304", True)):
        ours = _request(port, path, etag=_etag(port, path) if known else None)
        its = _request(nginx_port, "/table.json", etag=_etag(nginx_port, "/table.json") if known else None)
        rounds = []
        for _ in range(_ROUNDS):
            before = server.ask(do="cpu")
            _load(port, ours)
            spent = server.ask(do="cpu") - before
            before = _cpu_of(pid)
            for _ in range(4):  # its CPU time is counted in hundredths of a second
                _load(nginx_port, its)
            rounds.append((_REQUESTS / spent, 4 * _REQUESTS / max(_cpu_of(pid) - before, 1 / _TICKS)))
        found[f"http_{name}_over_nginx"] = round(median(mine / other for mine, other in rounds), 2)
        found[f"http_{name}_per_cpu_s"] = round(median(mine for mine, _ in rounds))
    return found


@contextmanager
def _serve_file(nginx: str, body: bytes) -> Iterator[tuple[int, int]]:
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "table.json").write_bytes(body)
        (folder / "table.json.gz").write_bytes(gzip.compress(body, 6, mtime=0))
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
        free.close()
        (folder / "nginx.conf").write_text(_CONF.format(folder=folder, port=port))
        process = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _request(port: int, path: str, etag: str | None = None) -> bytes:
    known = f"If-None-Match: {etag}\r\n" if etag else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n{known}\r\n".encode()


def _exchange(port: int, path: str) -> tuple[bytes, bytes]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(_request(port, path))
        return _read(connection, b"")[:2]


def fetch(port: int, path: str) -> bytes:
    """The body of one answer, as it was sent."""
    return _exchange(port, path)[1]


def _etag(port: int, path: str) -> str:
    head = _exchange(port, path)[0].decode("latin-1").lower()
    return next(line.partition(": ")[2] for line in head.split("\r\n") if line.startswith("etag: "))


def _read(connection: socket.socket, data: bytes) -> tuple[bytes, bytes, bytes]:
    """Head and body of the next answer, and what came after it."""
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 20)
    head, _, data = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(data) < length:
        data += connection.recv(1 << 20)
    return head, data[:length], data[length:]


def _load(port: int, request: bytes) -> None:
    """All requests over a few keep-alive connections, each answer read before the next request of its connection."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(_CONNECTIONS)]
    for _ in range(_REQUESTS // _CONNECTIONS):
        for connection in connections:
            connection.sendall(request)
        for connection in connections:
            _read(connection, b"")
    for connection in connections:
        connection.close()
