"""Whoever asks is answered within seconds, be it that it takes too long; and no proxy gives up before that."""

import asyncio
import re
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.commands.web_server import make_server
from api.http import deadlines
from api.http.deadlines import ANSWER_S, MISSION_S, PICTURE_S, Deadlines, most_seconds
from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS
from tests.api.live.replicas import deployed
from tests.serving import in_thread
from tests.waiting import PATIENCE_S

_SOON_S = 0.3


class _Slow:
    """An application that never answers, or begins to at once and goes on later; `given_up` once it was cancelled."""

    def __init__(self) -> None:
        self.given_up, self.go_on = threading.Event(), threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["path"] == "/begun":
                await send({"type": "http.response.start", "status": 200, "headers": []})
            elif scope["path"] == "/heard":
                while (await receive()).get("more_body"):
                    pass
                await send({"type": "http.response.start", "status": 200, "headers": []})
                self.go_on.set()
            while not self.go_on.is_set():
                await asyncio.sleep(0.01)
            await send({"type": "http.response.body", "body": b"whole"})
        except asyncio.CancelledError:
            self.given_up.set()
            raise


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[_Slow, str]]:
    monkeypatch.setattr(deadlines, "ANSWER_S", _SOON_S)
    app = _Slow()
    with in_thread(uvicorn.Server(uvicorn.Config(Deadlines(app), lifespan="off", log_level="warning"))) as address:
        yield app, address


def test_whoever_would_wait_too_long_is_told_to_come_again_and_nothing_more_is_made_for_them(
    slow: tuple[_Slow, str],
) -> None:
    app, address = slow
    told = httpx.get(f"http://{address}/", timeout=PATIENCE_S)
    assert (told.status_code, told.headers["retry-after"]) == (503, "2")
    assert "too long" in told.json()["detail"]
    assert app.given_up.wait(PATIENCE_S)


def test_an_answer_that_has_begun_may_take_its_time(slow: tuple[_Slow, str]) -> None:
    app, address = slow
    threading.Timer(3 * _SOON_S, app.go_on.set).start()
    assert httpx.get(f"http://{address}/begun", timeout=PATIENCE_S).text == "whole"


def test_so_may_whoever_sends(slow: tuple[_Slow, str]) -> None:
    _, address = slow
    paused = threading.Event()

    def pieces() -> Iterator[bytes]:
        for _ in range(8):
            yield b"a piece"
            paused.wait(_SOON_S / 2)

    assert httpx.post(f"http://{address}/heard", content=pieces(), timeout=PATIENCE_S).text == "whole"


@pytest.mark.parametrize(
    ("path", "least_s"),
    [
        ("/", ANSWER_S),
        ("/api/v1/mission/summary", MISSION_S),
        ("/api/v1/incidents", MISSION_S),
        ("/api/v1/mission/incidents/7/photos", PICTURE_S),
    ],
)
def test_the_proxy_waits_longer_than_a_replica_takes_to_say_that_it_cannot(path: str, least_s: float) -> None:
    conf = deployed("nginx.conf", {})
    own = r"location ~ (\S+) \{\n(?:            .*\n)*?            proxy_read_timeout (\d+)s;"
    everywhere = re.search(r"^    proxy_read_timeout (\d+)s;", conf, re.MULTILINE)
    assert everywhere is not None
    waits = next((int(limit) for name, limit in re.findall(own, conf) if re.search(name, path)), int(everywhere[1]))
    assert most_seconds(path) == least_s < waits


def test_the_proxy_lets_go_of_a_connection_before_a_replica_closes_it(store: Store) -> None:
    limit = re.search(r"keepalive_timeout (\d+)s;", deployed("replicas-by-address.conf", {}))
    assert limit is not None
    config: Any = make_server(create_app(store, ELECTIONS)).config
    assert int(limit[1]) < config.timeout_keep_alive
