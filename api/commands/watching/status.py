"""`escrutinio status`: the whole installation in a terminal, as it is now or from one look to the next."""

import asyncio
import contextlib

import msgspec
import typer
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from api.commands.watching.installation import Installation, read_installation
from api.commands.watching.screen import draw
from ingest.registry import known_elections
from tally import moments
from tally.errors import InvalidInput, StoreUnavailable
from tally.settings import Settings, load_settings
from tally.storage.database import check_exists
from texts.language import LANGUAGES, Language, load_languages


def status(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    replica: list[str] = typer.Option([], help="Address of a replica to ask as well; may be repeated."),
    once: bool = typer.Option(False, "--once", help="One look; by itself where the output is no terminal."),
    as_json: bool = typer.Option(False, "--json", help="One look, as JSON."),
    every: float = typer.Option(2.0, min=0.5, help="Seconds between two looks."),
    lang: str = typer.Option("en", help=f"Language: {', '.join(LANGUAGES)}."),
) -> None:
    """Show counts, poller, replicas, what is held and how to release it, seal, clock and disks."""
    if lang not in LANGUAGES:
        raise InvalidInput(f"--lang {lang!r} is none of {', '.join(LANGUAGES)}")
    settings, words = load_settings(database_url=database), load_languages()[lang]
    check_exists(settings.database_url)
    console = Console()
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(_look(settings, replica, words))).decode())
    elif once or not console.is_terminal:
        console.print(draw(_look(settings, replica, words), words))
    else:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_follow(settings, replica, words, console, every))


def _look(settings: Settings, replicas: list[str], words: Language) -> Installation:
    return asyncio.run(read_installation(settings, known_elections(), replicas, words, moments.utc_now()))


async def _follow(settings: Settings, replicas: list[str], words: Language, console: Console, every_s: float) -> None:
    """Draw it again and again; a database that is away is said, and what was seen last stays below."""
    elections, shown = known_elections(), Group()
    with Live(shown, console=console, screen=True, auto_refresh=False) as live:
        while True:
            hint = Text(words("installation.keys"), style="dim")
            try:
                seen = await read_installation(settings, elections, replicas, words, moments.utc_now())
                shown = Group(draw(seen, words), hint)
                live.update(shown, refresh=True)
            except StoreUnavailable as error:
                live.update(Group(Text(f"! {error}", style="bold red"), shown), refresh=True)
            await asyncio.sleep(every_s)
