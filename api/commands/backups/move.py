"""`escrutinio move`: all of a database into another one, from SQLite to PostgreSQL or back."""

import typer

from api.commands.backups.bar import progress
from api.commands.backups.database import check_unfollowed, copy_whole, is_begun, opened
from mission.transactions import exclusive
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.copying import count_rows, snapshot, tables_of
from tally.storage.database import check_exists


def move(
    to: str = typer.Option(..., help="The database that is to hold it: empty; sqlite:///FILE or postgresql://…"),
    database: str | None = typer.Option(None, help="The database that holds it now."),
) -> None:
    """Copy a whole database into an empty one: history, heads and mission as they are, under the same epochs.

    Stop the poller first. Archive and pictures stay where they are: name them with ESCRUTINIO_ARCHIVE and
    ESCRUTINIO_PHOTOS where they lay beside a SQLite file.
    """
    settings = load_settings(database_url=database)
    check_exists(settings.database_url)
    with (
        opened(settings.database_url) as source,
        opened(to) as target,
        snapshot(source) as read,
        exclusive(target) as write,
    ):
        check_unfollowed(read)
        tables = tables_of(write)
        if is_begun(count_rows(write, tables)):
            raise InvalidInput("the database named with --to is not empty; `escrutinio restore` replaces one")
        rows = count_rows(read, tables)
        with progress(sum(rows.values()), "database") as advance:
            copy_whole(read, write, advance)
    typer.echo(f"{sum(rows.values()):,} rows in {len(tables)} tables were copied; the old database is as it was.")
