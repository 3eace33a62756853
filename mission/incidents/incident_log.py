"""What is done to incidents, each in one transaction: filed, moved, noted, assigned, merged, given a picture."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection

from mission.alerts import AlertKind, News, raise_alert
from mission.incidents.book import Book, NewLine, enter, find, find_seen
from mission.incidents.casebook import Casebook
from mission.incidents.drawings import Drawing, Drawings
from mission.incidents.incident import (
    Absorbed,
    Assignment,
    Correction,
    Deed,
    Facts,
    Incident,
    Member,
    Merged,
    Photo,
    Report,
    SeenIncident,
    State,
)
from mission.incidents.intake import check_intake
from mission.incidents.quarantine import quarantined
from mission.incidents.quotas import Taken, check_quota
from mission.incidents.rubric import Basis, Severity
from mission.incidents.workflow import CORRECTION, RULES, check_move, end_of, end_of_correction
from mission.people.roles import Role
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.errors import Conflict, Forbidden, InvalidInput
from tally.keys import Level, level_of

# Observers may add to a report, and read it in full, for so long.
_LIMITS = THRESHOLDS.reports
OWN_FOR = timedelta(hours=_LIMITS.own_for_hours)
# No 0, 1, i, l, o: ids are read out over telephones.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


class Act(Struct, frozen=True):
    """A move somebody asks for."""

    move: Deed
    reason: str = ""
    basis: Basis | None = None


class _Text(Struct, frozen=True):
    text: str


class _Chosen(Struct, frozen=True):
    basis: Basis


class IncidentLog:
    """Where incidents are handled: every method returns after the commit, and raises without having changed anything.

    is_test: they are a rehearsal's. What is decided names what was seen; what only adds to a report need not, so that
    a device may send it hours later.
    Raises (every method): StoreUnavailable; NotFound, where it names an incident; Conflict, where somebody else decided
    upon that incident since it was seen.
    """

    def __init__(self, casebook: Casebook, now: datetime, *, is_test: bool = False) -> None:
        self._casebook, self._now, self._is_test = casebook, now, is_test

    def file(self, by: Member, report: Report, *, is_time_confirmed: bool = False) -> tuple[Incident, bool]:
        """The incident of that report, and whether it is new: a report with a key that was seen is the same report.

        Raises: InvalidInput: the key was used for something else, or its time is doubted and not confirmed.
        IntakeStopped. TooMany: see quotas.
        """
        made = new_id()

        def decide(connection: Connection, book: Book) -> Sequence[NewLine]:
            known = book.keys.get((by.pseudonym, report.key))
            if known is not None:
                if book.incidents[known].report.digest != report.digest:
                    raise InvalidInput("Idempotency-Key: this key was used for another report; a new one needs its own")
                return ()
            check_intake(connection)
            check_quota(book.taken, by, self._now)
            if not is_time_confirmed:
                check_time(report.occurred_at, self._now)
            if report.severity is Severity.CRITICAL and by.pseudonym not in quarantined(book.turns):
                raise_alert(connection, _alarm(made, report), self._now, is_test=self._is_test)
            return [enter(made, Deed.REPORT, State.DRAFT, State.REPORTED, data=report)]

        book = self._casebook.write(by, self._now, decide)
        incident = book.incidents[book.keys[by.pseudonym, report.key]]
        return incident, incident.id == made

    def move(self, by: Member, seen: SeenIncident, act: Act) -> Incident:
        """Make a move. Merging has a method of its own.

        Raises: Conflict, Forbidden, InvalidInput: see `workflow.check_move`.
        """
        rule = RULES[act.move]

        def decide(_: Connection, book: Book) -> Sequence[NewLine]:
            incident = find_seen(book, seen)
            check_move(incident, by, rule, act.reason, act.basis)
            data = _Chosen(act.basis) if rule.needs_basis and act.basis is not None else None
            return [enter(incident.id, rule.move, incident.state, end_of(incident, by, rule), act.reason.strip(), data)]

        return self._casebook.write(by, self._now, decide).incidents[seen.id]

    def merge(self, by: Member, seen: SeenIncident, into: str, reason: str) -> Incident:
        """Say that an incident is the same as another, which keeps the reporters of both.

        Raises: Conflict, Forbidden, InvalidInput.
        """

        def decide(_: Connection, book: Book) -> Sequence[NewLine]:
            incident, other = find_seen(book, seen), find(book, into)
            check_move(incident, by, RULES[Deed.MERGE], reason, None)
            if incident.id == other.id:
                raise InvalidInput("into: an incident is no duplicate of itself")
            if other.state is State.DUPLICATE:
                raise Conflict(f"incident {other.id} is itself a duplicate of {other.into}; merge into that one")
            absorbed = Absorbed(incident.id, incident.reporters)
            return [
                enter(incident.id, Deed.MERGE, incident.state, State.DUPLICATE, reason.strip(), Merged(other.id)),
                enter(other.id, Deed.ABSORB, other.state, other.state, data=absorbed),
            ]

        return self._casebook.write(by, self._now, decide).incidents[seen.id]

    def assign(self, by: Member, seen: SeenIncident, to: str | None) -> Incident:
        """Say who of the mission looks after an incident; None: nobody in particular."""

        def decide(_: Connection, book: Book) -> Sequence[NewLine]:
            incident = find_seen(book, seen)
            return [enter(incident.id, Deed.ASSIGN, incident.state, incident.state, data=Assignment(to))]

        return self._casebook.write(by, self._now, decide).incidents[seen.id]

    def correct(
        self, by: Member, seen: SeenIncident, facts: Facts, reason: str, *, is_time_confirmed: bool = False
    ) -> Incident:
        """Say what of a report is otherwise than it says; what is the same already is left out.

        Raises: Conflict, Forbidden, InvalidInput: see `workflow.check_move`; nothing is different; see `file`.
        """

        def decide(connection: Connection, book: Book) -> Sequence[NewLine]:
            incident = find_seen(book, seen)
            check_move(incident, by, CORRECTION, reason, None)
            correction = _differences(incident.report, facts)
            if facts.occurred_at is not None and not is_time_confirmed:
                check_time(facts.occurred_at, self._now)
            severity = correction.after.severity or incident.report.severity
            if correction.after.severity is Severity.CRITICAL and incident.reporters[0] not in quarantined(book.turns):
                raise_alert(connection, _alarm(incident.id, incident.report), self._now, is_test=self._is_test)
            end = end_of_correction(incident, severity)
            return [enter(incident.id, Deed.CORRECT, incident.state, end, reason.strip(), correction)]

        return self._casebook.write(by, self._now, decide).incidents[seen.id]

    def note(self, by: Member, incident_id: str, text: str) -> Incident:
        """Add a note.

        Raises: Forbidden: an observer, too late. IntakeStopped: an observer, now. TooMany: see quotas.
        """

        def decide(connection: Connection, book: Book) -> Sequence[NewLine]:
            incident = find(book, incident_id)
            self._check_addition(connection, book.taken, by, incident)
            return [enter(incident_id, Deed.NOTE, incident.state, incident.state, data=_Text(text))]

        return self._casebook.write(by, self._now, decide).incidents[incident_id]

    def check_photo(self, by: Member, drawing: Drawing, drawings: Drawings) -> None:
        """Return if a picture may be drawn: what can be refused without seeing it is refused before it costs anything.

        Raises: as `add_photo`.
        """

        def ask(connection: Connection, book: Book) -> None:
            incident = find(book, drawing.incident_id)
            taken = (*book.taken, *drawings.in_vain)
            self._check_addition(connection, taken, by, incident, drawing.picture_bytes)
            if not drawings.repeats(drawing):
                _check_room(incident)

        self._casebook.check(ask)

    def add_photo(self, by: Member, incident_id: str, photo: Photo, place: Callable[[], object]) -> bool:
        """Whether the photo is new to its incident: sending it again changes nothing.

        place: puts it where it is kept; not called for one that is refused.
        Raises: Conflict: it belongs to another incident, or there are too many. TooMany: see quotas. Forbidden,
        IntakeStopped: as for notes.
        """

        is_new = False

        def decide(connection: Connection, book: Book) -> Sequence[NewLine]:
            nonlocal is_new
            incident = find(book, incident_id)
            owner = book.photos.get(photo.hash)
            if owner == incident_id:
                place()  # it may have been lost meanwhile
                return ()
            self._check_addition(connection, book.taken, by, incident, photo.bytes)
            if owner is not None:
                raise Conflict("this picture was sent already, with another report")
            _check_room(incident)
            place()
            is_new = True
            return [enter(incident_id, Deed.PHOTO, incident.state, incident.state, data=photo)]

        self._casebook.write(by, self._now, decide)
        return is_new

    def _check_addition(
        self,
        connection: Connection,
        taken: Sequence[Taken],
        by: Member,
        incident: Incident,
        picture_bytes: int | None = None,
    ) -> None:
        check_quota(taken, by, self._now, picture_bytes)
        if by.role is Role.OBSERVER:
            check_intake(connection)
            if not is_fresh(incident, self._now):
                hours = _LIMITS.own_for_hours
                raise Forbidden(f"a report can be added to for {hours} hours; tell the mission by another way")


def check_time(occurred_at: str, now: datetime) -> None:
    """Return if what is reported happened before now, and in this year.

    Raises: InvalidInput.
    """
    happened = moments.read(occurred_at)
    if happened > now + timedelta(minutes=_LIMITS.future_minutes):
        raise InvalidInput(f"is_time_confirmed: {occurred_at} lies after our clock, {moments.write(now)}")
    if happened.year != now.year:
        raise InvalidInput(f"is_time_confirmed: {occurred_at} lies in another year than {now.year}")


def _differences(report: Report, facts: Facts) -> Correction:
    """What those facts change of a report.

    Raises: InvalidInput: nothing.
    """
    stands = Facts(report.category, report.severity, report.location, report.occurred_at)
    names = [name for name in Facts.__struct_fields__ if getattr(facts, name) not in (None, getattr(stands, name))]
    if not names:
        raise InvalidInput("a correction says at least one thing that is different")
    return Correction(*(Facts(**{name: getattr(one, name) for name in names}) for one in (stands, facts)))


def _check_room(incident: Incident) -> None:
    if len(incident.photos) >= _LIMITS.most_photos:
        raise Conflict(f"an incident has at most {_LIMITS.most_photos} pictures")


def is_fresh(incident: Incident, now: datetime) -> bool:
    """Whether its reporters may still add to it and read all of it."""
    return now - moments.read(incident.received_at) < OWN_FOR


def _alarm(incident_id: str, report: Report) -> News:
    key = report.location.key
    is_station = key is not None and level_of(key) in (Level.MESA, Level.POLLING_PLACE)
    place = {"place": {"key": key, "name": None}} if is_station else {}
    return News(
        key=f"incident/{incident_id}",
        kind=AlertKind.CRITICAL,
        figures={"category": report.category, **place},
        href=f"/mission/incident?id={incident_id}",
        least=Role.VERIFIER,
    )


def new_id() -> str:
    """An id that nobody can guess, and anybody can read out."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))
