"""What is written to the log stays readable, however many requests fail alike."""

import logging

import pytest
import structlog

from api.commands.logs import Restraint


def test_a_flood_of_one_event_leaves_twenty_lines_a_minute_and_says_how_many_are_missing() -> None:
    now = [0.0]
    restraint = Restraint(lambda: now[0])
    assert [restraint.held_back("the database failed a request") for _ in range(20)] == [0] * 20
    assert {restraint.held_back("the database failed a request") for _ in range(480)} == {None}
    assert restraint.held_back("count loaded") == 0
    with pytest.raises(structlog.DropEvent):
        restraint(None, "warning", {"event": "the database failed a request"})
    assert [restraint(None, "info", {"event": "count loaded"}) for _ in range(30)] == [{"event": "count loaded"}] * 30
    now[0] = 60.0
    assert restraint(None, "warning", {"event": "the database failed a request"})["not_written"] == 481
    assert "not_written" not in restraint(None, "warning", {"event": "the database failed a request"})


def test_what_libraries_log_is_held_back_as_well() -> None:
    now = [0.0]
    restraint = Restraint(lambda: now[0])

    def passes() -> tuple[bool, str]:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application\n", None, None)
        return restraint.filter(record), record.msg

    assert [passes()[0] for _ in range(25)] == [True] * 20 + [False] * 5
    now[0] = 61.0
    assert passes() == (True, "Exception in ASGI application\n (5 more like it were not written)")


def test_invented_events_do_not_fill_the_memory() -> None:
    restraint = Restraint(lambda: 0.0)
    for n in range(5000):
        restraint.held_back(f"event {n}")
    assert len(restraint._passed) <= 1000
