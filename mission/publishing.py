"""The coordinator's decision: what was looked at becomes public, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from mission.incidents.book import PUBLICATION, PUBLISH, Book, NewLine, enter
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Deed, IncidentStep, Member, advance
from mission.incidents.location import Location
from mission.people.roles import Role
from mission.publication import Publication, Terms, next_layer
from tally.errors import Conflict, InvalidInput

Find = Callable[[Book], Mapping[str, Location]]


class Decision(Struct, frozen=True):
    """Publish the layer of that digest, without those incidents."""

    digest: str
    withheld: tuple[str, ...] = ()


def place(book: Book, found: Mapping[str, Location]) -> Book:
    """The book with those incidents (by id) where the count has their mesas by now: as it is once that is entered."""
    incidents = {key: advance(book.incidents[key], _placing(book, key, location)) for key, location in found.items()}
    return msgspec.structs.replace(book, incidents={**book.incidents, **incidents})


def publish(
    casebook: Casebook, by: Member, decision: Decision, terms: Terms, now: datetime, find: Find = lambda _: {}
) -> Publication:
    """The publication, after the commit. `find`: where the count has mesas by now that it had not before, by incident.

    Raises: Conflict: what would be published is not what was looked at. InvalidInput: an incident there is none of.
    """

    def decide(_: Connection, book: Book) -> Sequence[NewLine]:
        found = find(book)
        book = place(book, found)
        unknown = set(decision.withheld) - book.incidents.keys()
        if unknown:
            raise InvalidInput(f"withhold: there is no incident {min(unknown)[:40]!r}")
        proposal, layer = next_layer(book.records, terms, now, decision.withheld)
        if layer.digest != decision.digest:
            raise Conflict("the preview has changed since you looked at it; look again before you publish")
        states = {key: book.incidents[key].state for key in found}
        placed = [enter(key, Deed.PLACE, states[key], states[key], data=found[key]) for key in sorted(found)]
        return [*placed, NewLine(PUBLICATION, PUBLISH, data=msgspec.json.encode(proposal))]

    return casebook.write(by, now, decide).publications[-1]


def _placing(book: Book, incident_id: str, location: Location) -> IncidentStep:
    """The line that says where an incident's mesa is, before it is entered."""
    state = book.incidents[incident_id].state
    return IncidentStep(
        seq=book.seq,
        at=book.at,
        actor="",
        role=Role.COORDINATOR,
        deed=Deed.PLACE,
        before=state,
        after=state,
        data=msgspec.json.encode(location),
    )
