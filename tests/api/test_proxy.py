"""deploy/nginx.conf in a real nginx: what it keeps, what it limits, what it passes on, and what it hides."""

import asyncio
import gzip
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from uvicorn._types import ASGIApplication
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.live.hub import SUBPROTOCOL
from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, served
from tests.api.country import Country, minute
from tests.api.live.follower import follow
from tests.api.live.replicas import free_port, proxy
from tests.serving import in_thread
from tests.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.nginx
_QUIET_S = 3.5
TRUSTING = {"trusted_proxies": ["127.0.0.1"]}


class Stack:
    """A country, one replica that can be stopped, and the proxy in front of it and of nothing else."""

    def __init__(self, store: Store, nginx: str, folder: Path, stack: ExitStack, options: ServeOptions) -> None:
        self.country = Country(store)
        self._replica = ExitStack()
        stack.callback(self._replica.close)
        app = create_app(store, ELECTIONS, options=options)
        replica = self._replica.enter_context(served(app, **TRUSTING))
        self.address = stack.enter_context(proxy(nginx, folder, [replica, f"127.0.0.1:{free_port()}"]))

    def stop_replica(self) -> None:
        self._replica.close()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"http://{self.address}{path}", headers=headers)


@pytest.fixture
def stack(store: Store, nginx: str, tmp_path: Path) -> Iterator[Stack]:
    with ExitStack() as closing:
        yield Stack(store, nginx, tmp_path, closing, ServeOptions(poll_s=0.02, sockets_per_address=5))


def test_connections_to_one_contest_and_to_all_are_passed_on(stack: Stack) -> None:
    for path in ("contests/mayor/live", "contests/live"):
        with connect(
            f"ws://{stack.address}{BASE}/{path}", subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None
        ) as socket:
            socket.send('{"t":"sub","topics":["nation"]}')
            assert '"t":"hello"' in str(socket.recv(PATIENCE_S))


def test_a_state_is_kept_while_it_is_fresh_and_still_shown_when_no_replica_is_left(stack: Stack) -> None:
    first, second = stack.get(f"{BASE}/state"), stack.get(f"{BASE}/state")
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
    assert second.content == first.content
    unchanged = stack.get(f"{BASE}/state", **{"If-None-Match": first.headers["etag"]})
    assert unchanged.status_code == 304
    stack.stop_replica()
    wait_until(lambda: stack.get(f"{BASE}/state").headers["x-cache"] in ("STALE", "UPDATING"))
    left = stack.get(f"{BASE}/state")
    assert (left.status_code, left.json()) == (200, first.json())
    never_kept = stack.get(f"{BASE}/areas/department/14")
    assert (never_kept.status_code, never_kept.json()["status"]) == (503, 503)
    assert (never_kept.headers["retry-after"], never_kept.headers["cache-control"]) == ("5", "no-store")


def test_a_state_is_new_again_within_seconds(stack: Stack) -> None:
    assert stack.get(f"{BASE}/state").json()["seq"] == 1
    stack.country.count(stack.country.mesas[:3], minute(1))
    wait_until(lambda: stack.get(f"{BASE}/state").json()["seq"] == 2)


def test_the_first_visitors_of_a_quiet_address_are_given_nothing_old(nginx: str, tmp_path: Path) -> None:
    counting = uvicorn.Server(uvicorn.Config(_counting(), lifespan="off", log_level="warning"))
    with (
        in_thread(counting) as replica,
        proxy(nginx, tmp_path, [replica, replica]) as address,
        ThreadPoolExecutor(4) as visitors,
    ):

        def ask(path: str) -> str:
            return httpx.get(f"http://{address}{path}").text

        paths = [f"{BASE}/state", "/area/department/14", "/embed/v1/bar", f"{BASE}/contests"]
        assert {*visitors.map(ask, paths)} == {"asked 1 times"}
        began = time.monotonic()
        wait_until(lambda: time.monotonic() - began > _QUIET_S)
        # Two at a time: the second comes while the first is being answered.
        for first, second in [[visitors.submit(ask, path) for _ in range(2)] for path in paths]:
            assert "asked 1 times" not in (first.result(), second.result())


@pytest.mark.parametrize(
    "asked", [f"{BASE}/results", "/api/v1/mission/summary", "/data/index.json", "/queue", "/?at=x"]
)
def test_what_replicas_cannot_do_takes_nothing_else_from_anybody(nginx: str, tmp_path: Path, asked: str) -> None:
    with ExitStack() as stack:
        replicas = [
            stack.enter_context(in_thread(uvicorn.Server(uvicorn.Config(_unable(asked), lifespan="off"))))
            for _ in range(2)
        ]
        address = stack.enter_context(proxy(nginx, tmp_path, replicas))
        told = [httpx.get(f"http://{address}{asked}{'&' if '?' in asked else '?'}n={n}").status_code for n in range(12)]
        assert set(told) == {503}
        others = [httpx.get(f"http://{address}/area/department/{n}") for n in range(12)]
        assert {(other.status_code, other.text) for other in others} == {(200, "here")}


def test_no_page_pushes_out_a_number(nginx: str, tmp_path: Path) -> None:
    def kept(name: str) -> int:
        return sum(path.is_file() for path in (tmp_path / f"nginx-{name}").rglob("*"))

    counting = uvicorn.Server(uvicorn.Config(_counting(), lifespan="off", log_level="warning"))
    with in_thread(counting) as replica, proxy(nginx, tmp_path, [replica, replica]) as address:
        for n in range(3):
            for page in ("/area/department/14", "/embed/v1/bar"):
                httpx.get(f"http://{address}{page}?x={n}").raise_for_status()
        wait_until(lambda: kept("pages") == 6)
        assert kept("cache") == 0
        httpx.get(f"http://{address}{BASE}/state").raise_for_status()
        wait_until(lambda: kept("cache") == 1)


def test_an_address_of_any_length_is_kept_and_leaves_no_line_in_the_log(nginx: str, tmp_path: Path) -> None:
    counting = uvicorn.Server(uvicorn.Config(_counting(), lifespan="off", log_level="warning"))
    with in_thread(counting) as replica, proxy(nginx, tmp_path, [replica, replica]) as address:
        for path in (f"{BASE}/state?topic={'x' * 8000}", f"/?x={'x' * 8000}"):
            told = [httpx.get(f"http://{address}{path}").headers["x-cache"] for _ in range(2)]
            assert told == ["MISS", "HIT"]
        assert "cache key" not in (tmp_path / "nginx.log").read_text()


def _unable(path: str) -> ASGIApplication:
    """A replica that serves all but that path."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        is_asked = scope["path"] == path.partition("?")[0]
        await send({"type": "http.response.start", "status": 503 if is_asked else 200, "headers": []})
        await send({"type": "http.response.body", "body": b"here"})

    return answer


def _counting() -> ASGIApplication:
    """A replica that takes a while, and whose answers may stand for a second, and one more while they are made anew."""
    asked: Counter[str] = Counter()
    keeping = (b"cache-control", b"public, max-age=1, stale-while-revalidate=1, stale-if-error=86400")

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            asked[scope["path"]] += 1
            told = f"asked {asked[scope['path']]} times".encode()
            await asyncio.sleep(0.2)
            await send({"type": "http.response.start", "status": 200, "headers": [keeping]})
            await send({"type": "http.response.body", "body": told})

    return answer


def raw(stack: Stack, path: str, coding: str) -> tuple[httpx.Headers, bytes]:
    with httpx.stream("GET", f"http://{stack.address}{path}", headers={"Accept-Encoding": coding}) as answer:
        return answer.headers, b"".join(answer.iter_raw())


def test_a_version_is_kept_for_good_in_each_coding_once(stack: Stack) -> None:
    path = f"{BASE}/state/1?topic=districts"
    (packed, body), (small, smaller) = raw(stack, path, "gzip;q=0.8"), raw(stack, path, "gzip, deflate, br, zstd")
    plain, whole = raw(stack, path, "identity")
    assert (packed["content-encoding"], gzip.decompress(body)) == ("gzip", whole)
    assert (small["content-encoding"], len(smaller) < len(body)) == ("br", True)
    assert "content-encoding" not in plain
    assert "immutable" in plain["cache-control"]
    stack.stop_replica()
    for spelling, sent in (("deflate", whole), ("gzip;q=0, br", whole), ("x, gzip", body), ("br;q=1.0, gzip", smaller)):
        headers, kept = raw(stack, path, spelling)
        assert (headers["x-cache"], kept) == ("HIT", sent)


def test_what_a_replica_left_plain_is_compressed_on_the_way_and_the_rest_once_only(stack: Stack) -> None:
    path = "/openapi.json"
    with httpx.stream("GET", f"http://{stack.address}{path}", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert (answer.headers["content-encoding"], gzip.decompress(raw)[:1]) == ("gzip", b"{")
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "content-encoding" not in stack.get(path, **{"Accept-Encoding": "identity"}).headers


def test_errors_are_not_kept(stack: Stack) -> None:
    for _ in range(2):
        answer = stack.get(f"{BASE}/state/99")
        assert (answer.status_code, answer.headers["x-cache"]) == (404, "MISS")


def test_sockets_are_passed_through_and_counted_by_the_clients_own_address(stack: Stack) -> None:
    with ExitStack() as open_sockets:
        forged = {"additional_headers": {"X-Forwarded-For": "203.0.113.1"}}
        clients = [open_sockets.enter_context(follow(stack.address, **forged)) for _ in range(5)]
        with pytest.raises(InvalidStatus, match="429"), follow(stack.address):
            pass
        for client in clients:
            client.subscribe("nation")
            client.next("hello")
            client.next("snap")
        stack.country.count(stack.country.mesas[:3], minute(1))
        for client in clients:
            client.reach(2)


def test_events_are_passed_on_one_by_one_as_they_come(stack: Stack) -> None:
    url = f"http://{stack.address}{BASE}/stream?topic=nation"
    with httpx.stream("GET", url, headers={"Accept-Encoding": "gzip"}, timeout=PATIENCE_S) as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.iter_lines()
        while '"t":"snap"' not in next(lines):
            pass
        for n in range(3):
            stack.country.count(stack.country.mesas[n : n + 1], minute(n + 1))
            while f'"t":"delta","seq":{n + 2}' not in next(lines):
                pass


def test_the_proxy_is_as_well_as_its_replicas(stack: Stack) -> None:
    assert stack.get("/healthz").status_code == 200
    stack.stop_replica()
    away = stack.get("/healthz")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")


def test_an_address_that_asks_without_rest_is_told_to_come_again_and_others_are_not(stack: Stack) -> None:
    host, _, port = stack.address.partition(":")
    one = f"GET /robots.txt HTTP/1.1\r\nHost: {stack.address}\r\n\r\n".encode()
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with socket.create_connection((host, int(port)), PATIENCE_S, source_address=("127.0.0.9", 0)) as greedy:
        greedy.sendall(one * 899 + last)
        with greedy.makefile("rb") as answers:
            told = Counter(re.findall(rb"HTTP/1.1 (\d+)", answers.read()))
    assert told[b"200"] >= 400
    assert told[b"429"] > 0
    assert stack.get("/robots.txt").status_code == 200


def test_what_operators_watch_is_not_for_the_public(stack: Stack) -> None:
    assert stack.get("/metrics").status_code == 404
    assert stack.get("/readyz").status_code == 404
