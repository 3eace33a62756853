"""All the mission knows of one election at one version of its log: the fold of the log."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mission.incidents.incident import Deed, Incident, IncidentStep, SeenIncident, State, advance, begin
from mission.incidents.quarantine import QUARANTINE, RESTORE, Turn, is_set_aside, quarantined
from mission.incidents.quotas import Taken, recent
from mission.journal import check_seen
from mission.people.roles import Role
from mission.publication import Publication, PublicRecords
from mission.stations import Posting
from tally.errors import NotFound

INCIDENT, OBSERVER, PUBLICATION = "incident/", "observer/", "publication"
# Deeds of the other two subjects; what is posted or published has no state.
POST, PUBLISH = "post", "publish"


class NewLine(Struct, frozen=True):
    """What is to become a line: the log gives it number, time and actor.

    `before` and `after` are "" where there is no state.
    """

    subject: str
    deed: str
    before: str = ""
    after: str = ""
    reason: str = ""
    data: bytes = b"{}"


class LogLine(NewLine, frozen=True, kw_only=True):
    """One line of the log, of whatever subject."""

    seq: int
    at: str
    actor: str
    role: str


def enter(incident_id: str, deed: Deed, before: State, after: State, reason: str = "", data: Any = None) -> NewLine:
    """A line about an incident; `data` is what the deed alone has."""
    written = b"{}" if data is None else msgspec.json.encode(data)
    return NewLine(f"{INCIDENT}{incident_id}", deed, before, after, reason, written)


class Book(Struct, frozen=True):
    """Incidents by id; which one a retry (reporter, key) and a picture (its hash) belong to; who is posted where.

    taken: what observers sent of late. turns: whose reports were set aside, and when. Never changes: `after`
    makes the next one.
    """

    seq: int = 0
    at: str = ""
    incidents: Mapping[str, Incident] = {}
    keys: Mapping[tuple[str, str], str] = {}
    photos: Mapping[str, str] = {}
    postings: tuple[Posting, ...] = ()
    publications: tuple[Publication, ...] = ()
    turns: tuple[Turn, ...] = ()
    taken: tuple[Taken, ...] = ()

    @property
    def records(self) -> PublicRecords:
        """What the public layer is made from."""
        return PublicRecords(tuple(self.incidents.values()), self.postings, self.publications, self.turns)

    @property
    def standing(self) -> list[Incident]:
        """Incidents that count: all but those of observers whose reports are set aside."""
        aside = quarantined(self.turns)
        return [incident for incident in self.incidents.values() if not is_set_aside(incident, aside)]

    def after(self, lines: Iterable[LogLine]) -> "Book":
        """The book with those lines in it."""
        lines = list(lines)
        if not lines:
            return self
        incidents, keys, photos = dict(self.incidents), dict(self.keys), dict(self.photos)
        postings, publications = list(self.postings), list(self.publications)
        turns, taken = list(self.turns), list(self.taken)
        for line in lines:
            if line.subject.startswith(INCIDENT):
                incident = _fold(incidents, line)
                incidents[incident.id] = incident
                if line.deed == Deed.REPORT and incident.report.key:
                    keys[line.actor, incident.report.key] = incident.id
                elif line.deed == Deed.PHOTO:
                    photos[incident.photos[-1].hash] = incident.id
                if line.role == Role.OBSERVER and line.deed in (Deed.REPORT, Deed.NOTE, Deed.PHOTO):
                    size = incident.photos[-1].bytes if line.deed == Deed.PHOTO else None
                    taken.append(Taken(line.at, line.actor, size))
            elif line.deed in (QUARANTINE, RESTORE):
                turns.append(Turn(line.at, line.subject.removeprefix(OBSERVER), line.deed == QUARANTINE))
            elif line.deed == POST:
                postings.append(msgspec.json.decode(line.data, type=Posting))
            else:
                publications.append(msgspec.json.decode(line.data, type=Publication))
        seq, at = lines[-1].seq, lines[-1].at
        logs = (tuple(postings), tuple(publications), tuple(turns), recent(taken, at))
        return Book(seq, at, incidents, keys, photos, *logs)


def find(book: Book, incident_id: str) -> Incident:
    """The incident of that id.

    Raises: NotFound.
    """
    incident = book.incidents.get(incident_id)
    if incident is None:
        raise NotFound(f"there is no incident {incident_id[:40]!r}")
    return incident


def find_seen(book: Book, seen: SeenIncident) -> Incident:
    """The incident that is decided upon.

    Raises: NotFound. Conflict: somebody decided meanwhile.
    """
    incident = find(book, seen.id)
    check_seen(seen.revision, incident.revision)
    return incident


def _fold(incidents: Mapping[str, Incident], line: LogLine) -> Incident:
    incident_id = line.subject.removeprefix(INCIDENT)
    event = msgspec.convert(line, IncidentStep, from_attributes=True)
    known = incidents.get(incident_id)
    return begin(incident_id, event) if known is None else advance(known, event)
