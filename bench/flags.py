"""All flags of a whole country: from the log's values to every test, text and checkpoint row.

CPU seconds of this process, so that other programs disturb them little.
"""

import time
from collections.abc import Callable
from statistics import median

from bench.country import newest_election
from geo.ubigeo import load_catalogue
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import build_feed
from ingest.rehearsal.ubigeos import text_of
from mission.flags.screening import screen
from mission.flags.sheets import read_sheets
from mission.flags.thresholds import load_thresholds
from tally.changes import encode
from tally.keys import mesa_key
from tally.model import Acta, ActaState

_ROUNDS = 7


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    say("drawing a rehearsal of 92,766 actas")
    values = _values()
    names = tuple(entry.name for entry in newest_election().contest().lists)
    limits = load_thresholds()
    whole, reading = [], []
    for number in range(_ROUNDS):
        say(f"all flags, round {number + 1} of {_ROUNDS}")
        whole.append(_cpu(lambda: screen(values, names, (), limits)))
        reading.append(_cpu(lambda: read_sheets(values.items(), len(names))))
    found = screen(values, names, (), limits)
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
    election = newest_election()
    mesas = build_feed(election, load_catalogue(election.date.year), FeedPlan()).feed.mesas
    assert mesas is not None
    table = mesas.table
    figures = zip(
        *(column.tolist() for column in (table.mesa, table.ubigeo, table.place, table.registered, table.cast)),
        *(column.tolist() for column in (table.blank, table.null, table.challenged, table.votes, table.installed)),
        strict=True,
    )
    return {
        mesa_key(f"{mesa:06}"): encode(
            Acta(
                code="C" if installed else "N",
                place=table.places[place].code,
                registered=registered,
                state=ActaState.COUNTED if installed else ActaState.NOT_INSTALLED,
                ubigeo=text_of(ubigeo),
                votes=tuple(votes),
                valid=sum(votes),
                cast=cast,
                blank=blank,
                null=null,
                challenged=challenged,
            )
        )
        for mesa, ubigeo, place, registered, cast, blank, null, challenged, votes, installed in figures
    }
