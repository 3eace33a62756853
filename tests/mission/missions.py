"""Random missions for the attacker: observers who move about, incidents in every state, publications in between."""

import random
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from mission.incidents.incident import Deed, Incident, IncidentStep, Report, State, fold_incident
from mission.incidents.location import DevicePosition, Location
from mission.incidents.rubric import Basis, Category, Severity
from mission.people.roles import Role
from mission.publication import Publication, PublicRecords, Terms, next_layer
from mission.stations import Posting
from tally import moments

START = datetime(2026, 6, 7, 12, 0, tzinfo=UTC)
HOURS = 8
SECRET = "secreto-de-la-observadora"
_PATHS = (
    (),
    (Deed.TAKE,),
    (Deed.TAKE, Deed.REJECT),
    (Deed.TAKE, Deed.VERIFY),
    (Deed.TAKE, Deed.VERIFY),
    (Deed.TAKE, Deed.VERIFY, Deed.RESOLVE),
    (Deed.TAKE, Deed.VERIFY, Deed.ESCALATE),
    (Deed.TAKE, Deed.VERIFY, Deed.RESOLVE, Deed.REOPEN),
    (Deed.TAKE, Deed.VERIFY, Deed.RESOLVE, Deed.REOPEN, Deed.TAKE, Deed.VERIFY),
)
_AFTER = {
    Deed.TAKE: State.VERIFYING,
    Deed.VERIFY: State.VERIFIED,
    Deed.REJECT: State.REJECTED,
    Deed.RESOLVE: State.RESOLVED,
    Deed.ESCALATE: State.ESCALATED,
    Deed.REOPEN: State.REOPENED,
}


class Mission(Struct, frozen=True):
    """A mission's day: its map (districts), its records in the end, and the steps at which somebody looks."""

    districts: tuple[str, ...]
    records: PublicRecords
    terms: Terms
    steps: tuple[datetime, ...]

    def until(self, moment: datetime) -> PublicRecords:
        """What the records were at a moment."""
        at = moments.write(moment)
        incidents = []
        for incident in self.records.incidents:
            events = [event for event in incident.events if event.at <= at]
            if events:
                incidents.append(fold_incident(incident.id, events))
        return PublicRecords(
            tuple(incidents),
            tuple(posting for posting in self.records.postings if posting.at <= at),
            tuple(one for one in self.records.publications if one.cut <= at),
        )


def draw_mission(chance: random.Random) -> Mission:
    """A mission of up to 60 observers in up to 4 departments."""
    districts = _draw_map(chance)
    terms = Terms(timedelta(minutes=chance.choice((0, 30, 60))), timedelta(minutes=30))
    postings = _draw_postings(chance, districts)
    incidents = tuple(_draw_incident(chance, n, districts) for n in range(chance.randint(0, 40)))
    steps = tuple(START + timedelta(minutes=30 * n) for n in range(2 * HOURS + 6))
    mission = Mission(districts, PublicRecords(incidents, postings, ()), terms, steps)
    publications: list[Publication] = []
    for step in steps:
        if chance.random() < 0.5:
            known = mission.until(step)
            withheld = [one.id for one in known.incidents if chance.random() < 0.1]
            publications.append(next_layer(known, terms, step, withheld)[0])
    return msgspec.structs.replace(mission, records=PublicRecords(incidents, postings, tuple(publications)))


def _draw_map(chance: random.Random) -> tuple[str, ...]:
    return tuple(
        f"{department:02}{province:02}{district:02}"
        for department in range(1, chance.randint(2, 5))
        for province in range(1, chance.randint(2, 4))
        for district in range(1, chance.randint(2, 5))
    )


def _draw_postings(chance: random.Random, districts: tuple[str, ...]) -> tuple[Posting, ...]:
    hot = chance.sample(districts, min(len(districts), chance.randint(1, 6)))
    drawn = []
    for n in range(chance.randint(0, 60)):
        for move in range(chance.choice((1, 1, 1, 2, 3))):
            district = chance.choice(hot if chance.random() < 0.8 else districts)
            prefix = district[: chance.choice((6, 6, 6, 6, 4, 2))]
            hour = 0 if move == 0 and chance.random() < 0.8 else chance.uniform(0, HOURS)
            at = moments.write((START + timedelta(hours=hour)).replace(microsecond=0))
            is_gone = move > 0 and chance.random() < 0.2
            drawn.append(Posting(f"ave-{n:03}", at, None if is_gone else f"k/{prefix}", None if is_gone else prefix))
    return tuple(sorted(drawn, key=lambda posting: posting.at))


def _draw_incident(chance: random.Random, n: int, districts: tuple[str, ...]) -> Incident:
    received = START + timedelta(minutes=chance.randint(0, 60 * HOURS))
    report = Report(
        category=chance.choice(list(Category)[:3]),
        severity=chance.choice(list(Severity)),
        location=Location()
        if chance.random() < 0.05
        else Location(f"place/{SECRET}", SECRET, chance.choice(districts)),
        occurred_at=moments.write(received - timedelta(minutes=chance.randint(0, 90))),
        device_at=moments.write(received),
        text=SECRET,
        position=DevicePosition(-77.123456, -12.123456, 5.0),
        flag=SECRET,
        key=SECRET,
    )
    at, state = received, State.REPORTED
    events = [_event(n, at, Deed.REPORT, State.DRAFT, state, msgspec.json.encode(report))]
    for deed in chance.choice(_PATHS):
        at += timedelta(minutes=chance.randint(0, 80))
        basis = msgspec.json.encode({"basis": Basis.MEDIA_ONLY}) if deed is Deed.VERIFY else b"{}"
        events.append(_event(n, at, deed, state, _AFTER[deed], basis))
        state = _AFTER[deed]
    return fold_incident(f"id-{SECRET}-{n}", events)


def _event(n: int, at: datetime, deed: Deed, before: State, after: State, data: bytes) -> IncidentStep:
    return IncidentStep(
        seq=n,
        at=moments.write(at),
        actor=f"{SECRET}-{n}",
        role=Role.VERIFIER,
        deed=deed,
        before=before,
        after=after,
        reason=SECRET,
        data=data,
    )
