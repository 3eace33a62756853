"""A machine whose clock is wrong is told by doctor, metric and status; the alert rule is tried in tests/deploy."""

import time

import pytest
from typer.testing import CliRunner

from api.cli import program
from api.main import create_app
from tally.storage import clocks
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, client_of
from tests.api.country import Country
from tests.api.live.test_metrics import read
from tests.databases import empty
from tests.waiting import wait_until

pytestmark = pytest.mark.postgres
_AHEAD_S = 600.0


@pytest.fixture
def url(standing_postgres: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """A count on a server, asked by a machine whose clock is ten minutes fast."""
    empty(standing_postgres)
    Country(standing_postgres)
    monkeypatch.setattr(clocks.clock_offset, "__defaults__", (lambda: time.time() + _AHEAD_S,))
    return standing_postgres.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_the_doctor_says_which_clock_is_off_and_by_how_much(url: str) -> None:
    told = CliRunner().invoke(program("doctor"), ["doctor", "--database", url, "--feed", "http://127.0.0.1:9"])
    assert told.exit_code == 1
    assert "FIX   clock: this machine's clock is 10 min ahead of the database's" in told.output


def test_replicas_and_status_tell_it_too(url: str, standing_postgres: Store) -> None:
    with client_of(create_app(standing_postgres, ELECTIONS, options=QUICK)) as client:
        wait_until(lambda: ("clock_offset_seconds", ()) in read(client))
        assert read(client)["clock_offset_seconds", ()] == pytest.approx(_AHEAD_S, abs=1.0)
    told = CliRunner().invoke(program("status"), ["status", "--once", "--database", url])
    assert "! Clock: 10 min from the database's" in told.output
