"""Incidents as CSV, for the mission: one line each. Positions of devices are in no export."""

import csv
import io
from collections.abc import Callable, Iterable

from api.tables.results_csv import MEDIA_TYPE, safe
from mission.incidents.incident import Incident
from mission.incidents.summary import verification_of
from tally.keys import area_key, place_key

__all__ = ["MEDIA_TYPE", "write_incidents"]
_COLUMNS = (
    "id",
    "state",
    "verification",
    "category",
    "severity",
    "key",
    "place_name",
    "district",
    "district_name",
    "occurred_at",
    "device_at",
    "received_at",
    "verified_at",
    "reporters",
    "assigned_to",
    "basis",
    "outcome",
    "merged_into",
    "photos",
    "flag",
    "text",
    "is_test",
)


def write_incidents(incidents: Iterable[Incident], name: Callable[[str], str | None], *, is_test: bool) -> bytes:
    """CSV with a header line; `name` gives the name of an area or polling place. Unknown cells are empty."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_COLUMNS)
    for incident in incidents:
        writer.writerow([safe(cell) for cell in _cells(incident, name, is_test=is_test)])
    return target.getvalue().encode()


def _cells(incident: Incident, name: Callable[[str], str | None], *, is_test: bool) -> list[str | int | None]:
    report, location = incident.report, incident.report.location
    return [
        incident.id,
        incident.state.value,
        verification_of(incident).value,
        report.category.value,
        report.severity.value,
        location.key,
        None if location.place is None else name(place_key(location.place)),
        location.district,
        None if location.district is None else name(area_key(location.district)),
        report.occurred_at,
        report.device_at,
        incident.received_at,
        incident.verified_at,
        " ".join(incident.reporters),
        incident.assigned_to,
        incident.voices[-1].basis.value if incident.voices else None,
        incident.outcome,
        incident.into,
        len(incident.photos),
        report.flag,
        report.text,
        "true" if is_test else "false",
    ]
