"""`escrutinio export`: every embed as a file, written again as the count changes."""

from contextlib import suppress
from pathlib import Path

import typer
import uvloop

from api.commands.logs import configure_logs
from ingest.registry import known_elections
from tally.choice import settle_election
from tally.election import find_election
from tally.ending import until_told
from tally.settings import load_settings


def export(
    directory: Path = typer.Option(..., "--dir", help="Folder to write; a web server or a bucket gives it away."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election the embeds show."),
    once: bool = typer.Option(False, "--once", help="Write the present state and end."),
    provinces: bool = typer.Option(False, "--provinces", help="Every province too."),
    pictures: bool = typer.Option(True, help="PNG pictures too; they take a while."),
) -> None:
    """Write the whole set of embeds as static files, and again what changed after each change, until a signal."""
    configure_logs()
    settings = settle_election(load_settings(database_url=database, election=election))
    find_election(known_elections(), settings.election)
    from api.commands.exporting import Wishes, follow  # here: see api.cli

    with suppress(KeyboardInterrupt):
        uvloop.run(until_told(follow(settings, directory, Wishes(once, provinces, pictures))))
