"""The rehearsal's people over HTTP: whatever they do, anybody with their role could do."""

from typing import Any

import httpx

from tally.errors import Forbidden

_TIMEOUT_S = 30.0
_MISSION = "/api/v1/mission"
# What a busy or restarting server says: the next turn comes.
_LATER = frozenset((429, 502, 503))


class Busy(Exception):
    """The server cannot answer just now."""


class Person:
    """One member of the mission. What goes wrong for a moment is Busy; what was refused comes back as its status."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, headers={"Origin": url}, timeout=_TIMEOUT_S)
        self.pseudonym = ""

    def enter(self, code: str) -> None:
        """Come in as a device, with an invitation's code."""
        token = _granted(self._send("POST", f"{_MISSION}/devices", json={"code": code}))["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self.pseudonym = self.get("session")["pseudonym"]

    def sign_in(self, name: str, password: str) -> None:
        """Come in with a password."""
        signed = self._send("POST", f"{_MISSION}/session", json={"name": name, "password": password})
        self.pseudonym = _granted(signed)["pseudonym"]

    def get(self, path: str, **params: str) -> Any:
        """An answer of the mission's API."""
        return _granted(self._send("GET", f"{_MISSION}/{path}", params=params))

    def count(self, path: str, **params: str) -> Any:
        """An answer of the public API."""
        return self._send("GET", f"/api/v1/elections/{path}", params=params).json()

    def post(self, path: str, body: dict[str, Any]) -> int:
        """Ask the mission's API for something; the status."""
        return self._send("POST", f"{_MISSION}/{path}", json=body).status_code

    def send(self, path: str, body: dict[str, Any], key: str) -> Any:
        """Send something that is taken once under that key; its receipt, or None if it was refused."""
        answer = self._send("POST", f"{_MISSION}/{path}", json=body, headers={"Idempotency-Key": key} if key else {})
        return answer.json() if answer.is_success else None

    def table(self, path: str, text: str, **params: str) -> Any:
        """Send a CSV; what is said to it."""
        headers = {"Content-Type": "text/csv"}
        return _granted(self._send("POST", f"{_MISSION}/{path}", content=text.encode(), headers=headers, params=params))

    def report(self, key: str, body: dict[str, Any]) -> str | None:
        """File a report; its id, or None if it was refused."""
        answer = self._send("POST", "/api/v1/incidents", json=body, headers={"Idempotency-Key": key})
        return answer.json()["id"] if answer.is_success else None

    def photograph(self, incident: str, picture: bytes) -> int:
        """Add a picture; the status."""
        headers = {"Content-Type": "image/jpeg"}
        path = f"{_MISSION}/incidents/{incident}/photos"
        return self._send("POST", path, content=picture, headers=headers).status_code

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise Busy(str(error)) from error
        if answer.status_code in _LATER:
            raise Busy(answer.text)
        return answer


def _granted(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise Forbidden(f"{answer.request.url.path} answers {answer.status_code}: {answer.text[:200]}")
    return answer.json()


def check_rehearsal(person: Person, election_id: str) -> None:
    """Return if the count is a rehearsal.

    Raises: Forbidden: it is a real one; nothing invented goes beside it. Busy: it is not there yet.
    """
    told = person.count(election_id)
    if "is_test" not in told:
        raise Busy(f"{election_id} is not counted yet")
    if told["is_test"] is not True:
        raise Forbidden(f"{election_id} is a real count: the rehearsal's mission takes no part in it")
