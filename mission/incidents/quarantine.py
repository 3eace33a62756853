"""All reports of a device set aside at one press, and taken back: lines of the log like everything else."""

from collections.abc import Collection, Iterable

from msgspec import Struct

from mission.incidents.incident import Incident

QUARANTINE, RESTORE = "quarantine", "restore"


class Turn(Struct, frozen=True):
    """From that moment on the reports of an observer are set aside, or count again."""

    at: str
    observer: str
    is_quarantined: bool


def quarantined(turns: Iterable[Turn], until: str | None = None) -> frozenset[str]:
    """Pseudonyms whose reports are set aside: now, or at an earlier moment."""
    last = {turn.observer: turn.is_quarantined for turn in turns if until is None or turn.at <= until}
    return frozenset(observer for observer, is_quarantined in last.items() if is_quarantined)


def is_set_aside(incident: Incident, observers: Collection[str]) -> bool:
    """Whether nobody reported it but those; what somebody else reported too, stands."""
    return all(reporter in observers for reporter in incident.reporters)
