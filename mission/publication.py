"""What the public sees of incidents, and when: verified, coarse, late, in steps, and only after a person said so."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from mission.incidents.incident import CONFIRMED, Deed, Incident, fold_incident
from mission.incidents.quarantine import Turn, is_set_aside, quarantined
from mission.incidents.rubric import Category, Severity, SeverityCounts, is_incident
from mission.stations import Posting, count_observers
from mission.thresholds import THRESHOLDS
from mission.zones import Zones
from tally import moments
from tally.keys import UBIGEO_LEVELS, ancestors, level_of

_LIMITS = THRESHOLDS.publication
ROUNDING = timedelta(minutes=_LIMITS.step_minutes)


class Terms(Struct, frozen=True):
    """How late, and in which steps: nothing changes between two steps, so no moment of ours can be read off."""

    delay: timedelta = timedelta(minutes=_LIMITS.delay_minutes)
    step: timedelta = ROUNDING

    def cut(self, now: datetime) -> datetime:
        """The last step."""
        since = datetime(2000, 1, 1, tzinfo=now.tzinfo)
        return now - (now - since) % self.step


class Publication(Struct, frozen=True):
    """A coordinator's decision at a step: all that was verified, and corrected last, up to `until` is public, but for
    those withheld.
    """

    cut: str
    until: str
    withheld: tuple[str, ...] = ()


class PublicIncident(Struct, frozen=True):
    """One incident as the public sees it; `at` is when it is said to have happened, to the half hour."""

    at: str
    key: str
    category: Category
    severity: Severity


class PublicLayer(Struct, frozen=True):
    """All notices of a step, by incident id. The ids are the mission's own."""

    cut: str | None
    notices: dict[str, PublicIncident]

    @property
    def digest(self) -> str:
        """Names exactly these notices: what was looked at is what is published."""
        return hashlib.sha256(msgspec.json.encode(self.notices, order="sorted")).hexdigest()


def round_half_hour(moment: str) -> str:
    """The nearest half hour."""
    read = moments.read(moment) + ROUNDING / 2
    return moments.write(read - (read - read.replace(hour=0, minute=0, second=0, microsecond=0)) % ROUNDING)


class PublicRecords(Struct, frozen=True):
    """What the layer is made from: incidents and postings in the log's order, and whose reports were set aside."""

    incidents: tuple[Incident, ...]
    postings: tuple[Posting, ...]
    publications: tuple[Publication, ...]
    turns: tuple[Turn, ...] = ()


def layer_at(records: PublicRecords, publication: Publication, cut: datetime) -> PublicLayer:
    """What that publication shows at a step: whatever was reopened, corrected or set aside before it is gone."""
    aside = quarantined(records.turns, moments.write(cut))
    kept = [
        incident
        for incident in (_as_of(one, moments.write(cut)) for one in records.incidents)
        if incident is not None
        and incident.state in CONFIRMED
        and (incident.settled_at or "~") <= publication.until
        and incident.id not in publication.withheld
        and not is_set_aside(incident, aside)
    ]
    named = name_areas(kept, records.postings)
    notices = {
        incident.id: PublicIncident(
            round_half_hour(incident.report.occurred_at),
            named[incident.id],
            incident.report.category,
            incident.report.severity,
        )
        for incident in kept
        if incident.id in named
    }
    return PublicLayer(moments.write(cut), notices)


def public_layer(records: PublicRecords, terms: Terms, now: datetime) -> PublicLayer:
    """What is public now: nothing until a coordinator has published."""
    if not records.publications:
        return PublicLayer(None, {})
    return layer_at(records, records.publications[-1], terms.cut(now))


def next_layer(
    records: PublicRecords, terms: Terms, now: datetime, withheld: Iterable[str] = ()
) -> tuple[Publication, PublicLayer]:
    """What would be public if it were published now."""
    cut = terms.cut(now)
    proposal = Publication(moments.write(cut), moments.write(cut - terms.delay), tuple(sorted(withheld)))
    return proposal, layer_at(records, proposal, cut)


def name_areas(incidents: Iterable[Incident], postings: tuple[Posting, ...]) -> dict[str, str]:
    """Key of the area each may be named as, by id, from who was assigned when it came in; others are missing."""
    changes = sorted({posting.at for posting in postings})
    known: dict[int, Zones] = {}
    named = {}
    for incident in incidents:
        district = incident.report.location.district
        if district is None:
            continue
        n = bisect_right(changes, incident.received_at)
        if n not in known:
            known[n] = Zones(count_observers(postings, changes[n - 1]) if n else {})
        key = known[n].key(district)
        if key is not None:
            named[incident.id] = key
    return named


def count_rows(notices: Iterable[PublicIncident]) -> dict[str, SeverityCounts]:
    """Incidents by severity of every area that is named, with those of the areas in it; what went well is none."""
    rows: dict[str, SeverityCounts] = {}
    for notice in notices:
        if not is_incident(notice.category):
            continue
        for key in (*ancestors(notice.key), notice.key):
            if level_of(key) in UBIGEO_LEVELS:
                rows.setdefault(key, dict.fromkeys(reversed(Severity), 0))[notice.severity] += 1
    return dict(sorted(rows.items()))


def _as_of(incident: Incident, cut: str) -> Incident | None:
    """The incident as it stood at a step."""
    if incident.events[-1].at <= cut:
        return incident
    if incident.received_at > cut:
        return None
    # Where a mesa is has not changed with the moment at which the count told it.
    earlier = (event for event in incident.events if event.at <= cut or event.deed is Deed.PLACE)
    return fold_incident(incident.id, earlier)
