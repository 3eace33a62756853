"""Figures about one application, for Prometheus: a registry of its own, and no label but elections and feed states."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from anyio import CapacityLimiter, to_thread
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.http.families import PREFIX, FamilyKind, family, gauge
from api.live.count import LiveCount, Loaded
from api.live.counts import Counts
from api.live.feed import SourceReading, describe_feed, reading_of
from api.live.hub import Hub
from tally import moments
from tally.changes import Change, ChangeSet, Kind
from tally.model import FeedState
from tally.storage.store import Store

_LAGS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_FEED_STATES = tuple(state for state in FeedState if state is not FeedState.PAST)
# Within a JSON string the quotes would be escaped, so this is the field and never a text.
_HELD = b'"held":'

# A count, by its election and contest.
_Name = tuple[str, str]
_Fold = Callable[[Iterable[float]], float]


class Watch:
    """What is counted while the counts move on: push lag, values on hold, corrections in the log.

    `now` is the clock; the lag is from the commit's own time, so two machines differ by what their clocks do.
    """

    def __init__(self, registry: CollectorRegistry, now: Callable[[], datetime] = moments.utc_now) -> None:
        self._now = now
        self.holds: dict[_Name, set[str]] = {}
        self.corrections: dict[_Name, int] = {}
        self._lag = Histogram(
            f"{PREFIX}push_lag_seconds",
            "From the commit of a change set to its push to subscribers.",
            ["election"],
            buckets=_LAGS_S,
            registry=registry,
        )

    def loaded(self, store: Store, loaded: Loaded) -> None:
        """Begin with what the log holds up to the version that was loaded. Reads the store."""
        info, view = loaded.info, loaded.view
        held = {key for key, entry in view.entries.items() if _HELD in entry.change.data}
        name = info.election_id, info.contest_id
        self.corrections[name] = store.number_of(info.id, Kind.CORRECTION, view.seq)
        self.holds[name] = held

    def advanced(self, live: LiveCount, sets: Sequence[ChangeSet]) -> None:
        """Take in what was pushed just now."""
        name, now = (live.election.id, live.contest.id), self._now()
        for changes in sets:
            lag = (now - moments.read(changes.at)).total_seconds()
            self._lag.labels(live.election.id).observe(max(0.0, lag))
            for change in changes.changes:
                self._take(name, change)

    def _take(self, name: _Name, change: Change) -> None:
        held = self.holds[name]
        if _HELD in change.data:
            held.add(change.key)
        else:
            held.discard(change.key)
        self.corrections[name] += change.kind is Kind.CORRECTION


class _Told(Collector):
    """Figures as they stood."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Sequence[Metric]:
        """What the registry asks for."""
        return self._families


class Metrics(Collector):
    """All figures of an application, read when they are asked for, on the loop."""

    def __init__(self, registry: CollectorRegistry, watch: Watch, counts: Counts, hub: Hub) -> None:
        self._registry, self._watch, self._counts, self._hub = registry, watch, counts, hub
        # Not those threads in which others wait for the database: these are the figures that say so.
        self._writing = CapacityLimiter(1)
        registry.register(self)
        ProcessCollector(registry=registry)

    async def write(self) -> bytes:
        """The figures in Prometheus's text format: read here and now, and put into words in a thread."""
        told = _Told(list(self._registry.collect()))
        return await to_thread.run_sync(generate_latest, told, limiter=self._writing)

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        yield from gauge("subscribers", "Open live connections.", self._hub.size)
        yield from gauge("database_up", "Whether the store answered when last asked.", not self._counts.is_away)
        yield from gauge("database_listening", "Whether the database wakes this process.", self._counts.is_listening)
        lives = self._counts.all()
        sent = ((live.election.id, live.deliveries) for live in lives)
        yield _by_election("deliveries", "Messages handed to followers.", sent, CounterMetricFamily)
        seqs = ((live.election.id, live.seq) for live in lives)
        yield _by_election("version", "Version in service; of several contests the sum.", seqs)
        holds = ((election, len(keys)) for (election, _), keys in self._watch.holds.items())
        yield _by_election("holds", "Values on hold now.", holds)
        corrections = ((election, number) for (election, _), number in self._watch.corrections.items())
        yield _by_election("corrections", "Corrections in the log.", corrections, CounterMetricFamily)
        followed = ((live.election.id, int(live.info.is_followed)) for live in lives)
        yield _by_election("poller_up", "Whether a poller keeps its lease on all counts.", followed, fold=min)
        ended = ((live.election.id, int(reading_of(live.info, live.view) is SourceReading.ENDED)) for live in lives)
        text = "Whether nobody reads the source of one of its counts, though actas are out."
        yield _by_election("poller_ended", text, ended, fold=max)
        yield from _feeds(lives, moments.utc_now())


def _feeds(lives: Sequence[LiveCount], now: datetime) -> Iterator[Metric]:
    states, ages = list[tuple[tuple[str, str], float]](), list[tuple[tuple[str, str], float]]()
    for live in lives:
        feed = describe_feed(live, now)
        states += (((live.election.id, state.value), feed.state is state) for state in _FEED_STATES)
        times = {"checked": feed.checked_at, "changed": feed.changed_at, "source": feed.source_at}
        ages += (
            ((live.election.id, name), (now - moments.read(at)).total_seconds())
            for name, at in times.items()
            if at is not None  # what never happened has no age
        )
    yield family("feed_state", "Counts of which the feed is in the state.", _folded(states, sum), ("election", "state"))
    text = "Since the source was last checked, last changed, and since the stamp it gives itself; the longest of all."
    yield family("feed_age_seconds", text, _folded(ages, max), ("election", "time"))


def _by_election(
    name: str, text: str, values: Iterable[tuple[str, float]], kind: FamilyKind = GaugeMetricFamily, fold: _Fold = sum
) -> Metric:
    """One figure an election, however many contests it has: no label grows with them."""
    labelled = (((election,), value) for election, value in values)
    return family(name, text, _folded(labelled, fold), ("election",), kind)


def _folded(values: Iterable[tuple[tuple[str, ...], float]], fold: _Fold) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], list[float]] = {}
    for labels, value in values:
        found.setdefault(labels, []).append(value)
    return {labels: fold(values) for labels, values in found.items()}
