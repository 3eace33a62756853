"""Webhooks of subscribers, from an operator's file: what the count says, signed as Standard Webhooks asks.

Source: Standard Webhooks specification 1.0 (github.com/standard-webhooks/standard-webhooks), read 2026-11-30.
"""

import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import msgspec
from msgspec import Struct, field

from api.alerts.posting import post
from mission.alerts import OF_OBSERVERS, Alert, AlertKind, is_of_rehearsal, say
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput
from tally.web_addresses import split_address
from texts.language import Language, load_languages

# What the count itself says, which all may read.
KINDS = tuple(kind for kind in AlertKind if kind not in OF_OBSERVERS)
MOST = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SECRET = "whsec_"  # noqa: S105 - what secrets begin with
_LEAST_BYTES, _MOST_BYTES = 24, 64


class Subscription(Struct, frozen=True, forbid_unknown_fields=True):
    """One subscriber as the file says it. `contest`: only what is about that contest, and what is about all.

    secret_file: its secrets, one a line; a relative path is in systemd's credentials, or beside the file.
    private: its address may be one of our own network, and without TLS.
    """

    name: str
    url: str
    secret_file: str
    kinds: tuple[AlertKind, ...] = KINDS
    contest: str | None = None
    private: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    subscription: tuple[Subscription, ...] = ()


class Subscriber(Struct, frozen=True):
    """The way out to one subscriber. `home` is our own address; "" where it is not known, and links are paths."""

    subscription: Subscription
    secrets: tuple[bytes, ...]
    home: str = ""
    languages: Mapping[str, Language] = field(default_factory=load_languages)

    @property
    def name(self) -> str:
        """What its deliveries are kept under."""
        return f"subscriber/{self.subscription.name}"

    async def send(self, alert: Alert) -> None:
        """Hand an alert over that it asked for; any other is done with.

        Raises: Unsent.
        """
        if not self.wants(alert):
            return
        body = msgspec.json.encode(self._message(alert))
        headers = sign(self.secrets, message_id(alert), moments.utc_now(), body)
        await post(self.subscription.url, body, headers, is_private_allowed=self.subscription.private)

    def wants(self, alert: Alert) -> bool:
        """Whether it is public, and one that was asked for."""
        asked = self.subscription
        if alert.least is not Role.OBSERVER or alert.kind not in asked.kinds:
            return False
        # The source is one for all contests.
        is_of_all = asked.contest is None or alert.kind is AlertKind.FEED_STALE
        return is_of_all or (alert.href or "").startswith(f"/contests/{asked.contest}/")

    def _message(self, alert: Alert) -> dict[str, Any]:
        said = {code: say(alert, language) for code, language in self.languages.items()}
        link = None if alert.href is None else f"{self.home}{alert.href}"
        data = {"is_test": is_of_rehearsal(alert), "figures": alert.figures, "said": said, "href": link}
        return {"type": f"count.{alert.kind.value}", "timestamp": alert.at, "data": data}


def message_id(alert: Alert) -> str:
    """Its name in every try and from every server: who has it already may let it go.

    Not of its number, which whoever tries some finds out: how many of the mission's own lie between two is not public.
    """
    return f"msg_{uuid5(NAMESPACE_OID, f'{alert.at}/{alert.key}').hex}"


def sign(secrets: tuple[bytes, ...], name: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers; a signature for each secret, so that one can take the other's place."""
    second = str(int(now.timestamp()))
    signed = b".".join((name.encode(), second.encode(), body))
    marks = (b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode() for secret in secrets)
    return {
        "webhook-id": name,
        "webhook-timestamp": second,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }


def read_subscribers(path: Path, home: str = "") -> tuple[Subscriber, ...]:
    """The subscribers of a file, with their secrets.

    Raises: InvalidInput: it cannot be read, or says what cannot be.
    """
    try:
        asked = msgspec.toml.decode(path.read_bytes(), type=_File).subscription
    except (OSError, ValueError, RecursionError) as error:  # also no UTF-8, or too deep
        raise InvalidInput(f"subscriptions {path}: {error}") from error
    names = [one.name for one in asked]
    if len(asked) > MOST:
        raise InvalidInput(f"subscriptions {path}: {len(asked)} of them; {MOST} are the most that one server sends to")
    if len(set(names)) < len(names):
        raise InvalidInput(f"subscriptions {path}: two are called the same")
    return tuple(Subscriber(_checked(one), _secrets(one, path.parent), home) for one in asked)


def _checked(one: Subscription) -> Subscription:
    parts = split_address(one.url)
    if not _NAME.fullmatch(one.name):
        raise InvalidInput(f"subscription {one.name!r}: a name has small letters, digits and hyphens, 40 at most")
    if not one.kinds or not set(one.kinds) <= set(KINDS):
        raise InvalidInput(f"subscription {one.name}: kinds may be {', '.join(KINDS)}")
    if parts is None or parts.username is not None or not (one.private or parts.scheme == "https"):
        allowed = "http:// or https://" if one.private else "https://"
        raise InvalidInput(f"subscription {one.name}: its url begins with {allowed} and names no user")
    return one


def _secrets(one: Subscription, beside: Path) -> tuple[bytes, ...]:
    path = Path(os.environ.get("CREDENTIALS_DIRECTORY") or beside) / one.secret_file
    try:
        lines = path.read_text("ascii").split()
        found = tuple(b64decode(line.removeprefix(_SECRET), validate=True) for line in lines)
    except (OSError, UnicodeError, BadBase64) as error:
        raise InvalidInput(f"subscription {one.name}: {path} holds no secrets ({type(error).__name__})") from error
    if not found or not all(_LEAST_BYTES <= len(secret) <= _MOST_BYTES for secret in found):
        raise InvalidInput(
            f"subscription {one.name}: a secret is {_SECRET} and {_LEAST_BYTES} to {_MOST_BYTES} bytes in base64, "
            f"one a line, in {path}"
        )
    return found
