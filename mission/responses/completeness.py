"""What of the day's forms is here: by form, team and region, out of who is assigned; and who has not been heard of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from mission.forms.model import Form
from mission.people.teams import Membership
from mission.responses.limits import load_limits
from mission.responses.quality import FormTime
from mission.responses.response import FormResponse, ResponseState
from mission.responses.responses import Responses
from tally import moments


class FormStanding(StrEnum):
    """How far an observer is with a form. The last that applies is said."""

    COMPLETE = "complete"
    LATE = "late"
    PARTIAL = "partial"
    CONFLICTING = "conflicting"
    MISSING = "missing"


class FormProgress(Struct, frozen=True):
    """A form in a group. expected: assigned observers, once it is due; None: it is not due, and nothing is missing.

    The other numbers add up to it. Before that they are of what came early.
    """

    form: str
    expected: int | None
    complete: int
    late: int
    partial: int
    conflicting: int
    missing: int


class GroupProgress(Struct, frozen=True):
    """A team or region (None: observers in none), how many are assigned, and every form in the order of the day."""

    group: str | None
    observers: int
    forms: list[FormProgress]


class SilentObserver(Struct, frozen=True):
    """Somebody assigned who has sent nothing for long; `last_at` None: nothing at all."""

    observer: str
    team: str | None
    region: str | None
    last_at: str | None


class Completeness(Struct, frozen=True):
    """All of it."""

    total: GroupProgress
    teams: list[GroupProgress]
    regions: list[GroupProgress]
    silent: list[SilentObserver]


class AssignedObservers(Struct, frozen=True):
    """Who is assigned, what they are in the mission, and when each was last heard of (ISO UTC).

    aside: whose answers do not count, and are not expected.
    """

    members: Mapping[str, Membership]
    heard: Mapping[str, str]
    aside: Collection[str] = ()


def complete(
    responses: Responses, forms: Sequence[Form], assigned: AssignedObservers, day: FormTime, now: datetime
) -> Completeness:
    """The completeness at a moment. `forms`: those that are offered."""
    aside = assigned.aside
    due = {form.id: due_at(form, day) for form in forms}
    undecided = {(one.form, one.key) for one in responses.conflicts(aside) if one.undecided}
    members = {who: one for who, one in assigned.members.items() if who not in aside}
    told = {who: _progress(responses.own(who), due, undecided, now) for who in members}

    def group(name: str | None, of: Iterable[str]) -> GroupProgress:
        inside = [told[who] for who in of]
        return GroupProgress(name, len(inside), [_count(form.id, due[form.id], inside, now) for form in forms])

    def groups(name_of: Mapping[str, str | None]) -> list[GroupProgress]:
        names = sorted(set(name_of.values()), key=lambda name: (name is None, name or ""))
        return [group(name, [who for who, own in name_of.items() if own == name]) for name in names]

    return Completeness(
        group(None, members),
        groups({who: one.team for who, one in members.items()}),
        groups({who: one.region for who, one in members.items()}),
        _silent(members, assigned.heard, due, now),
    )


def due_at(form: Form, day: FormTime) -> datetime | None:
    """When a form is due on that day; None: at no time of its own."""
    if form.due is None:
        return None
    return datetime.combine(day.day, time.fromisoformat(form.due), day.zone)


def _progress(
    own: Sequence[FormResponse],
    due: Mapping[str, datetime | None],
    undecided: Collection[tuple[str, str]],
    now: datetime,
) -> Mapping[str, FormStanding]:
    """How far somebody is with each form that is due or came; the newest response counts."""
    newest = {one.sent.form: one for one in own if one.state is not ResponseState.DOUBTFUL}
    told = {}
    for form, moment in due.items():
        response = newest.get(form)
        if response is not None:
            told[form] = _how(response, moment, undecided)
        elif moment is not None and moment <= now:
            told[form] = FormStanding.MISSING
    return told


def _how(response: FormResponse, due: datetime | None, undecided: Collection[tuple[str, str]]) -> FormStanding:
    if (response.sent.form, response.sent.location.key) in undecided:
        return FormStanding.CONFLICTING
    if response.is_partial:
        return FormStanding.PARTIAL
    grace, sent = timedelta(minutes=load_limits().due.late_minutes), response.sent
    finished = moments.read(sent.finished_at) - sent.clock_off
    is_late = due is not None and sent.is_timed and finished > due + grace
    return FormStanding.LATE if is_late else FormStanding.COMPLETE


def _count(
    form: str, due: datetime | None, inside: Sequence[Mapping[str, FormStanding]], now: datetime
) -> FormProgress:
    numbers = [one[form] for one in inside if form in one]
    of = {progress.value: numbers.count(progress) for progress in FormStanding}
    return FormProgress(form=form, expected=len(inside) if due is not None and due <= now else None, **of)


def _silent(
    members: Mapping[str, Membership], heard: Mapping[str, str], due: Mapping[str, datetime | None], now: datetime
) -> list[SilentObserver]:
    """Those of whom nothing was heard for long, the longest first; nobody before the first form is due."""
    before = moments.write(now - timedelta(minutes=load_limits().due.silent_minutes))
    has_begun = any(moment is not None and moment <= now for moment in due.values())
    quiet = [who for who in members if (has_begun if heard.get(who) is None else heard[who] < before)]
    quiet.sort(key=lambda who: (heard.get(who, ""), who))
    return [SilentObserver(who, members[who].team, members[who].region, heard.get(who)) for who in quiet]
