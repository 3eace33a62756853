"""`escrutinio export`: embeds or the public pages as files, written again as the count changes."""

import os
from contextlib import suppress
from pathlib import Path

import typer
import uvloop

from api.commands.logs import configure_logs
from ingest.registry import known_elections
from tally.choice import settle_election
from tally.election import find_election
from tally.ending import until_told
from tally.errors import InvalidInput
from tally.settings import Settings, load_settings

# Whoever serves and polls on this machine comes first.
_NICE = 10


def export(
    directory: Path | None = typer.Option(None, "--dir", help="Folder of embeds; a web server or a bucket serves it."),
    site: Path | None = typer.Option(None, "--site", help="Folder of frozen pages, for when no replica answers."),
    replicas: list[str] = typer.Option([], "--from", help="With --site: address of a replica; may be repeated."),
    database: str | None = typer.Option(None, help="With --dir: sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election that is shown."),
    once: bool = typer.Option(False, "--once", help="Write the present state and end."),
    provinces: bool = typer.Option(False, "--provinces", help="With --dir: every province too."),
    pictures: bool = typer.Option(True, help="With --dir: PNG pictures too; they take a while."),
) -> None:
    """Write embeds (--dir) or all public pages (--site) as static files, again after each change, until a signal."""
    configure_logs()
    settings = load_settings(database_url=database, election=election)
    with suppress(KeyboardInterrupt):
        if site is not None and directory is None:
            _copy_site(settings, site, replicas, is_once=once)
        elif directory is not None and site is None:
            _write_embeds(settle_election(settings), directory, once, provinces, pictures)
        else:
            raise InvalidInput("name one folder: --dir for embeds, or --site for the public pages")


def _copy_site(settings: Settings, folder: Path, replicas: list[str], *, is_once: bool) -> None:
    find_election(known_elections(), settings.election)
    from api.commands.copies.following import Order, follow  # here: see api.cli

    os.nice(_NICE)
    chosen = replicas or [f"http://127.0.0.1:{settings.port}"]
    follow(Order(chosen, settings.election, folder, (settings.public_url or "").rstrip("/"), is_once))


def _write_embeds(settings: Settings, directory: Path, *wishes: bool) -> None:
    find_election(known_elections(), settings.election)
    from api.commands.exporting import Wishes, follow  # here: see api.cli

    uvloop.run(until_told(follow(settings, directory, Wishes(*wishes))))
