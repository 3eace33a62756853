"""Messages: written by coordinators, read and answered by whom they reach."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from msgspec import Meta, Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.audiences import AudienceSize, find_addressees, list_audiences
from api.mission.case import Case
from api.routes.mission.incidents import read_key
from api.serving.access import MOST_SEQ, GivenCase, Services, Serving
from api.serving.viewer import Viewer, Viewing
from mission.forms.library import offered
from mission.messages.book import LIMITS, Audience, AudienceKind, Message, MessageAnswer, MessageDraft
from mission.messages.outbox import TextProgress, read_progress
from mission.messages.receivers import Addressee, choose_receivers
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput

router = Router(tags=["mission"])
_PLAIN = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_PAGE, _MISREAD, _NAMED = 100, 100, 200
_KEY = "idempotency-key"
MessageId = Annotated[int, InPath(alias="id", ge=1, le=10**9)]


class AudienceForm(Struct, forbid_unknown_fields=True):
    """`value`: a team, an area's key, a form's id, an observer's pseudonym; none for all."""

    kind: AudienceKind
    value: Annotated[str, Meta(max_length=100)] | None = None


class MessageForm(Struct, forbid_unknown_fields=True):
    """A message; `is_by_text`: also as a text message to those with a phone number."""

    to: AudienceForm
    text: Annotated[str, Meta(min_length=1, max_length=LIMITS.longest_text, pattern=_PLAIN)]
    is_by_text: bool = False


class _AnswerForm(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=LIMITS.longest_answer, pattern=_PLAIN)]


class MessageProgress(Struct, frozen=True):
    """How many it went to, how many read it, and the first of those who did not.

    `texts`: of those that were sent as text messages; null: none were.
    """

    receivers: int
    read: int
    unread_by: list[str]
    texts: TextProgress | None


class MessageLine(Struct, frozen=True):
    """A message as it is read. To whom, by whom and its progress are coordinators' to read; `answers` of others, too.

    `answers`: the newest, of so many `answered`. `to_name`: what a region is called.
    """

    id: int
    at: str
    text: str
    read_at: str | None
    answers: list[MessageAnswer]
    answered: int
    to: Audience | None
    to_name: str | None
    by: str | None
    is_by_text: bool
    progress: MessageProgress | None


class MisreadText(Struct, frozen=True):
    """A text message that was not understood, and what was answered."""

    by: str
    at: str
    text: str
    reply: str


class Messages(Struct, frozen=True):
    """A page, newest first. `next`: the `before` of the following page. `unread`: how many of all those to oneself.

    `misread`: the newest texts that were not understood, for coordinators.
    """

    messages: list[MessageLine]
    next: int | None
    unread: int
    misread: list[MisreadText] | None


class UnreadMessages(Struct, frozen=True):
    """How many messages to oneself are not read."""

    unread: int


class Audiences(Struct, frozen=True):
    """To whom a message may go. `has_texts`: whether there is a gateway for text messages."""

    audiences: list[AudienceSize]
    has_texts: bool


class MessageReceipt(Struct, frozen=True):
    """That a message was sent: its number, and to how many."""

    id: int
    at: str
    receivers: int


@router.get("/mission/messages")
async def list_messages(
    request: Request,
    services: Serving,
    case: GivenCase,
    viewer: Viewing,
    before: Annotated[int | None, Query(ge=1, le=MOST_SEQ, description="`next` of the page before this one.")] = None,
) -> Reply[Messages]:
    """Messages to oneself, newest first; coordinators read all, with who has not read them."""
    found = await to_thread.run_sync(partial(_list, services, case, viewer, before))
    return reply(request, found)


@router.get("/mission/messages/unread")
async def count_unread(request: Request, case: GivenCase, viewer: Viewing) -> Reply[UnreadMessages]:
    """How many messages to oneself are not read: what a page asks for again and again."""
    book = await to_thread.run_sync(case.messages.read)
    return reply(request, UnreadMessages(_unread(book.to(viewer.pseudonym), viewer)))


@router.get("/mission/messages/audiences")
async def read_audiences(request: Request, services: Serving, case: GivenCase) -> Reply[Audiences]:
    """Whom a message would reach, and how many of them by text."""
    sizes = list_audiences(case, await _everybody(services, case), offered(services.forms))
    return reply(request, Audiences(sizes, services.mission.texts is not None))


@router.post(
    "/mission/messages",
    status_code=201,
    responses={200: {}},
    openapi_extra={
        **takes(MessageForm),
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "Names this message and no other: sent again, it is the same message (200).",
                "schema": {"type": "string", "minLength": 1, "maxLength": 100},
            }
        ],
    },
)
async def send_message(request: Request, services: Serving, case: GivenCase, viewer: Viewing) -> Reply[MessageReceipt]:
    """Send a message to whomever its audience has now; 201 once it is stored."""
    form, key = await read_json(request, MessageForm), read_key(request) if _KEY in request.headers else None
    if form.is_by_text and services.mission.texts is None:
        raise InvalidInput("is_by_text: no gateway for text messages is set")
    audience = Audience(form.to.kind, form.to.value)
    receivers = choose_receivers(audience, await _everybody(services, case))
    names = frozenset(one.pseudonym for one in receivers)
    draft = MessageDraft(audience, form.text, names, form.is_by_text, key)
    send = partial(case.message_log().send, viewer.member, draft, moments.utc_now())
    message, is_new = await to_thread.run_sync(send)
    receipt = MessageReceipt(message.id, message.at, len(message.receivers))
    return reply(request, receipt, status=201 if is_new else 200)


@router.post("/mission/messages/{id}/read")
async def read_message(request: Request, case: GivenCase, viewer: Viewing, number: MessageId) -> Reply[MessageLine]:
    """Say that a message to oneself was read; the first time counts."""
    mark = partial(case.message_log().mark, viewer.member, number, moments.utc_now())
    return reply(request, _line(await to_thread.run_sync(mark), viewer))


@router.post("/mission/messages/{id}/answers", status_code=201, openapi_extra=takes(_AnswerForm))
async def answer_message(request: Request, case: GivenCase, viewer: Viewing, number: MessageId) -> Reply[MessageLine]:
    """Write back to the coordinators; whoever answers has read it."""
    form = await read_json(request, _AnswerForm)
    answer = partial(case.message_log().answer, viewer.member, number, form.text, moments.utc_now())
    return reply(request, _line(await to_thread.run_sync(answer), viewer), status=201)


async def _everybody(services: Services, case: Case) -> list[Addressee]:
    find = partial(find_addressees, services.store.engine, case, await case.read_teams())
    return await to_thread.run_sync(find)


def _list(services: Services, case: Case, viewer: Viewer, before: int | None) -> Messages:
    book = case.messages.read()
    own, is_all = book.to(viewer.pseudonym), viewer.role.covers(Role.COORDINATOR)
    names = case.live.names.names
    earlier = [one for one in (book.newest if is_all else own) if before is None or one.id < before]
    page, progress = earlier[:_PAGE], dict[int, TextProgress]()
    if is_all:
        progress = read_progress(services.store.engine, case.live.election.id)
    lines = [_line(one, viewer, _progress(one, progress.get(one.id)) if is_all else None, names.get) for one in page]
    misread = [MisreadText(one.by, one.at, one.text or "", one.reply) for one in case.texts.read().misread[:_MISREAD]]
    following = page[-1].id if len(earlier) > _PAGE else None
    return Messages(lines, following, _unread(own, viewer), misread if is_all else None)


def _unread(own: Sequence[Message], viewer: Viewer) -> int:
    return sum(viewer.pseudonym not in message.read_at for message in own)


def _progress(message: Message, texts: TextProgress | None) -> MessageProgress:
    unread = message.unread_by
    return MessageProgress(len(message.receivers), len(message.receivers) - len(unread), unread[:_NAMED], texts)


def _line(
    message: Message,
    viewer: Viewer,
    progress: MessageProgress | None = None,
    name_of: Callable[[str], str | None] = str,
) -> MessageLine:
    is_all = progress is not None
    answers = [answer for answer in message.answers if is_all or answer.by == viewer.pseudonym]
    return MessageLine(
        id=message.id,
        at=message.at,
        text=message.text,
        read_at=message.read_at.get(viewer.pseudonym),
        answers=answers[-_NAMED:],
        answered=len(answers),
        to=message.to if is_all else None,
        to_name=name_of(message.to.value or "") if is_all else None,
        by=message.by if is_all else None,
        is_by_text=message.is_by_text,
        progress=progress,
    )
