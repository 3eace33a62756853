"""A mission that writes, reads, answers and sends texts all evening, one of whose observers is an attacker's.

Played twice from one seed and two of `others`, all that the attacker may know is the same: which messages reach that
observer, and what that one does. Who else there is, in which team and region, who has a telephone, what they read,
answer and send, and who may not come in, is another mission.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from msgspec import Struct, field
from sqlalchemy import func, select

from api.alerts.channels import Mail, Webhook
from mission.alert_tables import alerts
from mission.alerts import AlertKind, News, raise_alert
from mission.messages.book import Message
from mission.messages.message_log import message_journals
from mission.transactions import exclusive
from tally import moments
from tally.storage.database import transaction
from tally.storage.store import Store
from tests.api.country import ELECTION
from tests.api.mission.answering import answer
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.api.mission.messages.ears import OWN, listening
from tests.api.mission.messages.gateway import KeptTexts, hand_over, options, text_of
from tests.api.mission.test_people import cards, come_in, enter, people
from tests.api.mission.test_quick_counts import ask, copy_of, draw, send
from tests.waiting import PATIENCE_S, wait_until

MESSAGES = f"{MISSION}/messages"
_OWN, _FAR, _AREAS = "140101", "240101", ("140101", "140102", "140201", "240101")
_SIGNS = "ñ € 🗳 \u202e"


class Secret(Struct, frozen=True):
    """Words that were planted, what they are, and whose: a pseudonym, or the number of a message."""

    kind: str
    words: str
    of: str = ""


class Person(Struct, frozen=True):
    """One of the roster, on their phone."""

    pseudonym: str
    phone: str
    client: httpx.Client


class Played(Struct):
    """A mission at the end of the evening. `device`: the attacker's. `alerts`: bodies that left the house.

    `heard`: what the attacker was told meanwhile on sockets and streams, by who listened where.
    """

    team: Team
    device: Person
    others: list[Person]
    gateway: KeptTexts
    strangers: tuple[str, ...]
    secrets: list[Secret] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    heard: Mapping[tuple[str, str], Sequence[str]] = {}

    @property
    def messages(self) -> Mapping[int, Message]:
        """All that was sent, by number."""
        return message_journals(self.team.store.engine).of(ELECTION.id).read().messages

    @property
    def own(self) -> set[int]:
        """Numbers of what was sent to the attacker's observer."""
        return {number for number, one in self.messages.items() if self.device.pseudonym in one.receivers}

    def plant(self, chance: random.Random, kind: str, of: str = "") -> str:
        """Words that are nowhere else."""
        self.secrets.append(Secret(kind, f"{kind}{chance.getrandbits(48):012x}", of))
        return self.secrets[-1].words


@contextmanager
def played(store: Store, folder: Path, seed: str, others: str) -> Iterator[Played]:
    """The evening of one seed with those others, served."""
    same, other, left, gateway = random.Random(seed), random.Random(f"{seed}/{others}"), list[str](), KeptTexts()

    def post(request: httpx.Request) -> httpx.Response:
        left.append(request.content.decode())
        return httpx.Response(204)

    class Post:
        """A mail server that takes everything."""

        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> "Post":
            return self

        def __exit__(self, *_: object) -> None: ...
        def send_message(self, message: EmailMessage) -> None:
            """Keep it."""
            left.append(message.as_string())

    mail = Mail("smtp://mail.example", "count@example.org", ("desk@example.org",))
    hook = Webhook("https://desk.example/hook", "a secret of the desk", httpx.MockTransport(post))
    with ExitStack() as stack:
        stack.enter_context(patch("api.alerts.channels.smtplib.SMTP", Post))
        team = stack.enter_context(team_of(store, folder, channels=(hook, mail), **options(gateway)))
        team.public.timeout = PATIENCE_S  # many may be listened to at once
        strangers = tuple(_number(same) for _ in range(2))
        play = Played(team, Person("", "", team.public), [], gateway, strangers, alerts=left)
        found = _people(play, same, other)
        phones = [stack.enter_context(come_in(team, card["code"])) for card in cards(team, *found)]
        for phone in phones:
            phone.timeout = PATIENCE_S
        everybody = [Person(name, number, phone) for (name, number), phone in zip(found.items(), phones, strict=True)]
        play.device, *play.others = everybody
        play.secrets += [Secret("pseudonym", name, name) for name in found]
        play.secrets.append(Secret("alert", f'"kind":"{AlertKind.CRITICAL}"'))
        with listening(team.public, play.device.client) as ears:
            _Evening(play, same, other).pass_by()
            wait_until(lambda: any(AlertKind.FEED_STALE in one for one in ears.heard[OWN]))
        play.heard = ears.heard
        yield play


def _people(play: Played, same: random.Random, other: random.Random) -> dict[str, str]:
    """Numbers by pseudonym; the attacker's observer is the first, and the second in another team and region."""
    teams = [play.plant(same, "team", str(n)) for n in range(3)]
    seats = [(0, _OWN), (1, _FAR), *((other.randrange(3), other.choice(_AREAS)) for _ in range(other.randint(3, 6)))]
    names, numbers, lines = list[str](), list[str](), list[str]()
    for n, (place, area) in enumerate(seats):
        chance = other if n else same
        names.append(play.plant(chance, "name"))
        numbers.append(_number(chance))
        play.secrets.append(Secret("number", numbers[-1]))
        reference, has_phone = play.plant(chance, "reference"), n < 2 or chance.random() < 0.8
        lines.append(f"{reference};{names[-1]};{teams[place]};no;{numbers[-1] if has_phone else ''};;{area};;")
    enter(play.team, *lines)
    known = people(play.team)
    return {known[name]["pseudonym"]: number for name, number in zip(names, numbers, strict=True)}


def _number(chance: random.Random) -> str:
    return f"9{chance.randrange(10**8):08}"


class _Evening:
    """What is done, step by step: what the attacker may know of it by `same`, the rest by `other`."""

    def __init__(self, play: Played, same: random.Random, other: random.Random) -> None:
        self._play, self._same, self._other = play, same, other
        self._coordinator = play.team.people["coordinator"]
        self._teams = [secret.words for secret in play.secrets if secret.kind == "team"]
        self._count = draw(play.team)["id"]
        where = play.team.country.where
        # Of the mesas where the attacker's observer is assigned it reads how far they are.
        self._mesas = [mesa for mesa in play.team.country.mesas if where[mesa].ubigeo != _OWN]
        drawn = {unit["mesa"] for unit in ask(play.team, f"/{self._count}/units")["units"]}
        self._drawn = [mesa for mesa in self._mesas if mesa in drawn]

    def pass_by(self) -> None:
        """Ten messages or so, and what comes of them; reports, answers and copies of others; at last an alert."""
        self._report()
        for _ in range(self._same.randint(8, 12)):
            self._send(is_own=self._same.random() < 0.5, is_by_text=self._same.random() < 0.5)
            for _ in range(self._other.randint(0, 3)):
                talk = (self._read, self._read, self._text, self._text, self._suspend)
                self._other.choice((*talk, self._report, self._fill))()
            if self._same.random() < 0.5:
                self._attackers_own()
        with exclusive(self._play.team.store.engine) as connection:
            assert raise_alert(connection, News("feed", AlertKind.FEED_STALE), moments.utc_now(), is_test=False)
        lined_up = {number for number, one in self._play.messages.items() if one.is_by_text}
        wait_until(lambda: all(self._is_out(number) for number in lined_up))
        wait_until(lambda: len(self._play.alerts) == 2 * self._raised())

    def _send(self, *, is_own: bool, is_by_text: bool) -> None:
        play, number = self._play, str(len(self._play.messages) + 1)
        words = play.plant(self._same, "text", number)
        audiences: tuple[dict[str, Any], ...] = (
            {"kind": "all"},
            {"kind": "team", "value": self._teams[0]},
            {"kind": "region", "value": "department/14"},
            {"kind": "without_form", "value": "opening"},
            {"kind": "person", "value": play.device.pseudonym},
        )
        others: tuple[dict[str, Any], ...] = (
            {"kind": "team", "value": self._teams[1]},
            {"kind": "region", "value": "department/24"},
            {"kind": "person", "value": play.others[0].pseudonym},
        )
        audience = self._same.choice(audiences) if is_own else self._other.choice(others)
        body = {"to": audience, "text": f"{words} {_SIGNS}", "is_by_text": is_by_text}
        sent = self._coordinator.post(MESSAGES, json=body)
        assert sent.status_code == 201, sent.text
        assert (int(number) in play.own) is is_own

    def _read(self) -> None:
        person, play = self._other.choice(self._play.others), self._play
        numbers = [number for number, one in play.messages.items() if person.pseudonym in one.receivers]
        if not numbers:
            return
        number = self._other.choice(numbers)
        if self._other.random() < 0.5:
            person.client.post(f"{MESSAGES}/{number}/read")
        else:
            words = play.plant(self._other, "answer", person.pseudonym)
            person.client.post(f"{MESSAGES}/{number}/answers", json={"text": words})

    def _text(self) -> None:
        """An order, one that is none, very long or of strange signs; of ids that others use, and sent again."""
        play, other = self._play, self._other
        sender = other.choice([*(person.phone for person in play.others), *play.strangers])
        said = other.choice(
            (
                "AYUDA",
                f"LEIDO {other.randint(1, 12)}",
                f"INC 07 000001 {other.randint(1, 4)} {play.plant(other, 'report')}",
                "AP 000001 1=N 2=2",
                play.plant(other, "misread"),
                f"{play.plant(other, 'misread')} {_SIGNS}",
                "x" * 1500,
            )
        )
        sent = text_of(sender, said, id=str(other.randrange(6)))
        for _ in range(other.randint(1, 2)):
            assert hand_over(play.team.public, sent).status_code == 200

    def _report(self) -> None:
        """What coordinators are alerted of at once."""
        play, mesa = self._play, self._other.choice(self._mesas)
        words = play.plant(self._other, "report")
        play.team.filed("verifier", severity="critical", text=words, place={"mesa": mesa})

    def _fill(self) -> None:
        """A form, and both entries of an acta."""
        play, mesa = self._play, self._other.choice(self._drawn)
        assert answer(play.team, "verifier", place={"mesa": mesa}).status_code in (201, 429)
        for entry in (1, 2):
            sent = send(play.team, self._count, copy_of(play.team, mesa, entry=entry))
            assert sent.status_code in (200, 201), sent.text

    def _suspend(self) -> None:
        path = f"{MISSION}/people/{self._other.choice(self._play.others[1:]).pseudonym}/suspension"
        if self._other.random() < 0.5:
            self._coordinator.post(path, json={"reason": "x"})
        else:
            self._coordinator.delete(path)

    def _attackers_own(self) -> None:
        play = self._play
        if not play.own:
            return
        number = self._same.choice(sorted(play.own))
        if self._same.random() < 0.5:
            assert play.device.client.post(f"{MESSAGES}/{number}/read").status_code == 200
        else:
            words = play.plant(self._same, "answer", play.device.pseudonym)
            answer = play.device.client.post(f"{MESSAGES}/{number}/answers", json={"text": words})
            assert answer.status_code == 201, answer.text

    def _is_out(self, number: int) -> bool:
        lines = self._coordinator.get(MESSAGES).json()["messages"]
        texts = next(line for line in lines if line["id"] == number)["progress"]["texts"]
        return texts is None or texts["sent"] + texts["given_up"] == texts["lined_up"]

    def _raised(self) -> int:
        with transaction(self._play.team.store.engine) as connection:
            return connection.execute(select(func.count()).select_from(alerts)).scalar_one()
