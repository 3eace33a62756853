"""`escrutinio key …`: the key that signs the heads of a raw archive."""

from pathlib import Path

import typer

from ingest.proof.keyring import begin_key, key_changes, key_file, public_keys, sealing_key
from tally import moments
from tally.errors import InvalidInput
from tally.settings import archive_folder, load_settings

app = typer.Typer(help="The key that signs the raw archive.", no_args_is_help=True)

_DATABASE = typer.Option(None, help="sqlite:///FILE or postgresql://…, beside which the archive lies.")
_ARCHIVE = typer.Option(None, help="Folder of the raw archive.")


@app.command()
def show(database: str | None = _DATABASE, archive: Path | None = _ARCHIVE) -> None:
    """Print the archive's public keys, oldest first, and which of them signed the newest head."""
    folder = archive_folder(load_settings(database_url=database, archive=archive))
    sealing, reasons = sealing_key(folder), {change.key: change for change in key_changes(folder)}
    for key in public_keys(folder):
        change = reasons.get(str(key))
        since = "" if change is None else f"  since {change.at}: {change.reason}"
        newest = "  signed the newest head" if sealing is not None and str(sealing) == str(key) else ""
        typer.echo(f"{key}{since}{newest}")


@app.command()
def new(
    reason: str = typer.Option(..., help="Why, in a sentence that everybody may read."),
    database: str | None = _DATABASE,
    archive: Path | None = _ARCHIVE,
) -> None:
    """Let the archive be sealed with another key from the poller's next start on: ESCRUTINIO_SEAL_KEY, or a new one."""
    settings = load_settings(database_url=database, archive=archive)
    if not reason.strip() or not reason.isprintable():
        raise InvalidInput("--reason is one line of words")
    folder = archive_folder(settings)
    key = begin_key(folder, settings.seal_key, reason.strip(), moments.write(moments.utc_now()))
    place = "ESCRUTINIO_SEAL_KEY" if settings.seal_key is not None else f"{key_file(folder)}, of which you keep a copy"
    typer.echo(
        f"The archive is sealed with {key} from the poller's next start on; its private part is in {place}. "
        "Every witness reports the change: publish it, with the reason, where people read you."
    )
