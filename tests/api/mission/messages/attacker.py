"""An attacker of messages: has an observer's phone, everybody's number, and more sessions than anybody.

It reads all that a device, a verifier and the public are answered, all that leaves the house, and the database without
its contacts. It looks for words that were planted and are not for it; asks for messages there are and there are not,
and writes in the name of numbers the mission has and has not, without the gateway's secret: what is answered otherwise
tells something. And it has the same evening with other people: what it is told otherwise, it was told of them.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import true
from structlog.testing import capture_logs

from api.alerts.channels import SIGNATURE, sign
from api.http.policy import POLICY
from api.routes.mission.observation import messages
from mission.messages.message_log import received
from mission.people.auditlog import RETENTION
from mission.people.contacts import purge_contacts
from tally import moments
from tally.errors import NotFound
from tally.storage.store import Store
from tests.api.mission.conftest import MISSION
from tests.api.mission.messages.gateway import PATH, SECRET, hand_over, text_of
from tests.api.mission.messages.plays import MESSAGES, Played, played
from tests.api.mission.messages.test_text_messages import dump
from tests.api.mission.test_public_incidents import crawl
from tests.databases import sqlite_in

_KINDS = frozenset({"number", "name", "reference", "pseudonym", "team", "text", "answer", "misread", "report", "alert"})
_PEOPLE = frozenset({"number", "name", "reference"})
# What of it each may read; what a device may is its own.
_READ_BY: Mapping[str, frozenset[str]] = {
    "verifier": frozenset({"pseudonym", "team", "report", "alert"}),
    "alert": frozenset({"alert"}),
    "database": _KINDS - _PEOPLE,
    "after the purge": _KINDS - _PEOPLE,
}
# Numbers one after another: how many others there are between two of its own a device can count.
_NUMBERED = re.compile(r'"id":\d+(?=,"kind":)')
# Whoever is told of others by more than words: by a number, a size, a status.
_HEARING = ("device", "public", "nobody")
# A moment, a digest or a random name, which no two missions have alike.
_CHANCE = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(?:\+00:00|Z)?|[0-9a-f]{8,}|[\w+/-]{40,}=*")
_OF_EACH_ANSWER = frozenset({"date", "etag", "content-length", "last-modified"})
_WRONG = "another secret, as long"


class Statement(Struct, frozen=True):
    """What somebody was told: who, when asked what, with which status and words."""

    who: str
    asked: str
    status: int
    said: str


class Learned(Struct, frozen=True):
    """What the attacker should not know: words of that kind, or by what is told otherwise of others."""

    kind: str
    who: str
    asked: str


class Heard(Struct, frozen=True):
    """One evening: how many statements were looked at and set beside others, and what was learned.

    gaps: messages to others that a device knows of, since they are numbered one after another.
    told: without what chance made, by who was told what.
    """

    statements: int
    compared: int
    gaps: int
    learned: frozenset[Learned]
    told: Mapping[tuple[str, str], tuple[int, str]]


def attack(seed: str) -> Heard:
    """The evening of that seed, twice: each attacked by itself, and both set beside each other."""
    these, those = attack_one(seed, "these"), attack_one(seed, "those")
    both = {one for one in these.told.keys() | those.told.keys() if one[0] in _HEARING}
    learned = {Learned("others", *one) for one in both if these.told.get(one) != those.told.get(one)}
    return Heard(
        these.statements + those.statements,
        these.compared + those.compared + len(both),
        these.gaps,
        these.learned | those.learned | learned,
        these.told,
    )


def attack_one(seed: str, others: str) -> Heard:
    """The evening of that seed with those others."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(closing(Store.open(sqlite_in(folder))))
        logged = stack.enter_context(capture_logs())
        play = stack.enter_context(played(store, folder, seed, others))
        groups = [list(group) for group in _ask_alike(play)]
        told = [*_listen(play), *(one for group in groups for one in group)]
        told += [Statement(who, asked, 0, "\n".join(said)) for (who, asked), said in play.heard.items()]
        told += [Statement("telephone", one.to, 0, one.text) for one in play.gateway.sent.values()]
        purge_contacts(store.engine, RETENTION, moments.utc_now())
        told += _listen_after(play)
        told += [Statement("log", str(n), 0, repr(line)) for n, line in enumerate(logged)]
        learned = frozenset((*_unlike(groups), *_read(told, play)))
        gaps = len(play.messages) - len(play.own)
    by_what = {(one.who, _masked(one.asked, play)): (one.status, _masked(one.said, play)) for one in told}
    return Heard(len(told), sum(map(len, groups)), gaps, learned, by_what)


def _listen(play: Played) -> Iterator[Statement]:
    """What everybody is answered and sent."""
    verifier = play.team.people["verifier"]
    paths = [path for method, path in POLICY if method == "GET" and path.startswith(MISSION)]
    paths += [f"{MESSAGES}?before={number}" for number in (1, 5, 10**6)]
    for path in paths:
        asked = re.sub(r"\{\w+(:path)?\}", "x", path)
        yield _told("device", asked, play.device.client.get(asked))
        yield _told("verifier", asked, verifier.get(asked))
        yield _told("public", asked, play.team.public.get(asked))
    for things in ("incidents", "responses"):
        for one in verifier.get(f"{MISSION}/{things}").json()[things]:
            yield _told("verifier", one["id"], verifier.get(f"{MISSION}/{things}/{one['id']}"))
    for asked, answer in crawl(play.team).items():
        if not asked.startswith("/metrics"):  # which the proxy keeps to itself
            yield _told("public", asked, answer)
    yield from (Statement("alert", str(n), 0, said) for n, said in enumerate(play.alerts))
    yield Statement("database", "all but the contacts", 0, dump(play.team))


def _listen_after(play: Played) -> Iterator[Statement]:
    """What is left when names and numbers are purged, to those who run the mission and in the database."""
    coordinator = play.team.people["coordinator"]
    for path in (f"{MISSION}/people", MESSAGES, f"{MESSAGES}/audiences"):
        yield _told("after the purge", path, coordinator.get(path))
    yield Statement("after the purge", "the database", 0, dump(play.team))


def _ask_alike(play: Played) -> Iterator[Iterable[Statement]]:
    """Questions that are to be answered alike: of messages to others and of none; by members' numbers and others'."""
    last = len(play.messages)
    others = [number for number in (*range(1, last + 3), 999) if number not in play.own]
    for who, client in (("device", play.device.client), ("verifier", play.team.people["verifier"])):
        numbers = others if who == "device" else range(1, last + 3)
        for way, body in (("read", {}), ("answers", {"text": "hola"})):
            paths = ((n, f"{MESSAGES}/{n}/{way}") for n in numbers)
            yield (_asked(who, path, client.post(path, json=body), n) for n, path in paths)
    phone = play.device.phone
    sent = ((n, hand_over(play.team.public, text_of(phone, f"LEIDO {n}"))) for n in others)
    yield (_asked("device", f"LEIDO {n}", answer, n) for n, answer in sent)
    phones = [person.phone for person in (play.device, *play.others)] + list(play.strangers)
    for name, forge in _FORGED.items():
        texts = ((number, text_of(number, "INC 07 000001 2 x", id="1")) for number in phones)
        yield (_told("nobody", f"{name}: {number}", forge(play.team.public, sent)) for number, sent in texts)


def _unsigned(client: httpx.Client, sent: Mapping[str, Any]) -> httpx.Response:
    return client.post(PATH, json=sent)


def _mistaken(client: httpx.Client, sent: Mapping[str, Any]) -> httpx.Response:
    return hand_over(client, sent, _WRONG)


def _replayed(client: httpx.Client, sent: Mapping[str, Any]) -> httpx.Response:
    """With a signature that the gateway made of this very text, an hour ago."""
    body = msgspec.json.encode(sent)
    made = sign(SECRET, body, moments.utc_now() - timedelta(hours=1))
    headers = {SIGNATURE: made, "Content-Type": "application/json"}
    return client.post(PATH, content=body, headers=headers)


_FORGED: Mapping[str, Callable[[httpx.Client, Mapping[str, Any]], httpx.Response]] = {
    "unsigned": _unsigned,
    "another secret": _mistaken,
    "replayed": _replayed,
}


def _told(who: str, asked: str, answer: httpx.Response) -> Statement:
    heads = (f"{name}: {value}" for name, value in answer.headers.items() if name not in _OF_EACH_ANSWER)
    return Statement(who, asked, answer.status_code, "\n".join((*heads, "", answer.text)))


def _asked(who: str, asked: str, answer: httpx.Response, number: int) -> Statement:
    """The same without the number that was asked for, as whoever asks knows it."""
    told = _told(who, asked, answer)
    return replace(told, said=re.sub(rf"(mensaje |message |messages/){number}\b", r"\1n", told.said))


def _unlike(groups: Iterable[list[Statement]]) -> Iterator[Learned]:
    for group in groups:
        kinds = {(one.status, _CHANCE.sub("…", one.said)) for one in group}
        if len(kinds) > 1:
            yield Learned("unlike", group[0].who, group[0].asked)


def _read(told: Iterable[Statement], play: Played) -> Iterator[Learned]:
    """Planted words before whom they are not for."""
    receivers = {str(number): one.receivers for number, one in play.messages.items()}
    whose = {person.phone: person.pseudonym for person in (play.device, *play.others)}
    for one in told:
        # Who reads as one of the mission reads their own, and no more.
        reader = (
            play.device.pseudonym
            if one.who == "device"
            else whose.get(one.asked[-9:])
            if one.who == "telephone"
            else None
        )
        for secret in play.secrets:
            if secret.words not in one.said or secret.kind in _READ_BY.get(one.who, ()):
                continue
            is_own = reader in receivers[secret.of] if secret.kind == "text" else reader == secret.of
            if reader is None or not is_own:
                yield Learned(secret.kind, one.who, one.asked)


def _masked(said: str, play: Played) -> str:
    return _CHANCE.sub("…", _NUMBERED.sub('"id":n', said.replace(play.device.pseudonym, "…")))


def _tell_progress(message: Any, viewer: Any, *_: Any) -> Any:
    return _line(message, viewer, messages._progress(message, None))


def _say_that_there_is(book: Any, by: Any, number: int) -> Any:
    if number in book.messages and by.pseudonym not in book.messages[number].receivers:
        raise NotFound(f"message {number} is not to you")
    return received(book, by, number)


_line = messages._line
# Faults that the attacker has to find: each by what it tells.
CONTROLS: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    "observers are told who has not read": lambda: patch.object(messages, "_line", _tell_progress),
    "a message to others is refused otherwise than none": lambda: patch(
        "mission.messages.message_log.received", _say_that_there_is
    ),
    "texts are answered whoever signed them": lambda: patch(
        "api.routes.mission.observation.text_messages.check_signature"
    ),
    "every alert is told to every role": lambda: patch("mission.alerts._is_for", lambda _: true()),
    "names and numbers are not purged": lambda: patch(f"{__name__}.purge_contacts"),
}
