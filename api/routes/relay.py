"""POST /relay: an authorised relay hands over answers of the source. There is no such route unless a token is set."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import JSON, Reply, Router
from api.http.bodies import read_bytes
from tally import moments
from tally.election import Election
from tally.errors import InvalidInput, TooLarge, TooMany, Unidentified
from tally.gate import SKEW
from tally.storage.relays import Relayed, count_open_relayed, keep_relayed
from tally.storage.store import Store

_MOST_BYTES = 16_000_000
# Base64 takes a third more, and an envelope a little.
_MOST_ENVELOPE = _MOST_BYTES * 4 // 3 + 4096
_MOST_WAITING = 1000
_SHORTEST_TOKEN = 16


class _Envelope(Struct, forbid_unknown_fields=True):
    url: str
    fetched_at: str
    body_base64: str


class RelayReceipt(Struct, frozen=True):
    """Which answer of the source was stored; `src` names its bytes."""

    id: int
    election: str
    src: str


def make_router(store: Store, elections: Mapping[str, Election], token: str) -> Router:
    """The route, open to whoever holds the token.

    Raises: InvalidInput: the token is too short to be a secret.
    """
    if len(token) < _SHORTEST_TOKEN:
        raise InvalidInput(f"setting relay_token: at least {_SHORTEST_TOKEN} characters, or anybody could guess it")
    router = Router(tags=["relay"])

    @router.post("/relay", status_code=202)
    async def take(request: Request) -> Reply[RelayReceipt]:
        """Take one answer of the source; 202 once it is stored, and the poller archives and reads it within seconds.

        Raw bytes with `url` and `fetched_at` in the query or in X-Relay-… headers, or JSON {url, fetched_at,
        body_base64}.
        """
        _check_token(request.headers.get("authorization", ""), token)
        relayed = await _read(request)
        election_id = _find_election(relayed.url, elections)

        def keep() -> int:
            if count_open_relayed(store, election_id) >= _MOST_WAITING:
                raise TooMany(f"{_MOST_WAITING} answers wait already; is a poller running on this database?")
            return keep_relayed(store, election_id, relayed, moments.write(moments.utc_now()))

        number = await to_thread.run_sync(keep)
        sha256 = hashlib.sha256(relayed.body).hexdigest()
        receipt = RelayReceipt(number, election_id, f"sha256:{sha256}")
        return Reply(msgspec.json.encode(receipt), 202, {"Cache-Control": "no-store"}, JSON)

    return router


def _check_token(given: str, token: str) -> None:
    scheme, _, value = given.partition(" ")
    is_right = hmac.compare_digest(value.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not is_right:
        raise Unidentified("the relay needs its token: Authorization: Bearer …")


async def _read(request: Request) -> Relayed:
    named = {
        name: request.query_params.get(name) or request.headers.get(f"x-relay-{name.replace('_', '-')}")
        for name in ("url", "fetched_at")
    }
    if named["url"] is None and named["fetched_at"] is None:
        return _open_envelope(await read_bytes(request, _MOST_ENVELOPE))
    body = await read_bytes(request, _MOST_BYTES)
    return _checked(named["url"] or "", named["fetched_at"] or "", body)


def _open_envelope(sent: bytes) -> Relayed:
    try:
        envelope = msgspec.json.decode(sent, type=_Envelope)
        body = base64.b64decode(envelope.body_base64, validate=True)
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise InvalidInput(
            "give url and fetched_at in the query or in X-Relay-… headers with the raw bytes as body, or send "
            f"{{url, fetched_at, body_base64}} as JSON ({error})"
        ) from error
    if len(body) > _MOST_BYTES:
        raise TooLarge(f"an answer of at most {_MOST_BYTES} bytes is taken")
    return _checked(envelope.url, envelope.fetched_at, body)


def _checked(url: str, fetched_at: str, body: bytes) -> Relayed:
    if not body:
        raise InvalidInput("the answer has no body: there is nothing to relay")
    try:
        moment = moments.read(fetched_at)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"fetched_at {fetched_at[:40]!r} is not a moment like 2026-06-13T19:05:18Z") from error
    return Relayed(url, moments.write(_past(moment)), body)


def _past(moment: datetime) -> datetime:
    if moment > moments.utc_now() + SKEW:
        raise InvalidInput(f"fetched_at {moments.write(moment)} lies in the future; are the clocks right?")
    return moment


def _find_election(url: str, elections: Mapping[str, Election]) -> str:
    """The election whose host the address names.

    Raises: InvalidInput: not a host of any election, or no web address.
    """
    try:
        parts = urlsplit(url)
        is_text = url.isascii() and url.isprintable()  # urlsplit is silent about what no database can hold
        is_plain = is_text and parts.scheme in ("http", "https") and parts.port is None and parts.username is None
    except ValueError:
        is_plain = False
    found = [election for election in elections.values() if is_plain and parts.hostname in election.hosts]
    if not found:
        hosts = sorted({host for election in elections.values() for host in election.hosts})
        raise InvalidInput(f"url {url[:80]!r} is not an address of {', '.join(hosts)}")
    return max(found, key=lambda election: election.date).id
