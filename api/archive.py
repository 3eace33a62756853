"""A sealed head in the API's words."""

from typing import Any

from tally.store import Head

# Hexadecimal digits that a person can compare: 48 bits, enough to tell two roots apart, too few to prove anything.
_SHORT = 12


def describe_head(head: Head) -> dict[str, Any]:
    """Size, root, the short form that pages show, and when it was sealed."""
    return {"size": head.size, "root": head.root, "short": head.root[:_SHORT], "at": head.at}
