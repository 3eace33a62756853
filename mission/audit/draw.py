"""The sample: mesas drawn with probability proportional to their error bound, from a public seed.

Anyone can draw it again: the i-th draw (from 1) is SHA-256 of "<seed>,<i>", read as a fraction of one, along the
bounds of the mesas added up in order of their numbers. A mesa may be drawn more than once.
Sources: J. Aslam, R. Popa, R. Rivest, "On auditing elections when precincts have different sizes", EVT 2008 (sampling
by error bound, PPEB); R. Rivest's sampler and P. Stark's audit tools (SHA-256 of seed, comma, counter).
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from tally.errors import InvalidInput

_BITS = 256


def check_seed(seed: str) -> str:
    """The seed itself: 20 digits, best thrown in public with ten-sided dice after the count is closed.

    Raises: InvalidInput.
    """
    if not re.fullmatch("[0-9]{20}", seed):
        raise InvalidInput("the seed must be 20 digits, thrown in public once the count stands")
    return seed


def draw(weights: Sequence[int], seed: str, number: int) -> list[int]:
    """Rows of the first `number` draws. Weights are whole numbers, so that every machine draws the same."""
    ends = list(accumulate(weights))
    return [bisect_right(ends, ticket(seed, place, ends[-1])) for place in range(1, number + 1)]


def ticket(seed: str, place: int, total: int) -> int:
    """Where a draw falls: 0 … total − 1."""
    digest = hashlib.sha256(f"{seed},{place}".encode()).digest()
    return int.from_bytes(digest) * total >> _BITS
