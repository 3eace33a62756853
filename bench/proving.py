"""Proofs of the numbers of a small count, and bits flipped in them."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.commands.prove import proven_of
from ingest.proof.bundles.bundle import Prover
from ingest.proof.bundles.sealed_log import SealedLog
from ingest.registry import feed_of
from tally.storage.store import Store


def keys_of(folder: Path) -> list[str]:
    """Every key of the one count there."""
    with closing(Store.open(f"sqlite:///{folder / 'count.db'}")) as store:
        [info] = store.counts()
        return sorted(store.latest(info.id))


@contextmanager
def prover_of(folder: Path) -> Iterator[Callable[[str], bytes]]:
    """What makes the bundle of a key's present value."""
    with closing(Store.open(f"sqlite:///{folder / 'count.db'}")) as store:
        [info] = store.counts()
        feed, contest, _ = feed_of(info)
        prover = Prover(SealedLog(folder / "archive"), feed, contest, info)
        yield lambda key: prover.prove(proven_of(store, info, key))


def flip_a_bit(text: bytes, rng: random.Random) -> bytes:
    """The same bytes but for one bit."""
    at = rng.randrange(len(text))
    return text[:at] + bytes([text[at] ^ (1 << rng.randrange(8))]) + text[at + 1 :]
