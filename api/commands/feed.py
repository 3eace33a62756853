"""`escrutinio feed`: a local server that speaks ONPE's contract, for rehearsals, training and demonstrations."""

from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.commands.opening import read_moment
from geo.ubigeo import load_catalogue
from ingest.registry import known_elections, newest_rehearsed
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.catalogue import FAULTS
from ingest.rehearsal.faults.order import read_order
from ingest.rehearsal.feed import FeedPlan, MakingProgress
from ingest.rehearsal.generations import GENERATIONS, find_generation
from ingest.rehearsal.mission_papers import write_papers
from ingest.rehearsal.runoff import runoff_of
from ingest.rehearsal.server import FeedApp, build_feed, serve
from tally import moments
from tally.election import Election, find_election
from tally.errors import EscrutinioError, InvalidInput

_DEFAULT_ELECTION = "latest"
_FAULT_HELP = f"NAME[:SHARE][:DURATION][@BEGINNING], like truncate:0.2:90s@30s; repeatable. Names: {', '.join(FAULTS)}."
_GENERATIONS = ", ".join(GENERATIONS)
_GENERATION_HELP = f"Contract to speak, by name or its ending ({_GENERATIONS}); by default the election's own."


def feed(
    mesas: Path | None = typer.Option(None, help="Replay a CSV of mesas, plain or gzipped."),
    timeline: Path | None = typer.Option(None, help="Replay a CSV of recorded area totals, without mesas."),
    election: str = typer.Option(_DEFAULT_ELECTION, help="Election id; by default the latest with an official result."),
    speed: str = typer.Option("60", help="How many times faster than real time, or max: the end at once."),
    host: str = typer.Option("127.0.0.1", help="Address to serve on."),
    port: int = typer.Option(8900, help="Port to serve on; 0 takes any free one."),
    starts: str | None = typer.Option(None, "--from", help="Simulated time to start at, ISO 8601; default: closing."),
    until: str | None = typer.Option(None, help="Simulated time at which the count is frozen, ISO 8601."),
    arrivals: str | None = typer.Option(None, help="Column of the mesas file with recorded arrival times."),
    seed: int = typer.Option(1, min=0, help="Another seed, another rehearsal."),
    fault: list[str] = typer.Option([], help=_FAULT_HELP),
    generation: str | None = typer.Option(None, help=_GENERATION_HELP),
    mission: Path | None = typer.Option(None, help="Folder for what a mission has of it: its mesas, and its actas."),
    runoff: bool = typer.Option(False, "--runoff", help="The invented run-off that would follow on that election."),
) -> None:
    """Serve a rehearsal, or a replay of recorded data, in ONPE's contract."""
    try:
        chosen = runoff_of(_election(election)) if runoff else _election(election)
        plan = FeedPlan(
            mesas=mesas,
            timeline=timeline,
            arrivals=arrivals,
            seed=seed,
            speed=_speed(speed),
            starts=_moment("--from", starts),
            until=_moment("--until", until),
            generation=None if generation is None else _generation(generation),
        )
        orders = [read_order(text) for text in fault]
        app = _build(chosen, plan)
        if mission is not None:
            _write_papers(app, mission)
        serve(
            FaultyFeed(app, orders, seed) if orders else app,
            host,
            port,
            lambda bound: typer.echo(_ready(app, host, bound)),
        )
    except EscrutinioError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        # Stopping a server by hand is how it ends.
        return


class _Bar(MakingProgress):
    """Notices on stderr, and a bar that shows itself only when the work takes long enough to wonder."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("mesas", total=None)

    def notice(self, text: str) -> None:
        typer.echo(text, err=True)

    def done(self, part: int, whole: int) -> None:
        self._bar.update(self._task, completed=part, total=whole)


def _build(election: Election, plan: FeedPlan) -> FeedApp:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        return build_feed(election, load_catalogue(election.date.year), plan, progress=_Bar(bar))


def _write_papers(app: FeedApp, folder: Path) -> None:
    if app.feed.mesas is None:
        raise InvalidInput("--mission: a timeline has no mesas")
    write_papers(app.feed.mesas.table, folder)


def _election(election_id: str) -> Election:
    elections = known_elections()
    if election_id == _DEFAULT_ELECTION:
        return newest_rehearsed(elections)
    return find_election(elections, election_id)


def _generation(text: str) -> str:
    name = find_generation(text)
    if name is None:
        raise InvalidInput(f"--generation {text!r} is none of {_GENERATIONS}")
    return name


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError as error:
        raise InvalidInput(f"--speed {text!r} is neither a number nor max") from error
    if not 0 < speed < 1e9:
        raise InvalidInput(f"--speed {text} must be more than 0")
    return speed


def _moment(option: str, text: str | None) -> datetime | None:
    return None if text is None else moments.read(read_moment(option, text))


def _ready(app: FeedApp, host: str, port: int) -> str:
    shown = app.feed
    kind = "rehearsal, invented mesas" if shown.is_test else "replay"
    if shown.is_test and shown.election.official is not None and shown.election.official.is_partial:
        kind += " of a partial cut"
    speed = "frozen" if shown.clock.speed is None else f"{shown.clock.speed:g}× real time"
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    now, until = (moments.write(at.replace(microsecond=0)) for at in (shown.clock.at(), shown.clock.until))
    return f"Feed of {shown.election.id} on {address} ({kind}; {speed}; now {now}, ends {until})"
