"""A gateway for text messages that keeps what it is given, and sends what it is told to."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

import httpx

from api.alerts.channels import SIGNATURE, sign
from api.options import TextOptions
from mission.deliveries import Unsent
from mission.messages.gateway import OutgoingText, TextGateway
from mission.people.contacts import sender_key
from tally import moments

SECRET = "a secret of the text gateway"
KEY = sender_key("an address key of the tests") or b""
PATH = "/api/v1/text-messages"
_ids = itertools.count()


class KeptTexts:
    """Takes texts as a gateway does, each id once; the first `failures` tries fail."""

    def __init__(self, failures: int = 0) -> None:
        self.sent: dict[str, OutgoingText] = {}
        self.tries, self._failures = 0, failures

    async def send(self, text: OutgoingText) -> None:
        """Keep it."""
        self.tries += 1
        if self.tries <= self._failures:
            raise Unsent("the webhook answers 503")
        self.sent.setdefault(text.id, text)


def options(gateway: TextGateway | None = None) -> dict[str, Any]:
    """What of a mission's options lets text messages go through that gateway."""
    return {"texts": TextOptions(gateway or KeptTexts(), SECRET), "sender_key": KEY}


def text_of(sender: str, text: str, **more: str) -> dict[str, str]:
    """A text message that comes in."""
    return {"from": sender, "text": text, "id": f"text-{next(_ids)}", "at": moments.write(moments.utc_now()), **more}


def hand_over(client: httpx.Client, sent: Mapping[str, Any], secret: str = SECRET) -> httpx.Response:
    """Hand a text message over, signed as a gateway does."""
    body = json.dumps(sent).encode()
    headers = {SIGNATURE: sign(secret, body, moments.utc_now()), "Content-Type": "application/json"}
    return client.post(PATH, content=body, headers=headers)


def told(client: httpx.Client, sender: str, text: str, **more: str) -> str | None:
    """What is answered to a text message."""
    answer = hand_over(client, text_of(sender, text, **more))
    assert answer.status_code == 200, answer.text
    reply: str | None = answer.json()["reply"]
    return reply
