"""All flags of a whole country: from the log's values to every test and checkpoint row.

CPU seconds of this process, so that other programs disturb them little.
"""

import time
from collections.abc import Callable
from statistics import median

import msgspec
import numpy as np
from msgspec.structs import replace

from bench.country import newest_election
from bench.flag_trials import draw_lists
from bench.night import draw_mesas, finished_actas
from mission.flags.screening import Screening, screen
from mission.flags.sheets import read_sheets
from mission.flags.thresholds import load_thresholds
from tally.changes import encode
from tally.keys import mesa_key
from tally.model import Acta

_ROUNDS, _LISTS = 7, 38


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    say("drawing a rehearsal of 92,766 actas")
    values = {key: encode(acta) for key, acta in finished_actas(draw_mesas(newest_election()))}
    lists = len(newest_election().contest().lists)
    reading = [_cpu(lambda: read_sheets(values.items(), lists)) for _ in range(_ROUNDS)]
    found, own = _screen(values, lists, say)
    say(f"drawing them for {_LISTS} lists")
    many, whole = _screen(_draw(values, lists), _LISTS, say)
    return {
        "actas": len(values),
        "all_flags_s": own,
        "reading_s": round(median(reading), 2),
        "tested": found.tested,
        "flags": len(found.flags),
        "many_actas": many.mesas,
        "many_flags_s": whole,
        "many_tests": sum(rate.tests for rate in many.rates),
    }


def _screen(values: dict[str, bytes], lists: int, say: Callable[[str], None]) -> tuple[Screening, float]:
    """What is found, and the CPU seconds of the middle round."""
    limits, rounds = load_thresholds(), []
    for number in range(_ROUNDS):
        say(f"all flags of {lists} lists, round {number + 1} of {_ROUNDS}")
        rounds.append(_cpu(lambda: screen(values, lists, (), limits)))
    return screen(values, lists, (), limits), round(median(rounds), 2)


def _draw(values: dict[str, bytes], lists: int) -> dict[str, bytes]:
    """The same places, rolls and valid votes, for many lists."""
    drawn = draw_lists(read_sheets(values.items(), lists), _LISTS, np.random.default_rng(1))
    actas = {key: msgspec.json.decode(data, type=Acta) for key, data in values.items()}
    votes = {mesa_key(mesa): tuple(row) for mesa, row in zip(drawn.mesas, drawn.votes.tolist(), strict=True)}
    none = (0,) * _LISTS
    return {key: encode(replace(acta, votes=votes.get(key, none))) for key, acta in actas.items()}


def _cpu(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started
