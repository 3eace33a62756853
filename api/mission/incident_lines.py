"""Incidents as they are shown to a member: a line of a list, and all of one that the member's role may see."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mission.incidents.book import Book
from mission.incidents.incident import Deed, Incident, IncidentStep, Member, Photo, State
from mission.incidents.incident_log import is_fresh
from mission.incidents.location import DevicePosition
from mission.incidents.quarantine import is_set_aside, quarantined
from mission.incidents.rubric import Basis, Category, Severity
from mission.incidents.similarity import find_similar
from mission.incidents.workflow import CORRECTION, legal_moves, may, voices_needed
from mission.people.roles import Role
from mission.thresholds import THRESHOLDS
from tally.keys import Level, area_key, code_of, is_key, level_of

Name = Callable[[str], str | None]


class ReportedPlace(Struct, frozen=True):
    """Where it was, as a report says it: exactly one of them."""

    mesa: str | UnsetType = UNSET
    polling_place: str | UnsetType = UNSET
    district: str | UnsetType = UNSET


class _IncidentHead(Struct, frozen=True, kw_only=True):
    id: str
    revision: int | None
    state: State
    category: Category
    severity: Severity
    place: ReportedPlace | None
    place_name: str | None
    occurred_at: str
    device_at: str
    received_at: str
    clock_ahead_s: int | None
    is_clock_off: bool
    verified_at: str | None
    corrected_at: str | None
    correction: str | None
    reporter: str
    is_own: bool
    assigned_to: str | None
    outcome: str | None
    into_state: State | None
    voices: int
    voices_needed: int
    flag: str | None
    is_set_aside: bool


class IncidentLine(_IncidentHead, frozen=True, kw_only=True):
    """One line of a list; it says nothing of what was written, seen or sent.

    `revision`: what a decision names as seen; null to observers, who are not told how often it was assigned.
    """

    photos: int


class OfferedMove(Struct, frozen=True):
    """What may be done with an incident now, and what that needs."""

    move: Deed
    needs_reason: bool
    needs_basis: bool


class IncidentEvent(Struct, frozen=True, kw_only=True):
    """What happened to an incident, from which state to which; `detail` is what only this deed has."""

    at: str
    move: Deed
    actor: str
    role: Role
    before: State
    after: State
    reason: str | None
    basis: Basis | None
    text: str | None
    detail: dict[str, Any] | None


class IncidentDetail(_IncidentHead, frozen=True, kw_only=True):
    """All of an incident that its reader may see; `duplicates` may be the same."""

    reporters: tuple[str, ...]
    basis: Basis | None
    text: str
    position: DevicePosition | None
    photos: tuple[Photo, ...]
    moves: list[OfferedMove]
    can_correct: bool
    events: list[IncidentEvent]
    duplicates: list[IncidentLine]
    into: str | None
    absorbed: tuple[str, ...]


class Lines:
    """Writes incidents for one member; `name` gives the name of an area or polling place, `now` tells what is old."""

    def __init__(self, member: Member, book: Book, name: Name, now: datetime) -> None:
        self._member, self._book, self._name, self._now = member, book, name, now
        self._aside = quarantined(book.turns)

    def line(self, incident: Incident) -> IncidentLine:
        """One line of a list."""
        return IncidentLine(photos=len(incident.photos), **self._head(incident))

    def _head(self, incident: Incident) -> dict[str, Any]:
        report, into = incident.report, self._book.incidents.get(incident.into or "")
        return {
            "id": incident.id,
            "revision": incident.revision if self._is_team else None,
            "state": incident.state,
            "category": report.category,
            "severity": report.severity,
            "place": reported_place(report.location.key),
            "place_name": self._place_name(incident),
            "occurred_at": report.occurred_at,
            "device_at": report.device_at,
            "received_at": incident.received_at,
            "clock_ahead_s": report.clock_ahead_s,
            "is_clock_off": abs(report.clock_ahead_s or 0) >= 60 * THRESHOLDS.reports.clock_off_minutes,
            "verified_at": incident.verified_at,
            "corrected_at": incident.corrected_at,
            "correction": incident.correction,
            "reporter": self._reporter(incident),
            "is_own": incident.is_own(self._member),
            "assigned_to": incident.assigned_to if self._is_team else None,
            # What became of a duplicate is what becomes of the other one.
            "outcome": into.outcome if into is not None and into.outcome is not None else incident.outcome,
            "into_state": None if into is None else into.state,
            "voices": len(incident.voices),
            "voices_needed": voices_needed(report.severity),
            "flag": report.flag,
            "is_set_aside": self._is_team and is_set_aside(incident, self._aside),
        }

    def words(self, incident: Incident) -> str:
        """All of its words that the member may read: what nobody may read cannot be found either."""
        is_whole = self._is_team or is_fresh(incident, self._now)
        told = [self._event(event) for event in incident.events if self._is_told(event, is_whole=is_whole)]
        said = [part for event in told for part in (event.reason, event.text)]
        parts = (incident.id, incident.report.text if is_whole else None, self._place_name(incident), *said)
        return " ".join(part for part in parts if part)

    def detail(self, incident: Incident) -> IncidentDetail:
        """All of an incident. After a day its reporter sees what became of it, and no more what was written."""
        is_whole = self._is_team or is_fresh(incident, self._now)
        report = incident.report
        has_position = is_whole and (incident.is_by(self._member) or self._member.role.covers(Role.COORDINATOR))
        similar = find_similar(incident, self._book.incidents.values()) if self._is_team else []
        rules = [rule for rule in legal_moves(incident, self._member) if rule.move is not Deed.MERGE]
        return IncidentDetail(
            **self._head(incident),
            reporters=incident.reporters if self._is_team else (self._reporter(incident),),
            basis=incident.voices[-1].basis if incident.voices else None,
            text=report.text if is_whole else "",
            position=report.position if has_position else None,
            photos=incident.photos if is_whole else (),
            moves=[OfferedMove(rule.move, rule.needs_reason, rule.needs_basis) for rule in rules],
            can_correct=may(incident, self._member, CORRECTION),
            events=[self._event(event) for event in incident.events if self._is_told(event, is_whole=is_whole)],
            duplicates=[self.line(other) for other in similar],
            into=incident.into if self._is_team else None,
            absorbed=incident.absorbed if self._is_team else (),
        )

    @property
    def _is_team(self) -> bool:
        return self._member.role.covers(Role.VERIFIER)

    def _reporter(self, incident: Incident) -> str:
        """To an observer only their own pseudonym: who else reported the same is not theirs to know."""
        return incident.reporters[0] if self._is_team else self._member.pseudonym

    def _place_name(self, incident: Incident) -> str | None:
        location = incident.report.location
        place = None if location.station is None else self._name(location.station)
        district = None if location.district is None else self._name(area_key(location.district))
        key = location.key
        # A mesa's number is its name; so is a place's code, as long as nobody here knows more of it.
        is_number = key is not None and level_of(key) in (Level.MESA, Level.POLLING_PLACE)
        number = code_of(key) if key is not None and is_number and (place is None or is_key(key, Level.MESA)) else None
        return " · ".join(part for part in (number, place, district) if part) or None

    def _is_told(self, event: IncidentStep, *, is_whole: bool) -> bool:
        if self._is_team or event.actor == self._member.pseudonym:
            return is_whole or event.before is not event.after
        # Notes and whom it was given to are the team's own; its moves and corrections, and why, the reporter's too.
        return event.before is not event.after or event.deed is Deed.CORRECT

    def _event(self, event: IncidentStep) -> IncidentEvent:
        said: dict[str, Any] = {} if event.deed is Deed.REPORT else msgspec.json.decode(event.data)
        is_named = self._is_team or event.actor == self._member.pseudonym
        return IncidentEvent(
            at=event.at,
            move=event.deed,
            actor=event.actor if is_named else event.role,
            role=event.role,
            before=event.before,
            after=event.after,
            reason=event.reason or None,
            basis=said.pop("basis", None),
            text=said.pop("text", None),
            detail=said if said and (self._is_team or event.deed is Deed.CORRECT) else None,
        )


def reported_place(key: str | None) -> ReportedPlace | None:
    """A key as a report says it."""
    return None if key is None else ReportedPlace(**{level_of(key).value: code_of(key)})
