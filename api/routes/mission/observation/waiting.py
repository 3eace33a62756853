"""What waits in the rooms of the observation, in numbers: what the mission's first page asks for again and again."""

import hashlib

import msgspec
from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.mission.case import Case
from api.mission.quickcount.comparisons import ComparedSample, count_standings, take_actas
from api.mission.quickcount.frames import GivenComparisons
from api.mission.quickcount.positions import MesaPositions
from api.routes.mission.observation.completeness import gather
from api.routes.mission.observation.quick_counts import GivenRoom
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewer, Viewing
from mission.forms.library import offered
from mission.forms.model import Form, FormMoment
from mission.people.roles import Role
from mission.quickcount.book import QuickCount
from mission.quickcount.compare import CopyStanding
from mission.quickcount.publication import standing_of
from mission.responses.completeness import AssignedObservers, complete
from mission.responses.responses import Responses
from tally import moments

router = Router(tags=["mission"])


class WaitingForms(Struct, frozen=True):
    """Responses; those that look odd and nobody judged; what is missing; where observers differ; who is silent."""

    all: int
    to_look_at: int
    missing: int
    undecided: int
    silent: int


class LastMessage(Struct, frozen=True):
    """To how many the newest message went, and how many of them read it."""

    receivers: int
    read: int


class WaitingMessages(Struct, frozen=True):
    """Messages, and those to oneself that are unread. `last` and `misread` (texts not understood) are coordinators'."""

    all: int
    unread: int
    last: LastMessage | None
    misread: int | None


class WaitingCopies(Struct, frozen=True):
    """A quick count: of how many of its mesas a copy stands, and of how many that is not what is published."""

    id: str
    mesas: int
    standing: int
    different: int
    is_proposed: bool


class Waiting(Struct, frozen=True):
    """What there is in each room; quick counts in the order they were drawn, the newest first.

    frame_apart: of how many mesas the list that was given before the night says something else than the count did at
    version `frame_seq`, as of `frame_as_of`; None: none was given.
    """

    forms: WaitingForms
    messages: WaitingMessages
    quick_counts: list[WaitingCopies]
    frame_apart: int | None
    frame_as_of: str | None
    frame_seq: int | None


@router.get("/mission/waiting")
async def read_waiting(
    request: Request,
    services: Serving,
    case: GivenCase,
    room: GivenRoom,
    compared: GivenComparisons,
    viewer: Viewing,
) -> Reply[Waiting]:
    """How much waits in each room; with the ETag of what one has, 304 while it is the same."""
    assigned, responses = await gather(case, services)
    newest = (await room.given()).newest
    beside = None if newest is None else (await compared.head(case.live, newest)).beside
    where = MesaPositions(case.live, await case.names())
    drawn = [(count, take_actas(where, count)) for count in await room.read()]

    def tell() -> tuple[Waiting, str]:
        found = Waiting(
            _forms(case, offered(services.forms), assigned, responses),
            _messages(case, viewer),
            [_copies(count, taken) for count, taken in reversed(drawn)],
            *((None, None, None) if beside is None else (beside.apart, beside.as_of, beside.seq)),
        )
        return found, hashlib.sha256(msgspec.json.encode(found)).hexdigest()[:16]

    found, etag = await to_thread.run_sync(tell)
    return reply(request, found, UNCACHED, etag=etag)


def _forms(case: Case, forms: list[Form], assigned: AssignedObservers, responses: Responses) -> WaitingForms:
    now = moments.utc_now()
    told = complete(responses, forms, assigned, case.form_time(FormMoment.OPENING, now), now)
    return WaitingForms(
        all=len(responses.responses),
        to_look_at=sum(one.needs_look for one in responses.responses.values()),
        missing=sum(one.missing for one in told.total.forms),
        undecided=sum(bool(one.undecided) for one in responses.conflicts(assigned.aside)),
        silent=len(told.silent),
    )


def _messages(case: Case, viewer: Viewer) -> WaitingMessages:
    book, is_all = case.messages.read(), viewer.role.covers(Role.COORDINATOR)
    last = book.newest[0] if is_all and book.messages else None
    own = book.to(viewer.pseudonym)
    return WaitingMessages(
        all=len(book.messages if is_all else own),
        unread=sum(viewer.pseudonym not in message.read_at for message in own),
        last=None if last is None else LastMessage(len(last.receivers), len(last.receivers) - len(last.unread_by)),
        misread=len(case.texts.read().misread) if is_all else None,
    )


def _copies(count: QuickCount, taken: ComparedSample) -> WaitingCopies:
    compared = count_standings(taken, count)
    return WaitingCopies(
        id=count.id,
        mesas=len(count.drawn.sample.mesas),
        standing=compared.total(),
        different=compared[CopyStanding.DIFFERENT],
        is_proposed=standing_of(count.steps).proposal is not None,
    )
