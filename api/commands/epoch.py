"""`escrutinio new-epoch`: after a restored backup, tell every reader to start anew."""

import typer

from ingest.registry import known_elections
from tally.choice import settle_election
from tally.election import find_election
from tally.settings import load_settings
from tally.storage.database import check_exists
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store


def new_epoch(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
) -> None:
    """Give the count a new epoch: after a restored backup, before the poller starts again."""
    settings = load_settings(database_url=database, election=election)
    check_exists(settings.database_url)
    settings = settle_election(settings)
    contest = find_election(known_elections(), settings.election).contest()
    store = Store.open(settings.database_url)
    try:
        info = store.info(settings.election, contest.id)
        epoch = begin_epoch(store, info)
    finally:
        store.close()
    typer.echo(f"{info.election_id} goes on at version {info.seq} as {epoch}; it was {info.epoch}.")
