"""Soak of the API's description: ten thousand generated requests, every answer held against what is promised."""

import multiprocessing
import tempfile
import warnings
from collections import Counter
from pathlib import Path

from bench.reliability import SoakSection
from geo.boundaries import load_geometry
from tests.api.trial import CHECKED, trial_of

NAME = "schema"
CASES, SERVERS = 10_000, 4
_SEEDS = 1000


def send(seed: int) -> tuple[int, Counter[int]]:
    """A server's share of the requests; how many operations it has, and its answers by status."""
    warnings.simplefilter("ignore")  # of the tools
    with tempfile.TemporaryDirectory() as folder, trial_of(Path(folder), load_geometry()) as trial:
        operations, rounds = trial.operations(), 0
        while trial.cases < CASES // SERVERS:
            for operation in operations:
                trial.run(operation, CASES // SERVERS // len(operations) // 2 + 1, seed + rounds)
            rounds += 1
            print(f"  schema: {trial.cases:,} of {CASES // SERVERS:,}", flush=True)
        return len(operations), trial.statuses


def main(seed: int) -> SoakSection:
    """All shares at once; the first broken promise stops the soak."""
    with multiprocessing.get_context("spawn").Pool(SERVERS) as pool:
        found = pool.map(send, range(seed, seed + SERVERS * _SEEDS, _SEEDS), chunksize=1)
    total: Counter[int] = Counter()
    for _, statuses in found:
        total += statuses
    answers = ", ".join(f"{status} {number:,}" for status, number in sorted(total.items()))
    return SoakSection(
        NAME,
        "The API keeps what its description promises",
        seed,
        [
            f"{total.total():,} generated requests to {found[0][0]} operations, good and bad; where the path names",
            "something, half of them name what is there; as an admin, a device, the relay, and nobody. Checked of each",
            f"answer: {', '.join(name.replace('_', ' ') for name in CHECKED)}.",
            "",
            "| what | bar | measured |",
            "|---|---|---|",
            f"| requests | 10,000 | {total.total():,} |",
            "| answers of 5xx | 0 | 0 |",
            "| answers that are not as described | 0 | 0 |",
            "",
            "A 503 that tells of an intake an admin has stopped counts as kept. What was no HTTP any more never came",
            f"to the API. Answers by status: {answers}.",
        ],
    )
