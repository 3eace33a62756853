"""What the work on incidents needs: the logs, the folder of pictures, and how the public hears of it."""

from pathlib import Path

from anyio import CapacityLimiter
from msgspec import Struct
from sqlalchemy import Engine

from api.mission.public_layer import PublicIncidents, tell_layer
from api.options import MissionOptions
from mission.incidents.attachments import Attachments
from mission.incidents.casebook import Casebooks
from mission.publication import Terms, public_layer
from tally import moments

_PHOTOS = Path("var/photos")
# A picture takes up to 250 MB while it is decoded and drawn anew; more at a time would be felt.
_DECODING = 2


class Casework(Struct, frozen=True):
    """Made once, in `main`. `decoding`: how many pictures are decoded at a time.

    `election_id`: the election the mission observes; None: the first count.
    """

    casebooks: Casebooks
    attachments: Attachments
    terms: Terms
    decoding: CapacityLimiter
    election_id: str | None = None

    def public(self, election_id: str) -> PublicIncidents:
        """What the public reads of the incidents of an election by now. Not on the loop.

        Raises: StoreUnavailable.
        """
        records = self.casebooks.of(election_id).read().records
        return tell_layer(public_layer(records, self.terms, moments.utc_now()), self.terms)


def make_casework(engine: Engine, options: MissionOptions, election_id: str | None) -> Casework:
    """The casework of an application."""
    attachments, decoding = Attachments(options.photos or _PHOTOS), CapacityLimiter(_DECODING)
    return Casework(Casebooks(engine), attachments, options.terms, decoding, election_id)
