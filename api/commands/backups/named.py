"""Whether a backup's archive has what its database speaks of: not if it was copied before the database."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from api.commands.backups import manifest
from ingest.ownership import Owner, owner_of
from ingest.packs.lookup import Packs
from tally.storage.tables import ChangeRow, CountRow, table_of

_counts, _changes = table_of(CountRow), table_of(ChangeRow)


def missing_answers(folder: Path, read: Connection) -> list[str]:
    """The answers (SHA-256) that published values of that archive's counts are made of, and that are not in it."""
    archive = folder / manifest.ARCHIVE
    owner = owner_of(archive)
    if owner is None:
        return []
    packs = Packs(archive)
    return sorted(
        name
        for name in {*_named(read, owner)}
        if not (archive / "objects" / name[:2] / name).is_file() and not packs.holds(name)
    )


def _named(read: Connection, owner: Owner) -> Iterator[str]:
    its_own = (_counts.c.election_id == owner.election) & _counts.c.contest_id.in_(owner.counts)
    sources = select(_changes.c.src).distinct().join(_counts, _counts.c.id == _changes.c.count_id)
    for row in read.execute(sources.where(its_own & _changes.c.src.is_not(None))):
        yield from (part.removeprefix("sha256:") for part in row.src.split("+"))
