"""Flags on small made-up counts: what they say, when they keep silent, and how they are computed."""

import numpy as np
import pytest
from msgspec import to_builtins
from scipy import stats

from bench.flag_trials import Column, draw_lists, exchange_columns, find_transfers, invent
from mission.flags.binomial import fit_rho, log_likelihood, two_sided
from mission.flags.discovery import adjust
from mission.flags.flag import FlagKind, FlagSeverity, Setting
from mission.flags.review import find_tested
from mission.flags.rules import find_broken_rules
from mission.flags.screening import screen, screen_sheets, setting_of
from mission.flags.sheets import Integers, read_sheets
from mission.flags.thresholds import load_thresholds
from mission.flags.twins import expect_twins
from mission.flags.within import compare_within
from tally.board import Board, Fact
from tally.changes import Kind, encode
from tally.keys import NATION, mesa_key
from tally.ledger import LedgerEntry
from tally.model import Acta, ActaState
from tally.outcome.rule import ContestRule, RuleKind
from tests.mission.counts import many_places, mesas
from tests.tally.makers import acta, count, fact, pending, place

LIMITS = load_thresholds()


def kinds(flags: object) -> list[str]:
    return [flag.kind.value for flag in flags]


@pytest.mark.parametrize(("rho", "weight"), [(0.0036, 0.5), (0.0036, 1.0), (0.2, 0.5)])
def test_p_values_are_those_of_scipys_beta_binomial(rho: float, weight: float) -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(1, 300, 500)
    x, p = rng.integers(0, n + 1), rng.uniform(0.01, 0.99, 500)
    total = 1 / rho - 1
    model = stats.betabinom(n, p * total, (1 - p) * total)
    lower, upper = model.cdf(x), model.sf(x)
    own = model.pmf(x)
    expected = np.minimum(1, 2 * np.where(x > n * p, upper + weight * own, lower - (1 - weight) * own))
    assert two_sided(x, n, p, rho, weight) == pytest.approx(expected, rel=1e-6, abs=1e-11)  # scipy's sf is no closer
    assert log_likelihood(x, n, p, rho) == pytest.approx(model.logpmf(x), rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("number", [1, 2, 1000])
def test_q_values_are_those_of_scipy(number: int) -> None:
    p = np.random.default_rng(number).random(number) ** 3
    p[: number // 10] = p[0]  # equal ones too
    assert adjust(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-12)


def test_rho_is_found_again_in_drawn_counts() -> None:
    rng = np.random.default_rng(2)
    n = np.full(20_000, 200)
    true = 1 / 0.01 - 1
    x = rng.binomial(n, rng.beta(0.4 * true, 0.6 * true, len(n)))
    assert fit_rho(x, n, np.full(len(n), 0.4), np.full(len(n), 10**9)) == pytest.approx(0.01, rel=0.05)


def test_a_mesa_that_votes_unlike_its_place_is_flagged_with_what_its_sentence_needs() -> None:
    values = many_places(np.random.default_rng(3)) | mesas([100, 104, 96, 101, 99, 103, 97, 190], "9999", 900)
    found = [flag for flag in screen(values, 2, (), LIMITS).flags if flag.kind is FlagKind.SHARE]
    assert [(flag.key, flag.place, flag.severity) for flag in found] == [("mesa/000907", "9999", FlagSeverity.REVIEW)]
    flag = found[0]
    assert flag.id == "share-mesa-000907"
    assert flag.q is not None
    assert flag.q < 1e-4
    assert flag.at_most_votes == 180
    said = {name: flag.figures[name] for name in ("list", "x", "n", "expected", "tests", "is_firm", "margin")}
    margin = setting_of(read_sheets(values.items(), 2)).margin
    assert said == {"list": 0, "x": 190, "n": 200, "expected": 0.5, "tests": 488, "is_firm": True, "margin": margin}


def test_turnout_is_compared_with_the_place_too() -> None:
    values = many_places(np.random.default_rng(4)) | mesas([100] * 7, "9999", 900, registered=300)
    values |= {"mesa/000990": encode(acta((100, 100), place="9999", registered=206))}
    found = [flag for flag in screen(values, 2, (), LIMITS).flags if flag.kind is FlagKind.TURNOUT]
    assert [flag.key for flag in found] == ["mesa/000990"]
    assert (found[0].figures["x"], found[0].figures["n"]) == (206, 206)


def test_a_small_place_is_not_testable_and_is_never_called_normal() -> None:
    screening = screen(mesas([100, 100, 100, 190]), 2, (), LIMITS)
    assert (screening.mesas, screening.tested, screening.not_testable) == (4, 0, 4)
    assert screening.rates[0].rho is None
    assert kinds(screening.flags) == ["identical"] * 3


def test_a_mesa_without_a_polling_place_is_not_testable() -> None:
    values = {mesa_key(f"{n:06}"): encode(acta((10 * n, 100), place=None)) for n in range(1, 9)}
    assert screen(values, 2, (), LIMITS).not_testable == 8


def test_fifteen_points_and_thirty_votes_are_both_needed() -> None:
    shares = np.full(40, 500)
    place, n = np.zeros(40, dtype=np.int64), np.full(40, 1000)
    tested = compare_within(place, np.r_[shares[:-1], 630], n, LIMITS.within_place)
    assert tested.is_significant[-1]
    assert not tested.is_flagged[-1]  # 13 points
    tested = compare_within(place, np.r_[np.full(39, 20), 0], np.full(40, 40), LIMITS.within_place)
    assert tested.is_significant[-1]
    assert not tested.is_flagged[-1]  # 50 points, but 20 votes


def test_exchanged_columns_are_a_swap_suspect() -> None:
    values = many_places(np.random.default_rng(5)) | mesas([150, 152, 148, 151, 149, 153, 50], "9999", 900)
    found = [flag for flag in screen(values, 2, (), LIMITS).flags if flag.kind is FlagKind.SWAP]
    assert [flag.key for flag in found] == ["mesa/000906"]
    assert found[0].at_most_votes == 200
    said = [found[0].figures[name] for name in ("list", "votes", "other_list", "other_votes")]
    assert said == [0, 50, 1, 150]


def test_an_exchange_that_changes_little_is_no_suspect() -> None:
    values = many_places(np.random.default_rng(5)) | mesas([190, 191, 189, 190, 192, 189, 90], "9999", 900)
    assert "swap" not in kinds(screen(values, 2, (), LIMITS).flags)


def test_equal_figures_come_with_the_number_expected_by_chance() -> None:
    values = many_places(np.random.default_rng(6)) | mesas([77, 77, 80, 81, 82], "9999", 900)
    screening = screen(values, 2, (), LIMITS)
    found = [flag for flag in screening.flags if flag.key in ("mesa/000900", "mesa/000901")]
    assert [(flag.kind, flag.severity) for flag in found] == [(FlagKind.IDENTICAL, FlagSeverity.INFO)] * 2
    assert found[0].figures["same_as"] == ["000901"]
    assert found[0].figures["expected"] == screening.identical_expected > 0
    assert found[0].figures["chance"] > LIMITS.identical.least_chance


def test_actas_equal_in_many_figures_are_beyond_what_chance_explains() -> None:
    rng = np.random.default_rng(6)
    votes = rng.multinomial(200, np.full(12, 1 / 12), 400)
    votes[7] = votes[3]
    values = {mesa_key(f"{n:06}"): encode(acta(tuple(v), place=f"{n // 8:04}")) for n, v in enumerate(votes.tolist())}
    flags = [flag for flag in screen(values, 12, (), LIMITS).flags if flag.kind is FlagKind.IDENTICAL]
    assert [(flag.key, flag.severity) for flag in flags] == [
        ("mesa/000003", FlagSeverity.REVIEW),
        ("mesa/000007", FlagSeverity.REVIEW),
    ]
    assert all(flag.figures["beyond"] < 1e-6 and "chance" not in flag.figures for flag in flags)


def test_the_expected_number_of_equal_mesas_is_what_chance_makes() -> None:
    rng = np.random.default_rng(7)
    places = np.repeat(np.arange(400), 10)
    cast = rng.integers(60, 90, len(places))
    seen = []
    for _ in range(30):
        figures = rng_multinomial(rng, cast)
        rows = np.column_stack([places, figures])
        seen.append(len(rows) - len(np.unique(rows, axis=0)))
    assert expect_twins(figures, places, 0, 0.0) == pytest.approx(np.mean(seen), rel=0.15)


def rng_multinomial(rng: np.random.Generator, cast: Integers) -> Integers:
    """Two lists, blank, null and challenged votes of mesas in which all vote alike."""
    return np.asarray(rng.multinomial(cast, [0.45, 0.4, 0.05, 0.1, 0.0]))


def test_no_vote_for_one_list_is_context_only() -> None:
    found = [flag for flag in screen(mesas([0, 200, 100]), 2, (), LIMITS).flags if flag.kind is FlagKind.ZERO]
    assert [(flag.key, flag.severity, flag.figures["list"]) for flag in found] == [
        ("mesa/000001", FlagSeverity.CONTEXT, 0),
        ("mesa/000002", FlagSeverity.CONTEXT, 1),
    ]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"valid": 101, "cast": 107}, "valid_sum"),
        ({"cast": 200}, "cast_sum"),
        ({"registered": 90}, "over_roll"),
        ({"state": ActaState.PENDING}, "votes_without_count"),
        ({"state": ActaState.ANNULLED, "null": 106, "votes": (60, 40)}, "votes_without_count"),
        ({"state": ActaState.ANNULLED, "null": 103, "votes": (0, 0), "valid": 0, "cast": 107}, "annulled_null"),
    ],
)
def test_an_acta_that_contradicts_itself_is_a_high_flag(wrong: dict[str, object], rule: str) -> None:
    flags = screen({"mesa/000001": encode(acta(**wrong))}, 2, (), LIMITS).flags
    found = [flag for flag in flags if flag.kind is FlagKind.ARITHMETIC]
    assert (rule, FlagSeverity.HIGH) in [(flag.figures["rule"], flag.severity) for flag in found]


def test_an_acta_that_the_board_holds_is_a_high_flag_with_the_boards_own_issue() -> None:
    board = Board(2)
    board.apply([fact("000001", pending()), fact("000001", acta(cast=999))])
    flags = screen({"mesa/000001": encode(board.actas["mesa/000001"])}, 2, (), LIMITS).flags
    assert {flag.figures["rule"] for flag in flags} == {"cast_sum", "over_roll"}
    assert all(flag.figures["is_held"] and flag.at_most_votes == 300 for flag in flags)
    held = board.actas["mesa/000001"].held or ()
    assert [flag.figures["issue"] for flag in flags] == [to_builtins(issue) for issue in held]


def test_a_normal_acta_in_any_state_breaks_no_rule() -> None:
    annulled = acta((0, 0), state=ActaState.ANNULLED, blank=0, null=107, challenged=0, valid=0, cast=107)
    bare: Acta = pending(state=ActaState.ANNULLED)
    values = [
        acta(),
        pending(),
        annulled,
        bare,
        pending(state=ActaState.NOT_INSTALLED),
        pending(state=ActaState.AT_JEE),
    ]
    state = {mesa_key(f"{n:06}"): encode(value) for n, value in enumerate(values)}
    assert screen(state, 2, (), LIMITS).flags == ()


def test_a_total_that_is_not_the_sum_of_its_actas_is_flagged() -> None:
    board = Board(2)
    board.apply([Fact(NATION, "PERÚ"), place(), fact("000001", acta())])
    board.apply([Fact(NATION, count((61, 39), counted=1, at_jee=0, pending=0, total=1), "sha256:bb")])
    flags = screen({NATION: encode(board.state(NATION))}, 2, (), LIMITS).flags
    assert [(flag.kind, flag.severity, flag.key) for flag in flags] == [(FlagKind.AGGREGATE, FlagSeverity.HIGH, NATION)]


def test_a_total_that_the_actas_were_not_read_up_to_is_a_state_of_reading_and_no_flag() -> None:
    """As many actas on both sides, while others are out: they need not be the same ones."""
    board = Board(2)
    board.apply([Fact(NATION, "PERÚ"), place(), fact("000001", acta()), fact("000002", pending())])
    board.apply([Fact(NATION, count((61, 39), counted=1, at_jee=0, pending=1, total=2), "sha256:bb")])
    screening = screen({NATION: encode(board.state(NATION))}, 2, (), LIMITS)
    assert (screening.flags, screening.behind) == ((), 1)


def line(seq: int, key: str, before: bytes, after: bytes) -> LedgerEntry:
    return LedgerEntry(seq, "2026-06-08T02:12:03Z", Kind.CORRECTION, key, before, after, None, None, None)


def test_a_total_that_fell_and_an_acta_that_went_back_are_told_from_the_ledger() -> None:
    board = Board(2)
    states = []
    for votes in ((60, 40), (55, 40), (50, 40)):
        board.apply([Fact(NATION, count(votes), "sha256:cc")])
        states.append(encode(board.state(NATION)))
    counted, disputed = encode(acta()), encode(pending(state=ActaState.AT_JEE))
    ledger = [
        line(9, NATION, states[1], states[2]),
        line(8, "mesa/000001", counted, disputed),
        line(7, NATION, states[0], states[1]),
        line(6, "mesa/000002", disputed, counted),
    ]
    flags = screen({}, 2, ledger, LIMITS).flags
    assert [(flag.kind, flag.key, flag.at_most_votes) for flag in flags] == [
        (FlagKind.DECREASE, NATION, 5),
        (FlagKind.REOPENED, "mesa/000001", 20),
    ]
    assert flags[0].figures["times"] == 2
    assert flags[0].figures["falls"] == [
        {"list": 0, "before": 55, "after": 50},
        {"list": None, "before": 101, "after": 96},
    ]


def test_with_many_lists_every_one_with_enough_votes_is_tested_and_all_are_corrected_together() -> None:
    rng = np.random.default_rng(8)
    values = {}
    for row in range(400):
        votes = rng.multinomial(200, [0.1, 0.3, 0.25, 0.2, 0.15]).tolist()
        values[mesa_key(f"{row:06}")] = encode(acta(tuple(votes), place=f"{row // 8:04}"))
    values["mesa/000900"] = encode(acta((20, 60, 50, 5, 65), place="0000"))
    screening = screen(values, 5, (), LIMITS)
    assert [(rate.family, rate.tests) for rate in screening.rates] == [("share", 5 * 401), ("turnout", 401)]
    found = {flag.id: flag for flag in screening.flags if flag.kind is FlagKind.SHARE}
    assert found.keys() == {"share-mesa-000900-3", "share-mesa-000900-4"}
    # Neither is one of the two lists whose margin decides: whose votes they were nobody knows.
    assert {flag.figures["tests"] for flag in found.values()} == {5 * 401}
    assert found["share-mesa-000900-4"].at_most_votes == found["share-mesa-000900-4"].figures["spread"] == 37


def test_a_list_with_next_to_no_votes_is_not_tested_and_of_three_the_deciding_two_always_are() -> None:
    sheets = read_sheets([("mesa/000001", encode(acta((150, 49, 1))))], 3)
    assert find_tested(sheets, Setting(3, (0, 1), 101), LIMITS) == (0, 1)
    assert find_tested(sheets, Setting(3, (1, 2), 48), LIMITS) == (1, 2, 0)


def test_a_flag_says_in_which_direction_the_deciding_margin_would_move() -> None:
    """Two alike mesas of a place that is even, one with too many votes for the first, one for the second."""
    values = many_places(np.random.default_rng(3)) | mesas([100, 104, 96, 101, 99, 103, 97, 190, 10], "9999", 900)
    screening = screen(values, 2, (), LIMITS)
    ahead = setting_of(read_sheets(values.items(), 2)).leaders[0]
    found = {flag.key: flag.figures for flag in screening.flags if flag.kind in (FlagKind.SHARE, FlagKind.SWAP)}
    assert found.keys() == {"mesa/000907", "mesa/000908"}
    assert found["mesa/000907"]["is_lower"] is (ahead == 0)
    assert found["mesa/000908"]["is_lower"] is (ahead == 1)


def test_an_exchange_of_any_two_columns_is_named_and_never_explained_by_another_pair() -> None:
    """38 lists; neighbours, the place's first list with another, and any two; 12 mesas each of 3,200."""
    rng = np.random.default_rng(1)
    sheets = read_sheets(many_places(rng, places=400).items(), 2)
    drawn = draw_lists(sheets, 38, rng)
    assert screen_sheets(drawn, setting_of(drawn), LIMITS).counts["swap"] == 0
    planted = exchange_columns(drawn, 12, rng)
    flags = screen_sheets(planted.sheets, setting_of(planted.sheets), LIMITS).flags
    named = {flag.key[5:]: flag.figures for flag in flags if flag.kind is FlagKind.SWAP}
    assert len(named) >= 12
    for mesa, figures in named.items():
        assert planted.pairs[mesa] == (figures["list"], figures["other_list"])


def test_an_honest_mesa_is_not_named_for_what_was_exchanged_in_another_of_its_place() -> None:
    """The first acta has its first two columns exchanged; against it the second has too few votes in the middle one."""
    rng = np.random.default_rng(8)
    counts = {f"{n:06}": (f"{n // 8:04}", rng.multinomial(202, [0.6, 0.15, 0.25]).tolist()) for n in range(400)}
    odd = ((0, 200, 2), (180, 0, 20), (200, 0, 2), (200, 0, 1), (200, 0, 3))
    counts |= {f"{900 + n:06}": ("9999", list(votes)) for n, votes in enumerate(odd)}
    values = {mesa_key(mesa): encode(acta(tuple(votes), place=code)) for mesa, (code, votes) in counts.items()}
    found = [flag for flag in screen(values, 3, (), LIMITS).flags if flag.kind is FlagKind.SWAP]
    assert [(flag.key, flag.figures["list"], flag.figures["other_list"]) for flag in found] == [("mesa/000900", 0, 1)]


def test_a_file_that_holds_a_mesa_twice_is_flagged() -> None:
    values = mesas([100, 90])
    sheets = read_sheets([*values.items(), ("mesa/000002", values["mesa/000001"])], 2)
    assert [flag.figures["rule"] for flag in find_broken_rules(sheets, values)] == ["repeated"]


def made_up(rng: np.random.Generator, places: int) -> Column:
    """Mesas of 200 valid votes, eight in a place, correlated as in 2021."""
    share = np.repeat(rng.uniform(0.25, 0.75, places), 8)
    total = 1 / 0.0036 - 1
    n = np.full(len(share), 200)
    x = rng.binomial(n, rng.beta(share * total, (1 - share) * total))
    return Column("share", np.repeat(np.arange(places), 8), x, n)


def test_counts_in_which_nothing_happened_have_hardly_a_firm_flag() -> None:
    rng = np.random.default_rng(9)
    outcome = invent(made_up(rng, 600), LIMITS.within_place, 60, rng)
    assert outcome.firm_runs <= 6  # 5 % of 60, and what chance adds in 99 of 100 trials
    assert outcome.given_runs <= 7
    assert outcome.firm_mesas <= outcome.whole_mesas


def test_forty_votes_moved_are_found_where_twenty_are_not() -> None:
    rng = np.random.default_rng(10)
    column = made_up(rng, 2000)
    rates = {}
    for votes in (20, 40, 60):
        found, of = find_transfers(column, LIMITS.within_place, votes, rng)
        rates[votes] = found / of
    assert rates[20] < 0.03 < 0.2 < rates[40] < 0.9 < rates[60]


def test_the_setting_is_that_of_the_tallied_actas() -> None:
    sheets = read_sheets(mesas([90, 80]).items(), 2)
    assert setting_of(sheets) == Setting(2, (1, 0), 230 - 170)


def test_a_contest_of_a_single_list_is_screened_too() -> None:
    values = {key: encode(acta((100,), place="0001")) for key in mesas([0] * 6)}
    screening = screen(values, 1, (), LIMITS)
    assert (screening.tested, screening.counts["share"], screening.counts["swap"]) == (6, 0, 0)


def test_in_a_first_round_flags_are_held_against_the_second_place() -> None:
    half = ContestRule(RuleKind.TWO_ROUND, "1/2", False)
    sheets = read_sheets((), 4)
    assert setting_of(sheets, (45, 12, 20, 23), half) == Setting(4, (3, 2), 3)
    assert setting_of(sheets, (60, 12, 20, 8), half) == Setting(4, (0, 2), 40)
    assert setting_of(read_sheets((), 2), (50, 50), half) == Setting(2, (0, 1), 0)
