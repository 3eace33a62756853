"""A text message is as good as a form of the web: what it asks for is done once, and answered in words."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, text, update

from api.alerts.channels import SIGNATURE, sign
from api.alerts.text_gateway import check_secret
from api.commands.assembly import assemble
from api.mission import text_orders
from mission.messages.text_book import LIMITS
from mission.people.accounts import revoke_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.tables import accounts, contacts, suspensions
from mission.responses.response import Sent
from mission.transactions import exclusive
from tally import moments
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.store import Store
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.api.mission.messages.conftest import PHONES, give_phone
from tests.api.mission.messages.gateway import PATH, SECRET, KeptTexts, hand_over, options, text_of, told
from tests.waiting import wait_until

ANA = PHONES["observer"]
INC = "INC 07 000001 2 propaganda en la puerta"


def incidents(team: Team) -> list[dict[str, object]]:
    return list(team.people["verifier"].get(f"{MISSION}/incidents").json()["incidents"])


def test_a_text_files_an_incident_as_its_sender_and_is_answered_with_its_number(team: Team) -> None:
    reply = told(team.public, ANA, INC)
    [incident] = incidents(team)
    assert reply == f"Recibido. Reporte {str(incident['id']).upper()}. Mesa 000001, LIMA."
    seen = team.see("observer", str(incident["id"]))
    assert (seen["category"], seen["severity"], seen["text"]) == (
        "campaigning_at_station", "minor", "propaganda en la puerta",
    )  # fmt: skip
    assert seen["place"]["mesa"] == "000001"


def test_a_text_that_comes_twice_is_one_report_with_one_answer(team: Team) -> None:
    sent = text_of(ANA, INC)
    replies = [hand_over(team.public, sent).json()["reply"] for _ in range(3)]
    assert len(set(replies)) == 1
    assert len(incidents(team)) == 1


def test_a_number_is_known_however_the_gateway_writes_it(team: Team) -> None:
    replies = [told(team.public, sender, "AYUDA") for sender in ("+51987654321", "51 987 654 321", "0051987654321")]
    assert [(reply or "")[:3] for reply in replies] == ["INC"] * 3


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("hola", "No se entiende"),
        ("INC 07", "Falta un dato"),
        ("INC 99 000001 2", "El tipo va de 1 a 13"),
        ("INC 07 1 2", "La mesa tiene 6 cifras"),
        ("INC 07 000001 9", "La gravedad va de 1 a 4"),
        ("LEIDO 12", "No hay un mensaje 12"),
        ("READ 12", "There is no message 12"),
        ("INC 07 000001 2 " + "x" * 1000, "El mensaje es muy largo"),
    ],
)
def test_what_is_no_order_is_answered_with_how_it_is_written(team: Team, said: str, reply: str) -> None:
    assert (told(team.public, ANA, said) or "").startswith(reply)
    assert incidents(team) == []


def test_coordinators_read_what_was_not_understood_by_its_pseudonym(team: Team) -> None:
    told(team.public, ANA, "no llegó el material a mi local")
    told(team.public, ANA, INC)
    [misread] = team.people["coordinator"].get(f"{MISSION}/messages").json()["misread"]
    assert (misread["by"], misread["text"]) == (team.pseudonym("observer"), "no llegó el material a mi local")
    assert team.people["verifier"].get(f"{MISSION}/messages").json()["misread"] is None


def test_a_text_marks_a_message_as_read(team: Team) -> None:
    body = {"to": {"kind": "all"}, "text": "Cierren a las 17:00"}
    assert team.people["coordinator"].post(f"{MISSION}/messages", json=body).status_code == 201
    assert told(team.public, ANA, "leído 1") == "Mensaje 1 marcado como leido."
    [line] = team.people["coordinator"].get(f"{MISSION}/messages").json()["messages"]
    assert (line["progress"]["read"], line["progress"]["receivers"]) == (1, 3)
    assert team.pseudonym("observer") not in line["progress"]["unread_by"]


def test_a_text_answers_a_form_and_is_told_what_is_missing(team: Team) -> None:
    reply = told(team.public, ANA, "ap 000001 1=n 2=2")
    [response] = team.people["verifier"].get(f"{MISSION}/responses").json()["responses"]
    assert reply == f"Recibido. AP {response['id'].upper()}. Mesa 000001, LIMA. Completo."
    kept = team.people["observer"].get(f"{MISSION}/responses/{response['id']}").json()
    assert kept["answers"] == {"access": "no", "obstacle": ["police"]}
    assert not [issue for issue in kept["issues"] if issue["kind"] == "too_fast"]
    assert re.search(r" Falta: 3, ", told(team.public, ANA, "AP 000001 1=S") or "")
    assert (told(team.public, ANA, "AP 000001 1=S 3=quizas") or "").endswith("No se entiende: 3.")


def test_a_second_text_with_what_was_missing_completes_the_first(team: Team) -> None:
    assert " Falta: 2." in (told(team.public, ANA, "AP 000001 1=N") or "")
    assert (told(team.public, ANA, "AP 000001 2=2") or "").endswith("Completo.")
    newest, _ = team.people["verifier"].get(f"{MISSION}/responses").json()["responses"]
    kept = team.people["observer"].get(f"{MISSION}/responses/{newest['id']}").json()
    assert kept["answers"] == {"access": "no", "obstacle": ["police"]}


def test_two_texts_of_one_moment_complete_each_other(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first is read, as a gateway with two lines hands them over."""
    rest, read = ["AP 000001 2=2"], text_orders.read_response

    def slowly(*asked: Any) -> Sent:
        if rest:
            told(team.public, ANA, rest.pop())
        return read(*asked)

    monkeypatch.setattr(text_orders, "read_response", slowly)
    assert (told(team.public, ANA, "AP 000001 1=N") or "").endswith("Completo.")
    newest, _ = team.people["verifier"].get(f"{MISSION}/responses").json()["responses"]
    kept = team.people["observer"].get(f"{MISSION}/responses/{newest['id']}").json()
    assert kept["answers"] == {"access": "no", "obstacle": ["police"]}


def test_a_form_that_is_filled_in_again_and_again_begins_anew_once_it_is_whole(team: Team) -> None:
    replies = [told(team.public, ANA, f"VO 000001 {said}") or "" for said in ("1=N", "2=2", "1=N")]
    assert [" ".join(reply.split()[-2:]) for reply in replies] == ["Falta: 2.", "LIMA. Completo.", "Falta: 2."]


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("AP", "Falta la mesa o una respuesta. Ej: AP 045231 1=S"),
        ("AP 000001 99=S", "Falta la mesa o una respuesta"),
        ("AP 1 1=S", "La mesa tiene 6 cifras"),
    ],
)
def test_answers_that_are_none_are_answered_with_how_they_are_written(team: Team, said: str, reply: str) -> None:
    assert (told(team.public, ANA, said) or "").startswith(reply)
    assert team.people["verifier"].get(f"{MISSION}/responses").json()["responses"] == []


def test_answers_that_come_twice_are_one_response(team: Team) -> None:
    sent = text_of(ANA, "AP 000001 1=n 2=2")
    assert len({hand_over(team.public, sent).json()["reply"] for _ in range(3)}) == 1
    assert len(team.people["verifier"].get(f"{MISSION}/responses").json()["responses"]) == 1


def test_a_stopped_intake_takes_no_report_by_text_either(team: Team) -> None:
    team.people["admin"].post(f"{MISSION}/intake-stop", json={"reason": "avalancha"})
    assert (told(team.public, ANA, INC) or "").startswith("La mision no recibe reportes ahora.")
    assert incidents(team) == []


def test_the_quota_of_a_device_counts_texts_too(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(40):
        assert team.file().status_code == 201
    assert (told(team.public, ANA, INC) or "").startswith("Demasiados mensajes. Espere 60 min")
    assert team.file().status_code == 429


def test_a_sender_past_the_hours_texts_is_told_once_and_then_not_read(team: Team) -> None:
    replies = [told(team.public, ANA, "LEIDO 1") for _ in range(LIMITS.per_sender + 2)]
    assert (replies[-3] or "").startswith("Demasiados mensajes")
    assert replies[-2:] == [None, None]


def test_an_unknown_number_is_answered_once_a_day_and_nothing_of_it_is_kept(team: Team) -> None:
    said = [told(team.public, "999111222", INC), told(team.public, "999111222", INC)]
    assert said == ["Este numero no esta en la mision. Hable con su coordinacion.", None]
    assert incidents(team) == []
    assert "999111222" not in dump(team)


@pytest.mark.parametrize("sender", ["MOVISTAR", "5050", "+", "987654321987654321"])
def test_a_sender_that_is_no_telephone_is_not_answered(team: Team, sender: str) -> None:
    assert told(team.public, sender, INC) is None


def test_a_suspended_account_is_refused_in_words_and_a_revoked_one_is_a_stranger(team: Team) -> None:
    with exclusive(team.store.engine) as connection:
        account = connection.execute(select(accounts.c.id).where(accounts.c.name == "observer")).scalar_one()
        connection.execute(insert(suspensions).values(account_id=account, at="2030-01-06T12:00:00Z", reason="x"))
    assert told(team.public, ANA, INC) == "Su cuenta no puede enviar ahora. Hable con su coordinacion."
    revoke_account(team.store.engine, "observer1", COMMAND_LINE, moments.utc_now())
    assert (told(team.public, PHONES["observer1"], INC) or "").startswith("Este numero no esta")
    assert incidents(team) == []


def test_who_has_the_lost_phone_texts_no_more_once_a_card_ends_it_and_the_roster_gives_the_number_again(
    team: Team, gateway: KeptTexts
) -> None:
    coordinator, observer = team.people["coordinator"], team.pseudonym("observer")
    with exclusive(team.store.engine) as connection:
        own = contacts.c.phone == f"+51{ANA}"
        connection.execute(update(contacts).where(own).values(reference="A1"))

    def cards(**more: bool) -> None:
        body = {"people": [observer], **more}
        assert coordinator.post(f"{MISSION}/people/cards", json=body).status_code == 201

    cards()
    assert (told(team.public, ANA, INC) or "").startswith("Recibido.")
    cards(ends_devices=True)
    assert (told(team.public, ANA, INC) or "").startswith("Este numero no esta")
    assert told(team.public, ANA, INC) is None
    assert len(incidents(team)) == 1
    body = {"to": {"kind": "all"}, "text": "Cierren", "is_by_text": True}
    assert coordinator.post(f"{MISSION}/messages", json=body).status_code == 201
    wait_until(lambda: gateway.sent)
    assert [one.to for one in gateway.sent.values()] == [f"+51{PHONES['observer1']}"]
    roster, csv = f"código;celular\nA1;{ANA}".encode(), {"Content-Type": "text/csv"}
    seen = coordinator.post(f"{MISSION}/roster/preview", content=roster, headers=csv).json()
    assert seen["people"][0]["changes"] == ["phone"]
    entered = coordinator.post(f"{MISSION}/roster", params={"digest": seen["digest"]}, content=roster, headers=csv)
    assert entered.status_code == 201
    assert (told(team.public, ANA, INC) or "").startswith("Recibido.")


def test_no_number_stands_anywhere_but_among_the_contacts(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    told(team.public, ANA, INC)
    told(team.public, ANA, "hola", id=f"{ANA}-17")
    body = {"to": {"kind": "all"}, "text": "Cierren a las 17:00", "is_by_text": True}
    team.people["coordinator"].post(f"{MISSION}/messages", json=body)
    shown = team.people["coordinator"].get(f"{MISSION}/messages").text
    logged = "".join(capsys.readouterr())
    for kept in (dump(team), shown, logged):
        assert ANA not in kept
    assert "Ana Quispe" not in shown


def dump(team: Team) -> str:
    """All that the database holds, but the contacts."""
    with team.store.engine.begin() as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        if connection.dialect.name == "postgresql":
            names = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        tables = [name for (name,) in connection.execute(text(names)) if name != "contacts"]
        assert {"journal", "text_deliveries", "text_strangers", "mission_events"} <= set(tables)
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}")))  # noqa: S608 - our own tables


def test_what_the_gateway_did_not_sign_is_refused(team: Team) -> None:
    sent = text_of(ANA, INC)
    body = json.dumps(sent).encode()
    assert hand_over(team.public, sent, "another secret, as long").status_code == 401
    now = moments.utc_now()
    for signature in (
        "",
        "t=1,v1=",
        sign(SECRET, b"{}", now),
        sign(SECRET, body, now - timedelta(seconds=LIMITS.clock_off_s + 5)),
        sign(SECRET, body, now + timedelta(seconds=LIMITS.clock_off_s + 5)),
    ):
        assert team.public.post(PATH, content=body, headers={SIGNATURE: signature}).status_code == 401
    assert incidents(team) == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"from": 1}', b"\xff", json.dumps({**text_of(ANA, INC), "at": "ayer"}).encode()]
)
def test_what_is_signed_and_no_text_message_is_refused(team: Team, body: bytes) -> None:
    headers = {SIGNATURE: sign(SECRET, body, moments.utc_now())}
    assert team.public.post(PATH, content=body, headers=headers).status_code == 422


def test_without_a_gateway_there_is_no_such_route(untouched: httpx.Client) -> None:
    assert untouched.post(PATH, json={}).status_code == 404


def test_a_gateway_needs_a_secret_and_the_key_of_addresses(any_store: Store) -> None:
    with pytest.raises(InvalidInput, match="text_gateway_secret"):
        check_secret("short")
    url = "http://127.0.0.1:8025/"
    with pytest.raises(InvalidInput, match="address_key"):
        assemble(load_settings(text_gateway=url, text_gateway_secret=SECRET), any_store)


def test_after_the_mission_a_phone_is_refused_as_a_device_is(store: Store, tmp_path: Path) -> None:
    over = moments.utc_now() - timedelta(minutes=1)
    with team_of(store, tmp_path, **options(), ends=over) as team:
        give_phone(store, "observer", ANA)
        assert told(team.public, ANA, INC) == "Su cuenta no puede enviar ahora. Hable con su coordinacion."
        assert incidents(team) == []


def test_two_senders_whose_texts_have_one_id_are_answered_each_for_their_own(team: Team) -> None:
    first = told(team.public, ANA, INC, id="1")
    other = told(team.public, PHONES["observer1"], "INC 01 000001 1 otra cosa", id="1")
    assert len(incidents(team)) == 2
    assert first != other
