"""All messages of an observation, who has read them and what was answered: the fold of the journal's room."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mission.journal import Entry
from mission.messages.limits import load_limits
from tally import moments

ROOM = "messages"
_SUBJECT = "message/"


class AudienceKind(StrEnum):
    """To whom a message goes."""

    ALL = "all"
    TEAM = "team"
    REGION = "region"
    WITHOUT_FORM = "without_form"
    PERSON = "person"


class MessageDeed(StrEnum):
    """What an entry of the room does."""

    SEND = "send"
    READ = "read"
    ANSWER = "answer"


class Audience(Struct, frozen=True):
    """To whom; `value` is a team, an area's key, a form's id or an observer's pseudonym, None for all."""

    kind: AudienceKind
    value: str | None = None


class MessageAnswer(Struct, frozen=True):
    """What a receiver wrote back."""

    by: str
    at: str
    text: str


class MessageDraft(Struct, frozen=True):
    """A message to be sent. `receivers`: pseudonyms, as they were when it was sent. `key` makes a retry known."""

    to: Audience
    text: str
    receivers: frozenset[str]
    is_by_text: bool = False
    key: str | None = None


class Message(MessageDraft, frozen=True, kw_only=True):
    """A message that was sent. `read_at`: when each of those who did read it first."""

    id: int
    by: str
    at: str
    read_at: Mapping[str, str] = {}
    answers: tuple[MessageAnswer, ...] = ()

    @property
    def unread_by(self) -> list[str]:
        """Receivers who have not read it, in order."""
        return sorted(self.receivers - self.read_at.keys())


class MessageBook(Struct, frozen=True):
    """Messages by their number, in the order they were sent. Never changes: `after` makes the next one."""

    messages: Mapping[int, Message] = {}

    @property
    def newest(self) -> list[Message]:
        """All of them, newest first."""
        return list(self.messages.values())[::-1]

    def to(self, pseudonym: str) -> list[Message]:
        """Messages to somebody, newest first."""
        return [message for message in self.newest if pseudonym in message.receivers]

    def sent_since(self, by: str, since: datetime) -> list[str]:
        """When somebody sent messages after a moment."""
        return [one.at for one in self.messages.values() if one.by == by and moments.read(one.at) > since]

    def answered_since(self, by: str, since: datetime) -> list[str]:
        """When somebody answered messages after a moment."""
        answers = (answer for message in self.messages.values() for answer in message.answers)
        return [answer.at for answer in answers if answer.by == by and moments.read(answer.at) > since]

    def after(self, entries: Iterable[Entry]) -> "MessageBook":
        """The book with those entries in it."""
        messages = dict(self.messages)
        marks: dict[int, dict[str, str]] = {}
        for entry in entries:
            number = int(entry.subject.removeprefix(_SUBJECT))
            if entry.deed == MessageDeed.SEND:
                draft = msgspec.json.decode(entry.data, type=MessageDraft)
                messages[number] = Message(**msgspec.structs.asdict(draft), id=number, by=entry.actor, at=entry.at)
            elif entry.deed == MessageDeed.READ:
                # Copied once for all marks that come together: ten thousand readers are a morning's work.
                marks.setdefault(number, dict(messages[number].read_at)).setdefault(entry.actor, entry.at)
            elif entry.deed == MessageDeed.ANSWER:
                text = msgspec.json.decode(entry.data, type=str)
                answer = MessageAnswer(entry.actor, entry.at, text)
                messages[number] = replace(messages[number], answers=(*messages[number].answers, answer))
        for number, read_at in marks.items():
            messages[number] = replace(messages[number], read_at=read_at)
        return MessageBook(messages)


def subject_of(number: int) -> str:
    """What the journal calls a message."""
    return f"{_SUBJECT}{number}"


LIMITS = load_limits().messages
