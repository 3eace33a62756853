"""A server in a thread of the tests. When its block ends nothing of it is left, not even an open connection."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from api.http.listening import bind
from tests.waiting import PATIENCE_S


@contextmanager
def in_thread(server: uvicorn.Server, *, port: int = 0, is_ready: Callable[[], Any] = lambda: True) -> Iterator[str]:
    """host:port of a server that runs in a thread for as long as the block lasts, once it started and is ready."""
    listener = bind("127.0.0.1", port)
    thread = threading.Thread(target=_run, args=(server, listener))
    thread.start()
    try:
        end = time.monotonic() + PATIENCE_S
        while not (server.started and is_ready()):
            assert thread.is_alive(), "the server ended at once"
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.01)
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listener.close()
    assert not thread.is_alive(), "the server did not stop"


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(_serve(server, listener))


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    await server.serve(sockets=[listener])
    # Who has not gone by the end of the time to stop, or came while it ran, would be a warning in some later test.
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)
