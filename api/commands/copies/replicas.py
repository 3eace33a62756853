"""Reading the API of one of several replicas over HTTP, each answer once a turn."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import httpx

_TIMEOUT_S = 20.0


class Replicas:
    """The replicas at some addresses; whichever answered last is asked first."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._clients = [httpx.Client(base_url=address.rstrip("/"), timeout=_TIMEOUT_S) for address in addresses]
        self._known: dict[str, Any] = {}

    def close(self) -> None:
        """End the connections."""
        for client in self._clients:
            client.close()

    def forget(self) -> None:
        """Begin a new turn: what was read may have changed."""
        self._known.clear()

    def read(self, path: str) -> Any:
        """Decoded JSON of a GET; the same until the turn ends, so that a page's languages say the same.

        Raises: LookupError: it answers 404 or 410. ConnectionError: no replica can answer now.
        """
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Any:
        reasons = []
        for client in list(self._clients):
            try:
                answer = client.get(path)
            except httpx.HTTPError as error:
                reasons.append(f"{client.base_url}: {error}")
            else:
                if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                    raise LookupError(path)
                if answer.status_code == HTTPStatus.OK:
                    return answer.json()
                reasons.append(f"{client.base_url} answers {answer.status_code}")
            self._clients.append(self._clients.pop(0))
        raise ConnectionError("; ".join(reasons))
