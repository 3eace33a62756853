"""`escrutinio close`: a count in one folder for ten years, which says by itself whether it still is what it was."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from contextlib import closing
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template

import typer

from api.commands.backups.backup import backup
from api.commands.backups.bar import progress, steps
from api.commands.backups.folders import copy_archive
from api.commands.backups.manifest import files_below
from api.commands.closing import standalone
from api.commands.closing.dump import DumpedCount, check_ended, dump
from api.commands.closing.pages import replica, write_data, write_pages
from api.commands.closing.program import keep_program
from api.commands.logs import configure_logs
from ingest.packs.packing import pack
from ingest.proof.keyring import public_keys
from tally import moments
from tally.choice import settle_election_of
from tally.errors import ArchiveError, InvalidInput
from tally.settings import Settings, archive_folder, load_settings
from tally.storage.database import check_exists
from tally.storage.store import Store
from texts.language import LANGUAGES

_README = "README.md"


def close(
    folder: Path = typer.Argument(help="A folder that is not there yet."),
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="The raw archive's folder."),
    election: str | None = typer.Option(None, help="Which election; the database's only one by default."),
    while_followed: bool = typer.Option(False, "--while-followed", help="Although a poller is at work: a trial."),
    pages: bool = typer.Option(True, help="The public pages as files too; they take minutes."),
    mission: Path | None = typer.Option(None, help="Another folder, for a backup with all of the mission's data."),
) -> None:
    """Put a count into one folder for ten years: archive, log, keys, heads, data, pages, the program, and a verifier.

    The archive is packed first, where it lies. Nothing of the mission and of persons is in the folder. Until all of it
    is there and was looked at it has another name.
    """
    configure_logs()
    settings = load_settings(database_url=database, archive=archive, election=election)
    check_exists(settings.database_url)
    with closing(Store.open(settings.database_url)) as store:
        settings = settle_election_of(settings, store)
    if not while_followed:
        check_ended(settings.database_url, settings.election)
    part = folder.with_name(f"{folder.name}.part")
    if folder.exists():
        raise InvalidInput(f"{folder} is there already; a closed count has a folder of its own")
    try:
        if part.exists():  # of a close that did not end
            shutil.rmtree(part)
        part.mkdir(parents=True)
        counts = _fill(settings, part, with_pages=pages)
        _describe(settings, part, counts)
        sums = _sum_up(part)
        _look(part, may_be_unsealed=while_followed)
        part.rename(folder)
    except OSError as error:
        raise ArchiveError(f"the count was not closed: {error.filename}: {error.strerror}") from error
    if mission is not None:
        backup(mission, database=database, archive=archive, photos=None, no_archive=True)
    typer.echo(f"{folder} is whole. Publish the SHA-256 of its {standalone.SUMS}, so that everybody can compare it:")
    typer.echo(sums)


def _fill(settings: Settings, part: Path, *, with_pages: bool) -> list[DumpedCount]:
    source, target, database = archive_folder(settings), part / "archive", part / "count.db"
    with steps("log lines packed") as heard:
        pack(source, heard=heard)
    with progress(sum(path.stat().st_size for path in files_below(source)), "archive") as advance:
        copy_archive(source, target, advance)
    newest = max((int(path.name) for path in (target / "checkpoints").iterdir()), default=0)
    counts = dump(settings.database_url, database, settings.election, newest)
    keep_program(part / "program")
    with replica(database, settings.election) as address:
        write_data(address, part / "data", settings.election, [count.contest for count in counts])
        if with_pages:
            write_pages(address, part / "pages", settings.election, (settings.public_url or "").rstrip("/"))
    return counts


def _describe(settings: Settings, part: Path, counts: Sequence[DumpedCount]) -> None:
    """What the folder is, for people, and what checks it."""
    shutil.copy(standalone.__file__, part / "verify.py")
    values = {
        "election": settings.election,
        "moment": moments.write(moments.utc_now()),
        "version": version("escrutinio"),
        "address": settings.public_url or "—",
        "counts": "\n".join(f"- {one.contest}: {one.seq}, {one.at}" for one in counts),
        "keys": "\n".join(f"- `{key}`" for key in public_keys(part / "archive")),
    }
    written = (files("texts") / code / "closing.md" for code in LANGUAGES)
    (part / _README).write_text("\n".join(Template(one.read_text("utf-8")).substitute(values) for one in written))


def _sum_up(part: Path) -> str:
    """Write the checksums of all files; returns that of the checksums."""
    found = list(files_below(part))
    with progress(len(found), "checksums") as advance:
        lines = []
        for path in found:
            with path.open("rb") as stream:
                lines.append(
                    f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {path.relative_to(part).as_posix()}\n"
                )
            advance(1)
    written = "".join(lines).encode()
    (part / standalone.SUMS).write_bytes(written)
    os.sync()
    return hashlib.sha256(written).hexdigest()


def _look(part: Path, *, may_be_unsealed: bool) -> None:
    """Return if the folder says of itself that it is whole.

    Raises: ArchiveError: it does not; `part` stays, to be looked at.
    """
    found = standalone.check(part)
    if found.faults:
        raise ArchiveError(f"the count is not closed: {found.faults[0]}; `escrutinio verify` says more")
    if found.notes and not may_be_unsealed:
        raise ArchiveError(
            f"the count is not closed: {found.notes[0]}; start the poller once more, and end it by itself"
        )
