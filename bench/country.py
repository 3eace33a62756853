"""A small country with a real feed server, for soaks and tests that follow a whole count within seconds."""

import asyncio
import csv
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from api.commands.polling import PollOptions, open_poller
from api.http.listening import bind
from geo.ubigeo import load_catalogue
from ingest.registry import known_elections, newest_rehearsed
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.server import Application, FeedApp, build_feed
from tally.election import Election
from tally.settings import load_settings

DISTRICTS = ("140101", "140102", "150101", "240101", "920101")
_START_S = 30.0


def newest_election() -> Election:
    """The election that rehearsals use."""
    return newest_rehearsed(known_elections())


def write_mesas(path: Path, mesas: int, election: Election) -> Path:
    """A file of that many mesas in a few districts, ten to a polling place."""
    lists = [entry.id for entry in election.contest().lists]
    figures = ["mesa", "ubigeo_onpe", "electores", "emitidos", *lists, "blancos", "nulos", "impugnados"]
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*figures, "cod_local", "local"])
        for n in range(mesas):
            ubigeo = DISTRICTS[n % len(DISTRICTS)]
            votes = [(40 + n * (k + 3)) % 120 for k in range(len(lists))]
            place = n // (10 * len(DISTRICTS))
            row = [f"{n + 1:06}", ubigeo, 300, sum(votes) + 12, *votes, 5, 7, 0]
            writer.writerow([*row, f"{ubigeo}{place:02}", f"IE {place}"])
    return path


def make_feed_app(path: Path | None, election: Election) -> FeedApp:
    """The feed of a file of mesas, of an invented whole country without one, standing at the end of its count."""
    return build_feed(election, load_catalogue(election.date.year), FeedPlan(mesas=path))


def cuts(election: Election, hours: tuple[int, ...]) -> list[datetime]:
    """Moments so many hours after the polls closed."""
    return [closing(election) + timedelta(hours=hour) for hour in hours]


@contextmanager
def served(app: Application) -> Iterator[str]:
    """Address of the feed, served from a thread."""
    listener = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        end = time.monotonic() + _START_S
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_START_S)
        listener.close()


def wait_until_serving(process: "subprocess.Popen[bytes]", log: Path, longest_s: float = 600.0) -> None:
    """Return once a program has said where it serves: by then its database is there, and whole.

    Raises: RuntimeError: it ended instead, or takes too long.
    """
    ends = time.monotonic() + longest_s
    while b" on http://" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"{log} does not say where it serves: {log.read_text()[-500:]}")
        time.sleep(0.1)


def poll(url: str, folder: Path, election: Election) -> None:
    """Follow the feed until it has nothing new; database and archive lie in `folder`."""
    database = f"sqlite:///{folder / 'count.db'}"
    settings = load_settings(database_url=database, archive=folder / "archive", feed=url)

    async def follow() -> None:
        async with open_poller(settings, election, PollOptions(is_unlimited=True, cycle_s=2.0)) as poller:
            await poller.run(until_final=True)

    asyncio.run(follow())
