"""What is known of an installation at one moment: doctor, status and metrics tell no other facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from api.live.feed import GRAVITY, FeedStanding, SourceReading, describe_source, reading_of
from tally import moments
from tally.election import Election
from tally.keys import NATION
from tally.model import FeedState
from tally.storage.clocks import clock_offset
from tally.storage.lease import Lease, leases
from tally.storage.releases import HeldValue, open_holds
from tally.storage.store import CountInfo, Store
from tally.view import View


class CountFacts(Struct, frozen=True):
    """One count: whether somebody reads its source, how that goes, its lease, and what is held in it, oldest first."""

    info: CountInfo
    reading: SourceReading
    feed: FeedStanding
    lease: Lease
    holds: tuple[HeldValue, ...]

    @property
    def is_troubled(self) -> bool:
        """Whether its figures may not be the newest."""
        return self.feed.state in (FeedState.DOWN, FeedState.STALE)

    def seal_age_s(self, now: datetime) -> float | None:
        """Seconds since its archive was sealed; None: it never was."""
        head = self.info.head
        return None if head is None else (now - moments.read(head.at)).total_seconds()


class StoreFacts(Struct, frozen=True):
    """What the database knows. `clock_offset_s`: see tally.storage.clocks."""

    counts: tuple[CountFacts, ...]
    clock_offset_s: float | None


def read_store(store: Store, elections: Mapping[str, Election], now: datetime) -> StoreFacts:
    """The facts of every count of an election that is known.

    Raises: StoreUnavailable.
    """
    infos = [info for info in store.counts() if info.election_id in elections]
    held, by_count = open_holds(store, infos), leases(store)
    counts = list[CountFacts]()
    for info in infos:
        view = View.of_entries(info, (info.seq, ""), store.latest_of(info.id, [NATION], info.seq))
        feed = describe_source(info, view, elections[info.election_id], now)
        holds = tuple(held.get(info.id, ()))
        counts.append(CountFacts(info, reading_of(info, view), feed, by_count[info.id], holds))
    return StoreFacts(tuple(counts), clock_offset(store.engine))


def gravest(counts: Iterable[CountFacts]) -> CountFacts | None:
    """The one that needs somebody most: by whether its source is read, then by how that goes; None: there are none."""
    return max(counts, key=lambda one: (GRAVITY.index(one.reading), one.is_troubled), default=None)
