"""Ways out for alerts beside the socket: a webhook with a signature, and e-mail. None is on by itself."""

import hashlib
import hmac
import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import msgspec
from anyio import to_thread
from msgspec import Struct, field

from api.alerts.posting import post
from mission.alerts import Alert, outward, say, title_of
from mission.deliveries import Unsent
from tally import moments
from tally.errors import InvalidInput
from tally.web_addresses import split_address
from texts.language import Language, load_languages

SIGNATURE = "X-Escrutinio-Signature"
_TIMEOUT_S = 10.0
_PORTS = {"smtp": 587, "smtps": 465}


class Webhook(Struct, frozen=True):
    """POST of the alert as JSON to `url`, signed with `secret`: see `sign`. Its sentences stand by their languages."""

    url: str
    secret: str
    transport: httpx.AsyncBaseTransport | None = None
    languages: Mapping[str, Language] = field(default_factory=load_languages)

    @property
    def name(self) -> str:
        """What its deliveries are kept under."""
        return "webhook"

    async def send(self, alert: Alert) -> None:
        """Hand an alert over; any answer but 2xx is a failure, redirects too.

        Raises: Unsent.
        """
        body = msgspec.json.encode({**_shown(outward(alert)), **_said(alert, self.languages)})
        headers = {SIGNATURE: sign(self.secret, body, moments.utc_now())}
        await post(self.url, body, headers, transport=self.transport)


class Mail(Struct, frozen=True):
    """E-mail through `server` (smtp:// with STARTTLS, smtps://; a user before the @ of the host)."""

    server: str
    sender: str
    receivers: tuple[str, ...]
    password: str | None = None
    languages: Mapping[str, Language] = field(default_factory=load_languages)

    @property
    def name(self) -> str:
        """What its deliveries are kept under."""
        return "mail"

    async def send(self, alert: Alert) -> None:
        """Hand an alert over, in a thread of its own.

        Raises: Unsent.
        """
        try:
            await to_thread.run_sync(self._send, alert)
        except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: what no header or login can say
            raise Unsent(f"the mail server cannot be used ({type(error).__name__})") from error

    def _send(self, alert: Alert) -> None:
        message = EmailMessage()
        # A header has one line, whatever the text has.
        said, told = list(_said(alert, self.languages).values()), outward(alert)
        title = title_of(told, next(iter(self.languages.values())))
        message["Subject"] = " ".join(f"[Escrutinio] {title}".split())
        message["From"], message["To"] = self.sender, ", ".join(self.receivers)
        message.set_content("\n".join((*said, "", f"{told.at} · {told.kind.value}", told.href or "", "")))
        parts = urlsplit(self.server)
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=_TIMEOUT_S) as server:
            if parts.username is not None and parts.scheme == "smtp":
                server.starttls()  # a password never goes out in the clear
            if parts.username is not None:
                server.login(unquote(parts.username), self.password or "")
            server.send_message(message)


def sign(secret: str, body: bytes, now: datetime) -> str:
    """ "t=1765400000,v1=…": HMAC-SHA256 of "1765400000." and the body, hexadecimal; an old `t` is a replay."""
    second = str(int(now.timestamp()))
    return f"t={second},v1={hmac.new(secret.encode(), second.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def check_web_address(url: str, name: str) -> str:
    """The address itself.

    Raises: InvalidInput: it is none.
    """
    if split_address(url) is None:
        raise InvalidInput(f"setting {name}: {url[:80]!r} is not a web address")
    return url


def check_mail_server(url: str) -> str:
    """The address itself.

    Raises: InvalidInput: it is none.
    """
    parts = split_address(url, _PORTS)
    if parts is None or parts.password is not None:
        raise InvalidInput(
            "setting alert_mail: smtp://USER@HOST or smtps://USER@HOST; the password is a setting of its own"
        )
    return url


def _said(alert: Alert, languages: Mapping[str, Language]) -> dict[str, str]:
    """In words, and where the rest is read if it stays in the house."""
    told = outward(alert)
    names = () if told == alert else ("alert.inside",)
    return {code: ". ".join((say(told, one), *map(one, names))) for code, one in languages.items()}


def _shown(alert: Alert) -> dict[str, Any]:
    kept = msgspec.to_builtins(alert)
    return {name: value for name, value in kept.items() if name not in ("least", "key")}
