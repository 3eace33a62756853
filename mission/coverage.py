"""Where somebody looked and where nobody did: regions with their observers, their places, and their last report."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from mission.incidents.incident import Incident, State
from mission.stations import Posting, posted
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.keys import Level, area_key, prefix_of

SILENT_AFTER = timedelta(hours=THRESHOLDS.coverage.silent_after_hours)


class Region(Struct, frozen=True):
    """One department or continent. `visited`: places of it with a report; silent: none for SILENT_AFTER, or ever."""

    key: str
    observers: int
    last_report_at: str | None
    is_silent: bool
    places: int
    visited: int


class Coverage(Struct, frozen=True):
    """All regions, by prefix, and who is assigned at all."""

    regions: list[Region]
    observers: int

    @property
    def places(self) -> int:
        """Polling places there are."""
        return sum(region.places for region in self.regions)

    @property
    def visited(self) -> int:
        """Polling places somebody reported from."""
        return sum(region.visited for region in self.regions)


def cover(
    places: Mapping[str, int], incidents: Iterable[Incident], postings: Iterable[Posting], now: datetime
) -> Coverage:
    """The coverage now; `places`: how many polling places each region's prefix has.

    A report that was rejected shows no visit.
    """
    visited: dict[str, set[str]] = {}
    last: dict[str, str] = {}
    for incident in incidents:
        location = incident.report.location
        if location.district is None or incident.state is State.REJECTED:
            continue
        region = prefix_of(location.district, Level.DEPARTMENT)
        last[region] = max(last.get(region, ""), incident.received_at)
        if location.place is not None:
            visited.setdefault(region, set()).add(location.place)
    assigned = posted(postings)
    observers = Counter(prefix_of(posting.prefix, Level.DEPARTMENT) for posting in assigned.values() if posting.prefix)
    silent_from = moments.write(now - SILENT_AFTER)
    regions = [
        Region(
            area_key(prefix),
            observers[prefix],
            last.get(prefix),
            last.get(prefix, "") < silent_from,
            number,
            len(visited.get(prefix, ())),
        )
        for prefix, number in sorted(places.items())
    ]
    return Coverage(regions, len(assigned))
