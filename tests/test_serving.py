"""What the tests' own servers promise each other."""

import asyncio
import socket
from typing import Any

import uvicorn

from tests.serving import in_thread
from tests.waiting import PATIENCE_S


async def _never_ends(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await asyncio.sleep(60)


def test_a_client_that_stays_is_cut_off_when_the_block_ends() -> None:
    config = uvicorn.Config(_never_ends, lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with in_thread(server) as address, socket.create_connection(address.split(":")) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert client.recv(1000)
        server.should_exit = True
        client.settimeout(PATIENCE_S)
        while client.recv(1000):
            pass
    assert server.server_state.connections == set()
