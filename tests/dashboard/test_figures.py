import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import DASH, fields, group, percent, plain, points, share_decimals, shown


def test_thousands_are_parted_by_spaces() -> None:
    assert group(9052039) == "9 052 039"
    assert group(8569) == "8 569"
    assert group(999) == "999"


def test_a_missing_number_is_a_dash_and_zero_is_zero() -> None:
    assert group(None) == DASH
    assert group(0) == "0"
    assert percent(None, 10, 1) == DASH
    assert percent(3, 0, 1) == DASH


def test_the_cut_of_13_june_2026_reads_as_the_press_would_write_it() -> None:
    # ONPE, second round 2026, cut of 13 June 2026 14:05 Lima.
    count = {"votes": [9052039, 9043470], "counted": 91279, "at_jee": 1487, "pending": 0, "total": 92766}
    texts = fields(count, ["A", "B"])
    assert (texts["share.0"], texts["share.1"]) == ("50.024 %", "49.976 %")
    assert (texts["margin"], texts["lead_points"], texts["leader"]) == ("8 569", "0.047", "A")
    assert (texts["counted_pct"], texts["at_jee_pct"], texts["pending_pct"]) == ("98.40 %", "1.60 %", "0.00 %")


@pytest.mark.parametrize(("margin", "decimals"), [(0, 3), (99, 3), (100, 2), (999, 2), (1000, 1), (50000, 1)])
def test_a_close_lead_takes_more_decimals(margin: int, decimals: int) -> None:
    assert share_decimals(margin, 100_000) == decimals


def test_an_incomplete_count_never_reads_as_complete() -> None:
    assert percent(99_999, 100_000, 2) == "> 99.99 %"
    assert percent(100_000, 100_000, 2) == "100.00 %"
    assert percent(1, 100_000, 2) == "< 0.01 %"


def test_a_lead_of_a_few_votes_is_not_none() -> None:
    texts = fields({"votes": [9_039_765, 9_039_732]}, ["A", "B"])
    assert (texts["margin"], texts["lead_points"]) == ("33", "< 0.001")
    assert points(0, 100, 1) == "0.0"


def test_halves_round_up() -> None:
    assert percent(1, 800, 2) == "0.13 %"
    assert points(1, 800, 2) == "0.13"


def test_nobody_leads_a_tie_or_an_empty_count() -> None:
    assert fields({"votes": [5, 5]}, ["A", "B"])["leader"] == DASH
    assert fields({"votes": [0, 0]}, ["A", "B"])["leader"] == DASH
    assert fields({"votes": None}, ["A", "B"])["votes.0"] == DASH


def test_what_the_source_publishes_is_shown_before_our_sum() -> None:
    assert shown({"published": {"counted": 2}, "computed": {"counted": 1}}) == {"counted": 2}
    assert shown({"published": None, "computed": {"counted": 1}}) == {"counted": 1}
    # Known by its name alone: not read yet, which is not "without votes".
    assert shown({"published": None, "computed": {"counted": 0, "total": 0, "cast": 0}}) == {}
    assert shown({"votes": [1], "state": "counted"}) == {"votes": [1], "state": "counted"}


def test_ñ_stands_after_n_and_accents_change_no_order() -> None:
    assert sorted(["PIÑA", "PINTA", "PÍO", "PINAR", "PIZA"], key=plain) == ["PINAR", "PINTA", "PIÑA", "PÍO", "PIZA"]


@given(st.lists(st.integers(0, 10_000_000), min_size=2, max_size=38))
def test_shares_lie_within_the_rounding_of_the_true_share(votes: list[int]) -> None:
    texts = fields({"votes": votes}, [str(index) for index in range(len(votes))])
    for index, own in enumerate(votes):
        text = texts[f"share.{index}"]
        if sum(votes) and text[0] not in "<>":
            assert abs(float(text.removesuffix(" %")) - own * 100 / sum(votes)) <= 0.0501
