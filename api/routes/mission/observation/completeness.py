"""What of the day's forms is here, what is missing, late or in conflict, and who has been silent for long."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.mission.case import Case
from api.mission.response_form import Forms
from api.serving.access import GivenCase, Services, Serving
from mission.forms.library import offered
from mission.forms.model import Form, FormMoment
from mission.incidents.book import Book
from mission.incidents.quarantine import quarantined
from mission.messages.book import MessageBook
from mission.messages.text_book import TextBook
from mission.people.accounts import stamp
from mission.quickcount.book import QuickCounts
from mission.responses.completeness import (
    AssignedObservers,
    Completeness,
    GroupProgress,
    SilentObserver,
    complete,
    due_at,
)
from mission.responses.limits import load_limits
from mission.responses.responses import Responses
from mission.stations import posted
from tally import moments

router = Router(tags=["mission"])


class DueForm(Struct, frozen=True):
    """A form that is offered, in the order of the day. `due_at` null: at no time of its own."""

    id: str
    title: Mapping[str, str]
    due_at: str | None
    is_due: bool


class CompletenessTable(Struct, frozen=True):
    """Everything by form, team and region, and who is silent. `names`: of the regions, by key.

    are_distances_told: whether any response is of a place whose own point is known; without, none is told too far.
    """

    as_of: str
    late_minutes: int
    silent_minutes: int
    forms: list[DueForm]
    total: GroupProgress
    teams: list[GroupProgress]
    regions: list[GroupProgress]
    silent: list[SilentObserver]
    names: dict[str, str]
    are_distances_told: bool


@router.get("/mission/completeness")
async def read_completeness(request: Request, services: Serving, case: GivenCase) -> Reply[CompletenessTable]:
    """How complete the day's forms are, out of the observers who are assigned."""
    assigned, responses = await gather(case, services)
    return reply(request, await to_thread.run_sync(_tell, case, services.forms, assigned, responses))


async def gather(case: Case, services: Services) -> tuple[AssignedObservers, Responses]:
    """Who is assigned and when each was last heard of, and what observers answered.

    Raises: StoreUnavailable.
    """
    book, teams, responses = await case.read_log(), await case.read_teams(), await case.read_responses()
    members = {who: teams.of(who) for who in posted(book.postings)}
    copied = await to_thread.run_sync(services.casework.quick_counts.of(case.live.election.id).read)
    messages, texts = await to_thread.run_sync(case.messages.read), await to_thread.run_sync(case.texts.read)
    heard = _heard((*_reported(book, responses, copied), *_written(messages, texts)))
    return AssignedObservers(members, heard, quarantined(book.turns)), responses


def _tell(case: Case, forms: Forms, assigned: AssignedObservers, responses: Responses) -> CompletenessTable:
    now, of_day, limits = moments.utc_now(), offered(forms), load_limits().due
    day = case.form_time(FormMoment.OPENING, now)
    told = complete(responses, of_day, assigned, day, now)
    return CompletenessTable(
        as_of=stamp(now),
        late_minutes=limits.late_minutes,
        silent_minutes=limits.silent_minutes,
        forms=[_due(form, due_at(form, day), now) for form in of_day],
        total=told.total,
        teams=told.teams,
        regions=told.regions,
        silent=told.silent,
        names=_names(told, case),
        are_distances_told=any(one.sent.point is not None for one in responses.responses.values()),
    )


def _due(form: Form, due: datetime | None, now: datetime) -> DueForm:
    return DueForm(form.id, form.title, None if due is None else moments.write(due), due is not None and due <= now)


def _names(told: Completeness, case: Case) -> dict[str, str]:
    keys = [one.group for one in told.regions] + [one.region for one in told.silent]
    found = {key: case.live.names.names.get(key) for key in keys if key is not None}
    return {key: name for key, name in found.items() if name is not None}


def _heard(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """When each observer was last heard of, out of who sent anything and when."""
    heard: dict[str, str] = {}
    for who, at in told:
        heard[who] = max(heard.get(who, ""), at)
    return heard


def _reported(book: Book, responses: Responses, copied: QuickCounts) -> Iterator[tuple[str, str]]:
    """Answers, reports and copies of actas."""
    yield from ((one.by, one.received_at) for one in responses.responses.values())
    yield from ((incident.reporters[0], incident.received_at) for incident in book.incidents.values())
    copies = (entries for count in copied.counts.values() for entries in count.copies.values())
    yield from ((entry.observer, entry.at) for entries in copies for entry in entries)


def _written(messages: MessageBook, texts: TextBook) -> Iterator[tuple[str, str]]:
    """Texts that came in, and messages that were read and answered."""
    yield from ((one.by, one.at) for one in texts.texts.values())
    for message in messages.messages.values():
        yield from message.read_at.items()
        yield from ((answer.by, answer.at) for answer in message.answers)
