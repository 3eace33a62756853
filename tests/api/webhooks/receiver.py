"""A subscriber's server, which keeps what it is sent and answers as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple


class Message(NamedTuple):
    """One that arrived."""

    headers: dict[str, str]
    body: bytes


class Receiver:
    """`answer` is given how many arrived before; while `held` is clear it does not answer at all."""

    def __init__(self, answer: Callable[[int], int] = lambda _: 204) -> None:
        self.answer, self.got, self.held = answer, list[Message](), Event()
        self.held.set()
        self.url = ""

    def take(self, message: Message) -> int:
        """The status for a message."""
        self.got.append(message)
        self.held.wait(20)
        return self.answer(len(self.got) - 1)


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """It is served on this machine for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(Message(headers, body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.held.set()
        server.shutdown()
        server.server_close()
        thread.join()
