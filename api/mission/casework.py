"""What the work on incidents needs: the logs, the folder of pictures, and how the public hears of it."""

from pathlib import Path

from anyio import CapacityLimiter, to_thread
from msgspec import Struct
from sqlalchemy import Engine

from api.mission.public_layer import PublicIncidents, tell_layer
from api.options import MissionOptions
from mission.incidents.attachments import Attachments
from mission.incidents.casebook import Casebooks
from mission.incidents.drawings import Drawing, Drawings
from mission.incidents.incident import Member
from mission.incidents.photos import Picture
from mission.incidents.redrawing import Redrawing
from mission.journal import Journals
from mission.messages.book import MessageBook
from mission.messages.message_log import message_journals
from mission.messages.text_book import TextBook, text_journals
from mission.people.roles import Role
from mission.people.teams import Teams, team_journals
from mission.publication import Terms, public_layer
from mission.quickcount.book import QuickCounts
from mission.quickcount.frames.given import GivenFrames, frame_journals
from mission.quickcount.handling import quick_count_journals
from mission.responses.responses import Responses, responses_of
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.errors import TooMany

_PHOTOS = Path("var/photos")
_NEXT_S = 5


class Casework(Struct, frozen=True):
    """Made once, in `main`. `drawing`: how many pictures are drawn at a time, by `redrawing`; `busy`: whose.

    `election_id`: the election the mission observes; None: the first count.
    """

    casebooks: Casebooks
    attachments: Attachments
    terms: Terms
    redrawing: Redrawing
    drawing: CapacityLimiter
    busy: set[str]
    drawings: Drawings
    teams: Journals[Teams]
    responses: Journals[Responses]
    quick_counts: Journals[QuickCounts]
    frames: Journals[GivenFrames]
    messages: Journals[MessageBook]
    texts: Journals[TextBook]
    election_id: str | None = None

    async def draw(self, by: Member, drawing: Drawing, sent: bytes) -> Picture:
        """The picture drawn anew, one at a time of each sender: the others wait for nobody who sends many.

        Whatever becomes of it, it counts towards an observer's quota.

        Raises: TooMany. InvalidInput, StoreUnavailable: see Redrawing.
        """
        if by.pseudonym in self.busy:
            raise TooMany("one picture at a time is taken of a device", _NEXT_S)
        self.busy.add(by.pseudonym)
        try:
            return await to_thread.run_sync(self.redrawing.redraw, sent, limiter=self.drawing)
        finally:
            self.busy.discard(by.pseudonym)
            if by.role is Role.OBSERVER:
                self.drawings.note(drawing)

    def public(self, election_id: str) -> PublicIncidents:
        """What the public reads of the incidents of an election by now. Not on the loop.

        Raises: StoreUnavailable.
        """
        records = self.casebooks.of(election_id).read().records
        return tell_layer(public_layer(records, self.terms, moments.utc_now()), self.terms)


def make_casework(engine: Engine, options: MissionOptions, election_id: str | None) -> Casework:
    """The casework of an application."""
    attachments, drawing = Attachments(options.photos or _PHOTOS), CapacityLimiter(THRESHOLDS.pictures.at_once)
    own = (Redrawing(), drawing, set[str](), Drawings())
    rooms = (team_journals(engine), responses_of(engine), quick_count_journals(engine), frame_journals(engine))
    talk = (message_journals(engine), text_journals(engine))
    return Casework(Casebooks(engine), attachments, options.terms, *own, *rooms, *talk, election_id)
