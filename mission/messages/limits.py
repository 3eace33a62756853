"""How much may be said, and how fast: data (mission/messages.toml), not code."""

from msgspec import Struct

from mission.limits import read_limits
from mission.thresholds import Window


class MessageBounds(Window, frozen=True):
    """Of what the pages say."""

    longest_text: int
    longest_answer: int
    per_coordinator: int
    per_observer: int


class SendingBounds(Struct, frozen=True, forbid_unknown_fields=True):
    """Of text messages on their way out."""

    per_minute: int
    most_tries: int
    at_once: int
    lease_minutes: int


class ReceivingBounds(Window, frozen=True):
    """Of text messages that come in."""

    longest_text: int
    clock_off_s: int
    per_sender: int
    most_strangers: int
    longest_reply: int


class MessageLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    messages: MessageBounds
    sending: SendingBounds
    receiving: ReceivingBounds


def load_limits() -> MessageLimits:
    """The limits that ship with this version."""
    return read_limits("messages", MessageLimits)
