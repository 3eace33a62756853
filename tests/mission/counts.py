"""Small made-up counts of polling places, as the log holds them."""

import numpy as np

from tally.changes import encode
from tally.keys import mesa_key
from tests.tally.makers import acta


def mesas(shares: list[int], code: str = "0001", start: int = 1, valid: int = 200, **more: object) -> dict[str, bytes]:
    """Counted actas of one polling place, with so many votes for the first list of `valid`."""
    return {
        mesa_key(f"{start + n:06}"): encode(acta((votes, valid - votes), place=code, **more))
        for n, votes in enumerate(shares)
    }


def many_places(rng: np.random.Generator, places: int = 60, each: int = 8) -> dict[str, bytes]:
    """An unremarkable count: every place its own share, every mesa drawn from it."""
    values: dict[str, bytes] = {}
    for number in range(places):
        votes = rng.binomial(200, rng.uniform(0.3, 0.7), each)
        values |= mesas(votes.tolist(), f"{number:04}", number * each + 1)
    return values
