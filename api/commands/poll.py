"""`escrutinio poll`: ingest only, for a second container or for reading a whole count to its end."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from api.commands.logs import configure_logs
from api.commands.polling import PollOptions
from api.commands.supervision import Supervisor
from ingest.progress import ReadingProgress
from ingest.registry import known_elections
from tally.choice import settle_election
from tally.election import Election, find_election
from tally.ending import until_told
from tally.settings import Settings, load_settings


def poll(
    election: str | None = typer.Option(None, help="Election id (one TOML file each)."),
    contest: str | None = typer.Option(None, help="One of its contests; all of them by default."),
    feed: str | None = typer.Option(None, help="Base URL of the source (else its own host), file:FOLDER, or relay:."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="Folder of the raw archive; by default beside the database."),
    until_final: bool = typer.Option(False, "--until-final", help="End when two full cycles found nothing new."),
    unlimited: bool = typer.Option(False, "--unlimited", help="No request budget; only for a feed on this machine."),
    cycle: float | None = typer.Option(None, min=0.1, help="Seconds between readings of the national totals."),
) -> None:
    """Read the source into the database until stopped, or until the count is final."""
    configure_logs()
    flags = load_settings(election=election, contest=contest, feed=feed, database_url=database, archive=archive)
    settings = settle_election(flags)
    chosen = find_election(known_elections(), settings.election)
    options = PollOptions(is_unlimited=unlimited, cycle_s=cycle)
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(until_told(_poll(settings, chosen, options, until_final=until_final)))


async def _poll(settings: Settings, election: Election, options: PollOptions, *, until_final: bool) -> None:
    with _bar() as bar:
        task = bar.add_task("actas", total=None)

        def show(progress: ReadingProgress) -> None:
            bar.update(
                task, completed=progress.read, total=progress.total, description=f"cycle {progress.cycle} · actas"
            )

        await Supervisor(settings, election, options, on_progress=show).run(until_final=until_final)


@contextlib.contextmanager
def _bar() -> Iterator[Bar]:
    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Bar(*columns, console=console, disable=not console.is_terminal, refresh_per_second=4) as bar:
        yield bar
