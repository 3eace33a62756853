"""What an audit is about before anybody reads: the actas, their bounds, and the sample."""

import msgspec
from msgspec import Struct

from mission.audit.draw import check_seed, draw
from mission.audit.ground import AuditedCount, find_ground
from mission.audit.limits import AuditLimits
from mission.audit.macro import Pairs, weigh_each
from mission.audit.reading import Reading
from mission.flags.sheets import Sheets
from tally.errors import InvalidInput


class Drawn(Struct, frozen=True):
    """The n-th draw (from 1): a mesa, and what was reported for it."""

    n: int
    mesa: str
    cast: int
    reported: Reading


class AuditPlan(Struct, frozen=True):
    """`bound` is U of `mesas` read actas with `cast` votes; `planned` draws suffice without a discrepancy.

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


def plan_audit(count: AuditedCount, seed: str, risk_limit: float, limits: AuditLimits) -> AuditPlan:
    """The audit of that count; of its actas only the counted ones that were read can be drawn.

    It confirms what the contest's rule says of the published whole: who wins, or which two go on to a run-off, and the
    threshold.
    Raises: InvalidInput: the seed or risk limit cannot be used, or no sample can confirm that outcome.
    """
    check_seed(seed)
    if not limits.least_risk <= risk_limit <= limits.most_risk:
        raise InvalidInput(f"a risk limit is between {limits.least_risk:g} and {limits.most_risk:g}, like 0.05")
    ground, sheets = find_ground(count, risk_limit, limits), count.sheets
    if ground.refusal is not None or ground.pairs is None or ground.rows is None:
        raise InvalidInput(f"no audit can confirm the published outcome now: {ground.refusal}")
    rows, pairs, planned = ground.rows, ground.pairs, ground.planned or 0
    votes, cast = sheets.votes[rows], sheets.cast[rows]
    drawn = draw(weigh_each(votes, cast, pairs), seed, min(limits.reserve * planned, limits.most_draws))
    return AuditPlan(
        seed,
        risk_limit,
        pairs,
        len(rows),
        int(cast.sum()),
        ground.bound or 0.0,
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
