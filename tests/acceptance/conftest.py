"""What a voter's browser would show is asked of one with everything a browser has."""

import pytest

from tests.conftest import NO_CHROMIUM, find_chromium, missing


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a whole Chromium."""
    return find_chromium() or missing("browser", NO_CHROMIUM)
