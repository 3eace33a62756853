"""Incidents that may be the same: at one polling place, of one category, not long apart."""

from collections.abc import Iterable
from datetime import timedelta

from mission.incidents.incident import Incident, State
from mission.thresholds import THRESHOLDS
from tally import moments

WINDOW = timedelta(minutes=THRESHOLDS.reports.alike_within_minutes)


def find_similar(incident: Incident, others: Iterable[Incident]) -> list[Incident]:
    """Those that may report the same, oldest first; what was merged already is not named again."""
    place, category = incident.report.location.place, incident.report.category
    if place is None or incident.state is State.DUPLICATE:
        return []
    happened = moments.read(incident.report.occurred_at)
    found = [
        other
        for other in others
        if other.id != incident.id
        and other.report.location.place == place
        and other.report.category is category
        and other.state is not State.DUPLICATE
        and abs(moments.read(other.report.occurred_at) - happened) <= WINDOW
    ]
    return sorted(found, key=lambda other: (other.received_at, other.id))
