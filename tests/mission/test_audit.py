"""The audit of actas: a sample anyone can draw again, two blind readings, and a p-value that may be looked at."""

import csv
import gzip
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from sqlalchemy import Engine, delete
from sqlalchemy.exc import DBAPIError

from bench.audit_trials import count_confirmed, make_trials
from mission.audit.audits import Audit, Audits, Origin
from mission.audit.draw import draw
from mission.audit.ground import AuditRefusal, find_ground
from mission.audit.limits import load_limits
from mission.audit.macro import (
    Coverage,
    Pairs,
    bound_each,
    draws_needed,
    find_claims,
    find_pairs,
    p_values,
    taint,
    weigh_each,
)
from mission.audit.plan import AuditPlan, plan_audit
from mission.audit.reading import Reading, ReadingEntry, missing, settle
from mission.audit.standing import AuditOutcome, stand
from mission.audit.tables import audits as audit_rows
from mission.audit.tables import draws as draw_rows
from mission.audit.tables import readings as reading_rows
from tally import moments
from tally.errors import Conflict, Forbidden, InvalidInput, NotFound
from tally.model import ActaState
from tally.outcome.outcome import find_outcome
from tally.outcome.rule import LEAD, ContestRule, RuleKind
from tally.storage.store import Store
from tests.mission.counts import audited
from tests.tally.makers import acta, count, pending

SEED = "31415926535897932384"
NOW = moments.read("2026-06-08T02:12:03Z")
LIMITS = load_limits()
# The run-off of 7 June 2026 as proclaimed (data/official_totals.json of the reference).
FINAL = np.array([[9_223_396, 9_173_755]])
CAST = np.array([19_683_383])
HALF = ContestRule(RuleKind.TWO_ROUND, "1/2", False)
THREE_TENTHS = ContestRule(RuleKind.TWO_ROUND, "3/10", True)


def plan(seed: str = SEED, risk_limit: float = 0.05, votes: tuple[int, int] = (120, 80)) -> AuditPlan:
    return plan_audit(audited([*[acta(votes)] * 40, pending()]), seed, risk_limit, LIMITS)


def test_the_bound_and_the_sample_of_the_specification() -> None:
    pairs = find_pairs(FINAL[0].tolist(), 1)
    assert pairs.margins == (49_641,)
    total = float(bound_each(FINAL, CAST, pairs).sum())
    assert round(total, 1) == 397.5
    assert draws_needed(0.05, total) == 1_190
    values = p_values([0.0] * 1_190, total)
    assert values[-1] <= 0.05 < values[-2]


@pytest.mark.reference_data
def test_the_real_actas_of_2026_have_the_same_bound(reference: Path) -> None:
    with gzip.open(reference / "data" / "eg2026_round2_tables.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["fuerza_popular"]]
    votes = np.array([[int(float(row[name])) for name in ("fuerza_popular", "juntos_por_el_peru")] for row in rows])
    cast = np.array([int(row["emitidos"]) for row in rows])
    pairs = find_pairs(votes.sum(axis=0).tolist(), 1)
    assert round(float(bound_each(votes, cast, pairs).sum()), 1) == 397.5
    drawn = draw(weigh_each(votes, cast, pairs), SEED, 1_190)
    assert len(drawn) == 1_190
    assert len(set(drawn)) > 1_150


def test_the_draw_is_the_published_formula_and_nothing_else() -> None:
    weights = [5, 0, 20, 75]
    expected = []
    for place in range(1, 2001):
        part = int(hashlib.sha256(f"{SEED},{place}".encode()).hexdigest(), 16) * 100 // 2**256
        expected.append(0 if part < 5 else 2 if part < 25 else 3)
    assert draw(weights, SEED, 2000) == expected
    times = Counter(expected)
    assert times[3] == pytest.approx(1500, abs=80)
    assert times[1] == 0


def test_a_longer_sample_begins_with_the_shorter_one() -> None:
    assert draw([3, 4, 5], SEED, 50)[:20] == draw([3, 4, 5], SEED, 20)
    assert draw([3, 4, 5], SEED, 50) != draw([3, 4, 5], SEED[::-1], 50)


def test_with_more_lists_the_closest_pair_bounds_an_acta() -> None:
    votes, cast = np.array([[50, 30, 10], [20, 40, 25]]), np.array([100, 90])
    pairs = find_pairs([70, 70 - 5, 35], 2)
    assert pairs.pairs == ((0, 2), (1, 2))
    bounds = bound_each(votes, cast, pairs)
    assert bounds.tolist() == [(50 - 10 + 100) / 35, (40 - 25 + 90) / 30]
    weights = weigh_each(votes, cast, pairs)
    assert weights[0] / weights[1] == pytest.approx(bounds[0] / bounds[1], rel=1e-9)


@pytest.mark.parametrize(
    ("seed", "risk", "votes", "why"),
    [
        ("1234567890", 0.05, (120, 80), "20 digits"),
        ("1234567890123456789x", 0.05, (120, 80), "20 digits"),
        ("１２３４５６７８９０１２３４５６７８９０", 0.05, (120, 80), "20 digits"),
        (SEED, 0.9, (120, 80), "risk limit"),
        (SEED, 0.05, (100, 100), "tie"),
    ],
)
def test_what_no_audit_can_be_made_of_is_refused(seed: str, risk: float, votes: tuple[int, int], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        plan(seed, risk, votes)


def test_a_margin_too_small_for_a_sample_asks_for_a_full_count() -> None:
    count = audited([acta((101, 100)), *[acta((100, 100))] * 198])
    assert find_ground(count, 0.05, LIMITS).refusal is AuditRefusal.FULL_COUNT
    with pytest.raises(InvalidInput, match="full_count"):
        plan_audit(count, SEED, 0.05, LIMITS)


def test_only_counted_actas_are_drawn_and_the_voters_of_all_others_vote_against_the_winner() -> None:
    made = plan()
    assert (made.mesas, made.cast) == (40, 40 * 206)
    assert made.pairs.coverage == Coverage(actas=41, unread=1, voters=300, margin=1600)
    assert made.bound == pytest.approx((1600 + 40 * 206) / (1600 - 300))
    assert made.planned == draws_needed(0.05, made.bound)
    assert {one.mesa for one in made.drawn} <= {f"{n:06}" for n in range(1, 41)}
    assert len(made.drawn) == LIMITS.reserve * made.planned


def test_the_leader_of_the_read_actas_is_never_confirmed_against_the_published_one() -> None:
    """Of 100 actas 59 were read, in which one list leads; the whole count is published for the other."""
    read, rest = [acta((120, 80))] * 59, [pending()] * 41
    published = count((59 * 120 + 41 * 40, 59 * 80 + 41 * 160), counted=100, at_jee=0, pending=0, total=100)
    ground = find_ground(audited([*read, *rest], published=published), 0.05, LIMITS)
    assert ground.refusal is AuditRefusal.UNREAD
    assert ground.pairs is not None
    assert ground.pairs.winners == (1,)
    assert ground.pairs.coverage == Coverage(100, 41, 41 * 300, 41 * 120 - 59 * 40)


def test_the_leader_of_the_read_actas_is_not_confirmed_while_the_rest_could_turn_it() -> None:
    """Published and read agree, on a part of the count: 59 of 100 actas."""
    ground = find_ground(audited([*[acta((120, 80))] * 59, *[pending()] * 41]), 0.05, LIMITS)
    assert ground.refusal is AuditRefusal.UNREAD


@pytest.mark.parametrize("registered", [300, None])
def test_actas_that_the_source_counted_and_nobody_read_are_as_bad_as_they_can_be(registered: int | None) -> None:
    """All is counted, and of some actas we know no figure, or not even that they exist."""
    seen = [acta((120, 80))] * 50
    published = count((50 * 120 + 300, 50 * 80 + 300), counted=53, at_jee=0, pending=0, total=53)
    unread = [pending(registered=registered)] * 2
    ground = find_ground(audited([*seen, *unread], published=published), 0.05, LIMITS)
    assert ground.pairs is not None
    # Three actas, one of which is in no list: as large as a mesa abroad can be.
    assert ground.pairs.coverage == Coverage(53, 3, 3 * 500, 2000)
    assert ground.pairs.margins == (2000 - 1500,)


def test_annulled_actas_are_nobodys_votes_and_no_worst_case() -> None:
    gone = acta((0, 0), state=ActaState.ANNULLED, null=206, blank=0, challenged=0, cast=206)
    nowhere = pending(state=ActaState.NOT_INSTALLED)
    ground = find_ground(audited([*[acta((120, 80))] * 40, gone, nowhere]), 0.05, LIMITS)
    assert ground.pairs is not None
    assert ground.pairs.coverage == Coverage(42, 0, 0, 1600)


def test_without_a_published_whole_or_while_it_is_disputed_there_is_no_audit() -> None:
    actas = [acta((120, 80))] * 40
    assert find_ground(structs.replace(audited(actas), whole=None), 0.05, LIMITS).refusal is AuditRefusal.NO_TOTAL
    other = count((40 * 80, 40 * 120), counted=40, at_jee=0, pending=0, total=40)
    assert find_ground(audited(actas, published=other), 0.05, LIMITS).refusal is AuditRefusal.IN_REVIEW


def test_of_a_single_list_there_is_nothing_to_audit() -> None:
    assert find_ground(audited([acta((120,))] * 40), 0.05, LIMITS).refusal is AuditRefusal.ALONE


def test_of_a_first_round_the_second_place_must_stand_even_if_the_unread_vote_for_the_third() -> None:
    actas = [acta((90, 62, 48))] * 100
    whole = find_ground(audited(actas, HALF), 0.05, LIMITS)
    assert whole.refusal is None
    assert whole.pairs is not None
    assert (whole.pairs.winners, whole.pairs.smallest) == ((0, 1), 1001)
    three = find_ground(audited([*actas, *[pending()] * 3], HALF), 0.05, LIMITS)
    assert three.pairs is not None
    assert three.pairs.margins == (4200 - 900, 1400 - 900)
    # Below the half by 2·90·100 − 200·100 = −2,000; a vote for that list takes 1 of it.
    assert three.pairs.shares[0].excess == -(2000 - 900)
    assert find_ground(audited([*actas, *[pending()] * 5], HALF), 0.05, LIMITS).refusal is AuditRefusal.UNREAD


def entry(who: int, *votes: int) -> ReadingEntry:
    return ReadingEntry(who, f"reader-{who}", "2026-06-08T02:12:03Z", Reading(votes or None, 3, 2, 1))


def test_two_people_who_read_alike_settle_an_acta_and_a_disagreement_asks_for_a_third() -> None:
    assert (settle([]), missing([])) == (None, 2)
    assert (settle([entry(1, 5, 6)]), missing([entry(1, 5, 6)])) == (None, 1)
    assert settle([entry(1, 5, 6), entry(2, 5, 6)]) == Reading((5, 6), 3, 2, 1)
    apart = [entry(1, 5, 6), entry(2, 5, 7)]
    assert (settle(apart), missing(apart)) == (None, 1)
    assert settle([*apart, entry(3, 5, 7)]) == Reading((5, 7), 3, 2, 1)
    assert missing([*apart, entry(3, 8, 9)]) == 1
    assert settle([entry(1, 5, 6), entry(1, 5, 6)]) is None


def test_overstatements_are_tainted_and_an_unreadable_acta_as_far_as_it_can_be() -> None:
    pairs = Pairs(((0, 1),), (100,))
    assert taint((60, 40), (60, 40), 110, pairs) == 0
    assert taint((60, 40), (55, 45), 110, pairs) == pytest.approx(10 / 130)
    assert taint((60, 40), (65, 35), 110, pairs) == pytest.approx(-10 / 130)
    assert taint((60, 40), (0, 110), 110, pairs) == 1
    assert taint((60, 40), None, 110, pairs) == 1


def readings_of(made: AuditPlan, number: int, wrong: dict[str, Reading] | None = None) -> dict[str, list[ReadingEntry]]:
    """Two equal readings of each mesa of the first draws, as reported unless told otherwise."""
    found = {}
    for one in made.drawn[:number]:
        reading = (wrong or {}).get(one.mesa, one.reported)
        found[one.mesa] = [ReadingEntry(who, "", "", reading) for who in (1, 2)]
    return found


def test_the_outcome_is_confirmed_after_the_planned_draws_without_a_difference() -> None:
    made = plan()
    before = stand(made.drawn, {}, made.pairs, made.bound, made.risk_limit)
    assert (before.settled, before.p_value, before.needed) == (0, 1.0, made.planned)
    after = stand(made.drawn, readings_of(made, made.planned), made.pairs, made.bound, made.risk_limit)
    assert after.settled >= made.planned
    assert after.p_value <= 0.05
    assert after.outcome is AuditOutcome.CONFIRMED


def test_a_draw_counts_only_when_all_before_it_are_settled() -> None:
    made = plan()
    entries = readings_of(made, 10)
    first = made.drawn[0].mesa
    del entries[first]
    standing = stand(made.drawn, entries, made.pairs, made.bound, made.risk_limit)
    assert (standing.settled, standing.p_value) == (0, 1.0)
    assert standing.steps[0].missing == 2


def test_differences_against_the_winner_ask_for_more_draws() -> None:
    made = plan()
    mesa = made.drawn[0].mesa
    wrong = {mesa: Reading((80, 120), 3, 2, 1)}
    standing = stand(made.drawn, readings_of(made, made.planned, wrong), made.pairs, made.bound, made.risk_limit)
    assert standing.discrepancies == 1
    assert standing.outcome is AuditOutcome.RUNNING
    assert standing.needed > standing.settled


def test_an_acta_nobody_can_read_exhausts_the_sample() -> None:
    made = plan()
    unreadable = {made.drawn[0].mesa: Reading(None)}
    standing = stand(made.drawn, readings_of(made, 5, unreadable), made.pairs, made.bound, made.risk_limit)
    assert (standing.p_value, standing.outcome) == (1.0, AuditOutcome.EXHAUSTED)


def test_the_risk_limit_holds_when_the_winner_is_wrong() -> None:
    """Actas that overstate the margin away: of 400 audits at 20 % at most 20 % may confirm it, and what chance adds."""
    rng = np.random.default_rng(1)
    reported, cast = np.tile([55, 45], (200, 1)), np.full(200, 100)
    pairs = find_pairs(reported.sum(axis=0).tolist(), 1)
    bounds = bound_each(reported, cast, pairs)
    total = float(bounds.sum())
    # Half of the actas truly read (45, 55): the winner has in truth no lead at all.
    taints = np.where(np.arange(200) % 2 == 0, taint((55, 45), (45, 55), 100, pairs), 0.0)
    planned = draws_needed(0.2, total)
    confirmed = 0
    for _ in range(400):
        sample = rng.choice(200, planned * 3, p=bounds / total)
        confirmed += min(p_values(taints[sample].tolist(), total)) <= 0.2
    assert confirmed <= 0.2 * 400 + 3 * np.sqrt(400 * 0.2 * 0.8)


def test_of_wrong_outcomes_no_more_than_the_risk_limit_are_confirmed() -> None:
    """However the error lies in the actas, with unread ones and under every rule; `make soak` does it at length."""
    rng, runs = np.random.default_rng(1), 20
    found = {trial.name: count_confirmed(trial, 0.05, runs, rng) for trial in make_trials(rng)}
    tried = runs * len(found)
    assert tried == 240
    assert sum(found.values()) <= 0.05 * tried + 3 * np.sqrt(tried * 0.05 * 0.95)


def test_an_audit_of_an_earlier_version_that_left_out_the_unread_actas_confirms_nothing() -> None:
    made = plan()
    blind = structs.replace(made.pairs, coverage=None)
    after = stand(made.drawn, readings_of(made, made.planned), blind, made.bound, made.risk_limit)
    assert after.outcome is AuditOutcome.INCOMPLETE


def begun(engine: Engine) -> tuple[Audits, Audit]:
    kept = Audits(engine)
    number = kept.begin(plan(), Origin(1, "epoch-a", 7, "2026-06-08T02:12:03Z", "garza"), NOW)
    return kept, kept.find(number)


def test_an_audit_is_kept_whole_and_read_by_two(any_store: Store) -> None:
    engine = any_store.engine
    kept, audit = begun(engine)
    made = plan()
    assert kept.drawn(audit.id) == list(made.drawn)
    assert (audit.seed, audit.pairs, audit.planned, audit.origin.made_by) == (SEED, made.pairs, made.planned, "garza")
    assert [one.id for one in kept.of_history(1, "epoch-a")] == [audit.id]
    assert kept.of_history(1, "epoch-b") == []
    one = made.drawn[0]
    right = one.reported.votes or ()
    kept.enter(audit, one.mesa, entry(1, *right))
    with pytest.raises(Forbidden, match="somebody else"):
        kept.enter(audit, one.mesa, entry(1, *right))
    assert kept.standing(audit).settled == 0
    kept.enter(audit, one.mesa, entry(2, *right))
    assert kept.standing(audit).settled >= 1
    with pytest.raises(Conflict, match="settled"):
        kept.enter(audit, one.mesa, entry(3, *right))


def test_a_reading_of_another_mesa_or_contest_is_refused(any_store: Store) -> None:
    engine = any_store.engine
    kept, audit = begun(engine)
    with pytest.raises(NotFound, match="not drawn"):
        kept.enter(audit, "000099", entry(1, 5, 6))
    with pytest.raises(InvalidInput, match="2 lists"):
        kept.enter(audit, kept.drawn(audit.id)[0].mesa, entry(1, 5, 6, 7))
    with pytest.raises(NotFound):
        kept.find(99)


def test_the_database_itself_keeps_audits_as_they_are(any_store: Store) -> None:
    engine = any_store.engine
    kept, audit = begun(engine)
    kept.enter(audit, kept.drawn(audit.id)[0].mesa, entry(1, 5, 6))
    for table in (audit_rows, draw_rows, reading_rows):
        with pytest.raises(DBAPIError, match="nothing is changed"), engine.begin() as connection:
            connection.execute(delete(table))


def test_a_run_off_is_confirmed_with_both_its_places_and_that_neither_had_half() -> None:
    found = find_claims((45, 35, 12, 8), HALF)
    assert found.pairs == ((0, 2), (0, 3), (1, 2), (1, 3))
    assert [(one.place, one.part, one.margin, one.excess) for one in found.shares] == [
        (0, (1, 2), 45 - 51, 2 * 45 - 100),
        (1, (1, 2), 35 - 51, 2 * 35 - 100),
    ]
    assert found.smallest == 6


def test_who_wins_with_a_part_of_the_votes_is_confirmed_to_have_it() -> None:
    found = find_claims((31, 25, 24, 20), THREE_TENTHS)
    assert (found.pairs, [one.place for one in found.shares]) == (((0, 1), (0, 2), (0, 3)), [0])
    assert (found.shares[0].margin, found.shares[0].excess) == (1, 10)


def test_more_votes_win_by_plurality_however_many_lists_run() -> None:
    assert find_claims((31, 25, 24, 20), LEAD).pairs == ((0, 1), (0, 2), (0, 3))


@pytest.mark.parametrize(("rule", "votes"), [(HALF, (50, 30, 20)), (THREE_TENTHS, (30, 28, 22, 20)), (LEAD, (5, 5, 1))])
def test_what_stands_exactly_at_the_threshold_or_equal_no_sample_can_settle(rule: ContestRule, votes: Any) -> None:
    with pytest.raises(InvalidInput, match="no margin to audit"):
        find_claims(votes, rule)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 6), min_size=1, max_size=6), st.sampled_from([HALF, THREE_TENTHS]))
def test_a_wrong_outcome_overstates_some_claim_by_all_of_it(pairs: list[tuple[int, ...]], rule: ContestRule) -> None:
    """What makes the bound hold: where the true actas say something else, the overstatements add up to 1 or more."""
    reported, read = [one[:3] for one in pairs], [one[3:] for one in pairs]
    told, truth = (tuple(map(sum, zip(*votes, strict=True))) for votes in (reported, read))
    try:
        claims = find_claims(told, rule)
    except InvalidInput:
        return
    said, true = (find_outcome(rule, dict(enumerate(votes)), 0) for votes in (told, truth))
    over = [
        sum(claim.of(one) - claim.of(two) for one, two in zip(reported, read, strict=True)) / claim.margin
        for claim in claims.claims(3)
    ]
    assert said.verdict == true.verdict or max(over) >= 1
