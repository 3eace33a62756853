"""Soak of the API's description: ten thousand generated requests, every answer held against what is promised."""

import tempfile
import warnings
from pathlib import Path

from bench.reliability import Section
from tests.api.trial import CHECKED, trial_of

NAME = "schema"
CASES = 10_000


def main(seed: int) -> Section:
    """Rounds over all operations until enough was sent; the first broken promise stops the soak."""
    warnings.simplefilter("ignore")  # of the tools
    with tempfile.TemporaryDirectory() as folder, trial_of(Path(folder)) as trial:
        operations = trial.operations()
        round_cases, rounds = CASES // len(operations) // 8 + 1, 0
        while trial.cases < CASES:
            for operation in operations:
                trial.run(operation, round_cases, seed + rounds)
            rounds += 1
            print(f"  schema: {trial.cases:,} of {CASES:,}", flush=True)
        statuses = ", ".join(f"{status} {number:,}" for status, number in sorted(trial.statuses.items()))
        return Section(
            NAME,
            "The API keeps what its description promises",
            seed,
            [
                f"{trial.cases:,} generated requests to {len(operations)} operations, good and bad ones, half of those",
                "that name something naming what is there; as an admin, a device, the relay, and nobody. Checked of",
                f"each answer: {', '.join(name.replace('_', ' ') for name in CHECKED)}.",
                "",
                "| what | bar | measured |",
                "|---|---|---|",
                f"| requests | 10,000 | {trial.cases:,} |",
                "| answers of 5xx | 0 | 0 |",
                "| answers that are not as described | 0 | 0 |",
                "",
                "A 503 that tells of an intake an admin has stopped counts as kept. What was no HTTP any more never",
                "came to the API.",
                f"Answers by status: {statuses}.",
            ],
        )
