"""The queues at the juries of the counts in service, each followed from the log when somebody asks."""

from collections.abc import Hashable, Sequence
from threading import Lock

from cachetools import LRUCache

from api.live.count import LiveCount, Loaded
from api.story.trails import LogExtent
from tally.changes import ChangeSet
from tally.queue import Queue, Stay
from tally.storage.store import Store

_KEPT = 4


class Queues:
    """One queue a history. Any thread may ask; one reads at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queues: LRUCache[Hashable, Queue] = LRUCache(_KEPT)
        self._lock = Lock()

    def loaded(self, _store: Store, loaded: Loaded) -> None:
        """Read the log of a count that comes into service: nobody who asks waits for that. Of many, of the first."""
        info = loaded.info
        if len(self._queues) == _KEPT:
            return
        list(self.stays(LogExtent(info.id, info.epoch, loaded.view.seq), loaded.view.seq))

    def advanced(self, live: LiveCount, sets: Sequence[ChangeSet]) -> None:
        """What is new is read when somebody asks."""

    def stays(self, history: LogExtent, seq: int) -> list[Stay]:
        """Every stay that had begun at a version, as it was known then.

        Raises: StoreUnavailable.
        """
        key = (history.count_id, history.epoch)
        with self._lock:
            queue = self._queues.get(key)
            if queue is None or queue.reached > history.newest:  # a log that was longer has been replaced
                queue = self._queues[key] = Queue()
            queue.follow(self._store, history.count_id, seq)
            return list(queue.stays(seq))
