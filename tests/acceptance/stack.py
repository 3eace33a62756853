"""The whole path, nothing in it faked: a feed on a port of its own, and the program that polls and serves it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from tests.programs.program import Program
from tests.serving import in_thread
from tests.waiting import PATIENCE_S

_PROJECT = Path(__file__).parents[2]


@contextmanager
def served(feed: Any) -> Iterator[str]:
    """The address of a feed served in a thread."""
    with in_thread(uvicorn.Server(uvicorn.Config(feed, lifespan="off", log_level="warning"))) as address:
        yield f"http://{address}"


@contextmanager
def running(source: str, folder: Path, *options: str, **settings: str) -> Iterator[str]:
    """The address of `escrutinio run` on that feed, its database in `folder`; `settings` as environment variables.

    It asks as fast as it is answered.
    """
    with program(source, folder, "--unlimited", *options, **settings) as (url, _):
        yield url


@contextmanager
def program(source: str, folder: Path, *options: str, **settings: str) -> Iterator[tuple[str, int]]:
    """The same within the request budget unless the options lift it, and the number of its process."""
    with Program("run", "--feed", source, "--port", 0, *options, folder=folder, settings=settings) as process:
        line = process.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http://")), process.pid
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == 0
