"""People of a mission who file and handle incidents, for the tests about them."""

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from api.serving.front import Build
from mission.people.roles import Role
from mission.publication import Terms
from tally.keys import NATION
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import Country, minute
from tests.api.mission.conftest import MISSION, QUICK_PASSWORDS, add, as_browser, device_token, sign_in
from tests.databases import sqlite_in

INTAKE = "/api/v1/incidents"
AT_ONCE = Terms(delay=timedelta(0), step=timedelta(seconds=1))
_numbers = itertools.count()


class People(Mapping[str, httpx.Client]):
    """Clients by account name. Each comes in when first asked for: few tests need everybody."""

    def __init__(self, public: httpx.Client, store: Store, roles: dict[str, Role]) -> None:
        self._public, self._store, self._roles = public, store, roles
        self._clients: dict[str, httpx.Client] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> httpx.Client:
        with self._lock:
            if name not in self._clients:
                self._clients[name] = self._come_in(name, self._roles[name])
            return self._clients[name]

    def _come_in(self, name: str, role: Role) -> httpx.Client:
        client = as_browser(self._public)
        client.timeout = 30
        if role is Role.OBSERVER:
            client.headers["Authorization"] = f"Bearer {device_token(self._store.engine, name)}"
        else:
            assert sign_in(client, name).status_code == 200
        return client

    def __iter__(self) -> Iterator[str]:
        return iter(self._roles)

    def __len__(self) -> int:
        return len(self._roles)

    def close(self) -> None:
        """End every client."""
        for client in self._clients.values():
            client.close()


class Team:
    """A served mission. `people` are one a role, `second` (a verifier) and observers."""

    def __init__(self, public: httpx.Client, store: Store, country: Country, people: People) -> None:
        self.public, self.store, self.country, self.people = public, store, country, people

    def file(self, who: str = "observer", key: str | None = None, **changed: Any) -> httpx.Response:
        """Send a report."""
        headers = {"Idempotency-Key": key or f"key-{next(_numbers)}"}
        return self.people[who].post(INTAKE, json={**report(), **changed}, headers=headers)

    def filed(self, who: str = "observer", **changed: Any) -> str:
        """The id of a new incident."""
        answer = self.file(who, **changed)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def move(self, who: str, incident: str, move: str, **more: Any) -> httpx.Response:
        """Ask for a move."""
        return self.decide(who, incident, "moves", move=move, **more)

    def decide(self, who: str, incident: str, what: str, **said: Any) -> httpx.Response:
        """Decide upon an incident as it is now."""
        now = self.people["coordinator"].get(f"{MISSION}/incidents/{incident}").json().get("revision", 0)
        return self.people[who].post(f"{MISSION}/incidents/{incident}/{what}", json={"seen": now, **said})

    def verified(self, **changed: Any) -> str:
        """The id of a new incident that was verified by as many as it needs."""
        incident = self.filed(**changed)
        assert self.move("verifier", incident, "take").status_code == 200
        for who in ("verifier", "second"):
            answer = self.move(who, incident, "verify", basis="direct_observation")
            if answer.json().get("state") == "verified":
                return incident
        raise AssertionError(answer.text)

    def see(self, who: str, incident: str) -> Any:
        """The incident as one of them sees it."""
        answer = self.people[who].get(f"{MISSION}/incidents/{incident}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def station(self, *stations: tuple[str, str | None]) -> None:
        """Assign observers (account name, key; None: no longer to any)."""
        orders = [{"observer": self.pseudonym(name), "key": key} for name, key in stations]
        answer = self.people["coordinator"].post(f"{MISSION}/postings", json={"postings": orders})
        assert answer.status_code == 201, answer.text

    def pseudonym(self, name: str) -> str:
        """What others read instead of that account's name."""
        return str(self.people[name].get(f"{MISSION}/session").json()["pseudonym"])

    def publish(self, withhold: tuple[str, ...] = ()) -> httpx.Response:
        """Look at the preview and publish it."""
        asked = {"withhold": list(withhold), "keep": "false"}
        preview = self.people["coordinator"].get(f"{MISSION}/public-preview", params=asked).json()
        body = {"digest": preview["digest"], "withhold": list(withhold)}
        return self.people["coordinator"].post(f"{MISSION}/publications", json=body)


def report() -> dict[str, Any]:
    """A report that is taken."""
    return {
        "category": "opening_delay",
        "severity": "serious",
        "place": {"mesa": "000001"},
        "occurred_at": "2030-01-06T13:20:00Z",
        "device_at": "2030-01-06T13:25:00Z",
        "text": "La mesa abrió tarde",
        "position": None,
        "flag": None,
        "is_time_confirmed": True,  # in 2030
    }


@contextmanager
def team_of(
    store: Store,
    folder: Path,
    *,
    terms: Terms = AT_ONCE,
    observers: int = 0,
    dashboard: Build | None = None,
    is_test: bool = False,
    is_listed: bool = True,
    **options: Any,
) -> Iterator[Team]:
    """A mission at work over a store; observers beyond the first are called observer1, observer2, …

    dashboard: makes its pages; None: there are none.
    is_listed: see Country; it then has also said how many mesas there are.
    """
    country = Country(store, is_test=is_test, is_listed=is_listed)
    if is_listed:
        country.publish([NATION], minute(0))
    mission = MissionOptions(passwords=QUICK_PASSWORDS, photos=folder / "photos", terms=terms, **options)
    roles = {**{role.value: role for role in Role}, "second": Role.VERIFIER}
    roles |= {f"observer{n}": Role.OBSERVER for n in range(1, observers + 1)}
    for name, role in roles.items():
        add(store.engine, name, role)
    served = ServeOptions(poll_s=0.02, mission=mission)
    app = create_app(store, ELECTIONS, dashboard=dashboard, options=served)
    with client_of(app) as public, closing(People(public, store, roles)) as people:
        yield Team(public, store, country, people)


@contextmanager
def lasting_team(folder: Path) -> Iterator[Team]:
    """A mission over a SQLite store of its own, for many tests that leave nothing behind."""
    store = Store.open(sqlite_in(folder))
    with closing(store), team_of(store, folder) as team:
        yield team
