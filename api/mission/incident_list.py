"""Choosing incidents for a list, with the numbers above it: how many wait, and how long the oldest has waited."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from api.mission.places import lies_within
from api.tables.search import fold_text
from mission.incidents.incident import OPEN, UNVERIFIED, Incident, Member, State
from mission.incidents.rubric import Category, Severity
from tally import moments


class IncidentChoice(Struct, frozen=True):
    """Which incidents; None: whatever it is. `text`: words that all stand in it; from `begins` until before `ends`."""

    state: State | None = None
    severity: Severity | None = None
    category: Category | None = None
    within: str | None = None
    text: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    reporter: str | None = None
    is_mine: bool = False


class IncidentCounts(Struct, frozen=True):
    """How many wait to be looked at, are being looked at, and are verified and not settled."""

    new: int
    to_verify: int
    verified_open: int


class Found(Struct, frozen=True):
    """The chosen ones in order. The numbers are of all the member may choose from, whatever the filter."""

    incidents: list[Incident]
    counts: IncidentCounts
    oldest_unverified_at: str | None


def choose(
    incidents: Iterable[Incident],
    choice: IncidentChoice,
    member: Member,
    words: Callable[[Incident], str],
    *,
    oldest_first: bool = False,
) -> Found:
    """The incidents of that choice. `words`: all of an incident that the member may read.

    Raises: InvalidInput: `within` is no key.
    """
    known = [incident for incident in incidents if not choice.is_mine or incident.is_by(member)]
    states = [incident.state for incident in known]
    unverified = [incident.received_at for incident in known if incident.state in UNVERIFIED]
    counts = IncidentCounts(
        states.count(State.REPORTED) + states.count(State.REOPENED),
        states.count(State.VERIFYING),
        sum(state in OPEN for state in states),
    )
    asked = fold_text(choice.text).split()
    chosen = [
        incident
        for incident in known
        if _fits(incident, choice) and (not asked or _says(fold_text(words(incident)), asked))
    ]
    chosen.sort(key=_order, reverse=not oldest_first)
    return Found(chosen, counts, min(unverified, default=None))


def follow(chosen: Sequence[Incident], last: Incident, *, oldest_first: bool) -> list[Incident]:
    """What of that choice comes after `last`, also where that is none of it any more: it was moved meanwhile."""
    if oldest_first:
        return [incident for incident in chosen if _order(incident) > _order(last)]
    return [incident for incident in chosen if _order(incident) < _order(last)]


def _order(incident: Incident) -> tuple[str, str]:
    return incident.received_at, incident.id


def _says(told: str, asked: Sequence[str]) -> bool:
    return all(word in told for word in asked)


def _fits(incident: Incident, choice: IncidentChoice) -> bool:
    report, where = incident.report, incident.report.location
    return (
        choice.state in (None, incident.state)
        and choice.severity in (None, report.severity)
        and choice.category in (None, report.category)
        and choice.reporter in (None, incident.reporters[0])
        and (choice.within is None or lies_within(where.key, where.place, where.district, choice.within))
        and _is_in_time(moments.read(report.occurred_at), choice)
    )


def _is_in_time(happened: datetime, choice: IncidentChoice) -> bool:
    return (choice.begins is None or choice.begins <= happened) and (choice.ends is None or happened < choice.ends)
