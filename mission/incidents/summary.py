"""The summary of a mission: how many of what, how bad, and how far they were verified."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from mission.incidents.incident import CONFIRMED, Incident, State
from mission.incidents.rubric import Category, Severity, is_incident


class Verification(StrEnum):
    """How far an incident was verified."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class Cell(Struct, frozen=True):
    """How many incidents share all three."""

    category: Category
    severity: Severity
    verification: Verification
    n: int


def verification_of(incident: Incident) -> Verification:
    """How far it was verified."""
    if incident.state in CONFIRMED:
        return Verification.VERIFIED
    if incident.state in (State.REJECTED, State.DUPLICATE):
        return Verification(incident.state.value)
    return Verification.UNVERIFIED


def summarise(incidents: Iterable[Incident]) -> list[Cell]:
    """Every cell with an incident in it, in the rubric's order; reports that all went well are in none."""
    counts = Counter(
        (one.report.category, one.report.severity, verification_of(one))
        for one in incidents
        if is_incident(one.report.category)
    )
    return [
        Cell(category, severity, verification, counts[category, severity, verification])
        for category in Category
        for severity in reversed(Severity)
        for verification in Verification
        if counts[category, severity, verification]
    ]
