"""What a decoder alone lets through: fields that stand twice in one object, and numbers no count can have."""

import json
from collections import Counter
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tally.errors import FeedMalformed

# Far above any count, far below what 64-bit sums of a hundred thousand actas can hold. Negative ones are decoded: they
# break a rule that says so.
Figure = Annotated[int, Meta(ge=-(10**12), le=10**12)]
# As wide as figures are: a share that cannot be is for a rule to name.
Percentage = Annotated[float, Meta(ge=0, le=10**12)]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COLON_ESCAPED = b"\\u003"


def bare(body: bytes) -> bytes:
    """The body without the byte order mark that some programs write before UTF-8."""
    return body.removeprefix(_BYTE_ORDER_MARK)


def is_marked(body: bytes) -> bool:
    """Whether it begins with such a mark."""
    return body.startswith(_BYTE_ORDER_MARK)


def check_fields(body: bytes) -> None:
    """Check that no object of a payload has a field twice: JSON gives that no meaning, and decoders differ about it.

    Encoded again, a payload has as many colons as before, unless a field was doubled: only then, or where a text may
    hide a colon behind an escape, is every object looked at, which costs ten times as much.

    Raises: FeedMalformed: a field stands twice in one object.
    """
    try:
        again = msgspec.json.encode(msgspec.json.decode(body))
        if body.count(b":") != again.count(b":") or (b"\\" in body and _COLON_ESCAPED in body):
            json.loads(body, object_pairs_hook=_unique)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FeedMalformed(f"not the expected payload: {error}") from error


def _unique(pairs: list[tuple[str, Any]]) -> None:
    for name, number in Counter(name for name, _ in pairs).items():
        if number > 1:
            raise FeedMalformed(f'field "{name}" stands twice in one object')
