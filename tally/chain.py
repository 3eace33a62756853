"""A history in one hash: it runs over the change sets, so whoever knows the last one knows that none was altered."""

import msgspec

from tally.changes import ChangeSet, digest, encode


def chain(before: str, changes: ChangeSet) -> str:
    """SHA-256 over a history's change sets up to this one: `before` is that of the set before, "" for the first."""
    rows = [msgspec.structs.astuple(change) for change in changes.changes]
    return digest(encode((before, changes.seq, changes.at, rows)))
