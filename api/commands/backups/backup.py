"""`escrutinio backup`: database, archive and pictures in one folder, while everything is at work."""

from collections.abc import Callable
from pathlib import Path

import typer
from sqlalchemy import select

from api.commands.backups import manifest
from api.commands.backups.bar import Advance, progress
from api.commands.backups.database import copy_whole, opened, sqlite_file
from api.commands.backups.encryption import encrypted, read_recipients
from api.commands.backups.folders import copy_archive, copy_photos
from api.commands.backups.manifest import FORMAT, KeptCount, Manifest
from tally import moments
from tally.errors import ArchiveError, InvalidInput
from tally.migrations.runner import NEWEST
from tally.program import this_program
from tally.settings import archive_folder, load_settings, photos_folder
from tally.storage.copying import count_rows, snapshot, tables_of
from tally.storage.database import check_exists, transaction
from tally.storage.tables import CountRow, table_of

_counts = table_of(CountRow)
_Copy = Callable[[Path, Path, Advance], None]


def backup(
    folder: Path = typer.Argument(help="A folder that is not there yet, or is empty."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="The raw archive's folder."),
    photos: Path | None = typer.Option(None, help="The folder of incidents' pictures."),
    no_archive: bool = typer.Option(False, "--no-archive", help="Leave the raw archive out."),
) -> None:
    """Copy database, archive and pictures into a folder, while everything is at work.

    No secret is copied, and all is encrypted if ESCRUTINIO_BACKUP_RECIPIENTS names public keys of age. `escrutinio
    restore` takes the folder back, into SQLite or PostgreSQL.
    """
    settings = load_settings(database_url=database, archive=archive, photos=photos)
    check_exists(settings.database_url)
    recipients = read_recipients(settings.backup_recipients)
    try:
        if not no_archive and not archive_folder(settings).is_dir():
            raise InvalidInput(
                f"there is no archive in {archive_folder(settings)}; name it with --archive, or say --no-archive"
            )
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InvalidInput(f"{folder} is not empty; a backup has a folder of its own")
        folder.mkdir(parents=True, exist_ok=True)
        places: dict[str, tuple[Path, _Copy]] = {manifest.PHOTOS: (photos_folder(settings), copy_photos)}
        if not no_archive:
            places[manifest.ARCHIVE] = archive_folder(settings), copy_archive
        if recipients:
            with encrypted(folder, recipients) as whole:
                kept = _keep(settings.database_url, places, whole)
        else:
            kept = _keep(settings.database_url, places, folder)
    except OSError as error:
        raise ArchiveError(f"the backup was not finished: {error.filename}: {error.strerror}") from error
    size = sum(file.size for file in kept.files.values())
    typer.echo(
        f"{folder} holds {len(kept.counts)} counts, {sum(kept.rows.values()):,} rows and {len(kept.files):,} files "
        f"({size / 1e6:,.1f} MB), as of {kept.made_at}{', encrypted' if recipients else ''}. "
        "The archive's private key is not in it: keep that apart."
    )


def _keep(url: str, places: dict[str, tuple[Path, _Copy]], folder: Path) -> Manifest:
    """The database first: whatever it speaks of is in the archive and among the pictures by then."""
    with (
        opened(url) as source,
        opened(sqlite_file(folder / manifest.DATABASE)) as target,
        snapshot(source) as read,
    ):
        counts = [
            KeptCount(row.election_id, row.contest_id, row.epoch, row.seq)
            for row in read.execute(select(_counts).order_by(_counts.c.id))
        ]
        made_at = moments.write(moments.utc_now())
        rows = count_rows(read, tables_of(read))
        with progress(sum(rows.values()), "database") as advance, transaction(target) as write:
            copy_whole(read, write, advance)
    for name, (place, copy) in places.items():
        if place.is_dir():
            with progress(_size(place), name) as advance:
                copy(place, folder / name, advance)
    files = {}
    with progress(_size(folder), "checksums") as advance:
        for path in manifest.files_below(folder):
            files[path.relative_to(folder).as_posix()] = manifest.describe(path)
            advance(path.stat().st_size)
    kept = Manifest(FORMAT, made_at, this_program().version, NEWEST, counts, rows, files)
    manifest.write(folder, kept)
    return kept


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in manifest.files_below(folder))
