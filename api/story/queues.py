"""The queues at the juries of the counts in service, each followed from the log when somebody asks."""

from threading import Lock

from api.http.recent import Recent
from api.story.trails import LogExtent
from tally.queue import Queue, Stay
from tally.storage.store import Store

_KEPT = 4


class Queues:
    """One queue a history. Any thread may ask; one reads at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queues: Recent[Queue] = Recent(_KEPT)
        self._lock = Lock()

    def stays(self, history: LogExtent, seq: int) -> list[Stay]:
        """Every stay that had begun at a version, as it was known then.

        Raises: StoreUnavailable.
        """
        key = (history.count_id, history.epoch)
        with self._lock:
            queue = self._queues.get(key)
            if queue is None or queue.reached > history.newest:  # a log that was longer has been replaced
                queue = self._queues.put(key, Queue())
            queue.follow(self._store, history.count_id, seq)
            return list(queue.stays(seq))
