"""The export of embeds as files: once, or again and again as the count changes."""

import asyncio
from contextlib import closing, suppress
from pathlib import Path

import typer
from msgspec import Struct

from api.commands.assembly import assemble
from api.embed.export import Exporter, Written
from api.live.count import LiveCount
from api.live.counts import Counts
from tally.errors import StoreUnavailable
from tally.settings import Settings
from tally.storage.store import Store

_FIRST_S, _WAIT_S = 30.0, 0.05
_LOOK_S = 15.0


class Wishes(Struct, frozen=True):
    """What to write, and whether that is all."""

    is_once: bool
    with_provinces: bool
    with_pictures: bool


async def follow(settings: Settings, directory: Path, wishes: Wishes) -> None:
    """Write what is wished for, until cancelled if that is not just once.

    Raises: NotFound, StoreUnavailable: there is no count, or not soon.
    """
    with closing(Store.open(settings.database_url)) as store:
        app = assemble(settings, store)
        async with app.router.lifespan_context(app):
            services, home = app.state.services, (settings.public_url or "").rstrip("/")
            made = (app.state.embed_pages, app.state.embed_overviews)
            with closing(Exporter(services, *made, directory, home)) as exporter:
                live = await _first(services.counts, settings)
                has_many = len(live.election.contests) > 1
                await _write(exporter, services.counts.listeners if has_many else live.listeners, wishes)


async def _write(exporter: Exporter, listeners: set[asyncio.Event], wishes: Wishes) -> None:
    """Round after round: at once after a change, else now and then, since the source may have fallen silent."""
    news = asyncio.Event()
    listeners.add(news)
    try:
        while True:
            news.clear()
            _say(await exporter.write(with_provinces=wishes.with_provinces, with_pictures=wishes.with_pictures))
            if wishes.is_once:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), _LOOK_S)
    finally:
        listeners.discard(news)


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
