"""Takes text messages in: who sent one, whether it came before, what it asks for.

The answer goes back with the gateway's own request: so no number has to be kept until one is given, and whoever sends a
text again because an answer was lost gets the same one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from api.mission.case import Case
from api.mission.text_orders import REFUSED, AskedText, IncomingText, carry_out, say
from mission.forms.library import offered
from mission.forms.model import Form
from mission.incidents.incident import Member
from mission.journal import NewEntry
from mission.messages.orders import OrderWords, read_order
from mission.messages.strangers import note_stranger
from mission.messages.text_book import LIMITS, TAKE, TakenText, TextBook
from mission.people.accounts import Account
from mission.people.contacts import find_sender, normal_phone, sender_hash
from mission.people.suspensions import suspended_ids
from mission.people.tokens import keyed_hash
from tally.storage.database import transaction
from texts.language import DEFAULT_LANGUAGE, load_languages

_ID_LENGTH = 32


class TextDesk:
    """Takes text messages. `key`: of the senders' hashes; `ends`: when the mission does, for phones as for devices.

    Blocks: routes call it in a thread.
    """

    def __init__(
        self, engine: Engine, key: bytes, forms: Mapping[str, Sequence[Form]], ends: datetime | None = None
    ) -> None:
        self._engine, self._key, self._ends = engine, key, ends
        self._forms = {form.code.upper(): form for form in offered({name: tuple(own) for name, own in forms.items()})}
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
        if account is None or self._is_over(now) or self._is_suspended(account):
            is_first = note_stranger(self._engine, sender, now)
            return self._say("stranger" if account is None else "refused") if is_first else None
        # A gateway may number the texts of each line by themselves: two people's then have one id.
        by, name = Member(account.pseudonym, account.role), keyed_hash(self._key, f"{phone} {sent.id}")[:_ID_LENGTH]
        book = case.texts.read()
        if name in book.texts:
            return book.texts[name].reply
        room = LIMITS.per_sender - len(book.of_late(by.pseudonym, now))
        if room <= 0:
            return None
        if room == 1:
            taken = TakenText(REFUSED, self._say("too_many", minutes=LIMITS.window_minutes))
        else:
            taken = self._carry_out(AskedText(case, by, sent, name, now, self._forms))
        return _keep(case, by, name, taken, now)

    def _is_over(self, now: datetime) -> bool:
        return self._ends is not None and now >= self._ends

    def _is_suspended(self, account: Account) -> bool:
        with transaction(self._engine) as connection:
            return account.id in suspended_ids(connection)

    def _carry_out(self, asked: AskedText) -> TakenText:
        if len(asked.sent.text) > LIMITS.longest_text:
            return TakenText(REFUSED, self._say("too_long"))
        order, language = read_order(asked.sent.text, self._words, self._forms)
        return carry_out(asked, order, self._languages[language or DEFAULT_LANGUAGE])

    def _say(self, name: str, **values: object) -> str:
        return say(self._languages[DEFAULT_LANGUAGE], name, **values)


def _keep(case: Case, by: Member, name: str, taken: TakenText, now: datetime) -> str:
    """Enter it, unless the same text was taken meanwhile; the answer that stands."""

    def decide(_: Connection, book: TextBook) -> list[NewEntry]:
        return [] if name in book.texts else [NewEntry(name, TAKE, msgspec.json.encode(taken))]

    return case.texts.write(by, now, decide).texts[name].reply
