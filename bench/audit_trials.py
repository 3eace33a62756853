"""Audits of counts whose published outcome is wrong: how often one is confirmed all the same."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import numpy as np
from msgspec import Struct

from mission.audit.ground import AuditedCount, find_ground
from mission.audit.limits import load_limits
from mission.audit.macro import AuditClaim
from mission.audit.plan import plan_audit
from mission.audit.reading import Reading, ReadingEntry
from mission.audit.standing import AuditOutcome, stand
from mission.flags.sheets import UNKNOWN, Integers, Sheets
from tally.election import Contest, Election, ListEntry, Process
from tally.model import ActaState, Sums
from tally.outcome.judgement import Whole
from tally.outcome.rule import LEAD, ContestRule, RuleKind

_MESAS, _ROLL = 600, 300
_STATES = list(ActaState)


class Manner(StrEnum):
    """Where the votes were typed wrong: as few actas as can turn the outcome, every second one, or all."""

    FEWEST = "the fewest actas that can do it"
    HALF = "every second acta"
    ALL = "every acta a little"


class Trial(Struct, frozen=True):
    """A count that is published wrong, and what truly stands on its read actas, by mesa."""

    name: str
    count: AuditedCount
    truth: dict[str, Reading]


# Contests by name: the rule, the share of each list, and how many of the 600 actas nobody read.
_CONTESTS = {
    "run-off": (LEAD, (0.53, 0.47), 0),
    "run-off, 12 actas unread that all went to the loser": (LEAD, (0.53, 0.47), 12),
    "first round, second place": (ContestRule(RuleKind.TWO_ROUND, "1/2", False), (0.35, 0.28, 0.22, 0.15), 0),
    "region, winner with 3/10": (ContestRule(RuleKind.TWO_ROUND, "3/10", True), (0.34, 0.24, 0.22, 0.2), 4),
}


def make_trials(rng: np.random.Generator) -> Iterator[Trial]:
    """Every contest with its outcome just wrong, in every manner."""
    for name, (rule, shares, unread) in _CONTESTS.items():
        count = _count(rule, shares, unread, rng)
        ground = find_ground(count, 0.05, load_limits())
        assert ground.pairs is not None
        assert ground.rows is not None
        claim = min(ground.pairs.claims(len(shares)), key=lambda one: one.margin)
        votes, cast = count.sheets.votes[ground.rows], count.sheets.cast[ground.rows]
        for manner in Manner:
            truth = _turn(votes, cast, claim, manner)
            readings = [Reading(tuple(one), 0, 0, 0) for one in truth.tolist()]
            mesas = [count.sheets.mesas[row] for row in ground.rows.tolist()]
            yield Trial(f"{name}: {manner}", count, dict(zip(mesas, readings, strict=True)))


def count_confirmed(trial: Trial, risk_limit: float, runs: int, rng: np.random.Generator) -> int:
    """How many of so many audits of it, each with a seed of its own, confirm what is published."""
    entries = {mesa: [ReadingEntry(who, "", "", read) for who in (1, 2)] for mesa, read in trial.truth.items()}
    confirmed = 0
    for _ in range(runs):
        seed = "".join(map(str, rng.integers(0, 10, 20).tolist()))
        plan = plan_audit(trial.count, seed, risk_limit, load_limits())
        standing = stand(plan.drawn, entries, plan.pairs, plan.bound, risk_limit)
        confirmed += standing.outcome is AuditOutcome.CONFIRMED
    return confirmed


def _turn(votes: Integers, cast: Integers, claim: AuditClaim, manner: Manner) -> Integers:
    """What the actas truly say, so that the claim just does not hold."""
    best, worst = int(np.argmax(claim.weights)), int(np.argmin(claim.weights))
    truth = votes.copy()
    if manner is Manner.FEWEST:
        most = votes @ np.array(claim.weights) + claim.loss * cast
        order = np.argsort(-most, kind="stable")
        rows = order[: int(np.searchsorted(np.cumsum(most[order]), claim.margin)) + 1]
        truth[rows] = 0
        truth[rows, worst] = cast[rows]
    else:
        rows = np.arange(0, len(votes), 2 if manner is Manner.HALF else 1)
        step = claim.weights[best] - claim.weights[worst]
        need = -(-claim.margin // step)
        part, rest = divmod(need, len(rows))
        moved = part + (np.arange(len(rows)) < rest)
        truth[rows, best] -= moved
        truth[rows, worst] += moved
    assert (truth >= 0).all()
    assert int((truth @ np.array(claim.weights)).sum() - (votes @ np.array(claim.weights)).sum()) <= -claim.margin
    return truth


def _count(rule: ContestRule, shares: tuple[float, ...], unread: int, rng: np.random.Generator) -> AuditedCount:
    cast = rng.integers(120, 260, _MESAS)
    votes = np.array([rng.multinomial(int(ballots * 0.93), shares) for ballots in cast], dtype=np.int64)
    is_read = np.arange(_MESAS) >= unread
    sheets = _sheets(votes, cast, is_read)
    sums = votes[is_read].sum(axis=0)
    computed = _sums(sums, int(is_read.sum()))
    lists = tuple(ListEntry(str(n), str(n), str(n), str(n), str(n), "#000000") for n in range(len(shares)))
    contest = Contest("trial", {"es": "Prueba"}, 1, rule, lists)
    election = Election("trial", {}, date(2030, 1, 6), "onpe2026", (), Process(), (contest,), {})
    return AuditedCount(sheets, Whole(computed.as_count(), computed, None, is_doubtful=False), contest, election)


def _sums(votes: Integers, counted: int) -> Sums:
    valid = int(votes.sum())
    roll = (_MESAS * _ROLL, counted * _ROLL)
    return Sums(0, 0, valid, 0, counted, 0, _MESAS - counted, *roll, _MESAS, valid, tuple(votes.tolist()))


def _sheets(votes: Integers, cast: Integers, is_read: np.ndarray) -> Sheets:
    states = np.where(is_read, _STATES.index(ActaState.COUNTED), _STATES.index(ActaState.PENDING))
    known = np.where(is_read, 0, UNKNOWN)
    return Sheets(
        mesas=[f"{n:06}" for n in range(1, _MESAS + 1)],
        ubigeos=["140101"] * _MESAS,
        places=["0001"],
        place=np.zeros(_MESAS, dtype=np.int64),
        states=states,
        is_held=np.zeros(_MESAS, dtype=np.bool_),
        registered=np.full(_MESAS, _ROLL),
        cast=np.where(is_read, cast, UNKNOWN),
        valid=np.where(is_read, votes.sum(axis=1), UNKNOWN),
        blank=known,
        null=known,
        challenged=known,
        votes=np.where(is_read[:, None], votes, UNKNOWN),
    )
