"""The quick counts of the election that is observed, for routes."""

from anyio import to_thread
from msgspec import Struct
from msgspec.structs import replace

from mission.incidents.casebook import Casebook
from mission.incidents.incident import Member
from mission.incidents.quarantine import quarantined
from mission.journal import Journal
from mission.quickcount.book import QuickCount, QuickCounts
from mission.quickcount.frames.given import GivenFrames
from mission.quickcount.handling import QuickCountDesk
from tally import moments


class QuickCountRoom(Struct, frozen=True):
    """One election's journals of quick counts and of given frames, and the mission's log, which says whose copies are
    set aside.
    """

    journal: Journal[QuickCounts]
    frames: Journal[GivenFrames]
    casebook: Casebook

    async def read(self) -> list[QuickCount]:
        """All of them as they stand now, in the order they were drawn.

        Raises: StoreUnavailable.
        """
        state, aside = await to_thread.run_sync(self.journal.read), await self.aside()
        return [replace(count, aside=aside) for count in state.counts.values()]

    async def find(self, number: str) -> QuickCount:
        """One of them.

        Raises: NotFound. StoreUnavailable.
        """
        return replace((await to_thread.run_sync(self.journal.read)).find(number), aside=await self.aside())

    async def given(self) -> GivenFrames:
        """The frames that were given.

        Raises: StoreUnavailable.
        """
        return await to_thread.run_sync(self.frames.read)

    async def aside(self) -> frozenset[str]:
        """Pseudonyms of those whose reports are set aside.

        Raises: StoreUnavailable.
        """
        return quarantined((await to_thread.run_sync(self.casebook.read)).turns)

    def desk(self, by: Member) -> QuickCountDesk:
        """Where that member does something, as of now."""
        return QuickCountDesk(self.journal, by, moments.utc_now())
