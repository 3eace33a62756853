"""An attacker of the public layer. It has every public answer of every step, and more than anybody has:

the mission's assignments at every moment, when each published incident came in, and the true totals, by severity, of
the country and of every area that was ever named, told apart by who was assigned when. It knows the rules by which
areas are named, but not our code: what is left of an area when the named ones in it are taken away is worked out here
from the answers and the map alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from mission.incidents.incident import CONFIRMED, Incident
from mission.publication import PublicLayer, PublicRecords, public_layer
from mission.stations import count_observers
from mission.zones import K, Zones
from tests.mission.missions import Mission


class Areas(Protocol):
    """Which areas are named, and as which of them an incident in a district is."""

    named: set[str]

    def key(self, district: str) -> str | None:
        """The area's key."""


Rule = Callable[[Mapping[str, int]], Areas]


class Finding(Struct, frozen=True):
    """Fewer than K observers, one of whom saw something: how many, of how many, and where."""

    incidents: int
    observers: int
    where: str


def attack(mission: Mission, named: Rule = Zones) -> list[Finding]:
    """All cells that the public answers of a mission single out; `named` makes the zones that were published."""
    findings: list[Finding] = []
    told: dict[str, str] = {}
    for step in mission.steps:
        records = mission.until(step)
        layer = public_layer(records, mission.terms, step)
        findings += _follow(layer, told)
        findings += _subtract(mission, records, layer, named)
    return findings


def _follow(layer: PublicLayer, told: dict[str, str]) -> list[Finding]:
    """One incident named in two ways would be in both areas."""
    findings = []
    for incident_id, notice in layer.notices.items():
        if told.setdefault(incident_id, notice.key) != notice.key:
            findings.append(Finding(1, 0, f"{told[incident_id]} and {notice.key}"))
    return findings


def _subtract(mission: Mission, records: PublicRecords, layer: PublicLayer, named: Rule) -> list[Finding]:
    """Totals of an area without those of the areas named in it, for incidents that came in under one assignment."""
    by_assignment: dict[str, list[Incident]] = defaultdict(list)
    changes = sorted({posting.at for posting in records.postings})
    for incident in records.incidents:
        if incident.state in CONFIRMED and incident.report.location.district is not None:
            since = next((at for at in reversed(changes) if at <= incident.received_at), "")
            by_assignment[since].append(incident)
    findings = []
    for since, incidents in by_assignment.items():
        observers = count_observers(records.postings, since) if since else {}
        zones = named(observers)
        public = {one.id for one in incidents if one.id in layer.notices}
        # Where no area is named nothing is public, and a total of the country is no news of ours.
        for area in ("", *sorted(zones.named)) if zones.named else ():
            parts = _parts(area, zones.named)
            rest = [one for one in incidents if _lies_in(one, area) and not any(_lies_in(one, part) for part in parts)]
            # Below the country an area's total is the sum of what was published in it, at whatever level.
            seen = Counter(one.report.severity for one in rest if area == "" or one.id in public)
            there = _assigned(observers, area) - sum(_assigned(observers, part) for part in parts)
            if seen and 0 < there < K:
                findings.append(Finding(seen.total(), there, f"{area or 'the country'} but for {parts}"))
        findings += _candidates(mission, layer, public, zones, observers)
    return findings


def _candidates(
    mission: Mission, layer: PublicLayer, public: set[str], zones: Areas, observers: dict[str, int]
) -> list[Finding]:
    """Where an incident can be that is named as an area: in all districts that would be named so."""
    findings = []
    for key in sorted({layer.notices[one].key for one in public}):
        area = key.partition("/")[2]
        possible = {district for district in mission.districts if zones.key(district) == key}
        parts = _parts(area, zones.named)
        above = [prefix for prefix in observers if len(prefix) < 6 and _is_in_rest(prefix, area, parts)]
        there = sum(observers.get(one, 0) for one in (*possible, *above))
        if there < K:
            findings.append(Finding(1, there, f"one of {sorted(possible)}"))
    return findings


def _is_in_rest(prefix: str, area: str, parts: list[str]) -> bool:
    return prefix.startswith(area) and not any(prefix.startswith(part) for part in parts)


def _parts(area: str, named: set[str]) -> list[str]:
    """Named areas one level below."""
    return sorted(part for part in named if len(part) == len(area) + 2 and part.startswith(area))


def _assigned(observers: dict[str, int], area: str) -> int:
    return sum(n for prefix, n in observers.items() if prefix.startswith(area))


def _lies_in(incident: Incident, area: str) -> bool:
    return (incident.report.location.district or "").startswith(area)
