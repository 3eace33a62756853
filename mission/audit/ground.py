"""What an audit rests on: the published outcome of a contest's whole, the actas that were read, the worst of the rest.

What is audited is the outcome that the source publishes, never one of our own. An acta that was not read, whoever has
counted it, enters as if every voter of it had voted against that outcome; an annulled one, or one of a mesa that was
not installed, is nobody's votes by ruling, which no reading of an image can change.
Source for counting what cannot be looked at as the worst it can be: J. Bañuelos, P. Stark, "Limiting risk by turning
manifest phantoms into evil zombies", arXiv:1207.3413 (2012).
"""

from enum import StrEnum

import msgspec
import numpy as np
from msgspec import Struct

from mission.audit.limits import AuditLimits
from mission.audit.macro import Coverage, Pairs, bound_each, draws_needed, find_claims
from mission.flags.sheets import UNKNOWN, Integers, Sheets
from tally.election import Contest, Election
from tally.errors import InvalidInput
from tally.keys import NATION
from tally.model import ActaState
from tally.outcome.judgement import Uncounted, Whole, find_uncounted, judge


class AuditRefusal(StrEnum):
    """Why no audit can be begun now; its sentence is in [audit_refusal] of the texts."""

    NO_TOTAL = "no_total"
    IN_REVIEW = "in_review"
    ALONE = "alone"
    TIE = "tie"
    UNREAD = "unread"
    FULL_COUNT = "full_count"


class AuditedCount(Struct, frozen=True):
    """A contest's count at one moment: its actas, and its whole as published (None: the source states none)."""

    sheets: Sheets
    whole: Whole | None
    contest: Contest
    election: Election


class AuditGround(Struct, frozen=True):
    """What an audit would rest on, or why there can be none.

    pairs: what it confirms, with what is left of each margin after the worst of the unread actas. rows: the actas that
    can be drawn, in order of their mesas. planned: draws that suffice without a discrepancy.
    """

    refusal: AuditRefusal | None
    pairs: Pairs | None = None
    rows: Integers | None = None
    bound: float | None = None
    planned: int | None = None


def find_ground(count: AuditedCount, risk_limit: float, limits: AuditLimits) -> AuditGround:
    """What an audit of that count rests on."""
    whole, sheets = count.whole, count.sheets
    if whole is None:
        return AuditGround(AuditRefusal.NO_TOTAL)
    if judge(whole, count.contest, count.election).outcome is None:
        return AuditGround(AuditRefusal.IN_REVIEW)
    if len(count.contest.running) < 2:
        return AuditGround(AuditRefusal.ALONE)
    try:
        claims = find_claims(whole.published.votes, count.contest.rule)
    except InvalidInput:
        return AuditGround(AuditRefusal.TIE)
    is_read = sheets.has_state(ActaState.COUNTED) & (sheets.votes > UNKNOWN).all(axis=1) & (sheets.cast > UNKNOWN)
    rows = np.flatnonzero(is_read)
    unread = find_unread(count, whole, rows)
    rows = rows[np.argsort(np.asarray(sheets.mesas, dtype=np.str_)[rows], kind="stable")]
    coverage = Coverage(max(whole.published.total, len(sheets)), unread.actas, unread.voters, claims.smallest)
    left = claims.without(sheets.votes[rows].sum(axis=0).tolist(), unread.voters)
    pairs = msgspec.structs.replace(claims if left is None else left, coverage=coverage)
    if left is None:
        # Where nothing is unread our own sum says something else than what is published.
        return AuditGround(AuditRefusal.UNREAD if unread.actas else AuditRefusal.IN_REVIEW, pairs)
    bound = float(bound_each(sheets.votes[rows], sheets.cast[rows], pairs).sum())
    planned = draws_needed(risk_limit, bound)
    refusal = AuditRefusal.FULL_COUNT if planned > limits.most_draws else None
    return AuditGround(refusal, pairs, rows, bound, planned)


def find_unread(count: AuditedCount, whole: Whole, read: Integers) -> Uncounted:
    """The actas that were not read and their voters at most: what would be out if only the read ones were counted.

    Of a read acta whose roll nobody knows at least those who voted are on it, of another at most a mesa's most.
    """
    sheets, most = count.sheets, count.election.largest.of(NATION) or 0
    is_settled = sheets.has_state(ActaState.ANNULLED, ActaState.NOT_INSTALLED)
    is_settled[read] = True
    known = np.where(is_settled, np.maximum(sheets.cast, 0), most)
    roll = np.where(sheets.registered == UNKNOWN, known, sheets.registered)
    counted, total = int(is_settled.sum()), max(whole.published.total, len(sheets))
    published = msgspec.structs.replace(
        whole.published,
        counted=counted,
        at_jee=0,
        pending=total - counted,
        total=total,
        cast=int(sheets.cast[read].sum()),
    )
    computed = msgspec.structs.replace(
        whole.computed,
        counted=counted,
        total=len(sheets),
        registered=int(roll.sum()),
        registered_counted=int(roll[is_settled].sum()),
    )
    # Any of them may be abroad, where mesas are larger.
    return find_uncounted(Whole(published, computed, None, is_doubtful=False), count.contest, count.election)
