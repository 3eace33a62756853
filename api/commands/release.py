"""`escrutinio release`: publish a held value after all, under a person's name and with a reason."""

import msgspec
import typer

from api.commands.opening import open_count
from tally import moments
from tally.board import Release
from tally.errors import InvalidInput
from tally.storage.releases import find_held, request_release
from texts.issues import sentence
from texts.language import load_languages


def release(
    key: str = typer.Argument(help="What is held: department/14, mesa/000001, …"),
    by: str = typer.Option(..., help="Name of the person who decides; it is published with the number."),
    reason: str = typer.Option(..., help="Why it may be shown; it is published with the number."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
    contest: str | None = typer.Option(None, help="Which of its contests, where the database has several."),
) -> None:
    """Ask the running poller to publish a held value; it does so within seconds."""
    if not by.strip() or not reason.strip():
        raise InvalidInput("a release needs a name (--by) and a reason (--reason)")
    with open_count(database, election, contest) as (store, info):
        held = find_held(store, info.id, key)
        at = moments.write(moments.utc_now())
        request_release(store, info.id, Release(key, by.strip(), reason.strip()), at)
    english = load_languages()["en"]
    rules = "; ".join(f"{issue.rule}: {sentence(english, msgspec.to_builtins(issue))}" for issue in held)
    typer.echo(f"{key} was held ({rules}). The poller releases it within seconds, or as soon as it reads it again.")
