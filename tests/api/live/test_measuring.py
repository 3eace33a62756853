"""What requests cost and how they end is counted by route, never by what visitors write, and costs next to nothing."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from websockets.exceptions import InvalidStatus

from api.http.measuring import MeasuredRequests, RequestFigures
from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of
from tests.api.country import Country
from tests.api.live.follower import follow
from tests.api.live.test_metrics import read
from tests.api.standing import scope_of

_MOST_S = 20e-6


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[httpx.Client]:
    Country(store)
    options = ServeOptions(poll_s=0.02, folders={"photos": tmp_path}, sockets_per_address=1)
    with client_of(create_app(store, ELECTIONS, options=options)) as client:
        yield client


def answers(client: httpx.Client, route: str, status: str = "2xx") -> float:
    return read(client).get(("requests_total", (("route", route), ("status", status))), 0)


def test_answers_are_counted_by_route_and_status_also_those_that_were_ready(client: httpx.Client) -> None:
    for _ in range(3):
        assert client.get(f"{BASE}/state?topic=nation").status_code == 200
    for code in ("14", "24"):
        assert client.get(f"{BASE}/areas/department/{code}").status_code == 200
    assert client.get(f"{BASE}/areas/department/77").status_code == 404
    assert client.get("/nobody/knows/this").status_code == 404
    found = read(client)
    assert (answers(client, "/state"), answers(client, "/areas/{key:path}")) == (3, 2)
    assert (answers(client, "/areas/{key:path}", "4xx"), answers(client, "pages", "4xx")) == (1, 1)
    assert found["request_seconds_count", (("route", "/state"),)] == 3
    assert 0 < found["request_seconds_sum", (("route", "/state"),)] < 30
    assert found["request_seconds_bucket", (("le", "+Inf"), ("route", "/state"))] == 3
    assert found["cache_hits_total", (("cache", "ready"),)] >= 2
    told = [labels for name, labels in found if name != "build_info"]
    assert not [labels for labels in told if any("77" in value or "nobody" in value for _, value in labels)]


def test_who_is_turned_away_is_counted_by_the_reason(client: httpx.Client) -> None:
    address = client.base_url.netloc.decode()
    with follow(address), pytest.raises(InvalidStatus), follow(address):
        pass
    assert client.get(f"{BASE}/areas/department/77").status_code == 404
    found = read(client)
    assert found["refused_sockets_total", (("reason", "TooMany"),)] == 1
    assert found["refusals_total", (("reason", "NotFound"),)] == 1


def test_lines_disks_and_the_loop_are_told(client: httpx.Client) -> None:
    found = read(client)
    assert {value for name, labels in found if name == "waiting" for _, value in labels} == {
        "pages", "past_pages", "answers", "stored_answers", "searches",
    }  # fmt: skip
    assert found["slow_subscribers", ()] == 0
    assert found["disk_free_bytes", (("folder", "photos"),)] > 0
    assert ("clock_offset_seconds", ()) not in found  # a file has no clock of its own
    assert [number for (name, _), number in found.items() if name == "build_info"] == [1]
    end = time.monotonic() + 10
    while not read(client)["loop_lag_seconds_count", ()]:
        assert time.monotonic() < end
    assert read(client)["loop_lag_seconds_sum", ()] >= 0


def test_counting_a_request_costs_microseconds() -> None:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def take(message: Message) -> None: ...

    async def hear() -> Message:
        return {}

    async def seconds(app: ASGIApp, scope: Scope) -> float:
        began = time.process_time()
        for _ in range(2000):
            await app(scope, hear, take)
        return (time.process_time() - began) / 2000

    async def cost() -> float:
        measured, scope = MeasuredRequests(answer, RequestFigures()), scope_of("/", {})
        return min([await seconds(measured, scope) - await seconds(answer, scope) for _ in range(5)])

    assert asyncio.run(cost()) < _MOST_S
