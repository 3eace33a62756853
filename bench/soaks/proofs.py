"""The soak of proofs: 1,000 numbers of a rehearsal, a bundle of each that holds, and a bit flipped in each of them."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.commands.proof.prove import proven_of
from bench.reliability import SoakSection
from bench.soaks.archive import make_evidence
from ingest.proof.bundles.bundle import Prover
from ingest.proof.bundles.sealed_log import SealedLog
from ingest.proof.bundles.standalone import check
from ingest.registry import feed_of, known_elections
from tally.keys import Level, level_of
from tally.storage.store import Store

NAME, TITLE = "proofs", "Proofs of single numbers: made, checked, and falsified"
TRIALS, MESAS = 1000, 1000
_ELECTIONS = ("2021-06-06-president-runoff", "2026-06-07-president-runoff")


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Prove random numbers of a count of each generation, and print what came out."""
    rows = []
    for election in _ELECTIONS:
        say(f"polling a count of {election}")
        with tempfile.TemporaryDirectory(prefix="escrutinio-soak-") as name:
            folder = make_evidence(Path(name) / "whole", MESAS, election=known_elections()[election])
            rows.append(f"| {election} | {_prove(folder, random.Random(f'{seed}/{election}'))} |")
    head = "| count | bundles that hold | one flipped bit found | bytes of a mesa, at most | ms a bundle |"
    section = SoakSection(NAME, TITLE, seed, [head, "|---|---|---|---|---|", *rows])
    say(section.text())
    return section


def _prove(folder: Path, rng: random.Random) -> str:
    held = found = largest = 0
    spent = 0.0
    with prover_of(folder) as prove:
        for key in rng.choices(keys_of(folder), k=TRIALS):
            started = time.perf_counter()
            text = prove(key)
            spent += time.perf_counter() - started
            held += check([text])[1] == []
            found += check([flip_a_bit(text, rng)])[1] != []
            largest = max(largest, len(text) if level_of(key) is Level.MESA else 0)
    return f"{held} of {TRIALS} | {found} of {TRIALS} | {largest:,} | {1000 * spent / TRIALS:.0f}"


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
