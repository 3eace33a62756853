"""`escrutinio new-epoch`: after a restored backup, tell every reader to start anew, and let nobody in as before."""

import typer

from ingest.registry import known_elections
from mission.people.access import end_all_access
from mission.people.accounts import list_accounts
from mission.people.auditlog import COMMAND_LINE
from tally import moments
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
    """Give the count a new epoch: after a restored backup, before the poller starts again.

    Whoever was signed in to the mission, or reports from a device, has to come in anew.
    """
    settings = load_settings(database_url=database, election=election)
    check_exists(settings.database_url)
    settings = settle_election(settings)
    contest = find_election(known_elections(), settings.election).contest()
    store = Store.open(settings.database_url)
    try:
        info = store.info(settings.election, contest.id)
        epoch = begin_epoch(store, info)
        ended = end_all_access(store.engine, COMMAND_LINE, moments.utc_now())
        able = [account.name for account in list_accounts(store.engine) if account.revoked_at is None]
    finally:
        store.close()
    typer.echo(f"{info.election_id} goes on at version {info.seq} as {epoch}; it was {info.epoch}.")
    if able:
        typer.echo(
            f"Everybody of the mission is signed out, people and devices (ended: {ended}); invite devices anew. "
            f"These accounts may sign in, also where one was revoked after the backup: {', '.join(able)}."
        )
