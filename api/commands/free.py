"""`escrutinio free`: end the lease of a poller that is gone, so that another one may write its count at once."""

import time
from contextlib import closing

import typer

from ingest.registry import known_elections
from tally.choice import settle_election
from tally.election import find_election
from tally.settings import load_settings
from tally.storage.database import check_exists
from tally.storage.lease import WATCH_S, look
from tally.storage.lease import free as free_lease
from tally.storage.store import Store


def free(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
    force: bool = typer.Option(False, "--force", help="At once, even if that poller lives: it writes nothing more."),
) -> None:
    """End the lease of a poller that is gone; one that lives renews it while this looks, and keeps it."""
    settings = load_settings(database_url=database, election=election)
    check_exists(settings.database_url)
    settings = settle_election(settings)
    contest = find_election(known_elections(), settings.election).contest(settings.contest)
    with closing(Store.open(settings.database_url)) as store:
        first = store.info(settings.election, contest.id)
        # One poller holds the leases of all contests, under one name.
        name = look(store, first).writer
        infos = [info for info in store.counts() if info.election_id == settings.election]
        leases = {info.id: lease for info in infos if (lease := look(store, info)).writer == name}
        if name is not None and not force:
            typer.echo(f"Looking for {WATCH_S:.0f} s whether the poller of {settings.election} lives …")
            time.sleep(WATCH_S)
        was_held = [
            free_lease(store, info, None if force else leases[info.id].seen) for info in infos if info.id in leases
        ]
    is_free = f"{settings.election} is free: a poller may begin."
    typer.echo(is_free if any(was_held) else f"{settings.election} was free.")
