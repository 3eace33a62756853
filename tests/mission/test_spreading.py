"""Observers spread over a sample: the nearest first, nobody twice, and nobody idle while a place has nobody."""

from hypothesis import given
from hypothesis import strategies as st

from mission.people.spreading import spread

PREFIXES = st.sampled_from(["14", "1401", "140101", "140102", "140201", "240101", "0101"])
UBIGEOS = PREFIXES.filter(lambda prefix: len(prefix) == 6)


def test_a_district_comes_before_a_province_and_that_before_a_department() -> None:
    places = [("place/1", "140101"), ("place/2", "140102"), ("place/3", "140201"), ("place/4", "240101")]
    observers = [
        ("far", "district/010101", "010101"),
        ("same-department", "district/140301", "140301"),
        ("same-district", "district/140101", "140101"),
        ("same-province", "district/140103", "140103"),
    ]
    assert dict(spread(places, observers).orders) == {
        "same-district": "place/1", "same-province": "place/2", "same-department": "place/3", "far": "place/4",
    }  # fmt: skip


def test_whoever_is_at_a_place_of_the_sample_stays() -> None:
    found = spread([("place/2", "140101")], [("a", "place/1", "140101"), ("b", "place/2", "140101")])
    assert (found.orders, found.idle) == ((("b", "place/2"),), ("a",))


def test_somebody_who_is_known_by_the_department_alone_is_taken_for_it() -> None:
    found = spread([("place/1", "240101"), ("place/2", "140101")], [("a", "department/14", "14"), ("b", None, None)])
    assert dict(found.orders) == {"a": "place/2", "b": "place/1"}


@given(
    ubigeos=st.lists(UBIGEOS, max_size=12),
    where=st.lists(st.one_of(st.none(), PREFIXES), max_size=12),
)
def test_nobody_goes_to_two_places_and_nobody_is_idle_while_one_is_free(
    ubigeos: list[str], where: list[str | None]
) -> None:
    places = [(f"place/{n}", ubigeo) for n, ubigeo in enumerate(ubigeos)]
    found = spread(places, [(f"o{n:02}", None, prefix) for n, prefix in enumerate(where)])
    assert len(dict(found.orders)) == len({key for _, key in found.orders}) == len(found.orders)
    assert len(found.orders) == min(len(ubigeos), len(where))
    assert not (found.uncovered and found.idle)
    assert {key for _, key in found.orders} | set(found.uncovered) == {key for key, _ in places}
