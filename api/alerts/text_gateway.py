"""Text messages over HTTP: handed to a gateway with our signature, taken from it with its own, which is made alike."""

import hmac
import re
from datetime import UTC, datetime

import httpx
import msgspec
from msgspec import Struct

from api.alerts.channels import SIGNATURE, sign
from api.alerts.posting import post
from mission.messages.gateway import OutgoingText
from mission.messages.limits import load_limits
from tally import moments
from tally.errors import InvalidInput, Unidentified

LIMITS = load_limits().receiving
_SHORTEST_SECRET = 16
_SECOND = re.compile(r"t=([0-9]{1,10}),v1=[0-9a-f]{64}")


class HttpTextGateway(Struct, frozen=True):
    """POST of {to, text, id} as JSON to `url`, signed with `secret` as alerts are."""

    url: str
    secret: str
    transport: httpx.AsyncBaseTransport | None = None

    async def send(self, text: OutgoingText) -> None:
        """Hand one over; any answer but 2xx is a failure, redirects too.

        Raises: Unsent.
        """
        body = msgspec.json.encode(text)
        headers = {SIGNATURE: sign(self.secret, body, moments.utc_now())}
        await post(self.url, body, headers, transport=self.transport)


def check_secret(secret: str) -> str:
    """The secret itself.

    Raises: InvalidInput: it is too short to be one.
    """
    if len(secret) < _SHORTEST_SECRET:
        raise InvalidInput(
            f"setting text_gateway_secret: at least {_SHORTEST_SECRET} characters, or anybody could file reports"
        )
    return secret


def check_signature(secret: str, given: str, body: bytes, now: datetime) -> None:
    """Return if the gateway signed that body, not long ago.

    Raises: Unidentified: it did not, or that was too long ago or is yet to come.
    """
    found = _SECOND.fullmatch(given)
    if found is None:
        raise Unidentified(f"the text gateway signs what it sends: {SIGNATURE}: t=…,v1=…")
    signed_at = datetime.fromtimestamp(int(found[1]), UTC)
    if not hmac.compare_digest(sign(secret, body, signed_at), given):
        raise Unidentified("this signature was not made of this body with the text gateway's secret")
    if abs((now - signed_at).total_seconds()) > LIMITS.clock_off_s:
        raise Unidentified(f"this signature is {LIMITS.clock_off_s} s off or more; are the clocks right?")
