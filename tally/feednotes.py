"""Why the feed of a count stands as it does: an id and its figures. The sentences stand in `texts/`, [feed_note]."""

from enum import StrEnum

from msgspec import Struct


class Note(StrEnum):
    """Every reason, and its figures."""

    ENDED = "ended"  # no poller reads it any more
    STOPPED = "stopped"  # reading ended at `at` by a fault of ours, and is begun again
    ANOTHER_SOURCE = "another_source"  # since `at` the source is another one: another election's, or a rehearsal
    UNREACHABLE = "unreachable"  # it cannot be reached, or fails: it is asked again at `at`
    REFUSED = "refused"  # the source refuses us: it is asked again at `at`
    ASKED_TO_WAIT = "asked_to_wait"  # it does, and wishes that we wait for `minutes`
    UNREAD = "unread"  # the source answers, but its totals cannot be read
    SOME_UNREAD = "some_unread"  # they can, but `answers` others cannot, or cannot be stored
    LATE = "late"  # the totals were not answered for two cycles


class FeedNote(Struct, frozen=True, omit_defaults=True):
    """One reason: `id` is a `Note`, or one that only a newer version knows. `at` is ISO UTC."""

    id: str
    at: str | None = None
    minutes: int | None = None
    answers: int | None = None
