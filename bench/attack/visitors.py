"""A voter who reads pages and a coordinator who signs in: `python -m bench.attack.visitors PORT NAME PASSWORD`.

A line on stdin ends a stretch: its seconds and failures come as JSON behind "= ", and the next one begins.
"""

import json
import select
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.request import urlopen

_PAGES = ("/", "/area/department/14", "/area/district/140101?lang=en")
_PAUSE_S, _PATIENCE_S = {"page": 0.2, "sign-in": 3.0}, 60.0
_SOURCES = {"page": "127.0.1.1", "sign-in": "127.0.1.2"}


class Visitors:
    """Both at once, each on a new connection every time."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self._port, self._person = port, json.dumps({"name": name, "password": password})
        self._lock, self._told = threading.Lock(), self._nothing()

    @staticmethod
    def _nothing() -> dict[str, Any]:
        return {kind: {"seconds": [], "failed": []} for kind in _SOURCES}

    def start(self) -> None:
        """Begin."""
        for kind, ask in (("page", self._page), ("sign-in", self._sign_in)):
            threading.Thread(target=self._visit, args=(kind, ask), daemon=True).start()

    def take(self) -> dict[str, Any]:
        """What happened since the last time."""
        with self._lock:
            told, self._told = self._told, self._nothing()
        return told

    def _visit(self, kind: str, ask: Callable[[HTTPConnection, int], None]) -> None:
        turn = 0
        while True:
            began, failed = time.monotonic(), ""
            connection = HTTPConnection(
                "127.0.0.1", self._port, timeout=_PATIENCE_S, source_address=(_SOURCES[kind], 0)
            )
            try:
                ask(connection, turn)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200:
                    failed = f"{answer.status} {body[:200].decode(errors='replace')}"
            except (OSError, HTTPException) as error:
                failed = f"{type(error).__name__}: {error}"
            connection.close()
            with self._lock:
                self._told[kind]["seconds"].append(time.monotonic() - began)
                self._told[kind]["failed"] += [failed] if failed else []
            turn += 1
            time.sleep(_PAUSE_S[kind])

    def _page(self, connection: HTTPConnection, turn: int) -> None:
        connection.request("GET", _PAGES[turn % len(_PAGES)])

    def _sign_in(self, connection: HTTPConnection, _turn: int) -> None:
        headers = {"Origin": f"http://127.0.0.1:{self._port}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/mission/session", self._person, headers)


def main() -> None:
    """Visit until stdin ends, from the moment that what is drawn only once has been drawn."""
    visitors = Visitors(int(sys.argv[1]), sys.argv[2], sys.argv[3])
    for path in _PAGES:
        with urlopen(f"http://127.0.0.1:{sys.argv[1]}{path}") as answer:
            answer.read()
    visitors.start()
    while select.select([sys.stdin], [], [])[0] and sys.stdin.readline():
        print(f"= {json.dumps(visitors.take())}", flush=True)


if __name__ == "__main__":
    main()
