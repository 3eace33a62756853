"""Variances of small populations, held against every sample that can be drawn of them."""

from itertools import combinations, product

import numpy as np
import pytest
from msgspec import structs

from mission.flags.sheets import Floats, Integers
from mission.quickcount.variance import Ratio, SurveyRows, find_ratio, find_share, merge_thin, quantile

Y = np.array([3.0, 8.0, 1.0, 9.0, 4.0, 6.0, 2.0])


def ratio(values: Floats, sizes: Floats, stratum: list[int], cluster: list[int], population: list[float]) -> Ratio:
    """The ratio of rows whose weight is N/n of their stratum."""
    rows = SurveyRows(np.ones(len(values)), np.array(stratum), np.array(cluster), np.array(population))
    weight = (rows.population / np.maximum(rows.count_clusters(), 1))[rows.stratum]
    return find_ratio(values[:, None], sizes, structs.replace(rows, weight=weight))


def every(groups: list[list[int]], drawn: list[int]) -> list[tuple[int, ...]]:
    """Every way to draw so many of each group."""
    ways = product(*(combinations(group, number) for group, number in zip(groups, drawn, strict=True)))
    return [sum(way, ()) for way in ways]


@pytest.mark.parametrize(
    ("groups", "drawn"),
    [([[*range(7)]], [3]), ([[0, 1, 2, 3], [4, 5, 6]], [2, 2]), ([[0, 1, 2], [3, 4, 5, 6]], [3, 2])],
)
def test_mean_and_variance_of_all_samples_are_the_populations(groups: list[list[int]], drawn: list[int]) -> None:
    group_of = {unit: number for number, group in enumerate(groups) for unit in group}
    found = []
    for way in every(groups, drawn):
        stratum, sizes = [group_of[unit] for unit in way], [float(len(group)) for group in groups]
        found.append(ratio(Y[list(way)], np.ones(len(way)), stratum, list(range(len(way))), sizes))
    means, variances = (
        np.array([one[0] for one in column]) for column in zip(*((f.value, f.variance) for f in found), strict=True)
    )
    assert means.mean() == pytest.approx(Y.mean())
    assert variances.mean() == pytest.approx(means.var())
    assert all(min(drawn) - 1 <= one.degrees[0] <= sum(drawn) - len(groups) + 1e-9 for one in found)


def test_units_that_were_drawn_together_count_as_one() -> None:
    places = [(3.0, 8.0), (1.0, 9.0), (4.0, 6.0), (2.0, 7.0), (5.0, 5.0)]
    whole = np.concatenate(places).mean()
    found = []
    for way in combinations(range(5), 3):
        values = np.concatenate([places[place] for place in way])
        found.append(ratio(values, np.ones(6), [0] * 6, [0, 0, 1, 1, 2, 2], [5.0]))
    means = np.array([one.value[0] for one in found])
    assert means.mean() == pytest.approx(whole)
    assert np.mean([one.variance[0] for one in found]) == pytest.approx(means.var())
    assert found[0].degrees[0] == pytest.approx(2)


def test_a_ratio_of_unequal_units_is_the_jackknifes() -> None:
    """Each unit left out in turn, as the definition says."""
    rng = np.random.default_rng(3)
    sizes = rng.integers(20, 400, 12).astype(float)
    votes = sizes * rng.uniform(0.2, 0.8, 12)
    stratum, population = np.repeat([0, 1], 6), np.array([30.0, 50.0])
    found = ratio(votes, sizes, stratum.tolist(), list(range(12)), population.tolist())
    expected = 0.0
    for out in range(12):
        keeps = np.arange(12) != out
        number = np.bincount(stratum[keeps])
        weight = (population / number)[stratum[keeps]]
        one = (weight @ votes[keeps]) / (weight @ sizes[keeps])
        expected += (1 - 6 / population[stratum[out]]) * 5 / 6 * (one - found.value[0]) ** 2
    assert found.variance[0] == pytest.approx(expected)


def test_a_stratum_that_was_read_whole_adds_nothing() -> None:
    some = ratio(Y[:5], np.ones(5), [0, 0, 0, 1, 1], [0, 1, 2, 3, 4], [3.0, 40.0])
    same = ratio(
        np.array([*Y[:3].mean().repeat(3), *Y[3:5]]), np.ones(5), [0, 0, 0, 1, 1], [0, 1, 2, 3, 4], [3.0, 40.0]
    )
    assert some.variance[0] == pytest.approx(same.variance[0])
    assert ratio(Y, np.ones(7), [0] * 7, list(range(7)), [7.0]).variance[0] == 0


@pytest.mark.parametrize(
    ("read", "into"),
    [
        ([3, 2, 4], [0, 1, 2]),
        ([3, 1, 1, 4], [0, 1, 1, 3]),
        ([3, 1, 9], [0, 1, 1]),
        ([1, 0, 0], [0, 0, 0]),
        ([0, 5], [0, 0]),
    ],
)
def test_thin_strata_are_taken_together_and_if_need_be_with_the_largest(read: list[int], into: list[int]) -> None:
    assert merge_thin(np.array(read), np.array([10.0, 20.0, 30.0, 5.0])[: len(read)], 2).tolist() == into


@pytest.mark.parametrize(("degrees", "t"), [(1, 12.706), (10, 2.228), (274, 1.969), (10_000, 1.960)])
def test_quantiles_are_those_of_the_tables(degrees: int, t: float) -> None:
    assert float(quantile(degrees, 0.95)) == pytest.approx(t, abs=5e-4)


def test_a_variance_that_comes_from_one_thin_stratum_has_its_degrees() -> None:
    """Eight alike and two that differ: what is known of the variance is known from two."""
    values, strata = np.array([5.0] * 8 + [1.0, 9.0]), [0] * 8 + [1, 1]
    assert ratio(values, np.ones(10), strata, list(range(10)), [80.0, 20.0]).degrees[0] == pytest.approx(1)
    even = ratio(np.tile([1.0, 9.0], 5), np.ones(10), strata, list(range(10)), [80.0, 20.0])
    assert 5 < even.degrees[0] < 8


def rows(cluster: list[int], population: float = np.inf) -> SurveyRows:
    number: Integers = np.array(cluster)
    return SurveyRows(np.ones(len(cluster)), np.zeros(len(cluster), dtype=np.int64), number, np.array([population]))


def test_a_simple_share_has_clopper_and_pearsons_interval() -> None:
    found = find_share(np.arange(20) < 4, rows(list(range(20))))
    assert found is not None
    # 4 of 20: 5.73 % to 43.66 %, as tables have it; the sample's own variance is worth n − 1 of them, a little wider.
    assert (found.share, found.low, found.high) == pytest.approx((0.2, 0.0573, 0.4366), abs=0.008)
    assert found.low < 0.0573
    assert found.high > 0.4366


def test_none_and_all_have_intervals_too() -> None:
    none, all_of_them = (find_share(np.full(30, value), rows(list(range(30)))) for value in (False, True))
    assert none is not None
    assert all_of_them is not None
    assert (none.share, none.low, all_of_them.high) == (0, 0, 1)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 30))
    assert all_of_them.low == pytest.approx(0.025 ** (1 / 30))


def test_answers_of_one_place_tell_less_than_as_many_of_many() -> None:
    is_yes = np.repeat([True, False, True, False], 10)
    apart, together = (
        find_share(is_yes, rows(cluster)) for cluster in (list(range(40)), np.repeat(range(4), 10).tolist())
    )
    assert apart is not None
    assert together is not None
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_a_single_cluster_has_no_interval() -> None:
    assert find_share(np.array([True, False]), rows([0, 0])) is None
