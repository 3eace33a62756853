"""Colours that lists are given: told apart by everybody, by day and by night, and one for a list wherever it runs."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.drafting.colors import (
    FIRST,
    GROUNDS,
    LEAST_CONTRAST,
    LEAST_DISTANCE,
    contrast,
    distance,
    palette,
    share_out,
)


def apart(size: int) -> float:
    return min(distance(one, other) for one, other in combinations(palette(size), 2))


def test_every_color_stands_out_from_a_light_and_a_dark_page() -> None:
    assert min(contrast(color, ground) for color in palette(40) for ground in GROUNDS) >= LEAST_CONTRAST


# Of a run-off, of most regions of October 2026, and of the longest ballot among them: 16 lists.
@pytest.mark.parametrize(("size", "least"), [(2, 0.25), (5, 0.14), (8, 0.095), (16, 0.055), (20, LEAST_DISTANCE)])
def test_lists_are_told_apart_also_by_eyes_that_see_no_red_no_green_or_no_blue(size: int, least: float) -> None:
    assert apart(size) >= least


def test_the_first_two_are_the_orange_and_blue_of_the_house() -> None:
    assert palette(2) == FIRST == palette(30)[:2]
    assert len(set(palette(40))) == 40


def test_what_some_eyes_take_for_the_same_color_is_near() -> None:
    """Red and green of one lightness: far apart for most, and near for a deuteranope."""
    assert distance("#b35c00", "#7d7800") < LEAST_DISTANCE < distance("#e08214", "#2166ac")
    assert distance("#2166ac", "#2166ac") == 0


def test_contrast_is_that_of_the_web_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


_CONTESTS = st.lists(st.lists(st.integers(0, 12).map(str), min_size=1, max_size=8, unique=True), min_size=1, max_size=8)


@settings(deadline=None, max_examples=50)
@given(_CONTESTS)
def test_a_list_has_one_color_everywhere_and_no_contest_has_one_twice(contests: list[list[str]]) -> None:
    shared = share_out(contests)
    assert shared.keys() == {code for codes in contests for code in codes}
    for codes in contests:
        assert len({shared[code] for code in codes}) == len(codes)


def test_a_contest_alone_gives_its_leaders_the_colors_that_are_easiest_to_tell_apart() -> None:
    assert tuple(share_out([["7", "3", "9"]]).values()) == palette(3)
    assert list(share_out([["7", "3", "9"]])) == ["7", "3", "9"]
