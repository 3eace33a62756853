"""A count of which there are files: the newest, and three checkpoints."""

import pytest

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.files import toy_set


@pytest.fixture
def api(api: ToyApi) -> ToyApi:
    api.sets = [
        toy_set(98, "2026-06-13T19:05:18Z", None),
        toy_set(80, "2026-06-12T10:00:18.250Z", "jee-1439"),
        toy_set(60, "2026-06-08T14:05:18Z", "90"),
        toy_set(20, "2026-06-08T04:05:18Z", "50"),
    ]
    return api
