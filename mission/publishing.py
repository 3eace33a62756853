"""The coordinator's decision: what was looked at becomes public, and nothing else."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from mission.incidents.book import PUBLICATION, PUBLISH, Book, NewLine
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Member
from mission.publication import Publication, Terms, next_layer
from tally.errors import Conflict, InvalidInput


class Decision(Struct, frozen=True):
    """Publish the layer of that digest, without those incidents."""

    digest: str
    withheld: tuple[str, ...] = ()


def publish(casebook: Casebook, by: Member, decision: Decision, terms: Terms, now: datetime) -> Publication:
    """The publication, after the commit.

    Raises: Conflict: what would be published is not what was looked at. InvalidInput: an incident there is none of.
    """

    def decide(_: Connection, book: Book) -> Sequence[NewLine]:
        unknown = set(decision.withheld) - book.incidents.keys()
        if unknown:
            raise InvalidInput(f"withhold: there is no incident {min(unknown)[:40]!r}")
        proposal, layer = next_layer(book.records, terms, now, decision.withheld)
        if layer.digest != decision.digest:
            raise Conflict("the preview has changed since you looked at it; look again before you publish")
        return [NewLine(PUBLICATION, PUBLISH, data=msgspec.json.encode(proposal))]

    return casebook.write(by, now, decide).publications[-1]
