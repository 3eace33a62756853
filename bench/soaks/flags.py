"""The soak of the flags: how often they cry without reason, and how much they see."""

from collections.abc import Callable

import numpy as np

from bench.flag_trials import Invented, columns_of, draw_lists, exchange_columns, find_transfers, invent
from bench.reliability import SoakSection
from bench.runoff import read_runoff
from mission.flags.flag import FlagKind
from mission.flags.screening import screen_sheets, setting_of
from mission.flags.sheets import Sheets
from mission.flags.thresholds import WithinPlace, load_thresholds

NAME, TITLE = "flags", "Flags: invented ones, and transfers found"
RUNS, TRANSFERS = 200, (20, 30, 40, 50)
LISTS, EXCHANGES = 38, 400


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Run both and print what came out."""
    limits, rng = load_thresholds().within_place, np.random.default_rng(seed)
    runoff = read_runoff()
    columns = columns_of(runoff)
    found = {votes: find_transfers(columns[0], limits, votes, rng) for votes in TRANSFERS}
    invented = {}
    for column in columns:
        say(f"{RUNS} counts without anything to find: {column.name}")
        invented[column.name] = invent(column, limits, RUNS, rng)
    say(f"exchanges planted in a country of {LISTS} lists")
    lines = [*_lines(found, invented, limits), *_exchanges(runoff, rng)]
    section = SoakSection(NAME, TITLE, seed, lines)
    say(section.text())
    return section


def _exchanges(runoff: Sheets, rng: np.random.Generator) -> list[str]:
    """What becomes of exchanges in a country of many lists, before any and with them."""
    clean = draw_lists(runoff, LISTS, rng)
    planted = exchange_columns(clean, EXCHANGES, rng)
    named: list[dict[str, tuple[int, int]]] = []
    for sheets in (clean, planted.sheets):
        flags = screen_sheets(sheets, setting_of(sheets), load_thresholds()).flags
        swaps = [flag for flag in flags if flag.kind is FlagKind.SWAP]
        named.append({flag.key[5:]: (flag.figures["list"], flag.figures["other_list"]) for flag in swaps})
    honest, found = named[0], named[1]
    right = sum(planted.pairs.get(mesa) == pair for mesa, pair in found.items())
    others = sum(mesa in planted.pairs and planted.pairs[mesa] != pair for mesa, pair in found.items())
    accused = len(found) - right - others
    return [
        "",
        f"A country of {LISTS} lists drawn over those places and rolls, and {3 * EXCHANGES:,} exchanges in it: of "
        "neighbours on the",
        "ballot, of the place's first list with another, and of any two; most of them move a few votes.",
        "",
        "| swap flags | bar | measured |",
        "|---|---|---|",
        f"| before any exchange | 0 | {len(honest)} |",
        f"| exchanges named, by their own pair | – | {right} |",
        f"| named by another pair | 0 | {others} |",
        f"| honest mesas named | 0 | {accused} |",
    ]


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
