"""`escrutinio rehearse`: an invented count on this machine, from feed to browser; what `make run` starts."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import typer
import uvloop

from api.commands.logs import configure_logs
from api.commands.polling import LOOPBACK, PollOptions
from api.commands.rehearsal_mission import Cast, end, engage, make_cast, say_who
from api.commands.serve import announce
from ingest.registry import known_elections
from ingest.rehearsal.feed import closing
from tally import moments
from tally.election import Election, find_election
from tally.errors import FeedUnavailable
from tally.settings import Settings, load_settings

_START_S = 60.0
# Nobody wants to watch an empty board: the first actas arrive about this long after the polls close.
_BEFORE_FIRST_RESULTS = timedelta(minutes=110)
# Enough to follow a count at 60 times its real pace on one core; a real host never sees these numbers.
_PACE = PollOptions(requests_per_s=150.0, cycle_s=2.0)


def rehearse(
    election: str | None = typer.Option(None, help="Election whose official result the invented mesas add up to."),
    speed: str = typer.Option("60", help="How many times faster than real time, or max."),
    host: str | None = typer.Option(None, help="Address to serve on."),
    port: int | None = typer.Option(None, min=0, max=65535, help="Port to serve on."),
    seed: int = typer.Option(1, min=0, help="Another seed, another rehearsal."),
    folder: Path = typer.Option(Path("var/rehearsal"), help="Emptied at the start; holds database and archive."),
    mission: bool = typer.Option(True, help="An invented mission takes part."),
    fault: list[str] = typer.Option([], help="A fault of the source, as of `escrutinio feed`, like acta-challenge."),
) -> None:
    """Start a rehearsal feed and follow it: mesas that add up to an official result, arriving as on election night."""
    configure_logs()
    settings = load_settings(election=election, host=host, port=port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chosen = find_election(known_elections(), settings.election)
    papers = folder / "mission"
    with _feed(chosen, speed, seed, fault, papers) as url:
        there = {
            "feed": url,
            "database_url": f"sqlite:///{folder / 'count.db'}",
            "archive": folder / "archive",
            "photos": folder / "photos",
            "public_url": settings.public_url or address_here(settings),
            # What takes an hour in a mission takes a minute here.
            "incident_delay_minutes": 1,
            "incident_step_minutes": 1,
        }
        typer.echo(f"This is a rehearsal: the mesas are invented, the totals are {_totals(chosen)}. Ctrl-C ends it.")
        settings = settings.model_copy(update=there)
        _run(settings, make_cast(settings, seed, papers=papers) if mission else None)


def address_here(settings: Settings) -> str | None:
    """Where this machine alone finds it, so that the examples of its pages run as they stand; else None."""
    return f"http://{settings.host}:{settings.port}" if settings.port and settings.host in LOOPBACK else None


def _totals(election: Election) -> str:
    """Whose they are, and how whole."""
    official = election.official
    if official is None or not official.is_partial:
        return "the official ones"
    left = sum(area.at_jee + area.pending for area in official.areas)
    whole = sum(area.mesas for area in official.areas)
    return f"those of a partial cut, which leaves {left:,} of {whole:,} actas open ({official.source})"


def _run(settings: Settings, cast: Cast | None) -> None:
    """Poll and serve until a signal, and let the cast play as soon as somebody can come in."""
    from api.commands.running import run as run_together  # here: see api.cli

    chosen = find_election(known_elections(), settings.election)
    with ExitStack() as stack:

        def ready(port: int) -> None:
            announce(settings, port)
            if cast is not None:
                say_who(cast, settings, port)
                stack.enter_context(engage(cast, settings, port))

        with suppress(KeyboardInterrupt):  # raised once more after everything was closed
            uvloop.run(run_together(settings, chosen, _PACE, ready))


@contextmanager
def _feed(election: Election, speed: str, seed: int, faults: list[str], papers: Path) -> Iterator[str]:
    """URL of a rehearsal feed in a process of its own, so that it does not slow the server down.

    papers: where it writes what the mission has: the list of mesas, and the actas as they are posted at the doors.
    """
    typer.echo("Starting the rehearsal feed …")
    starts = moments.write(closing(election) + _BEFORE_FIRST_RESULTS)
    command = [sys.executable, "-m", "api.cli", "feed", "--election", election.id, "--speed", speed, "--from", starts]
    command += ["--mission", str(papers)]
    command += [part for fault in faults for part in ("--fault", fault)]
    process = subprocess.Popen(  # noqa: S603 - our own program with our own options
        [*command, "--seed", str(seed), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield _address(process)
    finally:
        end(process)


def _address(process: "subprocess.Popen[str]") -> str:
    """The address in the line that the feed prints when it is ready.

    Raises: FeedUnavailable: it ended instead; its own sentence is on stderr already.
    """
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.stdout is not None:
        line = process.stdout.readline()
        if not line:
            break
        typer.echo(line.rstrip())
        address = next((word for word in line.split() if word.startswith("http://")), None)
        if address is not None:
            return address
    raise FeedUnavailable("the rehearsal feed did not start")
