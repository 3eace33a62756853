"""`escrutinio new-epoch`: after a restored backup, tell every reader to start anew, and let nobody in as before."""

import typer
from sqlalchemy import Engine

from api.commands.opening import open_counts
from mission.people.access import end_all_access
from mission.people.accounts import list_accounts
from mission.people.auditlog import COMMAND_LINE
from tally import moments
from tally.migrations.runner import NEWEST
from tally.storage.epochs import begin_epoch


def new_epoch(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
) -> None:
    """Give the count, or all of an election's, a new epoch: after a restored backup, before the poller starts again.

    Whoever was signed in to the mission, or reports from a device, has to come in anew.
    """
    with open_counts(database, election) as (store, counts):
        store.check(NEWEST)
        epochs = [(info, begin_epoch(store, info)) for info in counts]
        ended = end_all_access(store.engine, COMMAND_LINE, moments.utc_now())
        told = tell_access(store.engine, ended)
    for info, epoch in epochs:
        named = info.election_id if len(epochs) == 1 else f"{info.contest_id} of {info.election_id}"
        typer.echo(f"{named} goes on at version {info.seq} as {epoch}; it was {info.epoch}.")
    typer.echo(told, nl=bool(told))


def tell_access(engine: Engine, ended: int) -> str:
    """What the end of every access means for the mission; nothing where there is none."""
    able = [account.name for account in list_accounts(engine) if account.revoked_at is None]
    if not able:
        return ""
    return (
        f"Everybody of the mission is signed out, people and devices (ended: {ended}); invite devices anew. "
        f"These accounts may sign in, also where one was revoked after the backup: {', '.join(able)}."
    )
