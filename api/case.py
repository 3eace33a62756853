"""The case of a mission: the count that it observes and its own log. Given to routes about incidents."""

from typing import Annotated

from anyio import to_thread
from fastapi import Depends
from msgspec import Struct

from api.access import Serving
from api.incident_places import relocate
from api.live import LiveCount
from api.viewer import Viewer
from mission.book import Book
from mission.casebook import Casebook
from mission.incident import Member
from mission.incident_log import IncidentLog
from tally import moments
from tally.errors import StoreUnavailable


class Case(Struct, frozen=True):
    """The count that is observed, and the mission's log of it."""

    live: LiveCount
    casebook: Casebook

    async def read(self) -> Book:
        """The book now, each incident where the count says by now that it was."""
        return relocate(await self.read_log(), self.live.view)

    async def read_log(self) -> Book:
        """The book as the log alone makes it, which is what the public layer is made from."""
        return await to_thread.run_sync(self.casebook.read)

    def incident_log(self) -> IncidentLog:
        """Where incidents are handled, as of now."""
        return IncidentLog(self.casebook, moments.utc_now())


async def find_case(services: Serving) -> Case:
    """The case of the election the mission observes.

    Raises: UnknownElection, NotFound, StoreUnavailable: there is no such count, or none yet.
    """
    chosen = services.casework.election_id
    if chosen is not None:
        live = services.counts.live(chosen)
    else:
        lives = services.counts.all()
        if not lives:
            raise StoreUnavailable("no count is loaded yet; try again in a moment")
        live = lives[0]
    return Case(live, services.casework.casebooks.of(live.election.id))


GivenCase = Annotated[Case, Depends(find_case)]


def member_of(viewer: Viewer) -> Member:
    """Whoever asks, as the log names them."""
    return Member(viewer.pseudonym, viewer.role)
