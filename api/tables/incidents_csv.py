"""Incidents as CSV, for the mission: one line each. Positions of devices are in no export."""

from collections.abc import Callable, Collection, Iterable, Mapping

from api.tables.results_csv import write_csv
from mission.incidents.incident import Incident
from mission.incidents.quarantine import is_set_aside
from mission.incidents.summary import verification_of
from tally.keys import area_key

Name = Callable[[str], str | None]
Cell = str | int | None


def _place(incident: Incident, name: Name) -> Cell:
    station = incident.report.location.station
    return None if station is None else name(station)


def _district(incident: Incident, name: Name) -> Cell:
    district = incident.report.location.district
    return None if district is None else name(area_key(district))


_COLUMNS: Mapping[str, Callable[[Incident, Name], Cell]] = {
    "id": lambda one, _: one.id,
    "state": lambda one, _: one.state.value,
    "verification": lambda one, _: verification_of(one).value,
    "category": lambda one, _: one.report.category.value,
    "severity": lambda one, _: one.report.severity.value,
    "key": lambda one, _: one.report.location.key,
    "place_name": _place,
    "district": lambda one, _: one.report.location.district,
    "district_name": _district,
    "occurred_at": lambda one, _: one.report.occurred_at,
    "device_at": lambda one, _: one.report.device_at,
    "received_at": lambda one, _: one.received_at,
    "clock_ahead_s": lambda one, _: one.report.clock_ahead_s,
    "verified_at": lambda one, _: one.verified_at,
    "corrected_at": lambda one, _: one.corrected_at,
    "reporters": lambda one, _: " ".join(one.reporters),
    "assigned_to": lambda one, _: one.assigned_to,
    "basis": lambda one, _: one.voices[-1].basis.value if one.voices else None,
    "outcome": lambda one, _: one.outcome,
    "merged_into": lambda one, _: one.into,
    "photos": lambda one, _: len(one.photos),
    "flag": lambda one, _: one.report.flag,
    "text": lambda one, _: one.report.text,
}


def write_incidents(incidents: Iterable[Incident], name: Name, aside: Collection[str], *, is_test: bool) -> bytes:
    """CSV with a header line; `name` gives the name of an area or polling place. Unknown cells are empty.

    `aside`: pseudonyms whose reports are set aside.
    """
    rows = (
        [*(cell(incident, name) for cell in _COLUMNS.values()), _told(is_set_aside(incident, aside)), _told(is_test)]
        for incident in incidents
    )
    return write_csv([*_COLUMNS, "is_set_aside", "is_test"], rows)


def _told(fact: bool) -> str:
    return "true" if fact else "false"
