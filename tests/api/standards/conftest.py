"""One server with a run-off, a first round and the governors of 25 regions, each counted in part."""

from collections.abc import Iterator

import httpx
import pytest
from msgspec.structs import replace

from api.main import create_app
from ingest.registry import known_elections
from tally.board import Board, Fact
from tally.keys import ABROAD, DOMESTIC, NATION, mesa_key
from tally.model import ActaState, AreaCount
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.conftest import LEISURELY, client_of
from tests.api.country import NAMES, Country, minute
from tests.api.regions import GOVERNOR, Region
from tests.databases import sqlite_in
from tests.waiting import wait_until

RUNOFF = known_elections()["2026-06-07-president-runoff"]
FIRST_ROUND = known_elections()["2026-04-12-president"]
AT_JEE, ANNULLED = "000010", "000011"
# Regions whose count has something out of the ordinary; puno is not read yet, all others are counted whole.
TIED, EMPTY, INVALID, UNREAD = "cusco", "ayacucho", "ancash", "puno"


def hold_runoff(store: Store) -> Country:
    """A fifth of the mesas is counted: one is annulled, one shows its votes at the JEE; Callao has not begun."""
    country = Country(store, is_test=True, election=RUNOFF)
    country.count(country.mesas[:8], minute(2))
    shown = replace(country.acta(AT_JEE), state=ActaState.AT_JEE, code="E")
    annulled = replace(country.acta(ANNULLED, votes=(0, 0)), state=ActaState.ANNULLED, blank=0, null=180, cast=180)
    facts = [Fact(mesa_key(AT_JEE), shown), Fact(mesa_key(ANNULLED), replace(annulled, votes=(0, 0), valid=0))]
    country.tell(facts, minute(3))
    country.publish(NAMES, minute(4))
    return country


def hold_first_round(store: Store) -> None:
    """Lima is counted in part, with a tie at the top; nobody abroad is yet."""
    contest = FIRST_ROUND.contest()
    votes = [0 if entry.is_withdrawn else 100 for entry in contest.lists]
    lima = AreaCount(
        at_jee=3, blank=40, cast=sum(votes) + 100, challenged=10, counted=30, null=50, pending=7, total=40,
        valid=sum(votes), votes=tuple(votes),
    )  # fmt: skip
    none = AreaCount(
        at_jee=0, blank=0, cast=0, challenged=0, counted=0, null=0, pending=5, total=5, valid=0, votes=(0,) * len(votes)
    )
    nation = replace(lima, pending=12, total=45)
    told = {NATION: nation, DOMESTIC: lima, ABROAD: none, "department/14": lima, "department/92": none}
    writer = Writer.acquire(store, FIRST_ROUND.id, contest.id, is_test=False, at=minute(0))
    writer.lease_s = 1e6
    board = Board(len(contest.lists), contest.scope, FIRST_ROUND.largest)
    writer.append(board.apply([Fact(key, NAMES[key]) for key in told]), minute(0))
    writer.append(board.apply([Fact(key, count, f"sha256:{1:064x}") for key, count in told.items()]), minute(1))


def hold_regions(store: Store) -> None:
    """24 of the 25 regions."""
    for contest in GOVERNOR.contests:
        if contest.id == UNREAD:
            continue
        region = Region(store, contest.id)
        if contest.id == EMPTY:
            region.publish((0, 0), counted=0, at_jee=40, pending=60, other=0)
        elif contest.id == INVALID:
            region.publish((0, 0), counted=2, pending=8, other=30)
        elif contest.id == TIED:
            region.publish((500, 500), counted=10, pending=10)
        else:
            region.publish((900, 800), counted=20)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of all three, for tests that only ask."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("standards")))
    hold_runoff(store)
    hold_first_round(store)
    hold_regions(store)
    elections = {election.id: election for election in (RUNOFF, FIRST_ROUND, GOVERNOR)}
    with client_of(create_app(store, elections, options=LEISURELY)) as client:
        last = f"/api/v1/elections/{GOVERNOR.id}/contests"
        wait_until(lambda: client.get(last).json()["counts"].get("not_read") == 1)
        yield client
    store.close()
