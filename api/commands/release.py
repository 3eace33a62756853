"""`escrutinio release`: publish a held value after all, under a person's name and with a reason."""

import msgspec
import typer

from ingest.registry import known_elections
from tally import moments
from tally.board import Release
from tally.choice import settle_election
from tally.election import find_election
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.database import check_exists
from tally.storage.releases import find_held, request_release
from tally.storage.store import Store
from texts.issues import sentence
from texts.language import load_languages


def release(
    key: str = typer.Argument(help="What is held: department/14, mesa/000001, …"),
    by: str = typer.Option(..., help="Name of the person who decides; it is published with the number."),
    reason: str = typer.Option(..., help="Why it may be shown; it is published with the number."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
) -> None:
    """Ask the running poller to publish a held value; it does so within seconds."""
    settings = load_settings(database_url=database, election=election)
    check_exists(settings.database_url)
    settings = settle_election(settings)
    contest = find_election(known_elections(), settings.election).contest()
    if not by.strip() or not reason.strip():
        raise InvalidInput("a release needs a name (--by) and a reason (--reason)")
    store = Store.open(settings.database_url)
    try:
        info = store.info(settings.election, contest.id)
        held = find_held(store, info.id, key)
        at = moments.write(moments.utc_now())
        request_release(store, info.id, Release(key, by.strip(), reason.strip()), at)
    finally:
        store.close()
    english = load_languages()["en"]
    rules = "; ".join(f"{issue.rule}: {sentence(english, msgspec.to_builtins(issue))}" for issue in held)
    typer.echo(f"{key} was held ({rules}). The poller releases it within seconds, or as soon as it reads it again.")
