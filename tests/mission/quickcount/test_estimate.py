"""What copies say of the whole, when they say nothing, and who has not reported."""

import msgspec
import numpy as np
import pytest

from mission.quickcount.arrival import ArrivalTrait, find_bias
from mission.quickcount.estimate import Copy, Estimate, EstimateRefusal, estimate
from mission.quickcount.frame import SampleUnit
from mission.quickcount.limits import LIMITS
from mission.quickcount.sampling import Design, Sample, SampleDesign, draw, poststratify
from mission.quickcount.settling import settle
from tests.mission.quickcount.makers import SEED, frame, mesas_of

SIZES = (200, 150, 50)
WHOLE = frame(SIZES)


def votes_of(mesa: str, area: str) -> Copy:
    """The first list is strong in the first department, and every mesa a little different."""
    number = int(mesa)
    base = {"department/01": 120, "department/14": 80, "scope/abroad": 40}[area]
    return Copy((base + number * 7 % 31, 90 + number * 5 % 23, number % 3))


ACTAS = {unit.id: votes_of(unit.id, unit.stratum) for unit in WHOLE.units}
TRUTH = np.array([copy.votes for copy in ACTAS.values()]).sum(axis=0)


def sampled(kind: SampleDesign = SampleDesign.STRATIFIED, size: int = 80, unit: SampleUnit = SampleUnit.MESA) -> Sample:
    return draw(WHOLE, Design(kind, unit, size), SEED)


def copied(sample: Sample) -> dict[str, Copy]:
    return {mesa: ACTAS[mesa] for mesa in mesas_of(sample)}


@pytest.mark.parametrize("kind", SampleDesign)
@pytest.mark.parametrize("unit", SampleUnit)
def test_a_sample_of_everything_is_the_count_itself(kind: SampleDesign, unit: SampleUnit) -> None:
    sample = draw(WHOLE, Design(kind, unit, {"mesa": 400, "place": 101}[unit]), SEED)
    found = estimate(sample, copied(sample))
    assert [one.share for one in found.shares] == pytest.approx((TRUTH / TRUTH.sum()).tolist())
    assert all(one.low == one.share == one.high for one in found.shares)


def test_nothing_is_estimated_while_one_unit_has_every_vote() -> None:
    sample = sampled()
    first, *others = mesas_of(sample)
    copies = {first: Copy((60, 40, 0)), **dict.fromkeys(others, Copy((0, 0, 0)))}
    assert estimate(sample, copies).refusal is EstimateRefusal.FEW
    assert estimate(sample, {**copies, others[0]: Copy((1, 0, 0))}).refusal is None


@pytest.mark.parametrize("size", [31, 80, 180])
def test_a_share_of_everything_is_one_and_no_more(size: int) -> None:
    sample = sampled(size=size)
    found = estimate(sample, {mesa: Copy((ACTAS[mesa].votes[0], 0)) for mesa in mesas_of(sample)})
    assert [(one.low, one.share, one.high) for one in found.shares] == [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]


@pytest.mark.parametrize("kind", SampleDesign)
def test_shares_and_lead_are_told_with_their_intervals(kind: SampleDesign) -> None:
    sample = sampled(kind)
    found = estimate(sample, copied(sample))
    assert found.refusal is None
    assert sum(one.share for one in found.shares) == pytest.approx(1)
    for one, true in zip(found.shares, TRUTH / TRUTH.sum(), strict=True):
        assert one.low <= true <= one.high
    assert found.lead is not None
    assert (found.lead.first, found.lead.second) == (0, 1)
    assert found.lead.lead == pytest.approx(found.shares[0].share - found.shares[1].share)
    # What one gains the other loses: the lead is off by more than either share.
    assert found.lead.high - found.lead.low > 1.9 * (found.shares[0].high - found.shares[0].low)


def test_the_stratified_sample_is_as_good_or_better_where_areas_differ() -> None:
    halves = []
    for kind in SampleDesign:
        found = estimate(sampled(kind), copied(sampled(kind)))
        halves.append(found.shares[0].high - found.shares[0].share)
    assert halves[1] < halves[0]
    weighed = estimate(poststratify(sampled(SampleDesign.SIMPLE)), copied(sampled(SampleDesign.SIMPLE)))
    assert weighed.shares[0].high - weighed.shares[0].share < halves[0]


def test_nothing_is_estimated_below_the_stated_response() -> None:
    sample = sampled()
    some = dict(list(copied(sample).items())[:39])
    found = estimate(sample, some)
    assert (found.refusal, found.shares, found.lead) == (EstimateRefusal.RESPONSE, (), None)
    assert (found.response.drawn, found.response.copied) == (80, 39)
    assert LIMITS.response.least_share == 0.5
    assert estimate(sample, dict(list(copied(sample).items())[:40])).refusal is None


def test_nothing_is_estimated_of_few_units_or_of_no_votes() -> None:
    few = sampled(size=LIMITS.response.least_copied - 1)
    assert estimate(few, copied(few)).refusal is EstimateRefusal.FEW
    places = sampled(size=LIMITS.response.least_copied - 1, unit=SampleUnit.PLACE)
    assert len(places.mesas) > 100
    assert estimate(places, copied(places)).refusal is EstimateRefusal.FEW
    empty = dict.fromkeys(copied(sampled()), Copy((0, 0)))
    assert estimate(sampled(), empty).refusal is EstimateRefusal.NO_VOTES
    assert estimate(sampled(), {}).refusal is EstimateRefusal.RESPONSE


def test_copies_of_other_mesas_and_unread_ones_play_no_part() -> None:
    sample = sampled()
    mine, others = copied(sample), {mesa: copy for mesa, copy in ACTAS.items() if mesa not in mesas_of(sample)}
    assert estimate(sample, {**mine, **others}) == estimate(sample, mine)
    first = next(iter(mine))
    unread = {**mine, first: Copy((None, 90, 1))}
    assert estimate(sample, unread) == estimate(sample, {mesa: copy for mesa, copy in mine.items() if mesa != first})


def test_a_stratum_without_copies_is_taken_together_and_told() -> None:
    sample = sampled()
    lacking = {mesa.id: ACTAS[mesa.id] for mesa in sample.mesas if mesa.stratum != "scope/abroad"}
    found = estimate(sample, lacking)
    assert [(one.drawn, one.copied, one.with_areas) for one in found.response.strata] == [
        (40, 40, ("scope/abroad",)),
        (30, 30, ()),
        (10, 0, ("department/01",)),
    ]
    assert found.refusal is None


def test_within_a_stratum_who_reported_stands_for_who_did_not() -> None:
    """All of two departments and half of the third weigh as the departments do, not as their copies."""
    sample = sampled()
    abroad = [mesa.id for mesa in sample.mesas if mesa.stratum == "scope/abroad"]
    some = {mesa: copy for mesa, copy in copied(sample).items() if mesa not in abroad[::2]}
    weight = {mesa.id: 5.0 for mesa in sample.mesas} | dict.fromkeys(abroad, 10.0)
    sums = np.sum([weight[mesa] * np.array(copy.votes) for mesa, copy in some.items()], axis=0)
    assert [one.share for one in estimate(sample, some).shares] == pytest.approx((sums / np.sum(sums)).tolist())


def test_a_place_with_some_of_its_mesas_stands_for_all_of_them() -> None:
    sample = sampled(unit=SampleUnit.PLACE, size=40)
    whole, lacking = estimate(sample, copied(sample)), copied(sample)
    del lacking[sample.mesas[0].id]
    found = estimate(sample, lacking)
    assert (found.response.copied, found.response.units_copied) == (whole.response.copied - 1, 40)
    assert found.degrees == pytest.approx(whole.degrees, rel=0.1)
    assert found.shares[0].share == pytest.approx(whole.shares[0].share, abs=1e-3)


def test_a_contest_of_one_list_has_no_lead() -> None:
    found = estimate(sampled(), dict.fromkeys(copied(sampled()), Copy((50,))))
    assert (found.lead, found.shares[0].share) == (None, 1)


def test_an_estimate_is_kept_as_json() -> None:
    found = estimate(sampled(), copied(sampled()))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Estimate) == found


def test_the_series_begins_when_enough_have_come_and_ends_with_the_estimate() -> None:
    sample = sampled()
    points = settle(sample, list(copied(sample).items()))
    assert [point.copies for point in points] == list(range(40, 81, 2))
    assert points[-1].estimate == estimate(sample, copied(sample))
    widths = [point.estimate.shares[0].high - point.estimate.shares[0].low for point in points]
    assert widths[-1] < widths[0]


def test_a_copy_that_is_sent_again_replaces_the_first() -> None:
    sample = sampled()
    mesa, copy = next(iter(copied(sample).items()))
    points = settle(sample, [(mesa, Copy((999, 0, 0))), *copied(sample).items()])
    assert points[-1].copies == 80
    assert points[-1].estimate == estimate(sample, {**copied(sample), mesa: copy})
    assert settle(sample, []) == []


def test_who_reported_is_held_against_who_was_drawn() -> None:
    sample = sampled()
    all_of_them = find_bias(sample, set(mesas_of(sample)))
    assert all_of_them.largest == pytest.approx(0)
    first = {mesa.id for mesa in sample.mesas if mesa.stratum == "department/01"}
    found = find_bias(sample, first)
    area = found.differences[0]
    assert (area.trait, area.area, area.drawn, area.copied) == (ArrivalTrait.AREA, "department/01", 0.5, 1.0)
    assert area.standardised == pytest.approx(1.0)
    assert area.is_unlike
    assert found.largest == area.standardised
    assert (found.drawn, found.copied) == (80, 40)
    assert [one.trait for one in found.differences[-2:]] == [ArrivalTrait.REMOTE, ArrivalTrait.REGISTERED]


def test_before_anybody_reports_nobody_is_unlike() -> None:
    found = find_bias(sampled(), set())
    assert found.largest is None
    assert {one.copied for one in found.differences} == {None}
    assert not any(one.is_unlike for one in found.differences)


def test_traits_that_nobody_knows_are_left_out() -> None:
    sample = sampled()
    unknown = [msgspec.structs.replace(mesa, is_remote=None, registered=None) for mesa in sample.mesas]
    found = find_bias(msgspec.structs.replace(sample, mesas=tuple(unknown)), set(mesas_of(sample)))
    assert {one.trait for one in found.differences} == {ArrivalTrait.AREA}


def test_an_equal_trait_has_no_standardised_difference() -> None:
    sample = sampled()
    equal = tuple(msgspec.structs.replace(mesa, registered=300) for mesa in sample.mesas)
    found = find_bias(msgspec.structs.replace(sample, mesas=equal), set(mesas_of(sample)[:10]))
    assert found.differences[-1].standardised is None
