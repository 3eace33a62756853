"""The way out over HTTP, held against the terminal that stands in for a gateway: signed, once each, tried again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import anyio
import httpx
import pytest

from api.alerts.channels import SIGNATURE, sign
from api.alerts.text_gateway import HttpTextGateway
from api.commands.text_gateway import TextTerminal
from mission.deliveries import Unsent
from mission.messages.gateway import OutgoingText
from tally import moments
from tally.errors import PortTaken
from tally.storage.store import Store
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import team_of
from tests.api.mission.messages.conftest import PHONES, give_phone
from tests.api.mission.messages.gateway import SECRET, KeptTexts, options
from tests.waiting import wait_until

TEXT = OutgoingText("a-1", "+51987654321", "Cierren a las 17:00")


class Terminal(TextTerminal):
    """A terminal at work, the lines it shows, and its address."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.url = ""
        super().__init__("http://127.0.0.1:9", SECRET, self.lines.append)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    with terminal.listening(0) as terminal.url:
        yield terminal


def send(gateway: HttpTextGateway, text: OutgoingText = TEXT) -> None:
    anyio.run(gateway.send, text)


def test_a_text_is_handed_over_signed_and_shown_once_however_often_it_is_sent(terminal: Terminal) -> None:
    for _ in range(3):
        send(HttpTextGateway(terminal.url, SECRET))
    assert terminal.lines == ["+51987654321 <- Cierren a las 17:00"]


@pytest.mark.parametrize("status", [301, 400, 500])
def test_any_answer_but_a_good_one_is_a_failure_that_names_no_number(status: int) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, headers={"Location": "http://elsewhere/"}))
    with pytest.raises(Unsent) as failed:
        send(HttpTextGateway("http://gateway.example/", SECRET, transport))
    assert TEXT.to not in f"{failed.value}{failed.value.__cause__}{TEXT!r}"


def test_what_is_signed_with_another_secret_is_not_taken(terminal: Terminal) -> None:
    with pytest.raises(Unsent, match="401"):
        send(HttpTextGateway(terminal.url, "another secret, as long"))
    body = b'{"id": 1}'
    headers = {SIGNATURE: sign(SECRET, body, moments.utc_now())}
    assert httpx.post(terminal.url, content=body, headers=headers).status_code == 401
    assert terminal.lines == []


def test_a_port_in_use_is_said(terminal: Terminal) -> None:
    port = int(terminal.url.strip("/").rpartition(":")[2])
    with pytest.raises(PortTaken, match="choose another"), terminal.listening(port):
        pass


def test_a_mission_is_played_at_the_terminal(terminal: Terminal, store: Store, tmp_path: Path) -> None:
    with team_of(store, tmp_path, **options(HttpTextGateway(terminal.url, SECRET))) as team:
        give_phone(store, "observer", PHONES["observer"])
        played = TextTerminal(str(team.public.base_url).rstrip("/"), SECRET, terminal.lines.append)
        played.type(f"{PHONES['observer']} INC 07 000001 2 propaganda\n")
        body = {"to": {"kind": "all"}, "text": "Cierren", "is_by_text": True}
        assert team.people["coordinator"].post(f"{MISSION}/messages", json=body).status_code == 201
        wait_until(lambda: len(terminal.lines) == 2)
        played.type("\n")
        played.type("MOVISTAR oferta")
    terminal.type("987654321 AYUDA")
    assert terminal.lines[0].startswith("987654321 <- Recibido. Reporte ")
    assert terminal.lines[1:] == [
        "+51987654321 <- Cierren (Responda LEIDO 1)",
        "MOVISTAR <- (nothing)",
        "the server cannot be reached (ConnectError)",
    ]


def test_a_text_that_failed_is_sent_once_the_gateway_is_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mission.deliveries._FIRST", timedelta(0))
    gateway = KeptTexts(failures=2)
    with team_of(store, tmp_path, **options(gateway)) as team:
        give_phone(store, "observer", PHONES["observer"])
        body = {"to": {"kind": "all"}, "text": "Cierren", "is_by_text": True}
        assert team.people["coordinator"].post(f"{MISSION}/messages", json=body).status_code == 201
        wait_until(lambda: gateway.sent)
    assert (gateway.tries, len(gateway.sent)) == (3, 1)
