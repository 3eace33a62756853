"""Small made-up counts of polling places, as the log holds them."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from mission.audit.ground import AuditedCount
from mission.flags.sheets import read_sheets
from tally.board import Board
from tally.changes import encode
from tally.election import Contest, Election, ListEntry, Process
from tally.keys import NATION, mesa_key
from tally.model import Acta, AreaCount, AreaState
from tally.outcome.judgement import Whole
from tally.outcome.rule import LEAD, ContestRule
from tests.tally.makers import acta, fact


def mesas(shares: list[int], code: str = "0001", start: int = 1, valid: int = 200, **more: object) -> dict[str, bytes]:
    """Counted actas of one polling place, with so many votes for the first list of `valid`."""
    return {
        mesa_key(f"{start + n:06}"): encode(acta((votes, valid - votes), place=code, **more))
        for n, votes in enumerate(shares)
    }


def many_places(rng: np.random.Generator, places: int = 60, each: int = 8) -> dict[str, bytes]:
    """An unremarkable count: every place its own share, every mesa drawn from it."""
    values: dict[str, bytes] = {}
    for number in range(places):
        votes = rng.binomial(200, rng.uniform(0.3, 0.7), each)
        values |= mesas(votes.tolist(), f"{number:04}", number * each + 1)
    return values


def audited(actas: Sequence[Acta], rule: ContestRule = LEAD, published: AreaCount | None = None) -> AuditedCount:
    """A contest of those actas, published as their sum unless told otherwise; a mesa abroad may have 500 voters."""
    votes = next(one.votes for one in actas if one.votes)
    lists = tuple(ListEntry(str(n), str(n), str(n), str(n), str(n), "#000000") for n in range(len(votes)))
    contest = Contest("president", {"es": "Presidencia"}, 1, rule, lists)
    own = Election("e", {}, date(2030, 1, 6), "onpe2026", (), Process(), (contest,), {}, max_registered_abroad=500)
    board = Board(len(lists))
    changes = board.apply([fact(f"{n:06}", one) for n, one in enumerate(actas, start=1)])
    state = board.state(NATION)
    assert isinstance(state, AreaState)
    whole = Whole(published or state.computed.as_count(), state.computed, None, is_doubtful=False)
    return AuditedCount(read_sheets(((one.key, one.data) for one in changes), len(lists)), whole, contest, own)
