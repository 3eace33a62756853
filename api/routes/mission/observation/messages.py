"""Messages: written by coordinators, read and answered by whom they reach."""

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from msgspec import Meta, Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.audiences import AudienceSize, find_addressees, list_audiences
from api.mission.case import Case
from api.serving.access import GivenCase, Services, Serving
from api.serving.viewer import Viewer, Viewing
from mission.forms.library import offered
from mission.messages.book import LIMITS, Audience, AudienceKind, Message, MessageAnswer, MessageDraft
from mission.messages.outbox import TextProgress, read_progress
from mission.messages.receivers import Addressee, choose_receivers
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput

router = Router(tags=["mission"])
_PLAIN = r"^[^\u0000]*\S[^\u0000]*$"
_MISREAD = 100
_KEY = "idempotency-key"
MessageId = Annotated[int, InPath(alias="id", ge=1, le=10**9)]


class AudienceForm(Struct, forbid_unknown_fields=True):
    """`value`: a team, an area's key, a form's id; none for all."""

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
    """How many it went to, and who of them has not read it. `texts`: of those sent as text messages; null: none are."""

    receivers: int
    read: int
    unread_by: list[str]
    texts: TextProgress | None


class MessageLine(Struct, frozen=True):
    """A message as it is read. `by` and `progress` are coordinators' to read; `answers` of others, too."""

    id: int
    at: str
    text: str
    read_at: str | None
    answers: list[MessageAnswer]
    to: Audience | None
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
    """Newest first. `unread`: how many of those to oneself; `misread` is coordinators' to read."""

    messages: list[MessageLine]
    unread: int
    misread: list[MisreadText] | None


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
async def list_messages(request: Request, services: Serving, case: GivenCase, viewer: Viewing) -> Reply[Messages]:
    """Messages to oneself, newest first; coordinators read all, with who has not read them."""
    found = await to_thread.run_sync(partial(_list, services, case, viewer))
    return reply(request, found)


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
    form, key = await read_json(request, MessageForm), request.headers.get(_KEY)
    if form.is_by_text and services.mission.texts is None:
        raise InvalidInput("is_by_text: no gateway for text messages is set")
    audience = Audience(form.to.kind, form.to.value)
    receivers = choose_receivers(audience, await _everybody(services, case))
    names = frozenset(one.pseudonym for one in receivers)
    draft = MessageDraft(audience, form.text, names, form.is_by_text, None if key is None else key[:100])
    send = partial(case.message_log().send, viewer.member, draft, moments.utc_now())
    message, is_new = await to_thread.run_sync(send)
    receipt = MessageReceipt(message.id, message.at, len(message.receivers))
    return reply(request, receipt, status=201 if is_new else 200)


@router.post("/mission/messages/{id}/read")
async def read_message(request: Request, case: GivenCase, viewer: Viewing, number: MessageId) -> Reply[MessageLine]:
    """Say that a message to oneself was read; the first time counts."""
    mark = partial(case.message_log().mark, viewer.member, number, moments.utc_now())
    return reply(request, _line(await to_thread.run_sync(mark), viewer, None))


@router.post("/mission/messages/{id}/answers", status_code=201, openapi_extra=takes(_AnswerForm))
async def answer_message(request: Request, case: GivenCase, viewer: Viewing, number: MessageId) -> Reply[MessageLine]:
    """Write back to the coordinators; whoever answers has read it."""
    form = await read_json(request, _AnswerForm)
    answer = partial(case.message_log().answer, viewer.member, number, form.text, moments.utc_now())
    return reply(request, _line(await to_thread.run_sync(answer), viewer, None), status=201)


async def _everybody(services: Services, case: Case) -> list[Addressee]:
    find = partial(find_addressees, services.store.engine, case, await case.read_teams())
    return await to_thread.run_sync(find)


def _list(services: Services, case: Case, viewer: Viewer) -> Messages:
    book = case.messages.read()
    own = book.to(viewer.pseudonym)
    unread = sum(viewer.pseudonym not in message.read_at for message in own)
    if not viewer.role.covers(Role.COORDINATOR):
        return Messages([_line(message, viewer, None) for message in own], unread, None)
    progress = read_progress(services.store.engine, case.live.election.id)
    lines = [_line(one, viewer, _progress(one, progress.get(one.id))) for one in list(book.messages.values())[::-1]]
    misread = [MisreadText(one.by, one.at, one.text or "", one.reply) for one in case.texts.read().misread[:_MISREAD]]
    return Messages(lines, unread, misread)


def _progress(message: Message, texts: TextProgress | None) -> MessageProgress:
    read = len(message.receivers) - len(message.unread_by)
    return MessageProgress(len(message.receivers), read, message.unread_by, texts)


def _line(message: Message, viewer: Viewer, progress: MessageProgress | None) -> MessageLine:
    is_all = progress is not None
    return MessageLine(
        id=message.id,
        at=message.at,
        text=message.text,
        read_at=message.read_at.get(viewer.pseudonym),
        answers=[answer for answer in message.answers if is_all or answer.by == viewer.pseudonym],
        to=message.to if is_all else None,
        by=message.by if is_all else None,
        is_by_text=message.is_by_text,
        progress=progress,
    )
