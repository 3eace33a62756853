"""A new epoch: the name of a history changes when versions that were published are no longer in it."""

import secrets

from sqlalchemy import select, update

from tally import moments
from tally.errors import WriterBusy
from tally.storage.database import clock, notify, transaction
from tally.storage.former_epochs import FormerEpoch, former_epochs, remember
from tally.storage.store import CountInfo, Store
from tally.storage.tables import CountRow, table_of

_counts = table_of(CountRow)
_BYTES = 4


def make_epoch() -> str:
    """A name that no history had before."""
    return secrets.token_hex(_BYTES)


def begin_epoch(store: Store, info: CountInfo) -> str:
    """Give a count's history a new name; whoever follows it starts anew. Returns: the name.

    Raises: WriterBusy: somebody is writing that count, under the old name. StoreUnavailable.
    """
    epoch = make_epoch()
    with transaction(store.engine) as connection:
        now = select(_counts.c.epoch, _counts.c.seq).where(_counts.c.id == info.id).with_for_update()
        ended = [
            FormerEpoch(row.epoch, info.election_id, info.contest_id, row.seq, moments.write(moments.utc_now()))
            for row in connection.execute(now)
        ]
        free = (_counts.c.id == info.id) & (_counts.c.writer.is_(None) | (_counts.c.writer_until < clock(connection)))
        if connection.execute(update(_counts).where(free).values(epoch=epoch)).rowcount != 1:
            raise WriterBusy(f"a process is writing {info.election_id} in this database; stop the poller first")
        remember(connection, [*former_epochs(connection), *ended])
        notify(connection, f"{info.id}:{info.seq}")
    return epoch
