"""A trial of the API against its own description: generated requests, every answer held against what is promised."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import CHECKS

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from geo.boundaries import Geometry
from mission.people.roles import Role
from mission.people.sessions import Claim, find_session, log_in
from tally import moments
from tally.errors import Unidentified
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import ELECTION, Country, minute
from tests.api.mission.conftest import PASSWORD, QUICK_PASSWORDS, add, device_token, own
from tests.api.mission.desk import report
from tests.api.mission.messages import gateway as texts
from tests.databases import sqlite_in
from tests.mission.people import ORIGINS
from tests.waiting import PATIENCE_S

# 5xx, undeclared statuses and types, bodies and headers that are not as described.
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
RELAY_TOKEN = "a-token-of-some-length"
_UNREADABLE = "Invalid HTTP request received."
_STOPPED = "the mission takes no reports since"
# On a machine that does other things too; a slow answer is none of the promises.


class Trial:
    """The API of a country under way, with a mission; requests are sent as everybody in turn."""

    def __init__(self, address: str, store: Store) -> None:
        self._base, self._store = f"http://{address}", store
        self._client = httpx.Client(base_url=self._base, timeout=PATIENCE_S)
        self._device = device_token(store.engine, "observer")
        self.cases, self.statuses = 0, Counter[int]()
        self._schema = schemathesis.openapi.from_dict(self._client.get("/openapi.json").json())
        self._checks = [CHECKS.get_one(name) for name in CHECKED]
        self._token = ""
        self.known: dict[str, Any] = {
            "election_id": ELECTION.id,
            "contest_id": ELECTION.contest().id,
            "key": "department/14",
            "code": "1401011",
            "mesa": "000001",
            "name": "spare",
            "seq": 2,
            "id": self._file(),
        }

    def operations(self) -> list[APIOperation]:
        """All that is described and ends: a stream does not."""
        every = (found.ok() for found in self._schema.get_all_operations())
        return [one for one in every if not one.path.endswith("/stream")]

    def run(self, operation: APIOperation, most: int, seed: int) -> None:
        """Send about that many requests to one operation, good ones and bad ones; raises with the first broken promise.

        Half of them name things that are there, where the path names things.
        """
        named = [one.name for one in operation.path_parameters]
        there = {name: self.known[name] for name in named if name in self.known}
        aims = [{}, there] if there else [{}]
        for mode in GenerationMode:
            for aim in aims:
                strategy = operation.as_strategy(mode, path_parameters=aim or None)
                # Where there is nothing to get wrong, no bad request can be made.
                with suppress(Unsatisfiable):
                    self._try(strategy, max(1, most // (2 * len(aims))), seed)

    def _try(self, strategy: SearchStrategy[Case], most: int, seed: int) -> None:
        @seeded(seed)
        @settings(
            max_examples=most,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def trial(case: Case) -> None:
            self._send(case)

        trial()

    def _send(self, case: Case) -> None:
        self.cases += 1
        headers = self._identity()
        if "Cookie" in headers:  # what was made up for who asks would only keep everybody out
            case.headers.pop("Authorization", None)
            case.cookies.clear()
        answer = case.call(base_url=self._base, headers=headers, timeout=PATIENCE_S)
        self.statuses[answer.status_code] += 1
        if answer.status_code == 503 and _STOPPED in answer.text:
            return  # an admin among us has stopped the intake, and reports are told so
        if answer.status_code == 400 and answer.text == _UNREADABLE:
            return  # nothing that could be read as HTTP, such as a line of 64 KB: the API was never asked
        # By its standard oEmbed has no other status for a format that it does not give.
        checks = self._checks[1:] if answer.status_code == 501 else self._checks
        case.validate_response(answer, checks=checks)

    def _file(self) -> str:
        """The id of an incident."""
        headers = {"Authorization": f"Bearer {self._device}", "Idempotency-Key": "first"}
        return str(self._client.post("/api/v1/incidents", json=report(), headers=headers).json()["id"])

    def _identity(self) -> dict[str, str]:
        """Whoever's turn it is: an admin in a browser, a device, somebody with the relay's token, nobody."""
        turn = self.cases % 8
        if turn < 3:
            token = (None, self._device, RELAY_TOKEN)[turn]
            return {} if token is None else {"Authorization": f"Bearer {token}"}
        return {"Cookie": f"escrutinio_session={self._session()}", **own(self._client)}

    def _session(self) -> str:
        engine, now = self._store.engine, moments.utc_now()
        try:
            find_session(engine, self._token, now)
        except Unidentified:  # at the start, and when somebody signed out
            # From another address than the requests: theirs fails too often.
            claim = Claim("admin", PASSWORD, ORIGINS.origin("192.0.2.1"))
            self._token, _ = log_in(engine, QUICK_PASSWORDS, ORIGINS, claim, now)
        return self._token

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


@contextmanager
def trial_of(folder: Path, geometry: Geometry) -> Iterator[Trial]:
    """A served country with everything on: those boundaries, mission, relay, text messages."""
    store = Store.open(sqlite_in(folder))
    country = Country(store)
    country.count(country.mesas[:20], minute(5))
    country.count(country.mesas[:2], minute(6), (70, 60))
    for role in Role:
        add(store.engine, role.value, role)
    add(store.engine, "spare", Role.OBSERVER)
    mission = MissionOptions(passwords=QUICK_PASSWORDS, photos=folder / "photos", **texts.options())
    options = ServeOptions(poll_s=0.05, mission=mission, relay_token=RELAY_TOKEN)
    app = create_app(store, ELECTIONS, geometry=geometry, options=options)
    with client_of(app) as client:
        trial = Trial(client.base_url.netloc.decode(), store)
        try:
            yield trial
        finally:
            trial.close()
    store.close()
