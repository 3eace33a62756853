"""`escrutinio files`: sets of files of the count, at every checkpoint and of the newest version, until a signal."""

import os
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import structlog
import typer

from api.commands.files.maker import FilesMaker
from api.commands.files.pace import load_limits
from api.commands.logs import configure_logs
from api.tables.sets.index import PublishedSet
from ingest.registry import known_elections
from tally.errors import StoreUnavailable
from tally.settings import files_folder, load_settings
from tally.storage.database import check_exists
from tally.storage.store import Store

_log = structlog.get_logger()

# Whoever polls, serves and draws on this machine comes first.
_NICE = 19


class Orphaned(Exception):
    """Whoever started this is gone."""


def files(
    directory: Path | None = typer.Option(None, "--dir", help="Folder of the files; by default beside the database."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    once: bool = typer.Option(False, "--once", help="Make what is due and end."),
    child: bool = typer.Option(False, "--child", hidden=True, help="End with the process that started this."),
) -> None:
    """Make Parquet, CSV and SQLite files of every count in the database, at each checkpoint, until a signal."""
    configure_logs()
    settings = load_settings(database_url=database, files=directory)
    check_exists(settings.database_url)
    os.nice(_NICE)
    with suppress(KeyboardInterrupt, Orphaned), closing(Store.open(settings.database_url)) as store:
        watch = watch_parent(is_child=child)
        maker = FilesMaker(store, known_elections(), files_folder(settings), load_limits(), watch)
        with maker.folder.alone():
            maker.folder.write_index(None)
            _make_all(maker) if once else follow(maker, watch)


def _make_all(maker: FilesMaker) -> None:
    while (made := maker.look(time.monotonic(), is_once=True).made) is not None:
        _say(made)


def follow(maker: FilesMaker, watch: Callable[[], None]) -> None:
    """Make what is due whenever it is due, until `watch` or a signal ends that."""
    pace, is_away = load_limits().pace, False
    while True:
        watch()
        rest = pace.look_s
        try:
            done = maker.look(time.monotonic())
        except (StoreUnavailable, OSError) as error:  # a database that is moved, a disk that is full: told once
            if not is_away:
                _log.warning("no files are made, trying again", detail=str(error))
            is_away = True
        else:
            is_away = False
            if done.made is not None:
                _say(done.made)
                # A checkpoint is passed now and then, and waited for; newest versions come without end.
                rest = 0.0 if done.made.checkpoint is not None else max(rest, pace.rest * done.seconds)
        time.sleep(rest)


def watch_parent(*, is_child: bool) -> Callable[[], None]:
    """What raises Orphaned once whoever started this has gone, if it is somebody's child."""
    parent = os.getppid()

    def look() -> None:
        if is_child and os.getppid() != parent:
            raise Orphaned

    return look


def _say(made: PublishedSet) -> None:
    named = "" if made.checkpoint is None else f" (checkpoint {made.checkpoint})"
    typer.echo(f"version {made.seq}{named}: {len(made.files)} files, {made.bytes / 1e6:,.1f} MB, {made.address}")
