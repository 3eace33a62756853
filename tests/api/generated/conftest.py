"""A live server with everything on, and its own description, for clients that are generated from it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import Struct

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from api.routes.description import describe
from bench.soaks.archive import make_evidence
from dashboard.app import build
from geo.boundaries import Geometry
from ingest.registry import known_elections
from mission.people.roles import Role
from mission.people.sessions import Claim, log_in
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import client_of
from tests.api.mission.conftest import PASSWORD, QUICK_PASSWORDS, add
from tests.api.mission.messages import gateway as texts
from tests.mission.people import ORIGINS

HOME = "http://count.example"


class LiveServer(Struct, frozen=True):
    """Where it is, who is signed in there as an admin, and what it says of itself."""

    base: str
    session: str
    description: dict[str, Any]
    path: Path

    def get(self, path: str) -> httpx.Response:
        """What a plain client gets there."""
        return httpx.get(self.base + path, headers={"Cookie": f"escrutinio_session={self.session}"}, timeout=30)


@pytest.fixture(scope="package")
def live_server(tmp_path_factory: pytest.TempPathFactory, geometry: Geometry) -> Iterator[LiveServer]:
    """A count of the newest run-off with its sealed archive, geometry, pages and a mission."""
    folder = tmp_path_factory.mktemp("live")
    evidence = make_evidence(folder / "whole", 10, (720,))
    with closing(Store.open(f"sqlite:///{evidence / 'count.db'}")) as store:
        add(store.engine, "admin", Role.ADMIN)
        claim = Claim("admin", PASSWORD, ORIGINS.origin("192.0.2.1"))
        session, _ = log_in(store.engine, QUICK_PASSWORDS, ORIGINS, claim, moments.utc_now())
        mission = MissionOptions(passwords=QUICK_PASSWORDS)
        options = ServeOptions(poll_s=0.02, archive=evidence / "archive", mission=mission, public_url=HOME)
        app = create_app(store, known_elections(), geometry=geometry, dashboard=build, options=options)
        with client_of(app) as client:
            description = client.get("/openapi.json").json()
            path = folder / "openapi.json"
            path.write_text(json.dumps(description))
            yield LiveServer(f"http://{client.base_url.netloc.decode()}", session, description, path)


@pytest.fixture(scope="package")
def description() -> Any:
    """What a server with everything on says of itself."""
    with closing(Store.open("sqlite://")) as store:
        options = ServeOptions(relay_token="x" * 16, mission=MissionOptions(**texts.options()))
        found = describe(create_app(store, {}, options=options))
    return msgspec.json.decode(msgspec.json.encode(found))
