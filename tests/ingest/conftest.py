"""What tests of ingest share: a drill and a rig in the contract of every generation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.faults.drill import ELECTIONS, Drill
from tests.ingest.rig import SOURCES, Rig, Source, a_small_country


@pytest.fixture(params=sorted(ELECTIONS))
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drill]:
    """A source, a poller and a store."""
    drill = Drill(request.param, tmp_path)
    yield drill
    drill.store.close()


@pytest.fixture(params=sorted(SOURCES))
def source(request: pytest.FixtureRequest) -> Source:
    """One generation after the other."""
    return SOURCES[request.param]


@pytest.fixture
def rig(source: Source, database_url: str, tmp_path: Path) -> Iterator[Rig]:
    """A source, an archive and an empty store, once on SQLite and once on PostgreSQL."""
    rig = Rig(source, a_small_country(tmp_path / "mesas.csv", source.election), database_url, tmp_path)
    yield rig
    rig.store.close()
