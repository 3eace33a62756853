"""The public layer: coarse, late, in steps; an attacker who has everything public finds nobody."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.mission.public_layer import tell_layer
from mission.publication import Terms, count_rows, public_layer, round_half_hour
from mission.zones import K, Zones
from tally import moments
from tally.keys import area_key
from tests.mission.attacker import attack
from tests.mission.missions import SECRET, Mission, draw_mission

PREFIXES = st.sampled_from(
    [f"{a}{b}{c}" for a in ("01", "02", "03") for b in ("", "01", "02") for c in (("", "01", "02") if b else ("",))]
)
ASSIGNED = st.dictionaries(PREFIXES, st.integers(0, 12))


class RollUp:
    """The rule without its second half: an area is named where enough are assigned; nothing is said of what is left."""

    def __init__(self, observers: Mapping[str, int]) -> None:
        totals: dict[str, int] = {}
        for prefix, n in observers.items():
            for length in range(2, len(prefix) + 1, 2):
                totals[prefix[:length]] = totals.get(prefix[:length], 0) + n
        self.named = {prefix for prefix, n in totals.items() if n >= K}

    def key(self, district: str) -> str | None:
        """The smallest area that is named."""
        return next((area_key(district[:length]) for length in (6, 4, 2) if district[:length] in self.named), None)


def draw(seed: int) -> Mission:
    return draw_mission(random.Random(seed))


# `make soak` lets the attacker loose on ten thousand missions.
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_attacker_singles_out_fewer_than_five_observers(seed: int) -> None:
    assert attack(draw(seed)) == []


def test_the_same_attacker_finds_people_where_areas_are_only_rolled_up() -> None:
    with patch("mission.publication.Zones", RollUp):
        found = [attack(draw(seed), RollUp) for seed in range(30)]
    assert sum(map(bool, found)) > 5


@settings(max_examples=200, deadline=None)
@given(observers=ASSIGNED)
def test_every_named_area_and_every_rest_has_five_observers_or_none(observers: dict[str, int]) -> None:
    zones = Zones(observers)

    def assigned(area: str) -> int:
        return sum(n for prefix, n in observers.items() if prefix.startswith(area))

    for area in ("", *zones.named) if zones.named else ():
        parts = [part for part in zones.named if len(part) == len(area) + 2 and part.startswith(area)]
        rest = assigned(area) - sum(map(assigned, parts))
        assert rest == 0 or rest >= K, (area, parts)
        assert area == "" or assigned(area) >= K
        assert all(part[:-2] in ("", *zones.named) for part in parts)


@pytest.mark.parametrize(
    ("observers", "named"),
    [
        ({"140101": 5}, {"140101": "district/140101", "140102": None}),
        ({"140101": 4}, {"140101": None}),
        ({"140101": 3, "140102": 2}, {"140101": "province/1401", "140102": "province/1401"}),
        ({"140101": 3, "140201": 2}, {"140101": "department/14", "140201": "department/14"}),
        # Showing the first alone would leave the second to be subtracted.
        ({"140101": 9, "140102": 2}, {"140101": "province/1401", "140102": "province/1401"}),
        ({"140101": 9, "140102": 5, "140103": 2}, {"140101": "district/140101", "140103": "province/1401"}),
        ({"140101": 9, "140102": 2, "140103": 3}, {"140101": "district/140101", "140103": "province/1401"}),
        ({"140101": 9, "140201": 2}, {"140101": "department/14", "140201": "department/14"}),
        # The country's total is printed in the summary: two in a department of their own would be left.
        ({"140101": 9, "240101": 2}, {"140101": None, "240101": None}),
        ({"140101": 9, "240101": 2, "030101": 3}, {"140101": "district/140101", "240101": None, "030101": None}),
    ],
)
def test_areas_are_named_as_finely_as_is_safe(observers: dict[str, int], named: dict[str, str | None]) -> None:
    zones = Zones(observers)
    assert {district: zones.key(district) for district in named} == named


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_answer_says_nothing_but_area_category_severity_and_half_hour(seed: int) -> None:
    mission = draw(seed)
    for step in mission.steps:
        body = msgspec.json.encode(tell_layer(public_layer(mission.until(step), mission.terms, step), mission.terms))
        assert SECRET.encode() not in body
        assert b"77.12" not in body
        told = msgspec.json.decode(body)
        assert told.keys() == {"as_of", "delay_minutes", "rows", "incidents"}
        for one in told["incidents"]:
            assert one.keys() == {"key", "category", "severity", "at"}
            assert moments.read(one["at"]).minute in (0, 30)
            assert one["key"].partition("/")[0] in ("district", "province", "department")


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), minutes=st.integers(0, 29))
def test_nothing_changes_between_two_steps_and_nothing_is_early(seed: int, minutes: int) -> None:
    mission = draw(seed)
    for step in mission.steps:
        at_step = public_layer(mission.until(step), mission.terms, step)
        later = step + timedelta(minutes=minutes)
        records = mission.until(later)
        published = [one for one in records.publications if one.cut <= moments.write(step)]
        between = public_layer(msgspec.structs.replace(records, publications=tuple(published)), mission.terms, later)
        assert between.notices == at_step.notices
        for incident in mission.until(step).incidents:
            if incident.id in at_step.notices:
                assert incident.verified_at is not None
                assert moments.read(incident.verified_at) + mission.terms.delay <= step


def test_rows_add_up_to_the_incidents_from_the_district_to_the_department() -> None:
    mission = next(one for one in map(draw, range(1000)) if public_layer(one.records, one.terms, one.steps[-1]).notices)
    notices = public_layer(mission.records, mission.terms, mission.steps[-1]).notices.values()
    rows = count_rows(notices)
    departments = [sum(row.values()) for key, row in rows.items() if key.startswith("department/")]
    assert sum(departments) == len(notices)
    for notice in notices:
        assert rows[notice.key][notice.severity] > 0


def test_an_hour_and_a_half_hour_are_the_rule() -> None:
    assert Terms() == Terms(timedelta(minutes=60), timedelta(minutes=30))
    now = datetime(2026, 6, 7, 18, 44, 59, tzinfo=UTC)
    assert Terms().cut(now) == datetime(2026, 6, 7, 18, 30, tzinfo=UTC)
    assert round_half_hour("2026-06-07T18:44:59Z") == "2026-06-07T18:30:00Z"
    assert round_half_hour("2026-06-07T18:45:00Z") == "2026-06-07T19:00:00Z"
    assert round_half_hour("2026-06-07T23:50:00Z") == "2026-06-08T00:00:00Z"
