"""The flags on the real run-off of 2021, against the figures of the specification (docs/mission.md of the reference).

Those come from another programme's run over the same file, so they test ours; see docs/decisions/0022.
"""

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from bench.flag_trials import columns_of, find_transfers
from bench.planted import PLANTINGS, TESTS, look, plant, read_ground
from bench.refused_tests import SPECIFIED, count_refused
from bench.runoff import read_runoff
from bench.whole_places import find_places, fitted, gather, normal, score
from mission.flags.binomial import LEAST_RHO, two_sided
from mission.flags.flag import FlagKind, FlagSeverity
from mission.flags.rules import is_broken
from mission.flags.screening import Screening, screen_sheets, setting_of
from mission.flags.sheets import Sheets
from mission.flags.thresholds import load_thresholds
from mission.flags.totals import find_corrections
from mission.flags.within import compare_within
from tally.board import Board, Fact
from tally.changes import Kind
from tally.keys import NATION
from tally.ledger import LedgerEntry
from tally.model import ActaState, AreaCount

pytestmark = pytest.mark.reference_data
LIMITS = load_thresholds()
PUBLISHED, PLANTED = (
    tomllib.loads((Path(__file__).parents[2] / "dashboard" / f"{name}.toml").read_text("utf-8"))
    for name in ("calibration", "planted")
)


@pytest.fixture(scope="module")
def runoff(reference: Path) -> Sheets:
    return read_runoff(reference)


@pytest.fixture(scope="module")
def screening(runoff: Sheets) -> Screening:
    return screen_sheets(runoff, setting_of(runoff), LIMITS)


def about(expected: int) -> object:
    """Within 2 %."""
    return pytest.approx(expected, rel=0.02)


def test_every_tallied_mesa_is_tested_or_said_not_to_be(screening: Screening) -> None:
    assert (screening.mesas, screening.places) == (86_240, 11_870)
    assert (screening.tested, screening.not_testable) == (74_422, 11_818)
    assert round(100 * screening.not_testable / screening.mesas, 1) == 13.7


def test_no_tallied_acta_contradicts_itself(runoff: Sheets) -> None:
    broken = is_broken(runoff)
    assert int((broken & runoff.is_tallied).sum()) == 0
    assert int(broken.sum()) == 0
    # At five mesas nobody voted: possible, and left out of the specification's population.
    empty = runoff.has_state(ActaState.COUNTED) & (runoff.cast == 0)
    assert int(empty.sum()) == 5
    assert not runoff.votes[empty].any()


@pytest.mark.parametrize(
    ("family", "rho", "significant", "flagged"), [("share", 0.0036, 340, 200), ("turnout", 0.0027, 646, 314)]
)
def test_review_flags_are_as_many_as_specified(
    screening: Screening, family: str, rho: float, significant: int, flagged: int
) -> None:
    rate = next(rate for rate in screening.rates if rate.family == family)
    assert rate.rho is not None
    assert round(rate.rho, 4) == rho
    assert rate.significant == about(significant)
    assert rate.flagged == about(flagged)
    assert screening.counts[family] == rate.flagged


@pytest.mark.parametrize(("weight", "is_plain", "expected"), [(1.0, False, 301), (1.0, True, 1_468)])
def test_the_full_p_finds_fewer_and_the_plain_binomial_far_too_many(
    runoff: Sheets, weight: float, is_plain: bool, expected: int
) -> None:
    share = columns_of(runoff)[0]
    tested = compare_within(share.place, share.x, share.n, LIMITS.within_place)
    rows = tested.is_testable
    rho = LEAST_RHO if is_plain else tested.rho
    p = two_sided(share.x[rows], share.n[rows], tested.share[rows], rho, weight)
    assert int((false_discovery_control(p) <= 0.05).sum()) == about(expected)


def test_swap_suspects_equal_mesas_and_zeros(screening: Screening, runoff: Sheets) -> None:
    assert screening.counts["swap"] == 18
    identical = [flag for flag in screening.flags if flag.kind is FlagKind.IDENTICAL]
    assert {flag.figures["seen"] for flag in identical} == {43}
    assert round(screening.identical_expected) == 37
    zeros = [flag.figures["list"] for flag in screening.flags if flag.kind is FlagKind.ZERO]
    assert (zeros.count(1), zeros.count(0)) == (70, 17)


def test_a_transfer_of_forty_votes_is_found_in_seven_mesas_of_ten(runoff: Sheets) -> None:
    share, rng = columns_of(runoff)[0], np.random.default_rng(1)
    found, of = find_transfers(share, LIMITS.within_place, 40, rng)
    assert found / of >= 0.70
    found, of = find_transfers(share, LIMITS.within_place, 20, rng)
    assert found / of < 0.06


def test_the_methods_page_shows_what_the_refused_tests_really_flag(runoff: Sheets) -> None:
    counted = count_refused(runoff)
    for name, expected in SPECIFIED.items():
        assert counted[name] == about(expected)
        assert PUBLISHED["refused"][name] == counted[name]
    for digit in ("first", "second"):
        assert counted[f"benford_{digit}"] < PUBLISHED["benford"][f"{digit}_p_below"]


def test_the_methods_page_shows_what_the_tests_that_ship_flag(screening: Screening, runoff: Sheets) -> None:
    rates = {rate.family: rate for rate in screening.rates}
    figures = {
        f"{family}_{name}": getattr(rates[family], name)
        for family in ("share", "turnout")
        for name in ("significant", "flagged", "firm")
    }
    identical = [flag for flag in screening.flags if flag.kind is FlagKind.IDENTICAL]
    figures |= {
        "arithmetic": int((is_broken(runoff) & runoff.is_tallied).sum()),
        "swap": screening.counts["swap"],
        "zero": screening.counts["zero"],
        "identical_seen": identical[0].figures["seen"],
        "identical_expected": round(screening.identical_expected),
    }
    assert PUBLISHED["shipped"] == figures
    population = {name: getattr(screening, name) for name in ("mesas", "places", "tested", "not_testable")}
    assert PUBLISHED["population"] == population


def test_the_methods_page_states_the_power_of_the_tests(runoff: Sheets) -> None:
    share, rng = columns_of(runoff)[0], np.random.default_rng(2)
    rates = {votes: find_transfers(share, LIMITS.within_place, votes, rng) for votes in (20, 40)}
    assert 100 * rates[40][0] / rates[40][1] == pytest.approx(PUBLISHED["power"]["forty"], abs=1)
    assert PUBLISHED["power"]["twenty"] - 1 < 100 * rates[20][0] / rates[20][1] < PUBLISHED["power"]["twenty"]


@pytest.mark.parametrize("year", [2021, 2026])
def test_the_methods_page_shows_what_is_found_of_what_is_planted(reference: Path, year: int) -> None:
    ground = read_ground(read_runoff(reference, year))
    told = PLANTED[str(year)]
    assert told["untouched"] == {test: int(rows.sum()) for test, rows in ground.flagged.items()}
    assert told.keys() == {"untouched", *PLANTINGS}
    for name in ("stuff_over", "half_place", "whole_place"):
        planted = plant(name, ground, seed=1)
        sights = {test: [one.found, one.missed, one.honest] for test, one in look(ground, planted).items()}
        assert told[name] == {"mesas": int(planted.rows.sum()), **sights}
    assert all(told[name][test][0] == 0 for name in ("whole_place", "small_place") for test in TESTS)


def test_a_test_of_whole_places_accuses_honest_ones_or_sees_next_to_nothing(reference: Path) -> None:
    known = {year: find_places(reference, year) for year in (2021, 2026)}
    for year, other in ((2021, 2026), (2026, 2021)):
        places, told = gather(known[year], known[other]), PLANTED["places"][str(year)]
        clean = score(places)
        assert told["places"] == len(places.mesas)
        assert told["normal_honest"] == clean.flag(normal).sum() > 0
        assert told["fitted_honest"] == clean.flag(fitted(clean)).sum() == 0
        assert told["fitted_found"] < 25


def test_equal_actas_of_that_clean_count_are_what_chance_explains(screening: Screening) -> None:
    identical = [flag for flag in screening.flags if flag.kind is FlagKind.IDENTICAL]
    assert all("chance" in flag.figures and flag.severity is FlagSeverity.INFO for flag in identical)


def test_the_run_off_of_2026_has_seven_decreases(reference: Path) -> None:
    board = Board(2)
    ledger: list[LedgerEntry] = []
    before = b""
    for seq, cut in enumerate(_national_cuts(reference), start=1):
        for change in board.apply([Fact(NATION, cut, "sha256:aa")]):
            if change.kind is Kind.CORRECTION:
                ledger.append(LedgerEntry(seq, "", change.kind, NATION, before, change.data, None, None, None))
            before = change.data
    flags = find_corrections(reversed(ledger))
    assert [(flag.kind, flag.key, flag.figures["times"]) for flag in flags] == [(FlagKind.DECREASE, NATION, 7)]


def _national_cuts(reference: Path) -> list[AreaCount]:
    """The recorded national totals; what the file does not state, blank and null votes, is not needed here."""
    with (reference / "data" / "timeline_2026_round2.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ubigeo"] == "000000"]
    return [
        AreaCount(
            counted=int(row["counted"]),
            at_jee=int(row["at_jee"]),
            pending=int(row["pending"]),
            total=int(row["total"]),
            cast=int(row["cast"]),
            valid=int(row["fuerza_popular"]) + int(row["juntos_por_el_peru"]),
            votes=(int(row["fuerza_popular"]), int(row["juntos_por_el_peru"])),
            source_at=row["at_utc"],
        )
        for row in rows
    ]
