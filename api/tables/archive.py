"""A sealed head in the API's words."""

from msgspec import Struct

from tally.storage.store import StoredHead

# Hexadecimal digits that a person can compare: 48 bits, enough to tell two roots apart, too few to prove anything.
_SHORT = 12


class ArchiveHead(Struct, frozen=True):
    """Size, root, the short form of it that pages show, and when it was sealed."""

    size: int
    root: str
    short: str
    at: str


class SealedHead(ArchiveHead, frozen=True):
    """One with its checkpoint, signed with the public `key`."""

    note: str
    key: str


def describe_head(head: StoredHead) -> ArchiveHead:
    """A head as it is shown beside a count."""
    return ArchiveHead(head.size, head.root, head.root[:_SHORT], head.at)


def describe_seal(head: StoredHead) -> SealedHead:
    """A head as a witness needs it."""
    return SealedHead(head.size, head.root, head.root[:_SHORT], head.at, head.note, head.key)
