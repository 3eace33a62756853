"""What leaves the house of messages, answers and an unpublished quick count: to the gateway number and words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tally.storage.store import Store
from tests.api.mission.answering import answered
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.api.mission.messages.conftest import PHONES, give_phone
from tests.api.mission.messages.gateway import KeptTexts, options, told
from tests.api.mission.messages.test_messages_api import lines, send
from tests.api.mission.test_public_incidents import crawl
from tests.api.mission.test_quick_counts import SAMPLE, SEED, WHERE, copy_all, publish
from tests.waiting import wait_until

ORDER, ANSWER, MISREAD = "orden secreta de las garzas", "respuesta secreta", "palabras que nadie entiende"
NAME = "Conteo reservado"


@pytest.fixture
def team(store: Store, tmp_path: Path, gateway: KeptTexts) -> Iterator[Team]:
    with team_of(store, tmp_path, observers=2, **options(gateway)) as team:
        for name, phone in PHONES.items():
            give_phone(store, name, phone)
        yield team


def plant(team: Team) -> list[str]:
    """Everything that is nobody else's; and what would tell it."""
    coordinator = team.people["coordinator"]
    number = send(team, text=ORDER, is_by_text=True)["id"]
    team.people["observer"].post(f"{MISSION}/messages/{number}/answers", json={"text": ANSWER})
    assert told(team.public, PHONES["observer"], MISREAD)
    response = answered(team)
    count = wait_until(lambda: drawn(team))
    copy_all(team, count["id"])
    assert publish(team, count["id"], "coordinator", step="propose").status_code == 201
    names = [*map(team.pseudonym, team.people), *PHONES.values(), "Ana Quispe"]
    digests = [coordinator.get(f"{WHERE}/{count['id']}").json()["proposal"]["digest"]]
    return [ORDER, ANSWER, MISREAD, NAME, SEED, response, *digests, *names]


def drawn(team: Team) -> Any:
    answer = team.people["coordinator"].post(WHERE, json={**SAMPLE, "name": NAME})
    return answer.json() if answer.status_code == 201 else None


def test_nothing_of_messages_answers_and_an_unpublished_count_is_in_public_or_in_an_export(
    team: Team, gateway: KeptTexts
) -> None:
    planted = plant(team)
    assert lines(team, "observer")[0]["text"] == ORDER
    answers = crawl(team)
    assert sum(answer.status_code == 200 for answer in answers.values()) > 15
    for path in ("findings.csv", "findings?view=statement"):
        answers[path] = team.people["coordinator"].get(f"{MISSION}/{path}")
        assert answers[path].status_code == 200
    found = {(path, one) for path, answer in answers.items() for one in planted if one.encode() in answer.content}
    assert found <= {("findings?view=statement", NAME)}  # it says of which sample its intervals are
    texts = wait_until(lambda: list(gateway.sent.values()) if len(gateway.sent) == len(PHONES) else None)
    assert {one.to[-9:] for one in texts} == set(PHONES.values())
    words = "".join(one.id + one.text for one in texts)
    assert [one for one in planted if one in words] == [ORDER]
