"""The public layer of incidents as it is answered, and its preview for the coordinator."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import to_builtins

from mission.book import Book
from mission.incident import CONFIRMED, Incident
from mission.publication import Layer, Terms, count_rows, name_areas, next_layer, public_layer
from mission.zones import K
from tally import moments


class HiddenReason(StrEnum):
    """Why a verified incident stays unsaid."""

    WITHHELD = "withheld"
    NOT_AT_A_STATION = "not_at_a_station"
    NOT_IN_THE_COUNT = "not_in_the_count"
    FEW_OBSERVERS = "few_observers"


def tell_layer(layer: Layer, terms: Terms) -> dict[str, Any]:
    """The public's answer: sorted by what it says, so that the order says nothing."""
    notices = sorted(layer.notices.values(), key=lambda one: (one.at, one.key, one.category, one.severity))
    return {
        "as_of": layer.cut,
        "delay_minutes": int(terms.delay.total_seconds() // 60),
        "rows": count_rows(notices),
        "incidents": to_builtins(notices),
    }


def tell_preview(book: Book, terms: Terms, now: datetime, withheld: Sequence[str] | None) -> dict[str, Any]:
    """What is public, what would be if it were published now, what waits for its hour, and what stays unsaid and why.

    `withheld`: None for those the last publication withheld.
    """
    records = book.records
    if withheld is None:
        withheld = book.publications[-1].withheld if book.publications else ()
    public = public_layer(records, terms, now)
    proposal, layer = next_layer(records, terms, now, withheld)
    confirmed = [one for one in records.incidents if one.state in CONFIRMED and one.verified_at is not None]
    named = name_areas(confirmed, records.postings)
    waiting, hidden = [], []
    for incident in confirmed:
        reason = _hidden(incident, withheld, named)
        if reason is not None:
            hidden.append({"id": incident.id, "reason": reason})
        elif incident.id not in layer.notices and incident.verified_at is not None:
            due = _step_from(moments.read(incident.verified_at) + terms.delay, terms)
            told = {"id": incident.id, "verified_at": incident.verified_at, "public_from": moments.write(due)}
            waiting.append(told)
    return {
        "now": tell_layer(public, terms),
        "next": tell_layer(layer, terms),
        "entries": [
            {"id": key, **to_builtins(notice), "is_new": key not in public.notices}
            for key, notice in layer.notices.items()
        ],
        "gone": sorted(public.notices.keys() - layer.notices.keys()),
        "waiting": waiting,
        "hidden": hidden,
        "observers_needed": K,
        "cut": proposal.cut,
        "next_cut": moments.write(terms.cut(now) + terms.step),
        "digest": layer.digest,
    }


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
