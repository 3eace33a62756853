"""The sample of a quick count: drawn again by anyone, each unit with the chance that is stated."""

import hashlib
from collections import Counter
from itertools import chain

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mission.flags.sheets import read_sheets
from mission.quickcount.frame import Frame, SampleUnit, Unit, read_frame, stratum_of
from mission.quickcount.sampling import Design, Sample, SampleDesign, allot, draw, fold, poststratify
from tally.changes import encode
from tally.errors import InvalidInput
from tally.keys import mesa_key
from tests.mission.counts import mesas
from tests.mission.quickcount.makers import DEPARTMENTS, SEED, frame, mesas_of
from tests.tally.makers import acta

SIMPLE = Design(SampleDesign.SIMPLE, SampleUnit.MESA, 12)
STRATIFIED = Design(SampleDesign.STRATIFIED, SampleUnit.MESA, 12)


def test_the_draw_is_the_published_rule_and_nothing_else() -> None:
    whole = frame((40, 30, 10))
    tickets = sorted((hashlib.sha256(f"{SEED},{unit.id}".encode()).hexdigest(), unit) for unit in whole.units)
    assert mesas_of(draw(whole, SIMPLE, SEED)) == sorted(unit.id for _, unit in tickets[:12])
    seats = {"department/01": 6, "department/14": 4, "scope/abroad": 2}
    first = [[unit.id for _, unit in tickets if unit.stratum == area][:number] for area, number in seats.items()]
    assert mesas_of(draw(whole, STRATIFIED, SEED)) == sorted(chain.from_iterable(first))


def test_the_order_of_the_list_plays_no_part() -> None:
    whole = frame((40, 30, 10))
    turned = Frame(tuple(reversed(whole.units)))
    assert draw(turned, STRATIFIED, SEED) == draw(whole, STRATIFIED, SEED)
    assert whole.digest == turned.digest != frame((40, 30, 11)).digest


def test_a_larger_sample_of_the_same_strata_holds_the_smaller_one() -> None:
    whole = frame((400, 300, 100))
    for kind in SampleDesign:
        smaller, larger = (draw(whole, Design(kind, SampleUnit.MESA, size), SEED) for size in (40, 90))
        assert set(mesas_of(smaller)) < set(mesas_of(larger))


@pytest.mark.parametrize("kind", SampleDesign)
def test_every_unit_is_drawn_with_the_chance_that_is_stated(kind: SampleDesign) -> None:
    whole, times, runs = frame((12, 6, 3)), Counter[str](), 2000
    design = Design(kind, SampleUnit.MESA, 8)
    for number in range(runs):
        sample = draw(whole, design, f"{number:020}")
        times.update(mesas_of(sample))
    chance = {area: stratum.probability for stratum in sample.strata for area in stratum.areas}
    # Five standard deviations, which a right draw leaves once in 80,000 runs of this test.
    for unit in whole.units:
        expected = chance[unit.stratum]
        assert times[unit.id] / runs == pytest.approx(
            expected, abs=5 * (expected * (1 - expected) / runs) ** 0.5 + 1e-9
        )


def test_a_place_is_drawn_with_all_of_its_mesas() -> None:
    whole = frame((40, 30, 10))
    sample = draw(whole, Design(SampleDesign.SIMPLE, SampleUnit.PLACE, 5), SEED)
    places = {mesa.cluster for mesa in sample.mesas}
    assert len(places) == 5
    assert mesas_of(sample) == [unit.id for unit in whole.units if unit.cluster in places]
    assert [(one.mesas, one.units, one.drawn) for one in sample.strata] == [(80, 21, 5)]


def test_mesas_of_no_known_place_stand_alone() -> None:
    whole = Frame(tuple(Unit(f"{n:06}", "department/01") for n in range(6)))
    assert len(draw(whole, Design(SampleDesign.SIMPLE, SampleUnit.PLACE, 3), SEED).mesas) == 3


@given(st.lists(st.integers(2, 60), min_size=1, max_size=9), st.integers(2, 150))
def test_seats_follow_mesas_and_every_stratum_has_two(mesas: list[int], number: int) -> None:
    number = max(2 * len(mesas), min(number, sum(mesas)))
    seats = allot(mesas, mesas, number)
    assert sum(seats) == number
    assert all(2 <= seat <= most for seat, most in zip(seats, mesas, strict=True))
    for seat, mesa in zip(seats, mesas, strict=True):
        # Nobody above their least has less claim to their last seat than another to one more.
        claims = [other / (2 * own + 1) for own, other in zip(seats, mesas, strict=True) if own < other]
        assert seat == 2 or not claims or mesa / (2 * seat - 1) >= max(claims) - 1e-9


@given(st.dictionaries(st.sampled_from([f"department/{n:02}" for n in range(1, 26)]), st.integers(1, 50), min_size=1))
def test_small_strata_are_taken_together_and_none_is_lost(mesas: dict[str, int]) -> None:
    groups = fold(mesas, mesas, 5, 2)
    assert sorted(area for areas in groups for area in areas) == sorted(mesas)
    assert len(groups) <= 5
    assert len(groups) == 1 or min(sum(mesas[area] for area in areas) for areas in groups) >= 2


def test_the_smallest_strata_are_the_ones_that_are_joined() -> None:
    mesas = dict(zip(("department/01", "department/02", "department/03", "scope/abroad"), (50, 9, 70, 3), strict=True))
    assert fold(mesas, mesas, 3, 2) == [("department/01",), ("department/02", "scope/abroad"), ("department/03",)]


def test_a_simple_sample_says_how_it_lies_by_area() -> None:
    sample = draw(frame((40, 30, 10)), SIMPLE, SEED)
    fell = Counter(mesa.stratum for mesa in sample.mesas)
    assert [(one.areas, one.mesas, one.drawn) for one in sample.regions] == [
        ((area,), size, fell[area]) for area, size in zip(DEPARTMENTS, (40, 30, 10), strict=True)
    ]
    assert poststratify(sample).strata == sample.regions


@pytest.mark.parametrize(
    ("design", "seed", "why"),
    [
        (SIMPLE, "123", "20 digits"),
        (Design(SampleDesign.SIMPLE, SampleUnit.MESA, 1), SEED, "between 2 and 80"),
        (Design(SampleDesign.SIMPLE, SampleUnit.MESA, 81), SEED, "between 2 and 80"),
        (Design(SampleDesign.SIMPLE, SampleUnit.PLACE, 22), SEED, "between 2 and 21"),
    ],
)
def test_a_sample_that_cannot_be_drawn_is_refused(design: Design, seed: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        draw(frame((40, 30, 10)), design, seed)


@pytest.mark.parametrize(
    ("units", "why"),
    [
        ((Unit("000001", "department/01"), Unit("000001", "department/01"), Unit("000002", "department/01")), "twice"),
        ((Unit("000001", "department/01", "0001"), Unit("000002", "department/02", "0001")), "two strata"),
    ],
)
def test_a_frame_that_contradicts_itself_is_refused(units: tuple[Unit, ...], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        draw(Frame(units), Design(SampleDesign.SIMPLE, SampleUnit.PLACE, 2), SEED)


def test_a_frame_is_read_from_a_count() -> None:
    stray = {mesa_key("000003"): encode(acta(place=None, ubigeo="920101"))}
    sheets = read_sheets({**mesas([50, 60]), **stray}.items(), 2)
    assert read_frame(sheets, {"0001"}).units == (
        Unit("000001", "department/14", "0001", 300, True),
        Unit("000002", "department/14", "0001", 300, True),
        Unit("000003", "scope/abroad", None, 300, None),
    )
    assert stratum_of("250101") == "department/25"


@settings(max_examples=10)
@given(st.sampled_from(SampleDesign), st.sampled_from(SampleUnit))
def test_a_sample_is_kept_as_json(kind: SampleDesign, unit: SampleUnit) -> None:
    sample = draw(frame((40, 30, 10)), Design(kind, unit, 8), SEED)
    assert msgspec.json.decode(msgspec.json.encode(sample), type=Sample) == sample
