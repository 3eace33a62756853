"""A web server on this machine that serves files as hosts of open data do, and as badly as some of them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Served:
    """One address. `cuts`: after how many bytes each of the next answers breaks off; `statuses`: what those answer."""

    content: bytes = b""
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    leads_to: str | None = None
    says_length: bool = True

    @property
    def tag(self) -> str:
        """Its strong ETag."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


@dataclass
class Host:
    """What it serves by path, and what it was asked: path, range and agent of each request."""

    url: str
    files: dict[str, Served] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def serve(self, path: str, served: Served) -> str:
        """The address under which this is served from now on."""
        self.files[path] = served
        return f"{self.url}/{path}"


@contextmanager
def hosting() -> Iterator[Host]:
    """A host, as long as the context lasts."""
    host = Host("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, host))
    # It looks for its end twice a second, no more often: most of those who have it have it until the last test.
    thread = Thread(target=server.serve_forever)
    thread.start()
    host.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, host: Host, *args: Any) -> None:
        self._host = host
        super().__init__(*args)

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self._host.asked.append((self.path[1:], asked, self.headers.get("User-Agent", "")))
        served = self._host.files.get(self.path[1:])
        if served is None:
            self.send_error(404)
        elif served.leads_to is not None:
            self._answer(302, {"Location": served.leads_to})
        elif served.statuses:
            self.send_error(served.statuses.pop(0))
        else:
            self._content(served, asked)

    def _content(self, served: Served, asked: str) -> None:
        is_same = self.headers.get("If-Range", served.tag) == served.tag
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and is_same else 0
        whole = len(served.content)
        if start >= whole > 0:
            self._answer(416, {"Content-Range": f"bytes */{whole}"})
            return
        body = served.content[start:]
        headers = {"ETag": served.tag, **served.headers}
        if start:
            headers["Content-Range"] = f"bytes {start}-{whole - 1}/{whole}"
        if served.says_length:
            headers["Content-Length"] = str(len(body))
        self._answer(206 if start else 200, headers)
        self.wfile.write(body[: served.cuts.pop(0)] if served.cuts else body)

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
