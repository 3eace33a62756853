"""What the work on incidents needs: the logs, the folder of pictures, and how the public hears of it."""

from pathlib import Path

from msgspec import Struct
from sqlalchemy import Engine

from api.options import MissionOptions
from mission.attachments import Attachments
from mission.casebook import Casebooks
from mission.publication import Terms

_PHOTOS = Path("var/photos")


class Casework(Struct, frozen=True):
    """Made once, in `main`. `election_id`: the election the mission observes; None: the first count."""

    casebooks: Casebooks
    attachments: Attachments
    terms: Terms
    election_id: str | None = None


def make_casework(engine: Engine, options: MissionOptions, election_id: str | None) -> Casework:
    """The casework of an application."""
    return Casework(Casebooks(engine), Attachments(options.photos or _PHOTOS), options.terms, election_id)
