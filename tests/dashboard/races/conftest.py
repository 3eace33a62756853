"""The toy count as an election of 25 governors, three of them with results that are worth a look."""

import pytest

from tests.dashboard.toy.races import RacesApi


@pytest.fixture
def api() -> RacesApi:
    api = RacesApi()
    api.vote("07", [30_028, 29_000, 27_000, 5_000, 4_000, 3_000, 1_000, 900], out=45)
    api.vote("12", [50_028, 19_000, 17_000, 5_000, 4_000, 3_000, 1_000, 900], out=5)
    api.vote("02", [20_000, 19_000, 18_000, 18_000, 4_000, 3_000, 1_000, 900], out=5)
    return api
