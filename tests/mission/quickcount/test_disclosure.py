"""What is public of a quick count: coarse, and never apart by a few copies; no attacker learns a mesa of its sample."""

import random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from api.mission.quickcount.estimates import make_public, tell_estimate
from mission.quickcount.disclosure import Told, check_apart
from mission.quickcount.publication import published_bases
from mission.zones import K
from tally.errors import Conflict
from tests.mission.quickcount.attacker import Exact, attack, digest_of, match, units_between
from tests.mission.quickcount.plays import Check, Play, draw_play, unchecked, units_of


def plays(number: int, check: Check) -> list[Play]:
    return [draw_play(random.Random(seed), check) for seed in range(number)]


# The soak `disclosure` lets the attacker loose on a thousand.
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_attacker_learns_a_mesa_of_the_sample(seed: int) -> None:
    play = draw_play(random.Random(seed))
    assert attack(play) == []
    for one in play.published:
        for other in play.published:
            assert len(units_between(play, one, other)) not in range(1, K)


def test_the_same_attacker_learns_mesas_where_every_copy_is_published_as_it_comes_and_exactly() -> None:
    assert any(attack(play) for play in plays(15, unchecked))
    with patch("api.mission.quickcount.estimates.Told", Exact):
        found = [attack(play, Exact) for play in plays(15, unchecked)]
    assert sum(map(bool, found)) > 5
    assert all(one.left == 1 for learned in found for one in learned)


def test_a_list_that_is_withdrawn_has_no_share_as_it_stands_on_no_acta() -> None:
    count = next(one for one in plays(20, check_apart) if one.published).count
    running = (1,)
    assert [one.list for one in make_public(count, count.at, running).shares] == [1]
    told = tell_estimate(count, str, running, None)
    assert [one.list for one in told.shares] == [1]
    assert {one.list for step in told.settling for one in step.shares} == {1}


def test_a_digest_of_the_sample_without_its_seed_would_name_its_last_mesa() -> None:
    play = next(one for one in plays(20, check_apart) if one.published)
    [first, *_] = play.published
    told = replace(first, public=replace(first.public, sample=digest_of(play.count.drawn.sample)))
    assert attack(replace(play, published=(told,))) != []
    assert first.public.sample != told.public.sample


def test_exact_figures_would_tell_the_last_copy_to_whoever_has_all_others() -> None:
    with patch("api.mission.quickcount.estimates.Told", Exact):
        [play, *_] = [one for one in plays(20, check_apart) if one.published]
    unit = next(name for name, mesas in units_of(play).items() if mesas[0] in play.published[0].copies)
    assert [one.left for one in match(play, unit, play.published[:1], Exact)] == [1]


@pytest.mark.parametrize(("units", "step"), [(30, 0.02), (60, 0.01), (150, 0.005), (300, 0.002), (1200, 0.001)])
def test_shares_are_told_in_steps_of_half_of_what_a_copy_weighs(units: int, step: float) -> None:
    assert Told(units).step == step


@given(units=st.integers(30, 2000), share=st.floats(0, 1), below=st.floats(0, 0.2), above=st.floats(0, 0.2))
def test_a_told_interval_holds_the_one_that_was_reckoned(units: int, share: float, below: float, above: float) -> None:
    low, high = max(-1.0, share - below), min(1.0, share + above)
    told, step = Told(units), Told(units).step
    middle, least, most = told.round(share, low, high)
    assert least - 1e-6 <= low
    assert high <= most + 1e-6
    assert least <= middle <= most
    assert abs(middle - share) <= step / 2 + 1e-6
    assert max(low - least, most - high) <= step + 1e-6


def test_told_figures_are_short() -> None:
    assert Told(300).round(0.5021, 0.4999, 0.52) == (0.502, 0.498, 0.52)
    assert Told(1200).round(-0.0004, -0.0151, 0.0149) == (-0.0, -0.016, 0.015)


def test_a_publication_that_differs_by_a_few_copies_is_refused_and_one_by_five_is_not() -> None:
    play = next(one for one in plays(20, check_apart) if one.published)
    basis = dict(published_bases(play.count.steps)[-1])
    units = [own for own in units_of(play).values() if own[0] in basis]
    for changed in range(K + 1):
        other = basis | {mesas[0]: tuple(0 for _ in basis[mesas[0]]) for mesas in units[:changed]}
        if 0 < changed < K:
            with pytest.raises(Conflict, match="fewer than 5"):
                check_apart(play.count, other)
        else:
            check_apart(play.count, other)
