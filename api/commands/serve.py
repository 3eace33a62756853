"""`escrutinio serve` and `escrutinio run`: the API and dashboard, without and with a poller in the same process."""

from contextlib import closing, suppress
from pathlib import Path

import typer
import uvloop

from api.commands.logs import configure_logs
from api.commands.polling import PollOptions
from ingest.registry import known_elections
from tally.choice import settle_election, settle_election_of
from tally.election import find_election
from tally.settings import Settings, load_settings
from tally.storage.silence import give_up_on_silence
from tally.storage.store import Store

_DATABASE = "sqlite:///FILE or postgresql://…"


def serve(
    database: str | None = typer.Option(None, help=_DATABASE),
    election: str | None = typer.Option(None, help="Election the pages show."),
    host: str | None = typer.Option(None, help="Address to serve on."),
    port: int | None = typer.Option(None, min=0, max=65535, help="Port to serve on."),
) -> None:
    """Serve API and dashboard from the database; any number of these may run beside one poller."""
    configure_logs()
    settings = load_settings(database_url=database, election=election, host=host, port=port)
    find_election(known_elections(), settings.election)
    from api.commands.assembly import assemble  # here: see api.cli
    from api.commands.web_server import serve as serve_app
    from api.http.listening import bind

    with closing(Store.open(settings.database_url)) as store:
        give_up_on_silence(store.engine)
        settings = settle_election_of(settings, store)
        _say_what_is_held(settings, store)
        app = assemble(settings, store)
        # Not open before the count is loaded: a proxy goes to the next replica when it is refused, and remembers that.
        listener = bind(settings.host, settings.port, is_open=False)
        port = int(listener.getsockname()[1])
        serve_app(app, listener, settings.trusted_proxies, lambda: announce(settings, port))


def _say_what_is_held(settings: Settings, store: Store) -> None:
    """A database of other elections may be meant for this one too, but more likely somebody forgot to name theirs."""
    held = [info.election_id for info in store.counts()]
    if held and settings.election not in held:
        typer.echo(
            f"escrutinio: the database holds {', '.join(held)}, and no count of {settings.election}; "
            "name an election with --election",
            err=True,
        )


def run(
    election: str | None = typer.Option(None, help="Election id (one TOML file each)."),
    contest: str | None = typer.Option(None, help="Which of its contests; its first by default."),
    feed: str | None = typer.Option(None, help="Base URL of the source (else its own host), file:FOLDER, or relay:."),
    database: str | None = typer.Option(None, help=_DATABASE),
    archive: Path | None = typer.Option(None, help="Folder of the raw archive; by default beside the database."),
    host: str | None = typer.Option(None, help="Address to serve on."),
    port: int | None = typer.Option(None, min=0, max=65535, help="Port to serve on."),
    unlimited: bool = typer.Option(False, "--unlimited", help="No request budget; only for a feed on this machine."),
    cycle: float | None = typer.Option(None, min=0.1, help="Seconds between readings of the national totals."),
) -> None:
    """Poll the source and serve the count, in one process."""
    place = {"database_url": database, "archive": archive, "host": host, "port": port}
    settings = load_settings(election=election, contest=contest, feed=feed, **place)
    run_until_stopped(settings, PollOptions(is_unlimited=unlimited, cycle_s=cycle))


def run_until_stopped(settings: Settings, options: PollOptions) -> None:
    """Run poller and server until a signal."""
    configure_logs()
    settings = settle_election(settings)
    chosen = find_election(known_elections(), settings.election)
    from api.commands.running import run as run_together  # here: see api.cli

    with suppress(KeyboardInterrupt):  # raised once more after everything was closed
        uvloop.run(run_together(settings, chosen, options, lambda port: announce(settings, port)))


def announce(settings: Settings, port: int) -> None:
    """One line that says where to look, and one what can be had where boundaries are not real."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"Escrutinio: {settings.election} on http://{host}:{port}")
    from geo.folder import is_absent  # here: see api.cli

    if is_absent(settings.geometry):
        typer.echo("Provinces and districts are schematic: `escrutinio geo fetch` gets real boundaries.")
