"""What tests of ingest share: a drill in the contract of every generation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.drill import ELECTIONS, Drill


@pytest.fixture(params=sorted(ELECTIONS))
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drill]:
    """A source, a poller and a store."""
    drill = Drill(request.param, tmp_path)
    yield drill
    drill.store.close()
