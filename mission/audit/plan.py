"""What an audit is about before anybody reads: the actas, their bounds, and the sample."""

import msgspec
import numpy as np
from msgspec import Struct

from mission.audit.draw import check_seed, draw
from mission.audit.limits import AuditLimits
from mission.audit.macro import Pairs, bound_each, draws_needed, find_claims, weigh_each
from mission.audit.reading import Reading
from mission.flags.sheets import Sheets
from tally.errors import InvalidInput
from tally.model import ActaState
from tally.outcome.rule import LEAD, ContestRule


class Drawn(Struct, frozen=True):
    """The n-th draw (from 1): a mesa, and what was reported for it."""

    n: int
    mesa: str
    cast: int
    reported: Reading


class AuditPlan(Struct, frozen=True):
    """`bound` is U of `mesas` counted actas with `cast` votes; `planned` draws suffice without a discrepancy.

    `drawn` goes on beyond them, for when there is one.
    """

    seed: str
    risk_limit: float
    pairs: Pairs
    mesas: int
    cast: int
    bound: float
    planned: int
    drawn: tuple[Drawn, ...]


def plan_audit(
    sheets: Sheets, seed: str, risk_limit: float, limits: AuditLimits, rule: ContestRule = LEAD
) -> AuditPlan:
    """The audit of those actas; of them only the counted ones can be wrong in the count.

    It confirms what the contest's rule says of them: who wins, or which two go on to a run-off, and the threshold.
    Raises: InvalidInput: the seed or risk limit cannot be used, there is no margin, or a sample is no help.
    """
    check_seed(seed)
    if not limits.least_risk <= risk_limit <= limits.most_risk:
        raise InvalidInput(f"a risk limit is between {limits.least_risk:g} and {limits.most_risk:g}, like 0.05")
    counted = np.flatnonzero(sheets.has_state(ActaState.COUNTED) & (sheets.votes >= 0).all(axis=1))
    rows = counted[np.argsort(np.asarray(sheets.mesas, dtype=np.str_)[counted], kind="stable")]
    votes, cast = sheets.votes[rows], sheets.cast[rows]
    pairs = find_claims(votes.sum(axis=0).tolist(), rule)
    bound = float(bound_each(votes, cast, pairs).sum())
    planned = draws_needed(risk_limit, bound)
    if planned > limits.most_draws:
        raise InvalidInput(
            f"a margin of {pairs.smallest} votes needs {planned} draws: that is a case for a full count, not a sample"
        )
    drawn = draw(weigh_each(votes, cast, pairs), seed, min(limits.reserve * planned, limits.most_draws))
    return AuditPlan(
        seed,
        risk_limit,
        pairs,
        len(rows),
        int(cast.sum()),
        bound,
        planned,
        tuple(_drawn(sheets, n, int(rows[row])) for n, row in enumerate(drawn, start=1)),
    )


def _drawn(sheets: Sheets, n: int, row: int) -> Drawn:
    blank, null, challenged = (
        None if figure < 0 else int(figure) for figure in (sheets.blank[row], sheets.null[row], sheets.challenged[row])
    )
    reading = Reading(tuple(sheets.votes[row].tolist()), blank, null, challenged)
    return Drawn(n, sheets.mesas[row], int(sheets.cast[row]), reading)


def write_pairs(pairs: Pairs) -> str:
    """As it is kept."""
    return msgspec.json.encode(pairs).decode()
