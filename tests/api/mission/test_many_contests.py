"""A mission where an election has many contests: alerts say which one, and the source is told of once."""

from collections.abc import Iterator

import httpx
import pytest

from api.main import create_app
from mission.people.roles import Role
from tally import moments
from tally.model import FeedState
from tally.storage.store import FeedStatus, Store
from tests.api.conftest import served
from tests.api.mission.conftest import MISSION, OPTIONS, add, own, sign_in
from tests.api.mission.test_alerts import noted
from tests.api.regions import ELECTIONS, Region
from tests.waiting import wait_until


@pytest.fixture
def regions(any_store: Store) -> dict[str, Region]:
    add(any_store.engine, "admin", Role.ADMIN)
    found = {name: Region(any_store, name) for name in ("cusco", "puno", "tacna")}
    for region in found.values():
        region.publish((3700, 3600, 3000, 2500), counted=80, pending=10)
        say(region, FeedState.OK)
    return found


@pytest.fixture
def client(any_store: Store, regions: dict[str, Region]) -> Iterator[httpx.Client]:
    with (
        served(create_app(any_store, ELECTIONS, options=OPTIONS)) as address,
        httpx.Client(base_url=f"http://{address}", trust_env=False) as client,
    ):
        client.headers.update(own(client))
        assert sign_in(client, "admin").status_code == 200
        yield client


def say(region: Region, state: FeedState) -> None:
    now = moments.write(moments.utc_now().replace(microsecond=0))
    region.writer.report(FeedStatus(state, None, now, None, now))


def alerts(client: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get(f"{MISSION}/alerts").json()["alerts"]
    return found


def test_what_is_decided_is_told_of_its_contest_and_a_silent_source_once(
    client: httpx.Client, any_store: Store, regions: dict[str, Region]
) -> None:
    wait_until(lambda: noted(any_store, "decision/%", "undecided") and noted(any_store, "source/%", "ok"))
    regions["puno"].publish((9000, 3600, 3000, 2500), counted=90, at=2)
    wait_until(lambda: len(alerts(client)) == 1)
    [decided] = alerts(client)
    assert (decided["kind"], decided["href"]) == ("decided", "/contests/puno/")
    assert decided["figures"] == {
        "winner": regions["puno"].contest.lists[0].short,
        "contest": regions["puno"].contest.name,
    }
    for name in ("cusco", "puno"):
        say(regions[name], FeedState.DOWN)
    regions["tacna"].publish((3650, 3600, 3000, 2550), counted=80, pending=10, at=3)
    wait_until(lambda: [one["kind"] for one in alerts(client)] == ["correction", "decided"])
    say(regions["tacna"], FeedState.DOWN)
    wait_until(lambda: [one["kind"] for one in alerts(client)] == ["feed_stale", "correction", "decided"])
    assert "contest" not in alerts(client)[0]["figures"]
