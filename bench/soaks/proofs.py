"""The soak of proofs: 1,000 numbers of a count, a bundle of each that holds, and a bit flipped in each of them.

Python's verifier and the browser's, which Node runs here, both look at all of them.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from api.commands.proof.prove import proven_of
from bench.reliability import SoakSection
from bench.soaks.archive import make_evidence
from bench.soaks.browser_verifier import browser_steps, holds
from ingest.proof.bundles.bundle import Prover
from ingest.proof.bundles.sealed_log import SealedLog
from ingest.proof.bundles.standalone import check
from ingest.registry import feed_of, known_elections
from tally.keys import Level, level_of
from tally.storage.store import Store

NAME, TITLE = "proofs", "Proofs of single numbers: made, checked, and falsified"
TRIALS, MESAS = 1000, 1000
# Election, mesas (None: a whole country), and hours after the polls closed at which it is read.
_COUNTS: tuple[tuple[str, int | None, tuple[int, ...]], ...] = (
    ("2021-06-06-president-runoff", MESAS, (3, 8, 720)),
    ("2026-06-07-president-runoff", MESAS, (3, 8, 720)),
    ("2026-06-07-president-runoff", None, (720,)),
)


class _Outcome(Struct):
    """How many of the bundles hold, and are found altered, by each verifier; the largest of a mesa, and ms for one."""

    held: list[int]
    found: list[int]
    largest: int
    ms: float


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Prove random numbers of a count of each generation and of a whole country, and print what came out."""
    rows = []
    for election, mesas, hours in _COUNTS:
        size = "a whole country" if mesas is None else f"{mesas:,} mesas"
        say(f"polling {size} of {election}")
        with tempfile.TemporaryDirectory(prefix="escrutinio-soak-") as name:
            folder = make_evidence(Path(name) / "whole", mesas, hours, known_elections()[election])
            rows.append(f"| {election}, {size} | {_row(_prove(folder, random.Random(f'{seed}/{election}')))} |")
    head = (
        "| count | hold by Python | hold in the browser | one flipped bit found by Python | in the browser "
        "| bytes of a mesa, at most | ms a bundle |"
    )
    section = SoakSection(NAME, TITLE, seed, [head, "|---|---|---|---|---|---|---|", *rows])
    say(section.text())
    return section


def _row(outcome: _Outcome) -> str:
    counts = [f"{count} of {TRIALS}" for count in (*outcome.held, *outcome.found)]
    return " | ".join([*counts, f"{outcome.largest:,}", f"{outcome.ms:.0f}"])


def _prove(folder: Path, rng: random.Random) -> _Outcome:
    keys = rng.choices(keys_of(folder), k=TRIALS)
    with prover_of(folder) as prove:
        started = time.perf_counter()
        texts = [prove(key) for key in keys]
        spent = time.perf_counter() - started
    altered = [flip_a_bit(text, rng) for text in texts]
    return _Outcome(
        held=[sum(check([text])[1] == [] for text in texts), sum(map(holds, browser_steps("node", texts)))],
        found=[
            sum(check([text])[1] != [] for text in altered),
            sum(not holds(steps) for steps in browser_steps("node", altered)),
        ],
        largest=max(len(text) for key, text in zip(keys, texts, strict=True) if level_of(key) is Level.MESA),
        ms=1000 * spent / TRIALS,
    )


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
        yield lambda key: prover.prove(proven_of(store, info, key, store.version(info.id)))


def flip_a_bit(text: bytes, rng: random.Random) -> bytes:
    """The same bytes but for one bit."""
    at = rng.randrange(len(text))
    return text[:at] + bytes([text[at] ^ (1 << rng.randrange(8))]) + text[at + 1 :]
