"""`escrutinio new-epoch`: after a restored backup, tell every reader to start anew."""

import typer

from api.commands.opening import open_count
from tally.storage.epochs import begin_epoch


def new_epoch(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
) -> None:
    """Give the count a new epoch: after a restored backup, before the poller starts again."""
    with open_count(database, election) as (store, info):
        epoch = begin_epoch(store, info)
    typer.echo(f"{info.election_id} goes on at version {info.seq} as {epoch}; it was {info.epoch}.")
