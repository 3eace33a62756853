"""A whole country's invented count with what a real one has: actas typed with two columns exchanged, quick juries.

Nothing of it is real but the official totals that the mesas add up to, as in every rehearsal.
"""

from datetime import UTC, datetime
from random import Random

import msgspec
import numpy as np

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.arrivals import NEVER, Arrivals, draw_arrivals
from ingest.rehearsal.clock import Clock, milliseconds, moment
from ingest.rehearsal.feed import RehearsalFeed, closing
from ingest.rehearsal.generate import generate_mesas
from ingest.rehearsal.generations import generation_of
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import Booleans, MesaTable

ELECTION = known_elections()["2026-06-07-president-runoff"]
CLOSING = closing(ELECTION)
_SWAPPED, _LEAST_MESAS, _LEAST_VOTES, _LEAST_LEAD = 5, 9, 150, 0.3
_EARLY_MS = 4 * 3_600_000
# One acta in so many is decided by its jury so many times faster: within hours, where a real one takes days.
_QUICK, _FASTER = 4, 20


def build_country(seed: int) -> tuple[RehearsalFeed, list[str]]:
    """The feed, standing at closing time, and the mesas whose first two columns were exchanged."""
    catalogue = load_catalogue(ELECTION.date.year)
    [table] = generate_mesas(ELECTION, catalogue, seed, lambda done, whole: None)
    drawn = draw_arrivals(table, CLOSING, seed)
    swapped = _swap(table, drawn.counted - milliseconds(CLOSING) < _EARLY_MS, seed)
    arrivals = msgspec.structs.replace(drawn, counted=_hurry(drawn))
    count = MesaCount(table, arrivals, generation_of(ELECTION.generation).cadence)
    clock = Clock(CLOSING, moment(count.ends_ms), None, lambda: datetime.now(UTC))
    clock.step_to(CLOSING)
    return RehearsalFeed(ELECTION, catalogue, count, clock, is_test=True), swapped


def _swap(table: MesaTable, is_early: Booleans, seed: int) -> list[str]:
    """Exchange the votes of the first two lists in a few mesas, each in a large place that leans to one side."""
    valid, mesas = table.votes.sum(axis=1), np.bincount(table.place)
    lead = np.abs(table.votes[:, 0] - table.votes[:, 1]) / np.maximum(valid, 1)
    plain = is_early & (mesas[table.place] >= _LEAST_MESAS) & (valid >= _LEAST_VOTES) & (lead >= _LEAST_LEAD)
    first_of_place = np.unique(np.where(plain, table.place, -1), return_index=True)[1][1:]
    rows = sorted(Random(seed).sample(first_of_place.tolist(), _SWAPPED))
    table.votes[rows, 0], table.votes[rows, 1] = table.votes[rows, 1], table.votes[rows, 0]
    return [f"{table.mesa[row]:06}" for row in rows]


def _hurry(drawn: Arrivals) -> np.ndarray:
    stay = drawn.counted - drawn.received
    is_quick = (stay > 0) & (drawn.counted != NEVER) & (np.arange(len(stay)) % _QUICK == 0)
    return np.where(is_quick, drawn.received + stay // _FASTER, drawn.counted)
