"""All flags of a whole country: from the log's values to every test and checkpoint row.

CPU seconds of this process, so that other programs disturb them little.
"""

import time
from collections.abc import Callable
from statistics import median

from bench.country import newest_election
from bench.night import draw_mesas, finished_actas
from mission.flags.screening import screen
from mission.flags.sheets import read_sheets
from mission.flags.thresholds import load_thresholds
from tally.changes import encode

_ROUNDS = 7


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    say("drawing a rehearsal of 92,766 actas")
    values = _values()
    lists = len(newest_election().contest().lists)
    limits = load_thresholds()
    whole, reading = [], []
    for number in range(_ROUNDS):
        say(f"all flags, round {number + 1} of {_ROUNDS}")
        whole.append(_cpu(lambda: screen(values, lists, (), limits)))
        reading.append(_cpu(lambda: read_sheets(values.items(), lists)))
    found = screen(values, lists, (), limits)
    return {
        "actas": len(values),
        "all_flags_s": round(median(whole), 2),
        "reading_s": round(median(reading), 2),
        "tested": found.tested,
        "flags": len(found.flags),
    }


def _cpu(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def _values() -> dict[str, bytes]:
    """Canonical JSON of every acta of a finished rehearsal."""
    return {key: encode(acta) for key, acta in finished_actas(draw_mesas(newest_election()))}
