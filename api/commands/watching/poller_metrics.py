"""A poller's own figures, for Prometheus and for whoever asks whether it lives; no label but elections and errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from api.http.families import about, by, counter, gauge, of_installation
from ingest.progress import PollingFigures
from ingest.proof.notes import key_id
from tally import moments
from tally.storage.clocks import clock_offset
from tally.storage.disk import rooms_of
from tally.storage.lease import Lease, leases
from tally.storage.releases import HeldValue, open_holds
from tally.storage.store import CountInfo, Store


class StoredFigures(Struct, frozen=True):
    """What the database knows of the counts of one election. `holds` and `leases` by the count's id."""

    infos: tuple[CountInfo, ...]
    leases: dict[int, Lease]
    holds: dict[int, list[HeldValue]]
    clock_offset_s: float | None


def read_stored(database_url: str, election_id: str) -> StoredFigures:
    """Those figures, over a connection of their own.

    Raises: StoreUnavailable.
    """
    with closing(Store.open(database_url)) as store:
        infos = tuple(info for info in store.counts() if info.election_id == election_id)
        return StoredFigures(infos, leases(store), open_holds(store, infos), clock_offset(store.engine))


class PollerHealth(Struct, frozen=True):
    """What /healthz answers. `reason`: why nobody polls just now; seconds, and None for what is not known."""

    is_polling: bool
    reason: str | None
    answer_age_s: float | None
    next_request_s: float | None
    backlog: int


class PollerMetrics(Collector):
    """Written anew at each question: `stored` is what the database said for it, None where it said nothing."""

    def __init__(
        self,
        figures: PollingFigures,
        folders: Mapping[str, Path],
        reason: Callable[[], str | None],
        now: Callable[[], datetime] = moments.utc_now,
    ) -> None:
        self._figures, self._folders, self._reason, self._now = figures, folders, reason, now
        self._stored: StoredFigures | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def health(self) -> PollerHealth:
        """How it is just now."""
        own = self._figures
        return PollerHealth(own.is_at_work, self._reason(), own.answer_age_s, own.pause_s, own.backlog)

    def write(self, stored: StoredFigures | None) -> bytes:
        """The figures in Prometheus's text format."""
        self._stored = stored
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        own, stored = self._figures, self._stored
        yield from gauge("polling", "Whether a poller is at work in this process.", own.is_at_work)
        yield from gauge("polling_answer_age_seconds", "Since the last good answer.", own.answer_age_s)
        yield counter("polling_answers", "Readings that ended well.", own.answers)
        yield by("kind", "polling_errors", "Readings that failed.", own.errors, CounterMetricFamily)
        yield from gauge("polling_next_request_seconds", "Until the next question may leave.", own.pause_s)
        yield from gauge("polling_backlog", "Values read and not stored yet.", own.backlog)
        yield from gauge("polling_database_up", "Whether the database answered for this.", stored is not None)
        clock_s = None if stored is None else stored.clock_offset_s
        yield from of_installation(rooms_of(self._folders), clock_s)
        if stored is not None:
            yield from _of_counts(stored, self._now())


def _of_counts(stored: StoredFigures, now: datetime) -> Iterable[Metric]:
    """Of the election: the lease that ends first, all versions and holds, and the newest seal with its key."""
    if not stored.infos:
        return
    election = stored.infos[0].election_id
    own = [stored.leases[info.id] for info in stored.infos]
    left = max(0.0, min(lease.left_s if lease.writer is not None else 0.0 for lease in own))
    seq = sum(info.seq for info in stored.infos)
    holds = [hold for held in stored.holds.values() for hold in held]
    yield _of(election, "lease_seconds", "Left of the writer's lease.", left)
    yield _of(election, "version", "Version in the log; of several contests the sum.", seq)
    yield _of(election, "holds", "Values on hold now.", len(holds))
    if holds:
        oldest = min(hold.since for hold in holds)
        yield _of(election, "oldest_hold_seconds", "Since the oldest of them is held.", _age(oldest, now))
    head = max((info.head for info in stored.infos if info.head is not None), key=lambda one: one.at, default=None)
    if head is not None:
        yield _of(election, "seal_age_seconds", "Since the archive was sealed.", _age(head.at, now))
        yield _of(election, "sealed_lines", "Lines of the archive's log under the newest head.", head.size)
        text = "The key that signed the newest head."
        yield about("polling_key_info", text, election=election, key=key_id(head.key))


def _of(election: str, name: str, text: str, value: float) -> Metric:
    return by("election", f"polling_{name}", text, {election: value})


def _age(at: str, now: datetime) -> float:
    return (now - moments.read(at)).total_seconds()
