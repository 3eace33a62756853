"""`escrutinio archive …`: the raw archive's files."""

from pathlib import Path

import typer

from api.commands.backups.bar import steps
from ingest.packs.packing import pack as pack_archive
from tally.settings import archive_folder, load_settings
from tally.storage.disk import use_of

app = typer.Typer(help="The raw archive's files.", no_args_is_help=True)


@app.callback()
def archive() -> None:
    """The raw archive's files."""


@app.command()
def pack(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…, beside which the archive lies."),
    archive: Path | None = typer.Option(None, help="Folder of the raw archive."),
    closed_days: bool = typer.Option(False, "--closed-days", help="Leave the newest day, as the poller does."),
) -> None:
    """Move everything that is sealed into one pack, and make missing indexes again. A poller may be at work."""
    folder = archive_folder(load_settings(database_url=database, archive=archive))
    with steps("log lines packed") as heard:
        done = pack_archive(folder, closed_days=closed_days, heard=heard)
    if done.mended:
        typer.echo(f"{done.mended} indexes were made again from their packs.")
    if done.altered:
        typer.echo(
            f"{len(done.altered)} objects are not what their names say, and stay: `escrutinio verify` names them."
        )
    if done.pack is None:
        typer.echo("There was nothing more to pack.")
    else:
        typer.echo(f"{done.pack} holds {len(done.packed):,} bodies and {len(done.heads):,} heads.")
    now = use_of(folder)
    typer.echo(f"{folder} has {now.files:,} files, {now.bytes / 1e6:,.1f} MB.")
