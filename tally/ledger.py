"""The ledger: every number that went down or was replaced, was held, or was released, with what stood before."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from tally.changes import Kind
from tally.keys import NATION, Level, start_of
from tally.storage.database import transaction
from tally.storage.queries import BY_KEY, OF_NOTE
from tally.storage.store import Store
from tally.storage.tables import ChangeRow, ChangeSetRow, table_of

_changes = table_of(ChangeRow)
_sets = table_of(ChangeSetRow)


class LedgerEntry(Struct, frozen=True):
    """One line: the change, and the value and source of the same key before it (None for the first)."""

    seq: int
    at: str
    kind: Kind
    key: str
    before: bytes | None
    after: bytes
    before_src: str | None
    src: str | None
    note: str | None


def read_ledger(
    store: Store,
    count_id: int,
    kinds: Sequence[Kind],
    *,
    levels: Sequence[Level] = (),
    before_seq: int | None = None,
    limit: int = 100,
) -> list[LedgerEntry]:
    """Newest first, whole versions only: at most `limit` lines, but for the last version, which is never cut."""
    line, earlier, older = _changes.alias("line"), _changes.alias("earlier"), _changes.alias("older")
    wanted = [line.c.count_id == count_id, line.c.kind.in_([kind.value for kind in kinds])]
    if Kind.UPDATE not in kinds:  # said so that the small index of what is no update serves
        wanted.append(line.c.kind != literal_column("'update'"))
    if levels:
        wanted.append(or_(*(_is_level(line.c.key, level) for level in levels)))
    if before_seq is not None:
        wanted.append(line.c.seq < before_seq)
    last = select(line.c.seq).where(*wanted).order_by(line.c.seq.desc()).limit(limit)
    if Kind.UPDATE not in kinds:
        last = last.with_hint(line, OF_NOTE, "sqlite")
    previous = (
        select(func.max(older.c.seq))
        .where(older.c.count_id == line.c.count_id, older.c.key == line.c.key, older.c.seq < line.c.seq)
        .scalar_subquery()
    )
    query = (
        select(line, _sets.c.at, earlier.c.data.label("before"), earlier.c.src.label("before_src"))
        .join(_sets, and_(_sets.c.count_id == line.c.count_id, _sets.c.seq == line.c.seq))
        .outerjoin(
            earlier,
            and_(earlier.c.count_id == line.c.count_id, earlier.c.key == line.c.key, earlier.c.seq == previous),
        )
        .where(*wanted, line.c.seq >= select(func.min(last.subquery().c.seq)).scalar_subquery())
        .order_by(line.c.seq.desc(), line.c.n)
        .with_hint(earlier, BY_KEY, "sqlite")
    )
    if Kind.UPDATE not in kinds:
        query = query.with_hint(line, OF_NOTE, "sqlite")
    with transaction(store.engine) as connection:
        return [
            LedgerEntry(
                row.seq,
                row.at,
                Kind(row.kind),
                row.key,
                None if row.before is None else row.before.encode(),
                row.data.encode(),
                row.before_src,
                row.src,
                row.note,
            )
            for row in connection.execute(query)
        ]


def _is_level(key: ColumnElement[str], level: Level) -> ColumnElement[bool]:
    return key == NATION if level is Level.NATION else key.startswith(start_of(level))
