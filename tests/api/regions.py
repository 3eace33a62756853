"""The regional elections of 2026 as a night without mesas: areas only, written by the store's own writer."""

from collections.abc import Sequence

from ingest.registry import known_elections
from tally.board import Board, Fact
from tally.changes import ChangeSet
from tally.election import Election
from tally.keys import NATION
from tally.model import AreaCount
from tally.storage.store import FeedStatus, Store
from tally.storage.writer import Writer
from tests.api.country import minute

GOVERNOR = known_elections()["2026-10-04-governor"]
ELECTIONS = {GOVERNOR.id: GOVERNOR}
BASE = f"/api/v1/elections/{GOVERNOR.id}"
# Nobody renews its lease while a test looks at it, as a poller would.
_FOR_GOOD_S = 1e6


class Region:
    """The count of one region. Blank and null votes are known together only, as on that night."""

    def __init__(self, store: Store, contest_id: str, *, election: Election = GOVERNOR) -> None:
        self.contest = election.contest(contest_id)
        self.board = Board(len(self.contest.lists), self.contest.scope, election.largest)
        self.writer = Writer.acquire(store, election.id, contest_id, is_test=False, at=minute(0))
        self.writer.lease_s = _FOR_GOOD_S
        self.tell([Fact(NATION, "TOTAL"), Fact(self.contest.whole, contest_id.upper())], minute(0))

    def tell(self, facts: Sequence[Fact], at: str) -> ChangeSet:
        """Apply facts and publish what they change."""
        return self.writer.append(self.board.apply(facts), at)

    def publish(
        self, votes: Sequence[int], *, counted: int, at_jee: int = 0, pending: int = 0, other: int = 20, at: int = 1
    ) -> ChangeSet:
        """The source states that for all of the region; `votes` of the first lists, `other`: blank and null."""
        own = (*votes, *(0,) * (len(self.contest.lists) - len(votes)))
        count = AreaCount(
            at_jee=at_jee,
            cast=sum(own) + other,
            counted=counted,
            pending=pending,
            source_at=minute(at),
            total=counted + at_jee + pending,
            valid=sum(own),
            votes=own,
        )
        src = f"sha256:{at:064x}"
        return self.tell([Fact(key, count, src) for key in (self.contest.whole, NATION)], minute(at))

    def report(self, at: int) -> None:
        """The source was asked, in vain."""
        self.writer.report(FeedStatus(checked_at=minute(at)))
