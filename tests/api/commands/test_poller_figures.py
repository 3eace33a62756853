"""A poller tells of itself at an address of its own, which never holds it up."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from api.commands.watching.poller_metrics import PollerMetrics
from api.commands.watching.poller_server import make_application, told
from api.http.listening import bind
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.progress import PollingFigures
from ingest.proof.keyring import load_signer
from ingest.proof.seal import Sealer
from ingest.publisher import Publisher
from tally import moments
from tally.board import Fact
from tally.changes import Change, Kind
from tally.errors import FeedMalformed, FeedRefused
from tally.keys import NATION
from tally.storage.store import Store
from tests.api.country import ELECTION, Country, minute
from tests.api.standing import get
from tests.ingest.faults.drill import Hours

NOW = moments.read("2030-01-06T23:00:00Z")


async def read(app: Starlette) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by name and labels."""
    _, _, body = await get(app, "/metrics")
    families = text_string_to_metric_families(body.decode())
    return {
        (sample.name.removeprefix("escrutinio_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


async def health(app: Starlette) -> dict[str, Any]:
    _, _, body = await get(app, "/healthz")
    return dict(json.loads(body))


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def figures(hours: Hours) -> PollingFigures:
    return PollingFigures(clock=hours)


def app_of(store: Store, figures: PollingFigures, folder: Path, reason: Callable[[], str | None]) -> Starlette:
    metrics = PollerMetrics(figures, {"archive": folder}, reason, now=lambda: NOW)
    url = store.engine.url.render_as_string(hide_password=False)
    return make_application(metrics, url, ELECTION.id)


def test_what_it_reads_and_what_it_waits_for_is_told(
    store: Store, figures: PollingFigures, hours: Hours, tmp_path: Path
) -> None:
    country = Country(store)
    publisher = Publisher(country.board, country.writer, Archive(tmp_path / "archive"))
    app = app_of(store, figures, tmp_path, lambda: "the disk is full")
    assert asyncio.run(health(app)) == {
        "is_polling": False, "reason": "the disk is full", "answer_age_s": None, "next_request_s": None, "backlog": 0,
    }  # fmt: skip
    figures.ended(None)
    hours.now += 40.0
    for error in (FeedMalformed("no JSON"), FeedRefused("no"), FeedMalformed("no JSON")):
        figures.ended(error)
    publisher.put([Fact(NATION, "PERÚ")])

    async def look() -> None:
        async with figures.at_work([publisher], Budget(0.1, lambda: 0.0)):
            said = await health(app)
            assert (said["is_polling"], said["answer_age_s"], said["backlog"]) == (True, 40.0, 1)
            found = await read(app)
        assert (found["polling", ()], found["polling_answer_age_seconds", ()]) == (1, 40)
        assert (found["polling_answers_total", ()], found["polling_backlog", ()]) == (1, 1)
        assert found["polling_errors_total", (("kind", "FeedMalformed"),)] == 2
        assert found["polling_errors_total", (("kind", "FeedRefused"),)] == 1
        assert found["disk_free_bytes", (("folder", "archive"),)] > 0

    asyncio.run(look())
    assert asyncio.run(read(app))["polling", ()] == 0


def test_lease_holds_seal_and_key_are_those_of_the_database(
    store: Store, figures: PollingFigures, tmp_path: Path
) -> None:
    country, of = Country(store), (("election", ELECTION.id),)
    held = b'{"computed":{},"held":[{"figures":{},"rule":"negative"}],"name":"LIMA","published":null}'
    country.writer.append([Change("department/14", Kind.HOLD, held)], minute(10))
    country.writer.append([Change("department/14", Kind.HOLD, held.replace(b"negative", b"over_roll"))], minute(20))
    archive = Archive(tmp_path / "archive")
    signer = load_signer(archive.folder, None)
    Sealer(archive, [country.writer], signer).seal("2030-01-06T22:58:00Z")
    app = app_of(store, figures, tmp_path, lambda: None)
    found = asyncio.run(read(app))
    assert (found["polling_holds", of], found["polling_oldest_hold_seconds", of]) == (1, 50 * 60)
    assert (found["polling_seal_age_seconds", of], found["polling_sealed_lines", of]) == (120, 1)
    assert found["polling_version", of] == 3
    assert found["polling_lease_seconds", of] > 0
    assert found["polling_key_info", (*of, ("key", str(signer.verifier).rpartition("+")[0]))] == 1
    assert ("polling_answer_age_seconds", ()) not in found
    country.writer.append([Change("department/14", Kind.RELEASE, b'{"name":"LIMA"}')], minute(30))
    assert asyncio.run(read(app))["polling_holds", of] == 0


def test_a_database_that_is_away_takes_away_only_its_own_figures(figures: PollingFigures, tmp_path: Path) -> None:
    metrics = PollerMetrics(figures, {}, lambda: None)
    found = asyncio.run(read(make_application(metrics, "sqlite:////no/such/folder/x.db", ELECTION.id)))
    assert (found["polling_database_up", ()], found["polling", ()]) == (0, 0)
    assert not [name for name, _ in found if name == "polling_holds"]


def test_an_address_that_is_taken_is_said_and_ends_nothing(figures: PollingFigures, tmp_path: Path) -> None:
    application = make_application(PollerMetrics(figures, {}, lambda: None), "sqlite://", ELECTION.id)
    taken = bind("127.0.0.1", 0)
    port = taken.getsockname()[1]

    async def serve() -> int:
        async with told(application, "127.0.0.1", port):
            taken.close()
        async with told(application, "127.0.0.1", port), httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code

    assert asyncio.run(serve()) == 200
