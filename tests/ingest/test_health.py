"""What screens are told of the feed: each trouble by its name, within two cycles, and gone when it is over."""

from datetime import UTC, datetime

from ingest.health import FeedHealth
from tally.errors import FeedMalformed, FeedRefused, FeedUnavailable, Unforeseen
from tally.feednotes import FeedNote, Note
from tests.ingest.faults.drill import Hours

AT = "2026-06-08T02:12:03Z"
NOW = datetime(2026, 6, 8, 2, 12, 3, tzinfo=UTC)


def told(health: FeedHealth) -> tuple[str, FeedNote | None]:
    status = health.status(None)
    return status.state, status.note


def sound(hours: Hours) -> FeedHealth:
    """The totals were read and stored just now."""
    health = FeedHealth(60.0, clock=hours)
    health.heard()
    health.checked(AT)
    return health


def test_it_is_starting_until_totals_stand_in_the_log() -> None:
    health = FeedHealth(60.0, clock=Hours())
    assert told(health) == ("starting", None)
    health.heard()
    assert told(health) == ("starting", None)
    health.checked(AT)
    assert told(health) == ("ok", None)
    assert health.status(None).checked_at == AT


def test_each_trouble_is_told_by_its_name_and_ends_when_the_totals_are_read() -> None:
    troubles = {
        FeedUnavailable("away", pause_s=30.0): FeedNote(Note.UNREACHABLE, at="2026-06-08T02:12:33Z"),
        FeedMalformed("no JSON"): FeedNote(Note.UNREAD),
        Unforeseen("a slip"): FeedNote(Note.UNREAD),
    }
    for error, note in troubles.items():
        health = sound(Hours())
        health.failed(error, NOW)
        assert told(health) == ("down", note)
        health.heard()
        assert told(health) == ("ok", None)


def test_a_refusal_tells_when_we_ask_again_and_how_long_the_source_wished_us_to_wait() -> None:
    health = sound(Hours())
    health.refused(FeedRefused("429", pause_s=600.0, retry_after_s=251_000_000_000.0), NOW)
    assert told(health) == ("down", FeedNote(Note.ASKED_TO_WAIT, at="2026-06-08T02:22:03Z", minutes=4_183_333_334))
    health.refused(FeedRefused("403", pause_s=45.0), NOW)
    assert told(health) == ("down", FeedNote(Note.REFUSED, at="2026-06-08T02:12:48Z"))


def test_totals_that_were_not_answered_for_two_cycles_are_told() -> None:
    hours = Hours()
    health = sound(hours)
    hours.now += 120
    assert told(health) == ("ok", None)
    hours.now += 1
    assert told(health) == ("stale", FeedNote(Note.LATE))
    health.heard()
    assert told(health) == ("ok", None)


def test_other_answers_that_cannot_be_read_are_counted() -> None:
    health = sound(Hours())
    health.unread = 3
    assert told(health) == ("ok", FeedNote(Note.SOME_UNREAD, answers=3))


def test_that_reading_stopped_stands_until_the_totals_are_read_again_also_after_a_restart() -> None:
    health = sound(Hours())
    health.stopped(NOW)
    stopped = FeedNote(Note.STOPPED, at=AT)
    assert told(health) == ("down", stopped)
    again = FeedHealth(60.0, before=stopped, clock=Hours())
    assert told(again) == ("starting", stopped)
    again.heard()
    assert told(again) == ("starting", None)
    assert told(FeedHealth(60.0, before=FeedNote(Note.LATE), clock=Hours())) == ("starting", None)
