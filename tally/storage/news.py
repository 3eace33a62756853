"""What is new of all counts: one question, however many there are and however often it is asked."""

from typing import Any

from tally.storage.database import transaction
from tally.storage.queries import counts_now
from tally.storage.store import CountInfo, Store, info_of


class CountNews:
    """Remembers how every count stood when it was last looked at."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, tuple[Any, ...]] = {}

    def look(self) -> list[CountInfo]:
        """The counts that are not as they were at the last look, oldest first; at first that is all of them.

        Raises: StoreUnavailable.
        """
        with transaction(self._store.engine) as connection:
            rows = connection.execute(counts_now(connection)).all()
        # Making a count out of its row costs ten times what comparing it does.
        changed = [row for row in rows if tuple(row) != self._known.get(row.id)]
        self._known.update((row.id, tuple(row)) for row in changed)
        return [info_of(row) for row in changed]

    def forget(self) -> None:
        """All is news again at the next look: what was told may not have been taken in."""
        self._known.clear()
