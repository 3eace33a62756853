"""An incident: what an observer reported, and what became of it. It is the fold of its events and nothing else."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec
from msgspec import Struct

from mission.incidents.location import DevicePosition, Location
from mission.incidents.rubric import Basis, Category, Severity
from mission.people.roles import Role


class State(StrEnum):
    """How far an incident is. A draft lives on its author's device: the log begins when it is reported."""

    DRAFT = "draft"
    REPORTED = "reported"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


UNVERIFIED = frozenset((State.REPORTED, State.VERIFYING, State.REOPENED))
OPEN = frozenset((State.VERIFIED, State.ESCALATED))
# Resolving follows only on a verification: what is resolved did happen.
CONFIRMED = OPEN | {State.RESOLVED}


class Member(Struct, frozen=True):
    """Who acts: a pseudonym and a role."""

    pseudonym: str
    role: Role


class Report(Struct, frozen=True, kw_only=True):
    """What an observer says. `occurred_at` is claimed, `device_at` the device's clock; when it arrived says the event.

    `clock_ahead_s`: by how much the device's clock was ahead of ours when it arrived; None: it did not say.
    `flag` names the flag it was opened from. `key` and `digest` make a retry known.
    """

    category: Category
    severity: Severity
    location: Location
    occurred_at: str
    device_at: str
    text: str
    position: DevicePosition | None = None
    flag: str | None = None
    clock_ahead_s: int | None = None
    key: str = ""
    digest: str = ""


class Photo(Struct, frozen=True):
    """A picture as it is kept: the hash of its bytes names it."""

    hash: str
    bytes: int
    width: int
    height: int


class Deed(StrEnum):
    """What an event did. The moves have rules in `workflow`; the rest leaves the state as it is."""

    REPORT = "report"
    TAKE = "take"
    VERIFY = "verify"
    REJECT = "reject"
    MERGE = "merge"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    NOTE = "note"
    PHOTO = "photo"
    ASSIGN = "assign"
    ABSORB = "absorb"
    CORRECT = "correct"
    PLACE = "place"


class IncidentStep(Struct, frozen=True, kw_only=True):
    """One line of the log: who (and as what), when (ISO UTC), what, from which state to which, why.

    `data` is JSON of what only this deed has: the report, a note's text, a photo, whom it is assigned to.
    """

    seq: int
    at: str
    actor: str
    role: Role
    deed: Deed
    before: State
    after: State
    reason: str = ""
    data: bytes = b"{}"


class Voice(Struct, frozen=True):
    """One person's verification, and what it rests on."""

    by: str
    basis: Basis
    at: str


class _Verdict(Struct):
    basis: Basis = Basis.NONE


class Assignment(Struct, frozen=True):
    """Data of `assign`: the pseudonym of who looks after it, None for nobody."""

    to: str | None


class Merged(Struct, frozen=True):
    """Data of `merge`: the incident it is the same as."""

    into: str


class Absorbed(Struct, frozen=True):
    """Data of `absorb`: the incident that is the same as this one, and who reported that."""

    incident: str
    reporters: tuple[str, ...]


class Facts(Struct, frozen=True, omit_defaults=True):
    """What of a report may be corrected; None: nothing is said of it. A place that is no station is a location too."""

    category: Category | None = None
    severity: Severity | None = None
    location: Location | None = None
    occurred_at: str | None = None


class Correction(Struct, frozen=True):
    """Data of `correct`: what was said of what is different now, and what is said instead."""

    before: Facts
    after: Facts


# What only adds to what is known: whatever was decided stands, and whoever decides overwrites nothing of it.
_ADDITIONS = frozenset((Deed.NOTE, Deed.PHOTO, Deed.PLACE))


class SeenIncident(Struct, frozen=True):
    """What is decided upon: an incident, and the `revision` of it that was read."""

    id: str
    revision: int


class Incident(Struct, frozen=True, kw_only=True):
    """An incident as its events have left it; times are ISO UTC. `correction`: why it was corrected last."""

    id: str
    report: Report
    received_at: str
    state: State
    reporters: tuple[str, ...]
    events: tuple[IncidentStep, ...]
    voices: tuple[Voice, ...] = ()
    verified_at: str | None = None
    corrected_at: str | None = None
    correction: str | None = None
    outcome: str | None = None
    assigned_to: str | None = None
    photos: tuple[Photo, ...] = ()
    into: str | None = None
    absorbed: tuple[str, ...] = ()

    @property
    def revision(self) -> int:
        """How many times it was decided upon: what a decision names as seen."""
        return sum(event.deed not in _ADDITIONS for event in self.events)

    @property
    def settled_at(self) -> str | None:
        """Since when all that it says stands as verified; None: it does not."""
        return None if self.verified_at is None else max(self.verified_at, self.corrected_at or "")

    def is_own(self, member: Member) -> bool:
        """Whether that member is among those who reported it: here, or in a duplicate of it."""
        return member.pseudonym in self.reporters

    def is_by(self, member: Member) -> bool:
        """Whether that member wrote this report."""
        return member.pseudonym == self.reporters[0]


def fold_incident(incident_id: str, events: Iterable[IncidentStep]) -> Incident:
    """The incident after those events, the first of which is its report."""
    folded: Incident | None = None
    for event in events:
        folded = begin(incident_id, event) if folded is None else advance(folded, event)
    if folded is None:
        raise ValueError(f"incident {incident_id} has no event")
    return folded


def begin(incident_id: str, event: IncidentStep) -> Incident:
    """The incident that a report begins."""
    report = msgspec.json.decode(event.data, type=Report)
    return Incident(
        id=incident_id,
        report=report,
        received_at=event.at,
        state=event.after,
        reporters=(event.actor,),
        events=(event,),
    )


def advance(incident: Incident, event: IncidentStep) -> Incident:
    """The incident after one more event."""
    changed: dict[str, object] = {"state": event.after, "events": (*incident.events, event)}
    match event.deed:
        case Deed.TAKE:
            changed |= {"voices": (), "verified_at": None, "outcome": None}
        case Deed.VERIFY:
            basis = msgspec.json.decode(event.data, type=_Verdict).basis
            changed["voices"] = (*incident.voices, Voice(event.actor, basis, event.at))
            if event.after is State.VERIFIED:
                changed["verified_at"] = event.at
        case Deed.REJECT | Deed.RESOLVE:
            changed["outcome"] = event.reason
        case Deed.MERGE:
            changed |= {"outcome": event.reason, "into": msgspec.json.decode(event.data, type=Merged).into}
        case Deed.ASSIGN:
            changed["assigned_to"] = msgspec.json.decode(event.data, type=Assignment).to
        case Deed.PHOTO:
            changed["photos"] = (*incident.photos, msgspec.json.decode(event.data, type=Photo))
        case Deed.ABSORB | Deed.CORRECT | Deed.PLACE:
            changed |= _restated(incident, event)
    return msgspec.structs.replace(incident, **changed)


def _restated(incident: Incident, event: IncidentStep) -> dict[str, object]:
    """What is said of it beside its moves: that another report is the same, that it is otherwise, where its mesa is."""
    if event.deed is Deed.ABSORB:
        absorbed = msgspec.json.decode(event.data, type=Absorbed)
        reporters = tuple(dict.fromkeys((*incident.reporters, *absorbed.reporters)))
        return {"absorbed": (*incident.absorbed, absorbed.incident), "reporters": reporters}
    if event.deed is Deed.CORRECT:
        return _corrected(incident, event)
    location = msgspec.json.decode(event.data, type=Location)
    if location.key != incident.report.location.key:
        return {}
    return {"report": msgspec.structs.replace(incident.report, location=location)}


def _corrected(incident: Incident, event: IncidentStep) -> dict[str, object]:
    """What a correction changes. With it a verification may be complete, or one more voice be missing."""
    after = msgspec.json.decode(event.data, type=Correction).after
    said = {name: value for name, value in msgspec.structs.asdict(after).items() if value is not None}
    verified_at = incident.verified_at
    if event.after is not event.before:
        verified_at = event.at if event.after is State.VERIFIED else None
    return {
        "report": msgspec.structs.replace(incident.report, **said),
        "verified_at": verified_at,
        "corrected_at": event.at,
        "correction": event.reason,
    }
