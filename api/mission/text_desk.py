"""What is done with a text message that comes in: who sent it, what it asks for, what is answered.

The answer goes back with the gateway's own request: so no number has to be kept until one is given, and whoever sends a
text again because an answer was lost gets the same one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field
from sqlalchemy import Connection, Engine

from api.mission.case import Case
from api.mission.places import locate
from api.mission.report_form import PlaceForm, ReportForm, Sending, read_report
from mission.incidents.incident import Location, Member
from mission.incidents.incident_log import IncidentLog
from mission.journal import NewEntry
from mission.messages.alphabet import fit
from mission.messages.codes import CATEGORY_NUMBERS, SEVERITY_NUMBERS
from mission.messages.orders import (
    HelpOrder,
    Misread,
    Order,
    OrderWord,
    OrderWords,
    ReadOrder,
    ReportOrder,
    Why,
    read_order,
)
from mission.messages.strangers import note_stranger
from mission.messages.text_book import LIMITS, TAKE, TakenText, TextBook
from mission.people.accounts import Account
from mission.people.contacts import find_sender, normal_phone, sender_hash
from mission.people.suspensions import suspended_ids
from mission.people.tokens import keyed_hash
from tally.errors import IntakeStopped, NotFound, TooMany
from tally.keys import area_key, code_of, mesa_key
from tally.storage.database import transaction
from texts.language import DEFAULT_LANGUAGE, Language, load_languages

# Kinds beside the orders: understood and refused, and not understood.
_REFUSED, _MISREAD = "refused", "misread"
_ID_LENGTH = 32


class IncomingText(Struct):
    """A text message as the gateway hands it over; what else it says is not read. `at`: when it was sent."""

    sender: Annotated[str, Meta(min_length=1, max_length=40)] = field(name="from")
    text: Annotated[str, Meta(max_length=20_000)]
    id: Annotated[str, Meta(min_length=1, max_length=200)]
    at: Annotated[str, Meta(min_length=10, max_length=40)]


class Asked(Struct, frozen=True):
    """A text of a member of the mission. `name`: the keyed hash of its id, by which it is known again."""

    case: Case
    by: Member
    sent: IncomingText
    name: str
    now: datetime


class TextDesk:
    """Takes text messages. `key`: of the senders' hashes. Blocks: routes call it in a thread."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine, self._key = engine, key
        self._languages = load_languages()
        self._words = OrderWords(self._languages)

    def take(self, case: Case, sent: IncomingText, now: datetime) -> str | None:
        """The answer to a text, once what it asks for is done; None: there is none. The same id, the same answer.

        Raises: InvalidInput: `at` is no moment. StoreUnavailable: nothing was kept; it is to be sent again.
        """
        phone = normal_phone(sent.sender)
        if phone is None:  # a company's name, or a service's short number: nobody of ours
            return None
        sender = sender_hash(self._key, phone)
        account = find_sender(self._engine, sender)
        if account is None or self._is_suspended(account):
            is_first = note_stranger(self._engine, sender, now)
            return self._say("stranger" if account is None else "refused") if is_first else None
        by, name = Member(account.pseudonym, account.role), keyed_hash(self._key, sent.id)[:_ID_LENGTH]
        book = case.texts.read()
        if name in book.texts:
            return book.texts[name].reply
        room = LIMITS.per_sender - len(book.of_late(by.pseudonym, now))
        if room <= 0:
            return None
        if room == 1:
            taken = TakenText(_REFUSED, self._say("too_many", minutes=LIMITS.window_minutes))
        else:
            taken = self._carry_out(Asked(case, by, sent, name, now))
        return _keep(case, by, name, taken, now)

    def _is_suspended(self, account: Account) -> bool:
        with transaction(self._engine) as connection:
            return account.id in suspended_ids(connection)

    def _carry_out(self, asked: Asked) -> TakenText:
        if len(asked.sent.text) > LIMITS.longest_text:
            return TakenText(_REFUSED, self._say("too_long"))
        order, language = read_order(asked.sent.text, self._words, ())
        said = self._languages[language or DEFAULT_LANGUAGE]
        try:
            return _DOERS[type(order)](asked, order, said)
        except IntakeStopped:
            return TakenText(_REFUSED, say(said, "stopped"))
        except TooMany as error:
            return TakenText(_REFUSED, say(said, "too_many", minutes=-(-(error.retry_s or 60) // 60)))

    def _say(self, name: str, **values: object) -> str:
        return say(self._languages[DEFAULT_LANGUAGE], name, **values)


def say(said: Language, name: str, **values: object) -> str:
    """A sentence of the answers, as it fits into two text messages."""
    return fit(said(f"text_reply.{name}", **values), LIMITS.longest_reply)


def _keep(case: Case, by: Member, name: str, taken: TakenText, now: datetime) -> str:
    """Enter it, unless the same text was taken meanwhile; the answer that stands."""

    def decide(_: Connection, book: TextBook) -> list[NewEntry]:
        return [] if name in book.texts else [NewEntry(name, TAKE, msgspec.json.encode(taken))]

    return case.texts.write(by, now, decide).texts[name].reply


def _file(asked: Asked, order: ReportOrder, said: Language) -> TakenText:
    """File an incident, as the form of the web does."""
    case = asked.case
    location = locate(mesa_key(order.mesa), case.live.view)
    if location is None:
        return _misread(asked, Misread(Why.MESA), said)
    form = ReportForm(
        category=order.category,
        severity=order.severity,
        place=PlaceForm(mesa=order.mesa),
        occurred_at=asked.sent.at,
        device_at=asked.sent.at,
        text=order.text,
    )
    report = read_report(form, Sending(f"text-{asked.name}", None), case.live.view)
    # Nobody can be asked back whether a time is right: it is the network's, and not the sender's.
    incident, _ = IncidentLog(case.casebook, asked.now).file(asked.by, report, is_time_confirmed=True)
    reply = say(said, "filed", id=incident.id.upper(), where=where(case, location, said))
    return TakenText(OrderWord.INCIDENT, reply, incident.id)


def where(case: Case, location: Location, said: Language) -> str:
    """A mesa and its district, as far as the count knows it."""
    mesa, district = code_of(location.key or ""), location.district
    name = None if district is None else case.live.names.names.get(area_key(district))
    return said("text_reply.mesa_unknown" if name is None else "text_reply.mesa_known", mesa=mesa, district=name)


def _mark(asked: Asked, order: ReadOrder, said: Language) -> TakenText:
    try:
        asked.case.message_log().mark(asked.by, order.number, asked.now)
    except NotFound:
        return TakenText(_REFUSED, say(said, "read_missing", n=order.number))
    return TakenText(OrderWord.READ, say(said, "read_done", n=order.number), str(order.number))


def _help(_: Asked, __: HelpOrder, said: Language) -> TakenText:
    return TakenText(OrderWord.HELP, say(said, "help", **_MOST))


def _misread(asked: Asked, order: Misread, said: Language) -> TakenText:
    return TakenText(_MISREAD, say(said, order.why, code=order.code, **_MOST), None, asked.sent.text)


_MOST = {"categories": len(CATEGORY_NUMBERS), "severities": len(SEVERITY_NUMBERS)}
_DOERS: Mapping[type[Order], Callable[[Asked, Any, Language], TakenText]] = {
    ReportOrder: _file,
    ReadOrder: _mark,
    HelpOrder: _help,
    Misread: _misread,
}
