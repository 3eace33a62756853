"""How a replica gets on with its visitors, as far as its queues, caches and disks say; see also api.http.measuring."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from api.http.families import by, gauge, of_installation
from api.live.counts import Counts
from api.live.hub import Hub
from tally.storage.disk import rooms_of


class Line(Protocol):
    """Somewhere to wait."""

    @property
    def waiting(self) -> int:
        """How many do."""


class Cache(Protocol):
    """Something that keeps answers."""

    hits: int
    misses: int


class ServingFigures(Collector):
    """Read when they are asked for, on the loop. The names of lines, caches and folders are ours."""

    def __init__(
        self,
        counts: Counts,
        hub: Hub,
        lines: Mapping[str, Line],
        caches: Mapping[str, Cache],
        folders: Mapping[str, Path],
    ) -> None:
        self._counts, self._hub = counts, hub
        self._lines, self._caches, self._folders = lines, caches, folders

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        followers = (member for audience in self._hub.audiences() for member in audience.members())
        slow = sum(member.wire.is_paused for member in followers)
        yield from gauge("slow_subscribers", "Live connections that do not read as fast as is written.", slow)
        waiting = {name: line.waiting for name, line in self._lines.items()}
        yield by("line", "waiting", "Requests in line for a worker or a turn.", waiting)
        hits = {name: cache.hits for name, cache in self._caches.items()}
        yield by("cache", "cache_hits", "Answers that were there.", hits, CounterMetricFamily)
        misses = {name: cache.misses for name, cache in self._caches.items()}
        yield by("cache", "cache_misses", "Answers that were not.", misses, CounterMetricFamily)
        yield from of_installation(rooms_of(self._folders), self._counts.clock_offset_s)
