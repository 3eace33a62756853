"""Shares of a random sample: their intervals hold the truth as often as they say, also for rare answers."""

import random

import pytest

from mission.findings.sampled import find_sampled
from mission.findings.seen import FindingCell, PlaceSetting, Seen
from mission.findings.table import FindingsGround, find_for_statement, find_in_house
from mission.quickcount.frame import Frame, SampleUnit, Unit
from mission.quickcount.sampling import Design, Sample, SampleDesign, draw
from mission.zones import K
from tests.mission.findings.grounds import LACKING, OPENED, WAIT, form_of, seen_at

CELL = FindingCell("01", PlaceSetting.NOT_TOLD)
AREAS = ("department/01", "department/02", "department/03", "scope/abroad")
FRAME = Frame(tuple(Unit(f"{n:06}", AREAS[min(n % 9, 3)], f"p{n // 4}-{n % 9}") for n in range(1, 2001)))


def sample_of(number: int, size: int = 200, kind: SampleDesign = SampleDesign.STRATIFIED) -> Sample:
    return draw(FRAME, Design(kind, SampleUnit.MESA, size), f"{number:020}")


def answers_of(sample: Sample, said: dict[str, str]) -> list[Seen]:
    """What was answered at those mesas of the sample that said anything."""
    return [
        Seen(f"mesa/{mesa.id}", "0001", CELL, frozenset((mesa.id,)), {"opened": said[mesa.id]})
        for mesa in sample.mesas
        if mesa.id in said
    ]


@pytest.mark.parametrize(
    ("rate", "kind"), [(0.01, SampleDesign.SIMPLE), (0.04, SampleDesign.STRATIFIED), (0.5, SampleDesign.STRATIFIED)]
)
def test_an_interval_holds_the_share_of_all_in_95_of_100_samples_or_more(rate: float, kind: SampleDesign) -> None:
    chance = random.Random(7)
    strays = {area: rate * (1 + (chance.random() - 0.5)) for area in AREAS}
    said = {unit.id: "no" if chance.random() < strays[unit.stratum] else "yes" for unit in FRAME.units}
    truth = sum(answer == "no" for answer in said.values()) / len(said)
    held = 0
    for number in range(100):
        sample = sample_of(number, kind=kind)
        share = find_sampled(OPENED, answers_of(sample, said), sample).shares["no"]
        held += share.low <= truth <= share.high
    assert held >= 92  # fewer would come in one trial of ten if they held 95 %, and these rather hold more


def test_an_answer_that_nobody_gave_has_an_interval_above_nothing() -> None:
    sample = sample_of(1)
    found = find_sampled(OPENED, answers_of(sample, {unit.id: "yes" for unit in FRAME.units}), sample)
    assert (found.drawn, found.answered) == (200, 200)
    assert found.shares["no"].share == 0
    assert 0.005 < found.shares["no"].high < 0.02  # three in two hundred at most, less what the frame is no larger


def test_of_a_stratum_those_who_answered_stand_for_all() -> None:
    sample = sample_of(2)
    large = {unit.id: "no" if unit.stratum == "scope/abroad" else "yes" for unit in FRAME.units}
    half = {mesa: answer for mesa, answer in large.items() if answer == "yes" or int(mesa) % 2}
    whole, partial = (find_sampled(OPENED, answers_of(sample, said), sample) for said in (large, half))
    assert partial.answered < whole.answered
    assert partial.shares["no"].share == pytest.approx(whole.shares["no"].share)


def test_nothing_is_said_where_too_few_answered_or_other_things_were_drawn() -> None:
    sample = sample_of(3)
    said = {mesa.id: "yes" for mesa in sample.mesas[:90]}
    assert find_sampled(OPENED, answers_of(sample, said), sample).shares == {}
    elsewhere = [seen_at(n, CELL, {"a"}, opened="yes") for n in range(200)]
    assert find_sampled(OPENED, elsewhere, sample).answered == 0
    assert find_sampled(LACKING, answers_of(sample, {}), sample).shares == {}


@pytest.mark.parametrize(
    ("beside", "region", "may"), [(0, "01", True), (3, "01", False), (5, "01", True), (3, "02", False), (5, "02", True)]
)
def test_a_sample_leaves_the_house_only_if_what_is_beside_it_is_of_five_or_nobody(
    beside: int, region: str, may: bool
) -> None:
    sample = sample_of(4)
    seen = answers_of(sample, {mesa.id: "yes" for mesa in sample.mesas})
    cell = FindingCell(region, PlaceSetting.NOT_TOLD)
    seen += [seen_at(n, cell, {f"a{n}"}, opened="no") for n in range(beside)]
    ground = FindingsGround({"opening": seen}, {}, frozenset(("01", "02")))
    [found] = find_for_statement([form_of(OPENED, WAIT)], ground, K, sample)[:1]
    assert (found.sampled is not None) is may
    house = find_in_house([form_of(OPENED, WAIT)], ground, K, sample)
    assert [one.sampled is not None for one in house] == [True, False]


def test_one_who_answered_beside_a_sample_of_the_same_region_is_not_told_by_many_elsewhere() -> None:
    sample = sample_of(5)
    seen = answers_of(sample, {mesa.id: "yes" for mesa in sample.mesas})
    elsewhere = FindingCell("02", PlaceSetting.NOT_TOLD)
    seen += [seen_at(n, elsewhere, {f"a{n}"}, opened="no") for n in range(9)]
    seen.append(seen_at(99, CELL, {"alone"}, opened="no"))
    [found] = find_for_statement(
        [form_of(OPENED)], FindingsGround({"opening": seen}, {}, frozenset(("01", "02"))), K, sample
    )
    assert found.sampled is None


def test_that_none_of_a_few_beside_a_sample_was_asked_is_not_told_by_it() -> None:
    sample = sample_of(6)
    seen = answers_of(sample, {mesa.id: "yes" for mesa in sample.mesas})
    seen += [seen_at(n, CELL, {f"a{n}"}, wait=5) for n in range(3)]
    ground = FindingsGround({"opening": seen}, {}, frozenset(("01",)))
    [found] = find_for_statement([form_of(OPENED)], ground, K, sample)
    assert found.sampled is None
