"""When each acta reaches the count: recorded moments where a file has them, else a seeded order like a real night.

Shaped after ONPE's cuts of the run-off of 2026: first actas 80 minutes after closing, 43 % after 4.2 hours, 95 %
after 30; remote populated places the next day, consulates one to three days later; about one acta in sixty goes to a
special electoral jury (JEE), half a day after it was scanned, and comes back within three weeks.
"""

from datetime import datetime, timedelta

import numpy as np
from msgspec import Struct

from ingest.rehearsal.clock import milliseconds
from ingest.rehearsal.columns import MISSING
from ingest.rehearsal.mesas import Booleans, Integers, MesaTable
from ingest.rehearsal.ubigeos import ABROAD_FROM

NEVER = int(np.iinfo(np.int64).max)

_HOUR_MS = 3_600_000
_FIRST_HOURS = 1.35
_REMOTE_MESAS_FROM = 900_000
_JEE_SHARE = 0.0165
_JEE_LONGEST = timedelta(days=21)


class Arrivals(Struct, frozen=True, eq=False):
    """Epoch milliseconds per mesa: pending before `received`, at the JEE until `counted`, then counted. NEVER is never.

    An acta that does not pass the JEE is received and counted in the same moment.
    """

    received: Integers
    counted: Integers

    def span(self) -> tuple[int, int]:
        """First and last thing that happens; equal if nothing does."""
        moments = np.concatenate([self.received, self.counted])
        moments = moments[moments != NEVER]
        return (int(moments.min()), int(moments.max())) if len(moments) else (0, 0)


def draw_arrivals(table: MesaTable, closing: datetime, seed: int) -> Arrivals:
    """Moments of every mesa: the table's own where it has them, the rest drawn from `seed` after `closing`."""
    random = np.random.default_rng([seed, 1])
    drawn = milliseconds(closing) + (_hours(table, random) * _HOUR_MS).astype(np.int64)
    via_jee = _via_jee(table, random)
    to_jee = (random.lognormal(np.log(12), 0.5, len(drawn)) * _HOUR_MS).astype(np.int64)
    drawn = np.where(via_jee, drawn + to_jee, drawn)
    received = drawn if table.seen_ms is None else np.where(table.seen_ms == MISSING, drawn, table.seen_ms)
    back = np.minimum(random.lognormal(np.log(8 * 24), 0.5, len(drawn)), _JEE_LONGEST / timedelta(hours=1))
    counted = np.where(via_jee, received + (back * _HOUR_MS).astype(np.int64), received)
    if table.at_jee_forever is not None:
        counted = np.where(table.at_jee_forever, NEVER, counted)
    return Arrivals(
        received=np.where(table.known, received, NEVER),
        counted=np.where(table.known, counted, NEVER),
    )


def _hours(table: MesaTable, random: np.random.Generator) -> "np.ndarray":
    """Hours after closing. A district with few mesas is far from its computing centre, its actas come later."""
    size = len(table.mesa)
    _, district, mesas = np.unique(table.ubigeo, return_inverse=True, return_counts=True)
    far = 1 / np.sqrt(mesas[district])
    near = _FIRST_HOURS + random.lognormal(np.log(2.9), 0.6, size) * (1 + far)
    remote = 6 + random.lognormal(np.log(10), 0.6, size)
    abroad = 18 + random.lognormal(np.log(22), 0.5, size)
    hours = np.where(table.mesa >= _REMOTE_MESAS_FROM, remote, near)
    return np.where(table.ubigeo >= ABROAD_FROM, abroad, hours)


def _via_jee(table: MesaTable, random: np.random.Generator) -> Booleans:
    drawn = random.random(len(table.mesa)) < _JEE_SHARE
    return (drawn if table.via_jee is None else table.via_jee) & table.installed & table.known
