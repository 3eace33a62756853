"""Whatever answers with figures says whether they are invented: who reads one answer reads no other."""

from collections.abc import Iterator

import httpx
import pytest

from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import NAMES, Country, minute
from tests.waiting import wait_until

_ANSWERS = (
    "",
    "/state",
    "/results?level=department",
    "/areas/nation",
    "/areas/department/14",
    "/mesas/000001",
    "/timeline",
    "/moments",
    "/why",
    "/lead-changes?level=department",
    "/queue",
    "/corrections",
    "/reconciliation",
    "/bulletin",
    "/contests/mayor/timeline",
)


@pytest.fixture(params=[True, False])
def is_test(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def told(store: Store, is_test: bool) -> Iterator[httpx.Client]:
    country = Country(store, is_test=is_test)
    country.count(country.mesas[:8], minute(1))
    country.publish(NAMES, minute(2))
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        wait_until(lambda: client.get(BASE).json().get("seq") == country.writer.seq)
        yield client


def test_every_answer_with_figures_says_whether_they_are_invented(told: httpx.Client, is_test: bool) -> None:
    found = {path: told.get(f"{BASE}{path}").json() for path in _ANSWERS}
    assert {path: answer.get("is_test") for path, answer in found.items()} == dict.fromkeys(_ANSWERS, is_test)
