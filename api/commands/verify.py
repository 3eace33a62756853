"""`escrutinio verify`: the archive, the log, and every published total made again."""

from contextlib import closing
from pathlib import Path

import typer

from api.commands.backups.bar import steps
from ingest.packs.lock import unmoved
from ingest.proof.heads import OutsideHead, read_heads
from ingest.proof.notes import VerifierKey
from ingest.proof.verification import ArchiveVerdict, Trust
from ingest.proof.verification import verify as verify_archive
from ingest.registry import feed_of
from tally.errors import InvalidInput
from tally.settings import Settings, archive_folder, load_settings
from tally.storage.database import check_exists
from tally.storage.store import Store

_SHOWN = 20


def verify(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="Folder of the raw archive; by default beside the database."),
    election: str | None = typer.Option(None, help="Election id; needed where the database holds several counts."),
    head: list[Path] = typer.Option([], help="A file of heads that somebody else kept; may be given several times."),
    key: list[str] = typer.Option([], help="The public key you know; by default the one that the archive names."),
) -> None:
    """Re-hash every byte, check tree, signatures and heads, then make the whole published count again."""
    trust = Trust([VerifierKey.parse(text) for text in key], [named for path in head for named in _read(path)])
    settings = load_settings(database_url=database, archive=archive, election=election)
    check_exists(settings.database_url)
    with closing(Store.open(settings.database_url)) as store:
        chosen = _chosen(settings, store)
        folder = archive_folder(settings)
        with unmoved(folder), steps("log lines") as progress:
            verdict = verify_archive(store, folder, feed_of, trust, progress, chosen)
    _print(verdict)
    raise typer.Exit(1 if verdict.faults else 0)


def _chosen(settings: Settings, store: Store) -> str | None:
    """The election that was named, or the only one; None: there is none yet.

    Raises: InvalidInput: there are several, and each has an archive of its own.
    """
    held = sorted({info.election_id for info in store.counts()})
    named = "election" in settings.model_fields_set
    if named and settings.election not in held:
        raise InvalidInput(f"the database holds no count of {settings.election}; it holds {', '.join(held) or 'none'}")
    if named:
        return settings.election
    if len(held) > 1:
        raise InvalidInput(f"the database holds counts of {', '.join(held)}; name one with --election")
    return held[0] if held else None


def _read(path: Path) -> list[tuple[str, OutsideHead]]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"--head {path} cannot be read: {error}") from error
    return [(str(path), head) for head in read_heads(text, str(path))]


def _print(verdict: ArchiveVerdict) -> None:
    for sentence in verdict.checked:
        typer.echo(f"checked  {sentence}")
    for sentence in verdict.notices:
        typer.echo(f"note     {sentence}")
    for sentence in verdict.faults[:_SHOWN]:
        typer.echo(f"WRONG    {sentence}", err=True)
    if len(verdict.faults) > _SHOWN:
        typer.echo(f"WRONG    … and {len(verdict.faults) - _SHOWN:,} more", err=True)
    if not verdict.faults:
        typer.echo("All of it is as it was published.")
