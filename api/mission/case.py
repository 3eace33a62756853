"""The case of a mission: the count that it observes and its own log. Given to routes about incidents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from anyio import to_thread
from msgspec import Struct

from api.live.count import LiveCount
from api.mission.places import is_whole, relocate
from mission.forms.model import FormMoment
from mission.incidents.book import Book
from mission.incidents.casebook import Casebook
from mission.incidents.incident_log import IncidentLog
from mission.journal import Journal
from mission.messages.book import MessageBook
from mission.messages.message_log import MessageLog
from mission.messages.text_book import TextBook
from mission.people.teams import Teams
from mission.quickcount.frames.given import GivenFrames
from mission.responses.quality import FormTime
from mission.responses.responses import Responses
from tally import moments

Name = Callable[[str], str | None]


class Case(Struct, frozen=True):
    """The count that is observed, and the mission's log of it."""

    live: LiveCount
    casebook: Casebook
    teams: Journal[Teams]
    responses: Journal[Responses]
    messages: Journal[MessageBook]
    texts: Journal[TextBook]
    frames: Journal[GivenFrames]

    async def read(self) -> Book:
        """The book now, each incident where the count says by now that it was."""
        return relocate(await self.read_log(), self.live.view)

    async def read_log(self) -> Book:
        """The book as the log alone makes it, which is what the public layer is made from."""
        return await to_thread.run_sync(self.casebook.read)

    async def read_teams(self) -> Teams:
        """Who is in which team, and in which region by where they are assigned."""
        teams = await to_thread.run_sync(self.teams.read)
        return teams.placed((await self.read_log()).postings)

    async def read_responses(self) -> Responses:
        """What observers answered to forms."""
        return await to_thread.run_sync(self.responses.read)

    async def names(self) -> Name:
        """What areas and polling places are called, by key: by the count, and a place that it has not named yet by the
        list of mesas that the mission gave last.
        """
        count = self.live.names.names.get
        if is_whole(self.live.view):
            return count
        given = await to_thread.run_sync(self.frames.read)
        return lambda key: count(key) or given.name(key)

    def form_time(self, moment: FormMoment, now: datetime) -> FormTime:
        """The day that is observed, for a form of that moment: the election's.

        In a rehearsal it is the day before the present one, of which every hour is over: a day's forms come in within
        minutes.
        """
        zone = ZoneInfo(self.live.election.timezone)
        day = (now - timedelta(days=1)).astimezone(zone).date() if self.live.info.is_test else self.live.election.date
        return FormTime(day, zone, moment)

    def incident_log(self) -> IncidentLog:
        """Where incidents are handled, as of now."""
        return IncidentLog(self.casebook, moments.utc_now(), is_test=self.live.info.is_test)

    def message_log(self) -> MessageLog:
        """Where messages are sent, read and answered."""
        return MessageLog(self.messages, self.live.election.id)
