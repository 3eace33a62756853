"""Incidents as they are shown to a member: a line of a list, and all of one that the member's role may see."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import to_builtins

from mission.book import Book
from mission.filing import is_fresh
from mission.incident import REPORT_PLACES, Deed, Event, Incident, Member
from mission.roles import Role
from mission.similarity import find_similar
from mission.workflow import VOICES, legal_moves

Name = Callable[[str], str | None]


class Lines:
    """Writes incidents for one member; `name` gives the name of an area or polling place, `now` tells what is old."""

    def __init__(self, member: Member, book: Book, name: Name, now: datetime) -> None:
        self._member, self._book, self._name, self._now = member, book, name, now

    def line(self, incident: Incident) -> dict[str, Any]:
        """One line of a list; it says nothing of what was written, seen or sent."""
        report, into = incident.report, self._book.incidents.get(incident.into or "")
        return {
            "id": incident.id,
            "state": incident.state,
            "category": report.category,
            "severity": report.severity,
            "place": _place(report.location.key),
            "place_name": self._place_name(incident),
            "occurred_at": report.occurred_at,
            "device_at": report.device_at,
            "received_at": incident.received_at,
            "verified_at": incident.verified_at,
            "reporter": self._reporter(incident),
            "is_own": incident.is_own(self._member),
            "assigned_to": incident.assigned_to if self._is_team else None,
            # What became of a duplicate is what becomes of the other one.
            "outcome": into.outcome if into is not None and into.outcome is not None else incident.outcome,
            "into_state": None if into is None else into.state,
            "photos": len(incident.photos),
            "voices": len(incident.voices),
            "voices_needed": VOICES.get(report.severity, 1),
            "flag": report.flag,
        }

    def detail(self, incident: Incident) -> dict[str, Any]:
        """All of an incident. After a day its reporter sees what became of it, and no more what was written."""
        is_whole = self._is_team or is_fresh(incident, self._now)
        report = incident.report
        has_position = is_whole and (incident.is_by(self._member) or self._member.role.covers(Role.COORDINATOR))
        similar = find_similar(incident, self._book.incidents.values()) if self._is_team else []
        rules = [rule for rule in legal_moves(incident, self._member) if rule.move is not Deed.MERGE]
        return {
            **self.line(incident),
            "reporters": list(incident.reporters) if self._is_team else [self._reporter(incident)],
            "basis": incident.voices[-1].basis if incident.voices else None,
            "text": report.text if is_whole else "",
            "position": to_builtins(report.position) if has_position else None,
            "photos": to_builtins(incident.photos) if is_whole else [],
            "moves": [
                {"move": rule.move, "needs_reason": rule.needs_reason, "needs_basis": rule.needs_basis}
                for rule in rules
            ],
            "events": [self._event(event) for event in incident.events if self._is_told(event, is_whole=is_whole)],
            "duplicates": [self.line(other) for other in similar],
            "into": incident.into if self._is_team else None,
            "absorbed": list(incident.absorbed) if self._is_team else [],
        }

    @property
    def _is_team(self) -> bool:
        return self._member.role.covers(Role.VERIFIER)

    def _reporter(self, incident: Incident) -> str:
        """To an observer only their own pseudonym: who else reported the same is not theirs to know."""
        return incident.reporters[0] if self._is_team else self._member.pseudonym

    def _place_name(self, incident: Incident) -> str | None:
        location = incident.report.location
        place = None if location.place is None else self._name(f"place/{location.place}")
        district = None if location.district is None else self._name(f"district/{location.district}")
        kind, _, code = (location.key or "").partition("/")
        mesa = code if kind == "mesa" else None
        return " · ".join(part for part in (mesa, place, district) if part) or None

    def _is_told(self, event: Event, *, is_whole: bool) -> bool:
        if self._is_team or event.actor == self._member.pseudonym:
            return is_whole or event.before is not event.after
        # Notes and whom it was given to are the team's own; that it moved, and why, is the reporter's too.
        return event.before is not event.after

    def _event(self, event: Event) -> dict[str, Any]:
        said: dict[str, Any] = {} if event.deed is Deed.REPORT else msgspec.json.decode(event.data)
        is_named = self._is_team or event.actor == self._member.pseudonym
        return {
            "at": event.at,
            "move": event.deed,
            "actor": event.actor if is_named else event.role,
            "role": event.role,
            "before": event.before,
            "after": event.after,
            "reason": event.reason or None,
            "basis": said.pop("basis", None),
            "text": said.pop("text", None),
            "detail": said if said and self._is_team else None,
        }


def _place(key: str | None) -> dict[str, str] | None:
    if key is None:
        return None
    kind, _, code = key.partition("/")
    return {REPORT_PLACES[kind]: code}
