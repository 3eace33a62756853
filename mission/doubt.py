"""The doubtful mesas of a count, by why they are: what votes at stake are reckoned from."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from mission.flags.flag import Flag, FlagSeverity
from mission.flags.sheets import Sheets, read_sheets
from mission.incidents.incident import OPEN, Incident
from mission.incidents.rubric import GRAVE, is_incident
from mission.stake import find_held, find_observed
from tally.keys import Level, level_of

_TO_LOOK_AT = (FlagSeverity.HIGH, FlagSeverity.REVIEW)


class Reason(StrEnum):
    """Why a mesa is doubtful; the choice of votes at stake also knows all of them, and any mesas that are named."""

    INCIDENTS = "incidents"
    HOLDS = "holds"
    OBSERVED = "observed"
    FLAGS = "flags"


class Doubts(Struct, frozen=True):
    """Keys of mesas by reason, and the actas of all of them as columns."""

    by_reason: Mapping[Reason, frozenset[str]]
    sheets: Sheets


def grave_stations(incidents: Iterable[Incident]) -> set[str]:
    """Keys of the mesas and polling places under a serious or critical incident that is verified and not resolved.

    An incident in a district names no mesa: it puts none in doubt.
    """
    return {
        incident.report.location.key
        for incident in incidents
        if incident.state in OPEN
        and incident.report.severity in GRAVE
        and is_incident(incident.report.category)
        and incident.report.location.key is not None
        and level_of(incident.report.location.key) in (Level.MESA, Level.POLLING_PLACE)
    }


def flagged_mesas(flags: Iterable[Flag]) -> set[str]:
    """Keys of mesas that a flag asks to be looked at."""
    return {flag.key for flag in flags if flag.severity in _TO_LOOK_AT and level_of(flag.key) is Level.MESA}


def gather(values: Mapping[str, bytes], lists: int, covered: Iterable[str], flagged: Iterable[str]) -> Doubts:
    """Doubts about the state of a count (canonical JSON by key). `covered`: mesas under a grave incident."""
    by_reason = {
        Reason.INCIDENTS: frozenset(key for key in covered if key in values),
        Reason.HOLDS: frozenset(find_held(values)),
        Reason.OBSERVED: frozenset(find_observed(values)),
        Reason.FLAGS: frozenset(key for key in flagged if key in values),
    }
    keys = frozenset().union(*by_reason.values())
    return Doubts(by_reason, read_sheets(((key, values[key]) for key in keys), lists))
