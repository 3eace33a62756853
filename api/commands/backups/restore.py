"""`escrutinio restore`: a backup's folder back into an installation, which may be alive."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from sqlalchemy import Engine

from api.commands.backups import manifest
from api.commands.backups.bar import progress
from api.commands.backups.database import opened, replace_whole, sqlite_file
from api.commands.backups.encryption import opened_backup
from api.commands.backups.folders import lay, missing
from api.commands.backups.manifest import Manifest
from api.commands.backups.named import missing_answers
from api.commands.epoch import tell_access
from mission.transactions import exclusive
from tally import moments
from tally.errors import ArchiveError, InvalidInput
from tally.migrations.runner import NEWEST
from tally.settings import archive_folder, load_settings, photos_folder
from tally.storage import schema
from tally.storage.copying import count_rows, snapshot, tables_of
from tally.storage.database import connect


def restore(
    folder: Path = typer.Argument(help="A backup's folder."),
    check: bool = typer.Option(False, "--check", help="Look whether the backup is whole, and change nothing."),
    identity: Path | None = typer.Option(None, help="The private key of age that opens an encrypted backup: its file."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="The raw archive's folder."),
    photos: Path | None = typer.Option(None, help="The folder of incidents' pictures."),
) -> None:
    """Put a backup in the place of what a database holds, all at once: readers see the one or the other.

    Its histories get new epochs, and everybody of the mission has to come in anew. Stop the poller first;
    replicas go on.
    """
    settings = load_settings(database_url=database, archive=archive, photos=photos)
    with opened_backup(folder, identity) as whole:
        kept = _read_whole(whole)
        if check:
            _check_answers(whole, folder)
            held = ", ".join(f"{one.contest} of {one.election} at version {one.seq}" for one in kept.counts)
            made = f"as of {kept.made_at}, made by version {kept.program}"
            typer.echo(f"{folder} is whole: {held or 'no count'}, {made}.")
            return
        try:
            _lay(whole, {manifest.ARCHIVE: archive_folder(settings), manifest.PHOTOS: photos_folder(settings)})
        except OSError as error:
            raise ArchiveError(f"the database is as it was; {error.filename}: {error.strerror}") from error
        _replace(settings.database_url, whole, kept)


def _read_whole(folder: Path) -> Manifest:
    """What the backup holds, once every byte and row of it was found to be as it was kept."""
    kept = manifest.read(folder)
    with progress(sum(file.size for file in kept.files.values()), "checksums") as advance:
        manifest.check(folder, kept, advance)
    _check_rows(folder, kept)
    return kept


def _check_answers(whole: Path, folder: Path) -> None:
    with _as_kept(whole) as engine, snapshot(engine) as read:
        gone = missing_answers(whole, read)
    if gone:
        raise InvalidInput(
            f"{folder} is as it was kept, but its database speaks of {len(gone):,} answers that its archive does not "
            f"have, the first {gone[0]}: keep the database first and the archive after it"
        )


def _check_rows(folder: Path, kept: Manifest) -> None:
    with _as_kept(folder) as engine, snapshot(engine) as read:
        # Those of its day: an older schema has fewer tables than this program knows.
        rows = count_rows(read, [table for table in tables_of(read) if table.name in kept.rows])
    if rows != kept.rows:
        raise InvalidInput(f"{folder / manifest.DATABASE} has not the rows that were kept")


@contextmanager
def _as_kept(folder: Path) -> Iterator[Engine]:
    """The backup's database in the schema that it has."""
    engine = connect(sqlite_file(folder / manifest.DATABASE))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _kept_database(folder: Path, kept: Manifest) -> Iterator[Engine]:
    """The backup's database; where it has an older schema a copy of it in this program's."""
    path = folder / manifest.DATABASE
    with tempfile.TemporaryDirectory() as scratch:
        if kept.schema < NEWEST:
            path = Path(shutil.copy(path, scratch))
            engine = connect(sqlite_file(path))
            schema.upgrade(engine)
            engine.dispose()
        with opened(sqlite_file(path)) as engine:
            yield engine


def _lay(folder: Path, places: dict[str, Path]) -> None:
    """The files first: what the database speaks of is to be there. Nothing is changed where one of them disagrees."""
    due = [(folder / name, place, missing(folder / name, place)) for name, place in places.items()]
    for source, place, names in due:
        with progress(sum((source / name).stat().st_size for name in names), source.name) as advance:
            lay(source, place, names, advance)


def _replace(url: str, folder: Path, kept: Manifest) -> None:
    with _kept_database(folder, kept) as source, opened(url) as target:
        with (
            progress(sum(kept.rows.values()), "database") as advance,
            snapshot(source) as read,
            exclusive(target) as write,
        ):
            epochs, ended = replace_whole(read, write, moments.utc_now(), advance)
        told = tell_access(target, ended)
    for one, epoch in zip(kept.counts, epochs, strict=True):
        typer.echo(f"{one.contest} of {one.election} goes on at version {one.seq} as {epoch}; it was {one.epoch}.")
    typer.echo(told, nl=bool(told))
