"""What the log says of failures: each reason once when it starts, and once that it is over."""

from typing import Any

import pytest
import structlog

from ingest.failures import Failures
from tally.errors import FeedMalformed, FeedRefused, FeedUnavailable

_URL = "https://host.example/base/totales?idEleccion=10"


@pytest.fixture
def lines() -> Any:
    with structlog.testing.capture_logs() as captured:
        yield captured


def test_each_new_reason_is_told_once_whatever_address_and_pause_it_names(lines: list[Any]) -> None:
    failures = Failures()
    for pause in (1, 2, 4):
        failures.begin("feed", FeedUnavailable(f"{_URL}{pause}: no connection (is it up?); next try in {pause} s"))
    for pause in (30, 90):
        failures.begin("feed", FeedRefused(f"{_URL}{pause}: refused with 403; we stop asking for {pause} s"))
    failures.begin("feed", FeedUnavailable(f"{_URL}: no connection (is it up?); next try in 8 s"))
    assert [line["error"] for line in lines] == ["FeedUnavailable", "FeedRefused"]
    assert failures.current == {"feed": f"{_URL}: no connection (is it up?); next try in 8 s"}
    failures.end("feed")
    failures.begin("feed", FeedUnavailable(f"{_URL}: no connection (is it up?); next try in 1 s"))
    assert [line["event"] for line in lines] == [
        "reading failed",
        "reading failed",
        "reading works again",
        "reading failed",
    ]


def test_a_source_that_is_wrong_in_ever_new_ways_does_not_fill_the_log(lines: list[Any]) -> None:
    failures = Failures()
    for number in range(100):
        failures.begin("nation", FeedMalformed(f"field {number} is not known"))
    assert 1 < len(lines) <= 5
    assert failures.unread == 1
