"""A first round through the API: what its rule leaves open is said wherever something is concluded from the count."""

from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest
from fastapi import FastAPI
from msgspec.structs import replace
from playwright.sync_api import Browser, expect

from api.alerts.watching import take_facts
from api.main import create_app
from dashboard.app import build
from tally.board import Fact
from tally.election import ListEntry
from tally.keys import ABROAD, DOMESTIC, NATION, mesa_key
from tally.model import Acta, ActaState
from tally.outcome.rule import ContestRule, RuleKind
from tally.storage.store import Store
from tests.api.conftest import QUICK, client_of
from tests.api.country import ELECTION, Country, minute
from tests.waiting import wait_until

VOTES = (60, 50, 45)
FIRST_ROUND = replace(
    ELECTION,
    contests=(
        replace(
            ELECTION.contest(),
            rule=ContestRule(RuleKind.TWO_ROUND, "1/2", False),
            lists=(
                *ELECTION.contest().lists,
                ListEntry("green", "3", "VERDE", "Verde", "VERA VERDE", "#228833"),
                ListEntry("grey", "4", "GRIS", "Gris", "", "#666666", is_withdrawn=True),
            ),
        ),
    ),
)
Tell = Callable[[Sequence[str], ActaState, str], None]
BASE = f"/api/v1/elections/{FIRST_ROUND.id}"


@pytest.fixture
def country(store: Store) -> Country:
    return Country(store, election=FIRST_ROUND)


@pytest.fixture
def app(store: Store, country: Country) -> FastAPI:
    options = replace(QUICK, election_id=FIRST_ROUND.id)
    return create_app(store, {FIRST_ROUND.id: FIRST_ROUND}, dashboard=build, options=options)


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with client_of(app) as client:
        yield client


@pytest.fixture
def tell(client: httpx.Client, country: Country) -> Tell:
    """Those mesas are in that state, the source publishes the sums, and the API serves them."""

    def acta(mesa: str, state: ActaState) -> Acta:
        if state is ActaState.AT_JEE:
            return replace(country.acta(mesa, ActaState.PENDING), state=state, code="E")
        return replace(country.acta(mesa), votes=(*VOTES, 0), valid=sum(VOTES), cast=sum(VOTES) + 5)

    def tell(mesas: Sequence[str], state: ActaState, at: str) -> None:
        country.tell([Fact(mesa_key(mesa), acta(mesa, state)) for mesa in mesas], at)
        country.publish([NATION, DOMESTIC, ABROAD], at)
        wait_until(lambda: client.get(BASE).json()["seq"] == country.writer.seq)

    return tell


def test_a_lead_decides_no_first_round_but_its_second_place_does(
    client: httpx.Client, country: Country, tell: Tell
) -> None:
    tell(country.mesas[:39], ActaState.COUNTED, minute(5))
    outlook = client.get(BASE).json()["outlook"]
    # The first is 390 ahead and one acta of 200 voters is out; the second is only 195 ahead of the third.
    assert (outlook["margin"], outlook["uncounted_registered"], outlook["decided"]) == (390, 200, False)
    outcome = outlook["outcome"]
    assert (outcome["state"], outcome["threshold"], outcome["first_two"]) == ("runoff", "impossible", [0])
    assert outcome["margins"][1] == {
        "kind": "second_third", "ahead": 1, "behind": 2, "votes": 195, "is_open": True,
    }  # fmt: skip
    assert client.get(f"{BASE}/moments").json()["moments"] == []
    tell(country.mesas[39:], ActaState.COUNTED, minute(6))
    outlook = client.get(BASE).json()["outlook"]
    assert (outlook["decided"], outlook["outcome"]["first_two"]) == (True, [0, 1])
    [turn] = client.get(f"{BASE}/moments").json()["moments"]
    assert (turn["kind"], turn["outcome"]["first_two"]) == ("decided", [0, 1])
    assert client.get(BASE).json()["contest"]["rule"] == {
        "kind": "two_round", "threshold": "1/2", "is_inclusive": False,
    }  # fmt: skip


def test_the_juries_queue_is_held_against_the_margin_that_decides(
    client: httpx.Client, country: Country, tell: Tell
) -> None:
    tell(country.mesas[:39], ActaState.COUNTED, minute(5))
    tell(country.mesas[39:], ActaState.AT_JEE, minute(6))
    summary = client.get(f"{BASE}/queue").json()["summary"]
    assert (summary["at_most_votes"], summary["margin"], summary["exceeds_margin"]) == (200, 390, True)
    assert (summary["deciding"]["kind"], summary["deciding"]["votes"]) == ("second_third", 195)
    below = client.get(f"{BASE}/queue?within=department/92").json()["summary"]
    assert below["deciding"]["kind"] == "first_second"


def test_an_alert_names_who_goes_to_the_run_off(app: FastAPI, country: Country, tell: Tell) -> None:
    [live] = app.state.services.counts.all()
    tell(country.mesas[:39], ActaState.COUNTED, minute(5))
    before = take_facts(live, is_stale=None, checked=0)
    assert (before.is_decided, before.outcome) == (False, {})
    tell(country.mesas[39:], ActaState.COUNTED, minute(6))
    facts = take_facts(live, is_stale=None, checked=0)
    assert facts.is_decided
    assert facts.outcome == {"first": "Rojo", "second": "Azul"}


@pytest.mark.browser
def test_an_embed_that_is_open_hears_when_the_rule_leaves_nothing_open(
    browser: Browser, client: httpx.Client, country: Country, tell: Tell
) -> None:
    tell(country.mesas[:39], ActaState.COUNTED, minute(5))
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(str(client.base_url.join("/embed/v1/bar?lang=en")))
        said = page.locator(".outlook")
        expect(said).to_contain_text("Rojo goes on; who else is not yet decided.")
        expect(said).to_contain_text("Second place: Azul has 195 votes more than Verde.")
        expect(said).to_contain_text("1 tally sheet with 200 voters is missing.")
        expect(page.get_by_text("Withdrawn from the election: Gris.")).to_be_visible()
        page.wait_for_function("escrutinio.client.status().seq > 0")
        tell(country.mesas[39:], ActaState.COUNTED, minute(6))
        expect(said).to_contain_text("Mathematically decided: a run-off between Rojo and Azul.")
