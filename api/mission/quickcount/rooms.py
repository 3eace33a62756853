"""The quick counts of the election that is observed, for routes."""

from anyio import to_thread
from msgspec import Struct

from mission.incidents.incident import Member
from mission.journal import Journal
from mission.quickcount.book import QuickCount, QuickCounts
from mission.quickcount.handling import QuickCountDesk
from tally import moments


class QuickCountRoom(Struct, frozen=True):
    """One election's journal of quick counts."""

    journal: Journal[QuickCounts]

    async def read(self) -> QuickCounts:
        """As they stand now.

        Raises: StoreUnavailable.
        """
        return await to_thread.run_sync(self.journal.read)

    async def find(self, number: str) -> QuickCount:
        """One of them.

        Raises: NotFound. StoreUnavailable.
        """
        return (await self.read()).find(number)

    def desk(self, by: Member) -> QuickCountDesk:
        """Where that member does something, as of now."""
        return QuickCountDesk(self.journal, by, moments.utc_now())
