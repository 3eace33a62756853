"""Webhooks of subscribers, against a server of theirs: signed, at least once, and nobody waits for anybody."""

import asyncio
import json
import re
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs
from sqlalchemy import Engine, func, select
from standardwebhooks import Webhook, WebhookVerificationError

from api.alerts import posting
from api.alerts.posting import is_public, post
from api.alerts.sending import AlertSender
from api.alerts.subscriptions import KINDS, MOST, message_id, read_subscribers
from api.commands.assembly import assemble, subscribers
from mission import deliveries as out
from mission.alert_tables import deliveries
from mission.alerts import Alert, AlertKind, News, raise_alert
from mission.deliveries import Unsent, settle, take_outgoing
from mission.people.roles import Role
from mission.transactions import exclusive
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.store import Store
from tests.api.webhooks.receiver import Receiver, receiving
from tests.operate.documents import PROJECT
from tests.waiting import wait_until

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLwSw"
OTHER = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
NOW = datetime(2030, 1, 6, 12, 0, tzinfo=UTC)
ALERT = Alert(7, AlertKind.HOLD, {"areas": []}, "/contests/lima/corrections", "2030-01-06T12:00:00Z", Role.OBSERVER)


@pytest.fixture
def engine(store: Store) -> Engine:
    return store.engine


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    (tmp_path / "own.secret").write_text(SECRET)
    return tmp_path


def written(folder: Path, *subscriptions: dict[str, Any]) -> Path:
    path = folder / "subscriptions.toml"
    lines = []
    for each in subscriptions:
        said = {"name": "daily", "url": "https://hooks.example/", "secret_file": "own.secret", **each}
        lines += ["[[subscription]]", *(f"{key} = {json.dumps(value)}" for key, value in said.items())]
    path.write_text("\n".join(lines))
    return path


def publish(engine: Engine, *keys: str, kind: AlertKind = AlertKind.HOLD) -> None:
    with exclusive(engine) as connection:
        for key in keys:
            news = News(key, kind, {"areas": [{"key": "place/1", "name": key}]}, "/")
            assert raise_alert(connection, news, NOW, is_test=False)


def names(receiver: Receiver) -> list[str]:
    return [json.loads(message.body)["data"]["figures"]["areas"][0]["name"] for message in receiver.got]


def test_a_subscriber_can_check_a_message_by_the_convention_and_by_either_of_two_secrets(
    folder: Path, receiver: Receiver
) -> None:
    (folder / "own.secret").write_text(f"{SECRET}\n{OTHER}\n")
    path = written(folder, {"url": receiver.url, "private": True})
    [one] = read_subscribers(path, "https://count.example")
    asyncio.run(one.send(ALERT))
    [message] = receiver.got
    for secret in (SECRET, OTHER):
        told: Any = Webhook(secret).verify(message.body, message.headers)
        assert told["type"] == "count.hold"
        assert told["timestamp"] == ALERT.at
        assert told["data"]["href"] == "https://count.example/contests/lima/corrections"
        assert told["data"]["said"].keys() == {"es", "en"}
    for changed in (message.body.replace(b"hold", b"held"), message.body + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(changed, message.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(message.body, {**message.headers, "webhook-timestamp": "1893931200"})


@pytest.mark.parametrize(("figures", "is_test"), [({"areas": []}, False), ({"areas": [], "is_test": True}, True)])
def test_a_message_says_whether_it_is_of_a_rehearsal(
    folder: Path, receiver: Receiver, figures: dict[str, Any], is_test: bool
) -> None:
    [one] = read_subscribers(written(folder, {"url": receiver.url, "private": True}))
    asyncio.run(one.send(structs.replace(ALERT, figures=figures)))
    data = json.loads(receiver.got[0].body)["data"]
    assert (data["is_test"], data["said"]["es"].startswith("SIMULACRO · ")) == (is_test, is_test)


def test_a_message_keeps_its_id_in_every_try_and_no_two_have_one(engine: Engine, folder: Path) -> None:
    with receiving(Receiver(lambda before: 503 if before == 0 else 200)) as receiver:
        [one] = read_subscribers(written(folder, {"url": receiver.url, "private": True}))
        take_outgoing(engine, one.name, NOW)
        publish(engine, "a", "b")
        first, second = take_outgoing(engine, one.name, NOW)
        with pytest.raises(Unsent, match="answers 503"):
            asyncio.run(one.send(first.alert))
        asyncio.run(one.send(first.alert))
        asyncio.run(one.send(second.alert))
    ids = [message.headers["webhook-id"] for message in receiver.got]
    assert ids[0] == ids[1] == message_id(first.alert)
    assert ids[2] != ids[0]
    assert "." not in ids[0]


def test_the_id_of_a_message_does_not_tell_how_many_alerts_of_the_mission_lay_between() -> None:
    assert message_id(structs.replace(ALERT, id=9)) == message_id(ALERT)
    assert message_id(structs.replace(ALERT, key="changes/9")) != message_id(ALERT)


@pytest.mark.parametrize(
    ("asked", "changes", "is_wanted"),
    [
        ({}, {}, True),
        ({"kinds": ["decided"]}, {}, False),
        ({"kinds": ["hold", "decided"]}, {}, True),
        ({"contest": "lima"}, {}, True),
        ({"contest": "lim"}, {}, False),
        ({"contest": "callao"}, {}, False),
        ({"contest": "callao"}, {"kind": AlertKind.FEED_STALE, "href": "/"}, True),
        ({}, {"least": Role.COORDINATOR}, False),
        ({}, {"kind": AlertKind.CRITICAL}, False),
    ],
)
def test_only_what_was_asked_for_is_sent_and_nothing_of_the_mission(
    folder: Path, receiver: Receiver, asked: dict[str, Any], changes: dict[str, Any], is_wanted: bool
) -> None:
    [one] = read_subscribers(written(folder, {"url": receiver.url, "private": True, **asked}))
    fields = {name: getattr(ALERT, name) for name in ALERT.__struct_fields__}
    asyncio.run(one.send(Alert(**{**fields, **changes})))
    assert len(receiver.got) == is_wanted


def test_a_slow_subscriber_holds_up_no_other_and_has_everything_in_the_end(engine: Engine, folder: Path) -> None:
    wanted = [f"n{n}" for n in range(12)]

    async def run(slow: Receiver, quick: Receiver) -> None:
        hooks = [{"name": name, "url": one.url, "private": True} for name, one in (("slow", slow), ("quick", quick))]
        channels = read_subscribers(written(folder, *hooks))
        for one in channels:
            take_outgoing(engine, one.name, NOW)
        sender = AlertSender(engine, channels, look_s=0.02)
        slow.held.clear()
        sender.start()
        await asyncio.to_thread(publish, engine, *wanted)
        await asyncio.to_thread(wait_until, lambda: len(quick.got) == len(wanted))
        assert len(slow.got) == 1
        slow.held.set()
        await asyncio.to_thread(wait_until, lambda: len(slow.got) == len(wanted))
        await sender.stop()

    with receiving(Receiver()) as slow, receiving(Receiver()) as quick:
        asyncio.run(run(slow, quick))
    assert names(quick) == names(slow) == wanted


def test_what_waits_is_bounded_and_the_oldest_make_room(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "LIMITS", structs.replace(out.LIMITS, most_waiting=15))
    take_outgoing(engine, "subscriber/away", NOW)
    publish(engine, *(f"n{n}" for n in range(15 + 7)))
    first = take_outgoing(engine, "subscriber/away", NOW)
    assert [sent.alert.figures["areas"][0]["name"] for sent in first] == [f"n{n}" for n in range(7, 17)]
    own = select(func.count()).where(deliveries.c.channel == "subscriber/away")
    with engine.connect() as connection:
        assert connection.execute(own.where(deliveries.c.done_at.is_(None))).scalar_one() == 15
        assert connection.execute(own.where(deliveries.c.is_sent.is_(False))).scalar_one() == 7
    for sent in first:
        settle(engine, "subscriber/away", sent, NOW, is_good=True)
    assert take_outgoing(engine, "subscriber/away", NOW)[0].alert.figures["areas"][0]["name"] == "n17"


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:0001::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("::10.0.0.1", False),
        ("fec0::1", False),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),
    ],
)
def test_an_address_of_our_own_network_is_known_in_every_disguise(address: str, is_good: bool) -> None:
    assert is_public(ip_address(address)) is is_good


@pytest.mark.parametrize("url", ["https://localhost/", "https://127.1/", "https://[::1]:8443/", "https://0x7f000001/"])
def test_nothing_is_sent_into_our_own_network_unless_the_file_allows_it(url: str) -> None:
    with pytest.raises(Unsent, match=r"private = true|cannot be reached"):
        asyncio.run(post(url, b"{}", {}, is_private_allowed=False))


@pytest.mark.parametrize(
    "url", ["https://a..example/", f"https://{64 * 'a'}.example/", "https://xn--/", "https://a/\x00"]
)
@pytest.mark.parametrize("is_private", [True, False])
def test_an_address_that_cannot_be_is_a_failure_as_any(url: str, is_private: bool) -> None:
    """Whatever else came of it would end the task that sends to everybody behind that channel."""
    with pytest.raises(Unsent, match="cannot be reached"):
        asyncio.run(post(url, b"{}", {}, is_private_allowed=is_private))


def test_a_name_that_is_asked_for_once_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answers for a name may answer otherwise the next time: it goes to the address that was looked at."""
    seen: list[httpx.Request] = []
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "10.0.0.1"]])

    async def look(*_: Any, **__: Any) -> Sequence[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in next(answers)]

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    async def run() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look, raising=False)
        await post("https://hooks.example/a", b"{}", {}, transport=transport, is_private_allowed=False)
        for _ in range(2):
            with pytest.raises(Unsent, match="not a public one"):
                await post("https://hooks.example/a", b"{}", {}, transport=transport, is_private_allowed=False)

    transport = httpx.MockTransport(answer)
    asyncio.run(run())
    [request] = seen
    assert (request.url.host, request.headers["host"]) == ("93.184.215.14", "hooks.example")
    assert request.extensions["sni_hostname"] == "hooks.example"


def test_whoever_never_answers_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "_TIMEOUT_S", 0.2)
    receiver.held.clear()
    with pytest.raises(Unsent, match="cannot be reached"):
        asyncio.run(post(receiver.url, b"{}", {}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "http://hooks.example/"}, "begins with https://"),
        ({"url": "https://me:pass@hooks.example/"}, "names no user"),
        ({"url": "https://[::1/"}, "begins with https://"),
        ({"url": "https://hooks..example/"}, "begins with https://"),
        ({"url": "https://hooks.example:99999/"}, "begins with https://"),
        ({"url": "https://hooks.example/a b"}, "begins with https://"),
        ({"name": "Daily News"}, "a name has small letters"),
        ({"kinds": ["critical"]}, "kinds may be hold"),
        ({"kinds": ["hold", "copy_differs"]}, "kinds may be hold"),
        ({"kinds": []}, "kinds may be hold"),
        ({"kinds": ["lead"]}, "Invalid enum value 'lead'"),
        ({"secret_file": "nowhere"}, "holds no secrets"),
        ({"secret_file": "short.secret"}, "24 to 64 bytes"),
        ({"secret": "x"}, "unknown field `secret`"),
    ],
)
def test_a_subscription_that_cannot_work_is_a_sentence(folder: Path, changes: dict[str, Any], sentence: str) -> None:
    (folder / "short.secret").write_text("whsec_c2hvcnQ=")
    with pytest.raises(InvalidInput, match=sentence):
        read_subscribers(written(folder, changes))


@pytest.mark.parametrize("said", ["# Mañana".encode("latin-1"), b"a = " + b"[" * 5000])
def test_a_file_that_no_program_reads_is_a_sentence(folder: Path, said: bytes) -> None:
    path = written(folder, {})
    path.write_bytes(said)
    with pytest.raises(InvalidInput, match="subscriptions "):
        read_subscribers(path)


def test_two_of_one_name_and_too_many_are_refused(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="called the same"):
        read_subscribers(written(folder, {}, {}))
    with pytest.raises(InvalidInput, match=f"{MOST} are the most"):
        read_subscribers(written(folder, *({"name": f"n{n}"} for n in range(MOST + 1))))


def test_the_server_is_put_together_with_the_subscribers_of_its_setting(folder: Path, store: Store) -> None:
    path = written(folder, {"contest": "president", "kinds": ["decided"]})
    [one] = subscribers(load_settings(subscriptions=path, public_url="https://count.example/"))
    assert (one.home, one.subscription.kinds) == ("https://count.example", (AlertKind.DECIDED,))
    assert subscribers(load_settings()) == ()
    with pytest.raises(InvalidInput, match="no contest is 'nowhere'"):
        assemble(load_settings(subscriptions=written(folder, {"contest": "nowhere"})), store)


def test_a_secret_may_be_one_of_systemds_credentials(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = folder / "credentials"
    given.mkdir()
    (given / "hook").write_text(OTHER)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    [one] = read_subscribers(written(folder, {"secret_file": "hook"}))
    assert one.secrets == (b"A" * 24,)


def test_what_is_the_missions_is_no_kind_that_can_be_subscribed_to_and_all_others_are_documented() -> None:
    assert set(AlertKind) - set(KINDS) == {AlertKind.CRITICAL, AlertKind.COPY_DIFFERS}
    table = (PROJECT / "docs" / "webhooks.md").read_text("utf-8").partition("| kind | when |")[2].partition("\n\n")[0]
    told = [cell for line in table.splitlines() for cell in re.findall(r"`(\w+)`", "|".join(line.split("|")[:2]))]
    assert sorted(told) == sorted(kind.value for kind in KINDS)
