"""Hands text messages over to the gateway, a few at a time: one task, which nobody waits for."""

import structlog
from anyio import to_thread
from sqlalchemy import Engine

from api.live.tasks import MissionTask
from mission.deliveries import Unsent
from mission.messages.alphabet import plain
from mission.messages.gateway import OutgoingText, TextGateway
from mission.messages.message_log import message_journals
from mission.messages.outbox import TextDelivery, settle_text, take_texts
from tally import moments
from texts.language import DEFAULT_LANGUAGE, load_languages

_log = structlog.get_logger(__name__)


class TextSender(MissionTask):
    """Sends what is lined up. Any number of servers may have one: each text is taken by one of them."""

    failing = "text messages cannot be sent; trying again"

    def __init__(self, engine: Engine, gateway: TextGateway) -> None:
        super().__init__(engine)
        self._gateway, self._messages = gateway, message_journals(engine)
        self._said = load_languages()[DEFAULT_LANGUAGE]

    async def look(self) -> None:
        """Send what is due now."""
        for delivery in await to_thread.run_sync(take_texts, self._engine, moments.utc_now()):
            is_good = delivery.phone is not None and await self._send(delivery, delivery.phone)

            def note(delivery: TextDelivery = delivery, is_good: bool = is_good) -> None:
                settle_text(self._engine, delivery, moments.utc_now(), is_good=is_good)

            await to_thread.run_sync(note)

    async def _send(self, delivery: TextDelivery, phone: str) -> bool:
        book = await to_thread.run_sync(self._messages.of(delivery.election_id).read)
        text = self._said("text_reply.sent", text=book.messages[delivery.message].text, n=delivery.message)
        try:
            await self._gateway.send(OutgoingText(delivery.id, phone, plain(text)))
        except Unsent as error:
            _log.warning("text message not sent", text=delivery.id, tries=delivery.tries, reason=str(error))
            return False
        return True
