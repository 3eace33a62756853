"""The soak of the flags: how often they cry without reason, and how much they see."""

from collections.abc import Callable

import numpy as np

from bench.flag_trials import Invented, columns_of, find_transfers, invent
from bench.reliability import SoakSection
from bench.runoff import read_runoff
from mission.flags.thresholds import WithinPlace, load_thresholds

NAME, TITLE = "flags", "Flags: invented ones, and transfers found"
RUNS, TRANSFERS = 200, (20, 30, 40, 50)


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Run both and print what came out."""
    limits, rng = load_thresholds().within_place, np.random.default_rng(seed)
    columns = columns_of(read_runoff())
    found = {votes: find_transfers(columns[0], limits, votes, rng) for votes in TRANSFERS}
    invented = {}
    for column in columns:
        say(f"{RUNS} counts without anything to find: {column.name}")
        invented[column.name] = invent(column, limits, RUNS, rng)
    section = SoakSection(NAME, TITLE, seed, _lines(found, invented, limits))
    say(section.text())
    return section


def _lines(found: dict[int, tuple[int, int]], invented: dict[str, Invented], limits: WithinPlace) -> list[str]:
    level = f"{limits.false_discovery:.0%}"
    rows = []
    for name, one in invented.items():
        rows += [
            (
                f"{name}: counts with a false flag, the place's share given (the model at its word)",
                f"{level} by design",
                one.given_runs,
            ),
            (f"{name}: counts with a false firm flag, the share estimated", f"≤ {level}", one.firm_runs),
            (f"{name}: counts with any false review flag, the share estimated", "–", one.whole_runs),
        ]
    mesas = ", ".join(
        f"{name} {one.whole_mesas / one.runs:.2f} (firm {one.firm_mesas / one.runs:.2f})"
        for name, one in invented.items()
    )
    bars = {20: "–", 30: "–", 40: "≥ 70 %", 50: "–"}
    return [
        "Drawn from the places, rolls and correlations of the run-off of 2021, with nothing in them to find: in such a "
        "count",
        "every flag is false, so the false discovery rate is the part of the counts that have one.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        *(f"| {what} | {bar} | {runs} of {RUNS} ({runs / RUNS:.1%}) |" for what, bar, runs in rows),
        "",
        f"False flags a count, of 74,422 mesas tested: {mesas}. The model takes the share of the other mesas for the "
        "true one;",
        "where they are few that makes it a little too sure. A flag that does not stand when that is counted in is "
        "told as weak.",
        "",
        "| votes moved from one list to the other in one mesa of the real count | bar | becomes a flag |",
        "|---|---|---|",
        *(f"| {votes} | {bars[votes]} | {hits / mesas:.1%} of {mesas:,} |" for votes, (hits, mesas) in found.items()),
    ]
