"""Choosing incidents for a list, with the numbers above it: how many wait, and how long the oldest has waited."""

from collections.abc import Iterable

from msgspec import Struct

from api.mission.places import lies_within
from mission.incidents.incident import OPEN, UNVERIFIED, Incident, Member, State
from mission.incidents.rubric import Category, Severity


class IncidentChoice(Struct, frozen=True):
    """Which incidents; None: whatever it is."""

    state: State | None = None
    severity: Severity | None = None
    category: Category | None = None
    within: str | None = None
    is_mine: bool = False


class IncidentCounts(Struct, frozen=True):
    """How many wait to be looked at, are being looked at, and are verified and not settled."""

    new: int
    to_verify: int
    verified_open: int


class Found(Struct, frozen=True):
    """The chosen ones in order. The numbers are of all the member may choose from, whatever the filter."""

    incidents: list[Incident]
    counts: IncidentCounts
    oldest_unverified_at: str | None


def choose(
    incidents: Iterable[Incident], choice: IncidentChoice, member: Member, *, oldest_first: bool = False
) -> Found:
    """The incidents of that choice.

    Raises: InvalidInput: `within` is no key.
    """
    known = [incident for incident in incidents if not choice.is_mine or incident.is_by(member)]
    states = [incident.state for incident in known]
    unverified = [incident.received_at for incident in known if incident.state in UNVERIFIED]
    counts = IncidentCounts(
        states.count(State.REPORTED) + states.count(State.REOPENED),
        states.count(State.VERIFYING),
        sum(state in OPEN for state in states),
    )
    chosen = [incident for incident in known if _fits(incident, choice)]
    chosen.sort(key=lambda incident: (incident.received_at, incident.id), reverse=not oldest_first)
    return Found(chosen, counts, min(unverified, default=None))


def _fits(incident: Incident, choice: IncidentChoice) -> bool:
    report, where = incident.report, incident.report.location
    return (
        choice.state in (None, incident.state)
        and choice.severity in (None, report.severity)
        and choice.category in (None, report.category)
        and (choice.within is None or lies_within(where.key, where.place, where.district, choice.within))
    )
