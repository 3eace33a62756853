"""`escrutinio prove`: one number with everything that proves it, in a file that anybody can check."""

import shutil
from importlib.resources import files
from pathlib import Path

import typer

from api.commands.opening import open_count, version_at
from api.tables.rows import select_keys
from ingest.proof.bundles import standalone
from ingest.proof.bundles.bundle import Proven, Prover
from ingest.proof.bundles.claim import parts_level
from ingest.proof.bundles.sealed_log import SealedLog
from ingest.registry import feed_of
from tally.errors import ArchiveError, InvalidInput, NotFound
from tally.keys import is_key
from tally.settings import archive_folder, load_settings
from tally.storage.store import CountInfo, Store
from tally.view import View


def prove(
    key: str = typer.Argument(help="mesa/000001, place/…, district/140101, … nation"),
    out: Path = typer.Option(help="File of the bundle."),
    at: str | None = typer.Option(None, help="As it stood at this moment, ISO 8601."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="Folder of the raw archive; by default beside the database."),
    election: str | None = typer.Option(None, help="Election id."),
    contest: str | None = typer.Option(None, help="Which of its contests, where the database has several."),
    verifier: Path | None = typer.Option(None, help="Also write the program that checks bundles into this file."),
) -> None:
    """Write the answers behind a number, where it stands in them, and what seals them; say what that proves."""
    if not is_key(key):
        raise InvalidInput(f"{key[:40]!r} is no area, polling place or mesa: nation, district/140101, mesa/000001")
    folder = archive_folder(load_settings(database_url=database, archive=archive))
    if not (folder / "log").is_dir():
        raise ArchiveError(f"there is no archive in {folder}; name it with --archive")
    with open_count(database, election, contest) as (store, info):
        feed, own, _ = feed_of(info)
        prover = Prover(SealedLog(folder), feed, own, info)
        # What was published since the newest seal is proved by none; who names a moment wants that one.
        sealed = None if at is not None else store.version(info.id, seq=prover.sealed_version())
        version = sealed if at is None else version_at(store, info, "--at", at)
        text = prover.prove(proven_of(store, info, own.whole if own.is_whole(key) else key, version))
    try:
        out.write_bytes(text)
        if verifier is not None:
            shutil.copyfile(str(files("ingest") / "proof" / "bundles" / "standalone.py"), verifier)
    except OSError as error:
        raise InvalidInput(f"{error.filename} cannot be written: {error.strerror}") from error
    for sentence in standalone.check([text])[0]:
        typer.echo(sentence)


def proven_of(store: Store, info: CountInfo, key: str, version: tuple[int, str] | None) -> Proven:
    """A key with its values up to a version, and what lies below it.

    Raises: NotFound: there is no version. StoreUnavailable.
    """
    if version is None:
        raise NotFound("nothing was published by then")
    seq, _ = version
    history = store.histories(info.id, [key], until=seq)
    level = parts_level(key)
    if level is None:
        return Proven(key, history)
    view = View.of_entries(info, version, store.latest(info.id, seq=seq).values())
    below = select_keys(view, level, key)
    return Proven(key, history, [view.entries[one] for one in below])
