"""A source that says something else than it should to whoever asks, and the programs that ask it."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import uvicorn
from msgspec import Struct

from ingest.rehearsal.server import FeedApp
from tests.programs import program as programs
from tests.serving import in_thread
from tests.waiting import PATIENCE_S

PROJECT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}
TOTALS = "/presentacion-backend/resumen-general/totales?idEleccion=10&tipoFiltro=eleccion"
LISTS = "/presentacion-backend/actas?"


class Said(Struct, frozen=True):
    """A status, headers and body."""

    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", b"application/json"),)
    body: bytes = b""


class Unwell:
    """A feed some of whose answers are replaced: `spoil` is given the address and the sound body, None leaves it.

    `asked`: every address, in order.
    """

    def __init__(self, sound: FeedApp) -> None:
        self.sound = sound
        self.asked: list[str] = []
        self.spoil: Callable[[str, bytes], Said | None] = lambda url, body: None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        said: list[Any] = []

        async def keep(message: Any) -> None:
            said.append(message)

        await self.sound(scope, receive, keep)
        query = scope["query_string"].decode()
        url = f"{scope['path']}?{query}" if query else scope["path"]
        self.asked.append(url)
        other = self.spoil(url, said[1]["body"])
        if other is not None:
            start = {"type": "http.response.start", "status": other.status, "headers": list(other.headers)}
            said = [start, {"type": "http.response.body", "body": other.body}]
        for message in said:
            await send(message)


def instead(said: Said, part: str = TOTALS) -> Callable[[str, bytes], Said | None]:
    """That answer to every question whose address begins so."""
    return lambda url, body: said if url.startswith(part) else None


def changed(part: str = TOTALS, **figures: str) -> Callable[[str, bytes], Said | None]:
    """The sound answer with other figures in it, written as they are given."""

    def spoil(url: str, body: bytes) -> Said | None:
        if not url.startswith(part):
            return None
        payload = json.loads(body)
        payload["data"] |= {name: f"<{name}>" for name in figures}
        text = json.dumps(payload)
        for name, lexeme in figures.items():
            text = text.replace(f'"<{name}>"', lexeme)
        return Said(body=text.encode())

    return spoil


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Address of an application behind a real server."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    with in_thread(uvicorn.Server(config)) as address:
        yield f"http://{address}"


class Program:
    """A program of ours that runs until it is told to end."""

    def __init__(self, process: programs.Program, log: Path) -> None:
        self.process, self._log = process, log
        self.url = ""

    @property
    def log(self) -> str:
        """What it has said on stderr."""
        return self._log.read_text()

    def end(self, limit_s: float = PATIENCE_S) -> int:
        """Its exit status after SIGTERM, within the seconds it is given."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(limit_s)


@contextmanager
def started(*options: object, folder: Path, is_humble: bool = False) -> Iterator[Program]:
    """A program, until the block ends; `url` is what it serves on, if it does.

    `is_humble`: root, too, writes only what it is allowed to.
    """
    log = folder / f"{options[0]}.log"
    with (
        log.open("w") as errors,
        programs.Program(*options, folder=folder, settings=ENVIRONMENT, stderr=errors, is_humble=is_humble) as process,
    ):
        program = Program(process, log)
        try:
            if options[0] in ("run", "serve"):
                line = process.stdout.readline()
                assert line, program.log
                program.url = next(word for word in line.split() if word.startswith("http://"))
            yield program
        finally:
            if process.poll() is None:
                process.kill()


def read(url: str) -> str:
    """What an address answers with."""
    with urlopen(url, timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


def get(url: str) -> Any:
    """The same as JSON."""
    return json.loads(read(url))


def eventually(look: Callable[[], Any], is_right: Callable[[Any], bool], limit_s: float = PATIENCE_S) -> Any:
    """What is seen once it is right."""
    end = time.monotonic() + limit_s
    while not is_right(seen := look()):
        assert time.monotonic() < end, seen
        time.sleep(0.2)
    return seen
