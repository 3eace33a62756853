"""All the mission knows of one election at one version of its log: the fold of the log."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mission.incidents.incident import Deed, Incident, IncidentStep, Photo, State, advance, begin
from mission.people.roles import Role
from mission.publication import Publication, PublicRecords
from mission.stations import Posting

INCIDENT, OBSERVER, PUBLICATION = "incident/", "observer/", "publication"
# Deeds of the other two subjects; what is posted or published has no state.
POST, PUBLISH = "post", "publish"


class LogLine(Struct, frozen=True):
    """One line of the log, of whatever subject; `before` and `after` are "" where there is no state."""

    seq: int
    subject: str
    at: str
    actor: str
    role: str
    deed: str
    before: str
    after: str
    reason: str
    data: bytes


class NewLine(Struct, frozen=True):
    """What is to become a line: the log gives it number, time and actor."""

    subject: str
    deed: str
    before: str = ""
    after: str = ""
    reason: str = ""
    data: bytes = b"{}"


def enter(incident_id: str, deed: Deed, before: State, after: State, reason: str = "", data: Any = None) -> NewLine:
    """A line about an incident; `data` is what the deed alone has."""
    written = b"{}" if data is None else msgspec.json.encode(data)
    return NewLine(f"{INCIDENT}{incident_id}", deed, before, after, reason, written)


class Book(Struct, frozen=True):
    """Incidents by id; which one a retry (reporter, key) and a picture (its hash) belong to; who is posted where.

    Never changes: `after` makes the next one.
    """

    seq: int = 0
    at: str = ""
    incidents: Mapping[str, Incident] = {}
    keys: Mapping[tuple[str, str], str] = {}
    photos: Mapping[str, str] = {}
    postings: tuple[Posting, ...] = ()
    publications: tuple[Publication, ...] = ()

    @property
    def records(self) -> PublicRecords:
        """What the public layer is made from."""
        return PublicRecords(tuple(self.incidents.values()), self.postings, self.publications)

    def after(self, lines: Iterable[LogLine]) -> "Book":
        """The book with those lines in it."""
        lines = list(lines)
        if not lines:
            return self
        incidents, keys, photos = dict(self.incidents), dict(self.keys), dict(self.photos)
        postings, publications = list(self.postings), list(self.publications)
        for line in lines:
            if line.subject.startswith(INCIDENT):
                incident = _fold(incidents, line)
                incidents[incident.id] = incident
                if line.deed == Deed.REPORT and incident.report.key:
                    keys[line.actor, incident.report.key] = incident.id
                elif line.deed == Deed.PHOTO:
                    photos[msgspec.json.decode(line.data, type=Photo).hash] = incident.id
            elif line.deed == POST:
                postings.append(msgspec.json.decode(line.data, type=Posting))
            else:
                publications.append(msgspec.json.decode(line.data, type=Publication))
        return Book(lines[-1].seq, lines[-1].at, incidents, keys, photos, tuple(postings), tuple(publications))


def _fold(incidents: Mapping[str, Incident], line: LogLine) -> Incident:
    incident_id = line.subject.removeprefix(INCIDENT)
    event = IncidentStep(
        seq=line.seq,
        at=line.at,
        actor=line.actor,
        role=Role(line.role),
        deed=Deed(line.deed),
        before=State(line.before),
        after=State(line.after),
        reason=line.reason,
        data=line.data,
    )
    known = incidents.get(incident_id)
    return begin(incident_id, event) if known is None else advance(known, event)
