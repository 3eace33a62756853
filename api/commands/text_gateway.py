"""`escrutinio text-gateway`: a terminal that stands in for a gateway of text messages, and for telephones."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import httpx
import msgspec
import typer

from api.alerts.channels import SIGNATURE, check_web_address, sign
from api.alerts.text_gateway import check_secret, check_signature
from mission.messages.gateway import OutgoingText
from tally import moments
from tally.errors import PortTaken, Unidentified
from tally.settings import load_settings

PATH = "/api/v1/text-messages"
_HOST, _MOST_BYTES = "127.0.0.1", 64 * 1024


class TextTerminal:
    """Takes what a server sends, each id once, and sends what is typed; `show` prints a line."""

    def __init__(self, server: str, secret: str, show: Callable[[str], None]) -> None:
        self._server, self._secret, self._show = server, secret, show
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def take(self, signature: str, body: bytes) -> HTTPStatus:
        """The status for a text message that a server hands over."""
        try:
            check_signature(self._secret, signature, body, moments.utc_now())
            text = msgspec.json.decode(body, type=OutgoingText)
        except (Unidentified, msgspec.MsgspecError):
            return HTTPStatus.UNAUTHORIZED
        with self._lock:
            is_new = text.id not in self._seen
            self._seen.add(text.id)
        if is_new:
            self._show(f"{text.to} <- {text.text}")
        return HTTPStatus.OK

    def type(self, line: str) -> None:
        """Send what was typed, "987654321 INC 07 045231 2", and show what is answered."""
        number, _, text = line.strip().partition(" ")
        if not number:
            return
        sent = {"from": number, "text": text, "id": str(uuid4()), "at": moments.write(moments.utc_now())}
        body = msgspec.json.encode(sent)
        headers = {SIGNATURE: sign(self._secret, body, moments.utc_now()), "Content-Type": "application/json"}
        try:
            answer = httpx.post(f"{self._server}{PATH}", content=body, headers=headers)
        except httpx.HTTPError as error:
            self._show(f"the server cannot be reached ({type(error).__name__})")
            return
        said = answer.json().get("reply") if answer.is_success else f"({answer.status_code}: {answer.text})"
        self._show(f"{number} <- {said or '(nothing)'}")

    @contextmanager
    def listening(self, port: int) -> Iterator[str]:
        """The address at which a server hands texts over, for as long as it listens. `port` 0: any free one.

        Raises: PortTaken.
        """
        terminal = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
                status = terminal.take(self.headers.get(SIGNATURE, ""), self.rfile.read(size))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: what comes is shown already."""

        try:
            door = ThreadingHTTPServer((_HOST, port), Door)
        except OSError as error:
            raise PortTaken(f"{_HOST}:{port} is in use; choose another --port") from error
        with door:
            threading.Thread(target=door.serve_forever, daemon=True).start()
            yield f"http://{_HOST}:{door.server_port}/"
            door.shutdown()


def text_gateway(
    server: str = typer.Option("http://127.0.0.1:8000", help="The server whose observers are played."),
    port: int = typer.Option(
        8025, help="Where it hands its texts over: ESCRUTINIO_TEXT_GATEWAY=http://127.0.0.1:PORT."
    ),
) -> None:
    """Try text messages without telephones: shows what the server sends, sends what is typed ("987654321 AYUDA").

    Both sides need the same ESCRUTINIO_TEXT_GATEWAY_SECRET.
    """
    secret = check_secret(load_settings().text_gateway_secret or "")
    terminal = TextTerminal(check_web_address(server, "server").rstrip("/"), secret, typer.echo)
    with terminal.listening(port) as address:
        typer.echo(f"Texts are taken at {address}; type a number and a text.")
        for line in sys.stdin:
            terminal.type(line)
