"""Polling places are located when their count comes into service: nobody who asks for all of them waits for that."""

from collections.abc import Sequence

from api.live.count import LiveCount, Loaded
from api.tables.positions import Positions
from tally.changes import ChangeSet
from tally.keys import Level, start_of
from tally.storage.store import Store


class Placing:
    """Keeps the positions."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions

    def loaded(self, _store: Store, loaded: Loaded) -> None:
        """Locate all that are known by now."""
        start = start_of(Level.POLLING_PLACE)
        self._positions.of(loaded.view, [key for key in loaded.view.entries if key.startswith(start)])

    def advanced(self, live: LiveCount, sets: Sequence[ChangeSet]) -> None:
        """New ones are located when somebody asks."""
