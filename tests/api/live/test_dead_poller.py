"""A poller that died is told on every surface: at once to whoever follows, and to whoever asks from then on."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.http.families import MEDIA_TYPE
from api.main import create_app
from api.options import ServeOptions
from geo.boundaries import Geometry
from tally import moments
from tally.storage.store import Store
from tests.api.conftest import BASE, client_of
from tests.api.country import ELECTION, Country, end_leases
from tests.api.live.follower import follow
from tests.api.live.test_contests_live import follow as follow_table
from tests.api.regions import BASE as REGIONS_BASE
from tests.api.regions import GOVERNOR, Region
from tests.waiting import wait_until

# No sign of life comes by the clock: what is told is told because the poller died.
SILENT = ServeOptions(poll_s=0.02, heartbeat_s=600.0, election_id=ELECTION.id)
ELECTIONS = {one.id: one for one in (ELECTION, GOVERNOR)}
# Where it is asked for, and what is said there then.
SURFACES = {
    "election": (BASE, '"note":"ended"'),
    "readyz": ("/readyz", f'"{ELECTION.id}":"ended"'),
    "metrics": ("/metrics", f'poller_ended{{election="{ELECTION.id}"}} 1'),
    "embed": ("/embed/v1/map?lang=en", "Source not read since"),
    "embed in Spanish": ("/embed/v1/bar", "Sin leer la fuente desde"),
}


@pytest.fixture
def country(store: Store) -> Country:
    country = Country(store)
    country.count(country.mesas[:8], moments.write(moments.utc_now()))
    country.publish(["nation"], moments.write(moments.utc_now()))
    country.report("ok", moments.write(moments.utc_now()))
    return country


@pytest.fixture
def app(store: Store, country: Country, geometry: Geometry) -> FastAPI:
    return create_app(store, ELECTIONS, geometry=geometry, options=SILENT)


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with client_of(app) as client:
        yield client


@pytest.mark.parametrize("surface", SURFACES)
def test_whoever_asks_is_told_though_the_same_answer_was_given_before(
    surface: str, client: httpx.Client, store: Store
) -> None:
    path, dead = SURFACES[surface]
    assert dead not in said(client, path)
    end_leases(store)
    wait_until(lambda: dead in said(client, path))


def test_whoever_follows_a_count_is_told_before_the_next_sign_of_life_is_due(
    client: httpx.Client, store: Store
) -> None:
    with follow(client.base_url.netloc.decode()) as follower:
        follower.subscribe("nation")
        follower.next("hello")
        follower.next("snap")
        end_leases(store)
        feed = follower.next("hb")["feed"]
    assert (feed["state"], feed["note"]) == ("down", "ended")


def test_whoever_follows_the_table_of_contests_is_told_and_so_is_the_embed_of_all(
    store: Store, geometry: Geometry
) -> None:
    region = Region(store, "cusco")
    region.publish((3700, 3600, 3000, 2500), counted=80, pending=10)
    with client_of(create_app(store, ELECTIONS, geometry=geometry, options=ServeOptions(poll_s=0.02))) as client:
        assert "Sin leer" not in said(client, "/embed/v1/overview")
        with follow_table(client.base_url.netloc.decode()) as (reader, _):
            reader.until(lambda: "snapshot" in reader.heard)
            end_leases(store)
            beat = next_beat(reader.take)
        assert (beat["feed"]["state"], beat["feed"]["note"]) == ("down", "ended")
        assert client.get(REGIONS_BASE).json()["feed"]["note"] == "ended"
        assert "Sin leer la fuente desde" in said(client, "/embed/v1/overview")


def next_beat(take: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The next sign of life that tells of trouble."""
    while True:
        message = take()
        if message["t"] == "hb" and message["feed"]["state"] != "starting":
            return message


def said(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    if path.startswith("/embed"):
        badge = re.search(r'id="state"[^>]*>([^<]*)</b>', answer.text)
        assert badge is not None
        return badge[1]
    if answer.headers["content-type"] == MEDIA_TYPE:
        return answer.text
    return json.dumps(answer.json(), separators=(",", ":"))
