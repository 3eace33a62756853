"""What is done to messages, each in one transaction: sent, read, answered."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from mission.incidents.incident import Member
from mission.journal import Journal, Journals, NewEntry
from mission.messages.book import LIMITS, ROOM, Message, MessageBook, MessageDeed, MessageDraft, subject_of
from mission.messages.outbox import line_up
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput, NotFound, TooMany


class MessageLog:
    """Messages of one election. Every method that writes returns after the commit, or raises and nothing happened.

    Raises (every method): StoreUnavailable; NotFound, where it names a message that does not exist for whoever asks.
    """

    def __init__(self, journal: Journal[MessageBook], election_id: str) -> None:
        self._journal, self._election_id = journal, election_id

    def send(self, by: Member, draft: MessageDraft, now: datetime) -> tuple[Message, bool]:
        """The message, and whether it is new: one with a key that was seen is the same message.

        What goes out as text messages is lined up in the same transaction.
        Raises: InvalidInput: it goes to nobody, or its key was used for another one. TooMany.
        """
        known: Message | None = None

        def decide(connection: Connection, book: MessageBook) -> Sequence[NewEntry]:
            nonlocal known
            known = _same(book, by, draft)
            if known is not None:
                return ()
            if not draft.receivers:
                raise InvalidInput("to: nobody is reached by this")
            _check_rate(book.sent_since(by.pseudonym, now - LIMITS.window), LIMITS.per_coordinator, now)
            number = len(book.messages) + 1
            if draft.is_by_text:
                line_up(connection, self._election_id, number, draft.receivers, now)
            return [NewEntry(subject_of(number), MessageDeed.SEND, _written(draft))]

        book = self._journal.write(by, now, decide)
        return (known, False) if known is not None else (book.messages[len(book.messages)], True)

    def mark(self, by: Member, number: int, now: datetime) -> Message:
        """The message, which its receiver has read; the first time counts."""

        def decide(_: Connection, book: MessageBook) -> Sequence[NewEntry]:
            is_new = by.pseudonym not in received(book, by, number).read_at
            return [NewEntry(subject_of(number), MessageDeed.READ)] if is_new else ()

        return self._journal.write(by, now, decide).messages[number]

    def answer(self, by: Member, number: int, text: str, now: datetime) -> Message:
        """The message with an answer of its receiver, who so has read it. The same words again are the same answer.

        Raises: TooMany.
        """

        def decide(_: Connection, book: MessageBook) -> Sequence[NewEntry]:
            message = received(book, by, number)
            if any((answer.by, answer.text) == (by.pseudonym, text) for answer in message.answers):
                return ()
            if by.role is Role.OBSERVER:
                _check_rate(book.answered_since(by.pseudonym, now - LIMITS.window), LIMITS.per_observer, now)
            mark = [] if by.pseudonym in message.read_at else [NewEntry(subject_of(number), MessageDeed.READ)]
            return [*mark, NewEntry(subject_of(number), MessageDeed.ANSWER, msgspec.json.encode(text))]

        return self._journal.write(by, now, decide).messages[number]


def message_journals(engine: Engine) -> Journals[MessageBook]:
    """The room, of every election."""
    return Journals(engine, ROOM, MessageBook(), MessageBook.after)


def received(book: MessageBook, by: Member, number: int) -> Message:
    """The message of that number, if it was sent to that member.

    Raises: NotFound.
    """
    message = book.messages.get(number)
    if message is None or by.pseudonym not in message.receivers:
        raise NotFound(f"there is no message {number} to you")
    return message


def _same(book: MessageBook, by: Member, draft: MessageDraft) -> Message | None:
    own = (one for one in book.messages.values() if one.by == by.pseudonym and one.key is not None)
    known = next((one for one in own if one.key == draft.key), None)
    if known is not None and (known.to, known.text, known.is_by_text) != (draft.to, draft.text, draft.is_by_text):
        raise InvalidInput("Idempotency-Key: this key was used for another message; a new one needs its own")
    return known


def _check_rate(at: Sequence[str], most: int, now: datetime) -> None:
    if len(at) >= most:
        wait = round((moments.read(min(at)) + LIMITS.window - now).total_seconds())
        raise TooMany(f"{most} within {LIMITS.window_minutes} minutes is the most; send it later", max(1, wait))


def _written(draft: MessageDraft) -> bytes:
    return msgspec.json.encode(draft, order="deterministic")
