"""What tests of the mission share: where its rows are kept."""

import pytest
from sqlalchemy import Engine

from tally.storage.store import Store


@pytest.fixture
def engine(any_store: Store) -> Engine:
    """An empty database, once of each kind."""
    return any_store.engine
