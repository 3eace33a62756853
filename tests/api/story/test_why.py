"""Why a number changed: the parts of every step, and the rest, add up to the step."""

from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.story.trails import Point, Trail
from api.story.why import Names, explain
from tally.model import AreaCount, Sums
from tests.api.conftest import BASE
from tests.api.country import NAMES, Country, minute

NATIONAL = [key for key in NAMES if key.startswith(("nation", "scope", "department"))]
_FIGURES = ("valid", "cast", "counted", "at_jee", "pending", "total", "from_pending", "from_jee")


def why(client: httpx.Client, query: str = "") -> Any:
    answer = client.get(f"{BASE}/why{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def total(moves: list[dict[str, Any]], name: str) -> int:
    return sum(move[name] for move in moves)


def assert_adds_up(step: dict[str, Any]) -> None:
    moved, rest = step["moved"], step["unexplained"]
    told = [part["moved"] for part in step["parts"]] + [step["others"]["moved"]]
    for name in _FIGURES:
        assert total(told, name) + rest[name] == moved[name], name
    for place in range(len(moved["votes"])):
        assert sum(one["votes"][place] for one in told) + rest["votes"][place] == moved["votes"][place]
        assert step["after"][place] - step["before"][place] == moved["votes"][place]
    assert moved["counted"] + moved["at_jee"] + moved["pending"] == moved["total"]
    assert moved["from_pending"] + moved["from_jee"] == moved["counted"]
    if step["groups"]:
        assert total([group["moved"] for group in step["groups"]], "valid") + rest["valid"] == moved["valid"]


def test_a_step_is_split_into_the_areas_that_reported(client: httpx.Client, country: Country, caught_up: Any) -> None:
    in_lima, in_callao, abroad = country.mesas[:8], country.mesas[24:30], country.mesas[-3:]
    country.count([*in_lima, *in_callao], minute(1))
    country.publish(NATIONAL, minute(2))
    country.count(abroad, minute(3), (10, 90))
    country.publish(["nation"], minute(4))
    country.publish([key for key in NATIONAL if key != "nation"], minute(5))  # the parts are read a little later
    country.count(country.mesas[8:10], minute(6))
    country.publish(["nation"], minute(7))  # and these have not been read yet
    caught_up()
    found = why(client)
    for step in found["steps"]:
        assert_adds_up(step)
    newest, middle = found["steps"][:2]
    assert (newest["moved"]["counted"], newest["parts"]) == (2, [])
    assert newest["unexplained"] == newest["moved"]
    assert [part["key"] for part in middle["parts"]] == ["department/92"]
    assert middle["moved"]["votes"] == [30, 270]
    assert (middle["leader_before"], middle["leader"]) == (0, 1)
    assert [(group["id"], group["areas"]) for group in middle["groups"]] == [("abroad", 1)]
    part = middle["parts"][0]
    assert [after - before for before, after in zip(part["before"], part["after"], strict=True)] == [30, 270]
    published = found["steps"][-1] if found["next"] is None else why(client, "?limit=100")["steps"][-1]
    assert published["is_first"]


def test_actas_from_the_jury_are_told_apart_from_pending_ones() -> None:
    steps = explain(_trail((1, 10, 3, 7), (2, 14, 1, 5), (3, 15, 2, 3)), {}, _NAMES, before=None, limit=9)
    moves = [(step.moved.counted, step.moved.from_jee, step.moved.from_pending, step.moved.at_jee) for step in steps]
    assert moves[:2] == [(1, 0, 1, 1), (4, 2, 2, -2)]


def test_a_first_figure_of_an_area_is_not_a_movement() -> None:
    whole = _trail((1, 10, 0, 10), (5, 12, 0, 8))
    late = {"department/01": _trail((6, 9, 0, 1))}
    late["department/01"].reached = whole.reached = 6
    newest = explain(whole, late, _NAMES, before=None, limit=1)[0]
    assert newest.parts == []
    assert newest.unexplained == newest.moved


def test_the_largest_area_at_home_and_the_world_are_told_apart(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    country.publish(NATIONAL, minute(1))
    country.count([*country.mesas[:3], *country.mesas[24:28], *country.mesas[-2:]], minute(2))
    country.publish(NATIONAL, minute(3))
    caught_up()
    newest = why(client, "?limit=1")["steps"][0]
    groups = {group["id"]: (group["name"], group["moved"]["counted"]) for group in newest["groups"]}
    assert groups == {"largest": ("LIMA", 3), "rest": (None, 4), "abroad": (None, 2)}
    assert newest["unexplained"]["counted"] == 0


def test_steps_are_read_page_by_page_one_by_one_and_as_of_a_moment(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    for n in range(6):
        country.count(country.mesas[n * 3 : n * 3 + 3], minute(2 * n + 1))
        country.publish(NATIONAL, minute(2 * n + 2))
    caught_up()
    whole = why(client, "?limit=100")["steps"]
    pages, end = [], ""
    while True:
        page = why(client, f"?limit=2{end}")
        pages += page["steps"]
        if page["next"] is None:
            break
        end = f"&before={page['next']}"
    assert pages == whole
    assert why(client, f"?seq={whole[2]['seq']}")["steps"] == [whole[2]]
    then = why(client, f"?at={minute(6)}&limit=100")["steps"]
    assert [step["seq"] for step in then] == [step["seq"] for step in whole if step["at"] <= minute(6)]
    for key in ("department/14", "province/1401", "district/140101", "scope/domestic"):
        for step in why(client, f"?key={key}&limit=100")["steps"]:
            assert_adds_up(step)
    assert client.get(f"{BASE}/why?key=department/77").status_code == 404
    assert client.get(f"{BASE}/why?key=mesa/000001").status_code == 422


_NAMES = Names({}, {}, None)


def _trail(*cuts: tuple[int, int, int, int]) -> Trail:
    return Trail(cuts[-1][0], [_point(*cut) for cut in cuts])


def _point(seq: int, counted: int, at_jee: int, pending: int) -> Point:
    votes = (counted * 7, counted * 5)
    total = counted + at_jee + pending
    count = AreaCount(
        at_jee=at_jee,
        cast=counted * 13,
        counted=counted,
        pending=pending,
        total=total,
        valid=counted * 12,
        votes=votes,
    )
    return Point(seq, minute(seq), count, True, Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (0, 0)))


_cuts = st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(whole=_cuts, parts=st.lists(_cuts, max_size=12), spread=st.integers(1, 4))
@pytest.mark.parametrize("limit", [100])
def test_whatever_is_published_when_the_parts_and_the_rest_are_the_whole(
    whole: list[tuple[int, int, int]], parts: list[list[tuple[int, int, int]]], spread: int, limit: int
) -> None:
    def trail(cuts: list[tuple[int, int, int]], first: int) -> Trail:
        points = [_point(first + n * spread, *cut) for n, cut in enumerate(cuts)]
        return Trail(100, points)

    below = {f"department/{n:02}": trail(cuts, 1 + n % 5) for n, cuts in enumerate(parts)}
    for step in explain(trail(whole, 3), below, _NAMES, before=None, limit=limit):
        told = [part.moved for part in step.parts] + [step.others.moved, step.unexplained]
        assert sum((one.valid for one in told), 0) == step.moved.valid
        assert sum((one.from_jee for one in told), 0) == step.moved.from_jee
        assert sum((one.counted for one in told), 0) == step.moved.counted
        assert tuple(map(sum, zip(*(one.votes for one in told), strict=True))) == step.moved.votes


def test_that_the_source_says_our_own_sum_too_is_no_step() -> None:
    ours = msgspec.structs.replace(_point(1, 10, 0, 5), is_published=False)
    whole = Trail(3, [ours, _point(2, 10, 0, 5), _point(3, 12, 0, 3)])
    found = explain(whole, {}, _NAMES, before=None, limit=9)
    assert [step.seq for step in found] == [3, 1]
    assert found[0].moved.counted == 2
