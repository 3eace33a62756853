"""`escrutinio export`: every embed as a file, written again as the count changes."""

import asyncio
from contextlib import suppress
from pathlib import Path

import typer
import uvloop
from msgspec import Struct

from api.assembly import assemble
from api.counts import Counts
from api.embed.export import Exporter, Written
from api.live import LiveCount
from api.logs import configure_logs
from ingest.registry import known_elections
from tally.election import find_election
from tally.errors import StoreUnavailable
from tally.settings import Settings, load_settings
from tally.store import Store

_FIRST_S, _WAIT_S = 30.0, 0.05
_LOOK_S = 15.0


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
    settings = load_settings(database_url=database, election=election)
    find_election(known_elections(), settings.election)
    with suppress(KeyboardInterrupt):
        uvloop.run(_follow(settings, directory, Wishes(once, provinces, pictures)))


class Wishes(Struct, frozen=True):
    """What to write, and whether that is all."""

    is_once: bool
    with_provinces: bool
    with_pictures: bool


async def _follow(settings: Settings, directory: Path, wishes: Wishes) -> None:
    store = Store.open(settings.database_url)
    try:
        app = assemble(settings, store)
        async with app.router.lifespan_context(app):
            exporter = Exporter(
                app.state.services, app.state.studio, directory, (settings.public_url or "").rstrip("/")
            )
            try:
                await _write(exporter, await _first(app.state.services.counts, settings), wishes)
            finally:
                exporter.close()
    finally:
        store.close()


async def _write(exporter: Exporter, live: LiveCount, wishes: Wishes) -> None:
    """Round after round: at once after a change, else now and then, since the source may have fallen silent."""
    news = asyncio.Event()
    live.listeners.add(news)
    try:
        while True:
            news.clear()
            _say(await exporter.write(with_provinces=wishes.with_provinces, with_pictures=wishes.with_pictures))
            if wishes.is_once:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), _LOOK_S)
    finally:
        live.listeners.discard(news)


async def _first(counts: Counts, settings: Settings) -> LiveCount:
    """The count, as soon as it is loaded.

    Raises: NotFound, StoreUnavailable: there is none, or not soon.
    """
    deadline = asyncio.get_running_loop().time() + _FIRST_S
    while True:
        try:
            return counts.live(settings.election)
        except StoreUnavailable:
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(_WAIT_S)


def _say(written: Written) -> None:
    if written.pages:
        pictures = f", {written.pictures:,} pictures" if written.pictures else ""
        typer.echo(f"version {written.seq}: {written.pages:,} pages in {written.seconds:.2f} s{pictures}")
