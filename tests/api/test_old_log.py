"""A log of format 1 is served as it stands: every answer is described, and every page shows it in our words."""

import re
from collections.abc import Iterator

import httpx
import pytest

from api.main import create_app
from dashboard.app import build
from tally.board import Fact
from tally.keys import NATION
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.tally.makers import count
from tests.tally.old_log import format_1

_OVER = "hay más votos emitidos que electores hábiles"
_APART = "lo publicado y la suma de las actas contabilizadas difieren"


@pytest.fixture
def old(store: Store) -> Iterator[httpx.Client]:
    """A country whose log a program of format 1 wrote: a mesa and a department held, the country's total flagged."""
    country = Country(store)
    with format_1():
        country.count(country.mesas[:1], minute(1))
        country.count(country.mesas[:1], minute(2), votes=(900, 1))
        country.publish([NATION], minute(3))
        total = country.board.published[NATION]
        one_less = (total.votes[0] - 1, total.votes[1] + 1)
        country.tell([Fact(NATION, count(one_less, **_figures(total)), "sha256:n")], minute(4))
        country.tell([Fact("department/14", count(total=99), "sha256:d")], minute(5))
    with client_of(create_app(store, ELECTIONS, dashboard=build, options=QUICK)) as client:
        yield client


def _figures(total: object) -> dict[str, object]:
    names = ("counted", "at_jee", "pending", "total", "cast", "valid", "blank", "null", "challenged")
    return {name: getattr(total, name) for name in names}


def test_answers_of_an_old_log_hold_its_sentences_as_they_are_described(old: httpx.Client) -> None:
    state = old.get(f"{BASE}/state?topic=nation").json()["state"]
    assert state["department/14"]["held"][0].keys() == {"en", "es", "rule"}
    assert state[NATION]["flags"][0]["rule"] == "reconciliation"
    holds = old.get(f"{BASE}/corrections?kind=hold").json()["corrections"]
    assert [line["after"]["held"][0]["rule"] for line in holds] == ["buckets", "over_roll"]
    [area] = old.get(f"{BASE}/reconciliation").json()["differences"]
    assert area["flags"] == [{"rule": "reconciliation"}]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/", _APART),
        ("/area/department/14", "las actas contabilizadas, en el JEE y pendientes no suman el total de actas"),
        ("/mesa/000001", _OVER),
        ("/corrections?kind=hold", _OVER),
        ("/methods", _APART),
        ("/embed/v1/card?area=mesa/000001", _OVER),
        ("/mesa/000001?lang=en", "more votes are cast than there are registered voters"),
    ],
)
def test_pages_say_what_an_old_log_holds_in_general(old: httpx.Client, path: str, sentence: str) -> None:
    answer = old.get(path)
    assert answer.status_code == 200
    assert f"{sentence}" in answer.text
    assert not re.search(">[^<]*901", answer.text)
