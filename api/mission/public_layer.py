"""The public layer of incidents as it is answered, and its preview for the coordinator."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict

from mission.incidents.book import Book
from mission.incidents.incident import CONFIRMED, Incident
from mission.incidents.quarantine import is_set_aside, quarantined
from mission.incidents.rubric import SeverityCounts
from mission.publication import PublicIncident, PublicLayer, Terms, count_rows, name_areas, next_layer, public_layer
from mission.zones import K
from tally import moments


class PublicIncidents(Struct, frozen=True):
    """What the public reads since the step `as_of`; `rows`: by area, with those of the areas in it."""

    as_of: str | None
    delay_minutes: int
    rows: dict[str, SeverityCounts]
    incidents: list[PublicIncident]


class PreviewEntry(PublicIncident, frozen=True):
    """What would be said of an incident, and whether it is not said yet."""

    id: str
    is_new: bool


class WaitingIncident(Struct, frozen=True):
    """A verified one whose time has not come."""

    id: str
    verified_at: str
    public_from: str


class HiddenReason(StrEnum):
    """Why a verified incident stays unsaid."""

    WITHHELD = "withheld"
    SET_ASIDE = "set_aside"
    NOT_AT_A_STATION = "not_at_a_station"
    NOT_IN_THE_COUNT = "not_in_the_count"
    FEW_OBSERVERS = "few_observers"


class HiddenIncident(Struct, frozen=True):
    """A verified one that stays unsaid, and why."""

    id: str
    reason: HiddenReason


class Preview(Struct, frozen=True, kw_only=True):
    """What is public, what would be if it were published now, what waits for its hour, and what stays unsaid and why.

    gone: what would be public no more. digest: names exactly what is `next`.
    """

    now: PublicIncidents
    next: PublicIncidents
    entries: list[PreviewEntry]
    gone: list[str]
    waiting: list[WaitingIncident]
    hidden: list[HiddenIncident]
    names: dict[str, str | None]
    observers_needed: int
    cut: str
    next_cut: str
    digest: str


def tell_layer(layer: PublicLayer, terms: Terms) -> PublicIncidents:
    """The public's answer: sorted by what it says, so that the order says nothing."""
    notices = sorted(layer.notices.values(), key=lambda one: (one.at, one.key, one.category, one.severity))
    return PublicIncidents(layer.cut, int(terms.delay.total_seconds() // 60), count_rows(notices), notices)


def tell_preview(
    book: Book, terms: Terms, now: datetime, withheld: Sequence[str] | None, name: Callable[[str], str | None]
) -> Preview:
    """The preview. `withheld`: None for those the last publication withheld; `name` gives the name of an area."""
    records = book.records
    if withheld is None:
        withheld = book.publications[-1].withheld if book.publications else ()
    public = public_layer(records, terms, now)
    proposal, layer = next_layer(records, terms, now, withheld)
    confirmed = [one for one in records.incidents if one.state in CONFIRMED and one.verified_at is not None]
    named = name_areas(confirmed, records.postings)
    waiting, hidden = [], []
    aside = quarantined(records.turns)
    for incident in confirmed:
        reason = HiddenReason.SET_ASIDE if is_set_aside(incident, aside) else _hidden(incident, withheld, named)
        if reason is not None:
            hidden.append(HiddenIncident(incident.id, reason))
        elif incident.id not in layer.notices and incident.verified_at and incident.settled_at:
            due = _step_from(moments.read(incident.settled_at) + terms.delay, terms)
            waiting.append(WaitingIncident(incident.id, incident.verified_at, moments.write(due)))
    named_keys = sorted({notice.key for notices in (public.notices, layer.notices) for notice in notices.values()})
    return Preview(
        now=tell_layer(public, terms),
        next=tell_layer(layer, terms),
        entries=[
            PreviewEntry(**asdict(notice), id=key, is_new=key not in public.notices)
            for key, notice in layer.notices.items()
        ],
        gone=sorted(public.notices.keys() - layer.notices.keys()),
        waiting=waiting,
        hidden=hidden,
        names={key: name(key) for key in named_keys},
        observers_needed=K,
        cut=proposal.cut,
        next_cut=moments.write(terms.cut(now) + terms.step),
        digest=layer.digest,
    )


def _hidden(incident: Incident, withheld: Collection[str], named: Collection[str]) -> HiddenReason | None:
    location = incident.report.location
    if incident.id in withheld:
        return HiddenReason.WITHHELD
    if location.district is None:
        return HiddenReason.NOT_AT_A_STATION if location.key is None else HiddenReason.NOT_IN_THE_COUNT
    return None if incident.id in named else HiddenReason.FEW_OBSERVERS


def _step_from(moment: datetime, terms: Terms) -> datetime:
    """The first step that is not before a moment."""
    cut = terms.cut(moment)
    return cut if cut == moment else cut + terms.step
