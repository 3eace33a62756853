"""A mission over the running program: one person a role, forty phones, and reports through the same intake."""

import io
import json
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from PIL import Image

from mission.people.accounts import Newcomer, add_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.passwords import Passwords
from mission.people.roles import Role
from tally.storage.store import Store

PASSWORD = "una contraseña de ensayo"
ROLES = {"root": "admin", "carla": "coordinator", "vera": "verifier", "otto": "verifier"}
_CATEGORIES = (
    ("opening_delay", "minor"),
    ("missing_material", "minor"),
    ("voter_list", "info"),
    ("positive_or_none", "info"),
    ("observer_or_personero_access", "serious"),
    ("counting_or_acta", "serious"),
    ("intimidation_or_violence", "critical"),
)


class Refused(OSError):
    """The program answers that it will not, or not yet."""


class Team:
    """Its people are in the database before anybody signs in; its phones are invited by the admin."""

    def __init__(self, url: str, folder: Path, seed: int = 7) -> None:
        self.url, self._folder, self._random = url, folder, random.Random(seed)
        self._cookies: dict[str, str] = {}
        self.phones: list[str] = []

    def add_people(self) -> None:
        """One account a role, and a second verifier, in the program's own database."""
        store = Store.open(f"sqlite:///{self._folder / 'var' / 'escrutinio.db'}")
        hashed, now = Passwords().hash(PASSWORD), datetime.now(UTC)
        for name, role in ROLES.items():
            add_account(store.engine, Newcomer(name, Role(role), hashed), COMMAND_LINE, now)
        store.close()

    def add_phones(self, number: int) -> None:
        """Observers with a phone each, by invitation."""
        for _ in range(number):
            code = self.ask("POST", "mission/invitations", {}, name="root")["code"]
            self.phones.append(self.ask("POST", "mission/devices", {"code": code})["token"])

    def post_observers(self, keys: Sequence[str]) -> None:
        """Assign each phone's observer, in turn to one of those places."""
        names = [self.ask("GET", "mission/session", token=phone)["pseudonym"] for phone in self.phones]
        postings = [{"observer": name, "key": keys[n % len(keys)]} for n, name in enumerate(names)]
        self.ask("POST", "mission/postings", {"postings": postings}, name="carla")

    def report(self, mesas: Sequence[str], number: int) -> Iterator[str]:
        """File reports one after the other; yields each incident's id."""
        for n in range(number):
            category, severity = _CATEGORIES[-1] if n % 25 == 24 else self._random.choice(_CATEGORIES[:-1])
            at = datetime.now(UTC) - timedelta(minutes=self._random.randint(3, 90))
            body = {
                "category": category,
                "severity": severity,
                "place": {"mesa": mesas[n % len(mesas)]},
                "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "device_at": (at + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "text": f"Reporte {n + 1} del ensayo.",
            }
            yield self.ask("POST", "incidents", body, token=self.phones[n % len(self.phones)])["id"]

    def send_picture(self, incident: str, picture: bytes, phone: int) -> None:
        """A phone's picture of what it reported."""
        headers = {"Authorization": f"Bearer {self.phones[phone]}", "Content-Type": "image/png", "Origin": self.url}
        request = Request(f"{self.url}/api/v1/mission/incidents/{incident}/photos", picture, headers, method="POST")
        with urlopen(request, timeout=20) as answer:
            assert answer.status in (200, 201)

    def ask(self, method: str, path: str, body: Any = None, *, name: str = "", token: str = "") -> Any:
        """The decoded answer, as somebody with a session or as a phone."""
        headers = {"Origin": self.url, "Content-Type": "application/json", "Accept": "application/json"}
        if path == "incidents":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if name:
            headers["Cookie"] = self._session_of(name)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        sent = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/api/v1/{path}", sent, headers, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            raise Refused(f"{method} {path} answers {error.code}: {error.read().decode()}") from error

    def _session_of(self, name: str) -> str:
        if name not in self._cookies:
            body = json.dumps({"name": name, "password": PASSWORD}).encode()
            headers = {"Origin": self.url, "Content-Type": "application/json"}
            with urlopen(Request(f"{self.url}/api/v1/mission/session", body, headers), timeout=20) as answer:
                self._cookies[name] = answer.headers["Set-Cookie"].partition(";")[0]
        return self._cookies[name]


def draw_picture(seed: str) -> bytes:
    """A picture like no other: a PNG of noise."""
    noise = random.Random(seed).randbytes(64 * 48 * 3)
    kept = io.BytesIO()
    Image.frombytes("RGB", (64, 48), noise).save(kept, "PNG")
    return kept.getvalue()


def wait_for(what: Any, seconds: float = 90) -> Any:
    """What is true at last of a question asked again and again; an answer that fails is none."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if found := what():
                return found
        except OSError:
            pass
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)
