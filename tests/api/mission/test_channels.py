"""Alerts that leave the house: signed, once, tried again, and never in anybody's way."""

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from threading import Thread
from typing import Any

import httpx
import pytest
from msgspec import structs
from sqlalchemy import Engine

from api.alerts.channels import SIGNATURE, Mail, Webhook
from api.alerts.sending import AlertSender
from api.commands.assembly import assemble
from mission.alerts import Alert, AlertKind, News, raise_alert
from mission.deliveries import LIMITS, Unsent, settle, take_outgoing
from mission.people.roles import Role
from mission.transactions import exclusive
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.store import Store
from tests.waiting import wait_until

NOW = datetime(2030, 1, 6, 12, 0, tzinfo=UTC)
ALERT = Alert(
    7,
    AlertKind.HOLD,
    {"areas": [{"key": "department/14", "name": "Lima\r\nBcc: x"}]},
    "/corrections",
    "2030-01-06T12:00:00Z",
    Role.OBSERVER,
)
URL = "https://desk.example/hook"


@pytest.fixture
def engine(any_store: Store) -> Engine:
    return any_store.engine


def publish(engine: Engine, *keys: str) -> None:
    for key in keys:
        with exclusive(engine) as connection:
            news = News(key, AlertKind.HOLD, {"areas": [{"key": "place/1", "name": key}]})
            assert raise_alert(connection, news, NOW, is_test=False)


def hook(answer: Callable[[httpx.Request], httpx.Response]) -> Webhook:
    return Webhook(URL, "a secret", httpx.MockTransport(answer))


def test_a_webhook_is_told_as_json_with_a_signature_that_can_be_checked() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    asyncio.run(hook(answer).send(ALERT))
    [request] = seen
    stamp, signature = (part.partition("=")[2] for part in request.headers[SIGNATURE].split(","))
    signed = hmac.new(b"a secret", stamp.encode() + b"." + request.content, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signed, signature)
    assert json.loads(request.content) == {
        "id": 7,
        "kind": "hold",
        "figures": ALERT.figures,
        "es": "Retenido: Lima\r\nBcc: x",
        "en": "Held: Lima\r\nBcc: x",
        "href": "/corrections",
        "at": ALERT.at,
    }


INSIDE = Alert(
    8,
    AlertKind.COPY_DIFFERS,
    {
        "areas": [{"key": "mesa/000031", "name": "I.E. Nº 31 LIMA"}],
        "lists": "Rojo",
        "moved": 40,
        "deciding": 9,
        "shift": 4,
    },
    "/mission/quick-count?id=q1&mesa=000031",
    "2030-01-06T12:00:00Z",
    Role.COORDINATOR,
)
INCIDENT = Alert(
    9,
    AlertKind.CRITICAL,
    {"category": "other", "place": {"key": "mesa/000031", "name": None}},
    "/mission/incident?id=abcdefgh",
    "2030-01-06T12:00:00Z",
    Role.VERIFIER,
)


@pytest.mark.parametrize(("alert", "said"), [(INSIDE, "Copia distinta"), (INCIDENT, "Incidente crítico")])
@pytest.mark.parametrize("way", ["webhook", "mail"])
def test_what_the_team_alone_reads_leaves_without_a_mesa_a_place_or_a_figure(alert: Alert, said: str, way: str) -> None:
    told = posted(alert) if way == "webhook" else mailed(alert)
    assert said in told
    assert "al iniciar sesión" in told
    assert str(alert.href).partition("&")[0] in told
    for secret in ("31", "I.E", "LIMA", "Lima", "Rojo", "40"):
        assert secret not in told


def posted(alert: Alert) -> str:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    asyncio.run(hook(answer).send(alert))
    return seen[0].content.decode()


def mailed(alert: Alert) -> str:
    server = Smtp()
    server.start()
    asyncio.run(Mail(f"smtp://127.0.0.1:{server.port}", "count@example.org", ("desk@example.org",)).send(alert))
    server.join(5)
    begun = [line.upper() for line in server.lines].index("DATA")
    sent = message_from_bytes("\n".join(server.lines[begun + 1 :]).encode(), policy=default)
    return f"{sent['Subject']}\n{sent.get_content()}"


def test_a_place_is_called_as_people_write_it() -> None:
    shown = structs.replace(ALERT, figures={"areas": [{"key": "place/1", "name": "I.E. SAN JOSÉ DE LA UNIÓN"}]})
    assert "Retenido: I.E. San José de la Unión" in posted(shown)


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_any_other_answer_is_a_failure_and_a_redirect_is_not_followed(status: int) -> None:
    headers = {"Location": "http://127.0.0.1/"}
    with pytest.raises(Unsent, match=f"answers {status}"):
        asyncio.run(hook(lambda _: httpx.Response(status, headers=headers)).send(ALERT))


def test_a_webhook_that_cannot_be_reached_is_a_failure_that_tells_no_secret() -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to https://user:secret@desk.example")

    with pytest.raises(Unsent) as error:
        asyncio.run(hook(fail).send(ALERT))
    assert "secret" not in str(error.value)


def test_what_was_raised_before_a_channel_was_set_stays_where_it_is(engine: Engine) -> None:
    publish(engine, "one")
    assert take_outgoing(engine, "webhook", NOW) == []
    publish(engine, "two")
    found = [sent.alert.figures["areas"] for sent in take_outgoing(engine, "webhook", NOW)]
    assert found == [[{"key": "place/1", "name": "two"}]]


def test_an_alert_is_one_servers_until_it_is_settled_or_that_server_is_lost(engine: Engine) -> None:
    take_outgoing(engine, "webhook", NOW)
    publish(engine, "one")
    [sent] = take_outgoing(engine, "webhook", NOW)
    assert take_outgoing(engine, "webhook", NOW) == []
    assert take_outgoing(engine, "mail", NOW) == []  # a channel of its own, which begins now
    [again] = take_outgoing(engine, "webhook", NOW + timedelta(minutes=3))
    assert (again.alert, again.tries) == (sent.alert, 2)
    settle(engine, "webhook", again, NOW, is_good=True)
    assert take_outgoing(engine, "webhook", NOW + timedelta(days=1)) == []


def test_a_failure_is_tried_again_after_pauses_that_double_and_not_for_ever(engine: Engine) -> None:
    take_outgoing(engine, "webhook", NOW)
    publish(engine, "one")
    at = NOW
    for pause in (0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600):
        if pause:
            assert take_outgoing(engine, "webhook", at + timedelta(seconds=pause - 1)) == []
        at += timedelta(seconds=pause)
        [sent] = take_outgoing(engine, "webhook", at)
        settle(engine, "webhook", sent, at, is_good=False)
    assert sent.tries == LIMITS.most_tries
    assert take_outgoing(engine, "webhook", at + timedelta(days=1)) == []


def test_two_servers_send_each_alert_once_and_one_that_fails_again(engine: Engine) -> None:
    got: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        said = json.loads(request.content)["es"].removeprefix("Retenido: ")
        got.append(said)
        return httpx.Response(503 if said == "bad" else 200)

    async def run() -> None:
        take_outgoing(engine, "webhook", NOW)  # the channel is known from here on
        servers = [AlertSender(engine, [hook(answer)], look_s=0.05) for _ in range(2)]
        for server in servers:
            server.start()
        await asyncio.to_thread(publish, engine, *(f"n{n}" for n in range(10)), "bad")
        await asyncio.to_thread(wait_until, lambda: len(got) >= 11)
        await asyncio.sleep(0.5)
        for server in servers:
            await server.stop()

    asyncio.run(run())
    assert sorted(got) == sorted([*(f"n{n}" for n in range(10)), "bad"])


class Smtp(Thread):
    """A mail server that takes one message."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.lines = self._listener.getsockname()[1], list[str]()

    def run(self) -> None:
        line, _ = self._listener.accept()
        with line, line.makefile("rwb") as wire:
            self._say(wire, "220 here")
            is_text = False
            for raw in wire:
                text = raw.decode().rstrip("\r\n")
                self.lines.append(text)
                if is_text:
                    is_text = text != "."
                    if not is_text:
                        self._say(wire, "250 taken")
                elif text.upper() == "DATA":
                    is_text = True
                    self._say(wire, "354 go on")
                elif text.upper() == "QUIT":
                    self._say(wire, "221 bye")
                    break
                else:
                    self._say(wire, "250 fine")
        self._listener.close()

    @staticmethod
    def _say(wire: Any, text: str) -> None:
        wire.write(text.encode() + b"\r\n")
        wire.flush()


def test_a_mail_has_one_subject_whatever_the_alert_says() -> None:
    server = Smtp()
    server.start()
    mail = Mail(f"smtp://127.0.0.1:{server.port}", "count@example.org", ("desk@example.org", "b@example.org"))
    asyncio.run(mail.send(ALERT))
    server.join(5)
    text = "\n".join(server.lines)
    assert "<desk@example.org>" in text
    assert "Subject: [Escrutinio] Retenido: Lima Bcc: x" in text
    head = server.lines[: server.lines.index("")]
    assert not [line for line in head if line.startswith("Bcc")]


def test_a_mail_server_that_is_not_there_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unsent, match="mail server cannot be used"):
        asyncio.run(Mail(f"smtp://127.0.0.1:{port}", "a@example.org", ("b@example.org",)).send(ALERT))


def test_a_mail_that_cannot_be_written_is_a_failure_as_any() -> None:
    with pytest.raises(Unsent, match="mail server cannot be used"):
        asyncio.run(Mail("smtp://127.0.0.1:9", "a@example.org\nBcc: b@example.org", ("b@example.org",)).send(ALERT))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"alert_webhook": "ftp://x", "alert_webhook_secret": "s"}, "not a web address"),
        ({"alert_webhook": "http://[::1/", "alert_webhook_secret": "s"}, "not a web address"),
        ({"alert_webhook": URL}, "alert_webhook_secret"),
        ({"alert_mail": "smtp://[::1"}, "smtp://USER@HOST"),
        ({"alert_mail": "smtp://user:secret@host"}, "the password is a setting of its own"),
        ({"alert_mail": "smtp://host"}, "needs a sender"),
    ],
)
def test_settings_that_cannot_work_are_a_sentence_at_the_start(
    store: Store, settings: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        assemble(load_settings(**settings), store)


def test_none_is_on_by_itself() -> None:
    settings = load_settings()
    assert (settings.alert_webhook, settings.alert_mail) == (None, None)
