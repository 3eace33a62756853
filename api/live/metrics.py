"""Figures about one application, for Prometheus: a registry of its own, and no label but elections and feed states."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.live.count import LiveCount, Loaded
from api.live.counts import Counts
from api.live.feed import describe_feed, is_ended
from api.live.hub import Hub
from tally import moments
from tally.changes import Change, ChangeSet, Kind
from tally.model import FeedState
from tally.storage.store import Store

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LAGS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_FEED_STATES = tuple(state for state in FeedState if state is not FeedState.PAST)
# Within a JSON string the quotes would be escaped, so this is the field and never a text.
_HELD = b'"held":'
_PREFIX = "escrutinio_"


class Watch:
    """What is counted while the counts move on: push lag, values on hold, corrections in the log.

    `now` is the clock; the lag is from the commit's own time, so two machines differ by what their clocks do.
    """

    def __init__(self, registry: CollectorRegistry, now: Callable[[], datetime] = moments.utc_now) -> None:
        self._now = now
        self.holds: dict[str, set[str]] = {}
        self.corrections: dict[str, int] = {}
        self._lag = Histogram(
            f"{_PREFIX}push_lag_seconds",
            "From the commit of a change set to its push to subscribers.",
            ["election"],
            buckets=_LAGS_S,
            registry=registry,
        )

    def loaded(self, store: Store, loaded: Loaded) -> None:
        """Begin with what the log holds up to the version that was loaded. Reads the store."""
        info, view = loaded.info, loaded.view
        held = {key for key, entry in view.entries.items() if _HELD in entry.change.data}
        self.corrections[info.election_id] = store.number_of(info.id, Kind.CORRECTION, view.seq)
        self.holds[info.election_id] = held

    def advanced(self, live: LiveCount, sets: Sequence[ChangeSet]) -> None:
        """Take in what was pushed just now."""
        election, now = live.election.id, self._now()
        for changes in sets:
            lag = (now - moments.read(changes.at)).total_seconds()
            self._lag.labels(election).observe(max(0.0, lag))
            for change in changes.changes:
                self._take(election, change)

    def _take(self, election: str, change: Change) -> None:
        held = self.holds[election]
        if _HELD in change.data:
            held.add(change.key)
        else:
            held.discard(change.key)
        self.corrections[election] += change.kind is Kind.CORRECTION


class Metrics(Collector):
    """All figures of an application, read when they are asked for, on the loop."""

    def __init__(self, registry: CollectorRegistry, watch: Watch, counts: Counts, hub: Hub) -> None:
        self._registry, self._watch, self._counts, self._hub = registry, watch, counts, hub
        registry.register(self)
        ProcessCollector(registry=registry)

    def write(self) -> bytes:
        """The figures in Prometheus's text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        yield _gauge("subscribers", "Open live connections.", self._hub.size)
        yield _gauge("database_up", "Whether the store answered when last asked.", not self._counts.is_away)
        yield _gauge("database_listening", "Whether the database wakes this process.", self._counts.is_listening)
        lives = self._counts.all()
        sent = {live.election.id: live.deliveries for live in lives}
        yield _by_election("deliveries", "Messages handed to followers.", sent, CounterMetricFamily)
        yield _by_election("version", "Version in service.", {live.election.id: live.seq for live in lives})
        holds = {name: len(keys) for name, keys in self._watch.holds.items()}
        yield _by_election("holds", "Values on hold now.", holds)
        yield _by_election("corrections", "Corrections in the log.", self._watch.corrections, CounterMetricFamily)
        followed = {live.election.id: int(live.info.is_followed) for live in lives}
        yield _by_election("poller_up", "Whether a poller keeps its lease on the count.", followed)
        ended = {live.election.id: int(is_ended(live)) for live in lives}
        yield _by_election("poller_ended", "Whether nobody reads the source, though actas are out.", ended)
        yield from _feeds(lives, moments.utc_now())


def _feeds(lives: Sequence[LiveCount], now: datetime) -> Iterator[Metric]:
    states = GaugeMetricFamily(f"{_PREFIX}feed_state", "1 for the state the feed is in.", labels=["election", "state"])
    ages = GaugeMetricFamily(
        f"{_PREFIX}feed_age_seconds",
        "Since the source was last checked, last changed, and since the stamp it gives itself.",
        labels=["election", "time"],
    )
    for live in lives:
        feed = describe_feed(live, now)
        for state in _FEED_STATES:
            states.add_metric([live.election.id, state.value], feed.state is state)
        times = {"checked": feed.checked_at, "changed": feed.changed_at, "source": feed.source_at}
        for name, at in times.items():
            if at is not None:  # what never happened has no age
                ages.add_metric([live.election.id, name], (now - moments.read(at)).total_seconds())
    yield states
    yield ages


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(_PREFIX + name, text, value=value)


def _by_election(
    name: str,
    text: str,
    values: dict[str, int],
    kind: type[GaugeMetricFamily | CounterMetricFamily] = GaugeMetricFamily,
) -> Metric:
    family = kind(_PREFIX + name, text, labels=["election"])
    for election, value in values.items():
        family.add_metric([election], value)
    return family
