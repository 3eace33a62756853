"""The soak of the quick count: how often its interval holds the final share, and what is found beside the actas."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from bench.reliability import SoakSection
from bench.runoff import RUNOFFS
from bench.soaks.quickcount_trials import ARRIVED, BY_AREA, PLACES, PLANTED, SIZES, RunoffTrials, Tries, try_runoff
from mission.quickcount.compare import CopyStanding
from mission.quickcount.limits import LIMITS

NAME, TITLE = "quickcount", "Quick count: how often the interval holds the final share"
FIGURES = Path(__file__).parents[2] / "dashboard" / "quickcount.toml"
SAMPLES, LEAST, MOST = 1_000, 93, 97
_HEAD = """\
# Written by `make soak` (bench/soaks/quickcount.py): quick counts of the run-offs of 2021 and 2026 (ONPE's data).
# samples: of each kind. [[all_in]] with every copy, [[some_in]] with the part of them that had come (percent): in how
# many percent of the samples the interval held the final share, and its mean half width in percentage points.
"""
_DESIGNS = {BY_AREA: "simple, weighed by area"}
_SHOWN = (CopyStanding.DIFFERENT, CopyStanding.EQUAL, CopyStanding.NOT_INSTALLED)


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Draw every sample, compare every copy, write the page's figures, and print what came out."""
    with ProcessPoolExecutor(len(RUNOFFS)) as pool:
        trials = list(pool.map(partial(try_runoff, samples=SAMPLES, seed=seed), RUNOFFS))
    FIGURES.write_text(_HEAD + "\n".join(_figures(trials)), "utf-8")
    section = SoakSection(NAME, TITLE, seed, [*_covered(trials), *_arrived(trials), *_compared(trials)])
    say(section.text())
    return section


def _told(tries: Tries) -> tuple[float, float]:
    return 100 * float(np.mean(tries.held)), 100 * float(np.mean(tries.halves))


def _figures(trials: Sequence[RunoffTrials]) -> Iterator[str]:
    yield f"samples = {SAMPLES}\nconfidence = {100 * LIMITS.interval.confidence:g}"
    for trial in trials:
        for tries in trial.tries:
            if tries.unit == "mesas":
                held, half = _told(tries)
                yield f"\n[[{'all_in' if tries.is_whole else 'some_in'}]]\nyear = {trial.year}\nmesas = {tries.size}"
                yield f'design = "{tries.design}"\nheld = {held:.1f}\nhalf = {half:.2f}'
                if not tries.is_whole:
                    yield f"arrived = {100 * ARRIVED[trial.year]:g}"
    yield ""


def _rows(trials: Sequence[RunoffTrials], is_whole: bool) -> Iterator[str]:
    for trial in trials:
        for tries in trial.tries:
            if tries.is_whole is is_whole:
                held, half = _told(tries)
                has_bar = tries.size != PLACES and tries.design != BY_AREA
                asked = (f"{LEAST}–{MOST} %" if has_bar else "–") if is_whole else f"{ARRIVED[trial.year]:.1%}"
                kind = f"{tries.size:,} {tries.unit} | {_DESIGNS.get(tries.design, tries.design)}"
                yield f"| {trial.year} | {kind} | {asked} | {held:.1f} % | {half:.2f} |"


def _covered(trials: Sequence[RunoffTrials]) -> Iterator[str]:
    yield from (
        f"{SAMPLES:,} samples of each kind from seeds of their own, of all mesas of the run-offs of 2021 and 2026,",
        "every acta with votes copied as it was counted. Held: the final share is in the 95 % interval of the first",
        "list's share of valid votes (with two lists the lead's is the same). Half width: mean, percentage points.",
        "",
        "| run-off | sample | design | bar | held | half width |",
        "|---|---|---|---|---|---|",
        *_rows(trials, is_whole=True),
    )


def _arrived(trials: Sequence[RunoffTrials]) -> Iterator[str]:
    looks = next(trial.unlike for trial in trials if trial.year == 2026)
    real, chance = (f"{np.mean(one):.1%}" for one in looks)
    yield from (
        "",
        "With only the copies that had come when so many of the sample were in, in the order in which the authority's",
        "own actas came: of 2026 when each was first seen (4,703 that nobody followed fall by chance); of 2021 nothing",
        "is kept of the night, only which actas showed their votes on the morning of 8 June. Who reports first is no",
        "chance: no bar.",
        "",
        "| run-off | sample | design | arrived | held | half width |",
        "|---|---|---|---|---|---|",
        *_rows(trials, is_whole=False),
        "",
        f"Who has reported is told to be unlike who was drawn (2026, {SIZES[0]} mesas, {ARRIVED[2026]:.0%} in) in",
        f"{real} of the samples in the real order, in {chance} where they come by chance.",
    )


def _compared(trials: Sequence[RunoffTrials]) -> Iterator[str]:
    yield from (
        "",
        f"A sample's copies beside its actas, in three of which {PLANTED} votes were planted: moved from one list to",
        "the other, taken from one, given to the other. Found: with its mesa, its lists and their votes.",
        "",
        "| run-off | copies | planted found (bar 3) | told as different (bar 3) | equal | not installed |",
        "|---|---|---|---|---|---|",
    )
    for trial in trials:
        standings = trial.compared.standings
        told = " | ".join(f"{standings[standing]:,}" for standing in _SHOWN)
        yield f"| {trial.year} | {standings.total():,} | {trial.compared.found} | {told} |"
