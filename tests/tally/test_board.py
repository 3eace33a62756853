"""The board: sums at every level, kinds of change, holds, and the fold of its own changes."""

import random
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.board import Board, Fact
from tally.changes import Change, ChangeSet, Kind, encode, fold
from tally.errors import CountInconsistent
from tally.model import Acta, ActaState, AreaCount, AreaState, PlaceState, PollingPlace, Sums
from tally.rules.issues import Issue
from tally.rules.reconcile import compare
from tests.tally.makers import acta, count, fact, pending, place


def kinds(changes: list[Change]) -> dict[str, Kind]:
    return {change.key: change.kind for change in changes}


def data(changes: list[Change], key: str) -> dict[str, Any]:
    found = next(change for change in changes if change.key == key)
    value: dict[str, Any] = msgspec.json.decode(found.data)
    return value


ABOVE = ["nation", "scope/domestic", "department/14", "province/1401", "district/140101", "place/0001"]


def test_one_acta_changes_everything_above_it() -> None:
    board = Board(2)
    changes = board.apply([place(), fact("000001", acta())])
    assert kinds(changes) == dict.fromkeys([*ABOVE, "mesa/000001"], Kind.UPDATE)
    for key in ABOVE:
        computed = data(changes, key)["computed"]
        assert (computed["votes"], computed["cast"], computed["counted"], computed["total"]) == ([60, 40], 106, 1, 1)


def test_the_same_facts_again_change_nothing() -> None:
    board = Board(2)
    facts = [Fact("nation", "TODOS"), Fact("nation", count()), place(), fact("000001", acta())]
    assert board.apply(facts)
    assert board.apply(facts) == []


def test_only_counted_actas_add_votes_but_all_add_to_the_roll() -> None:
    board = Board(2)
    at_jee = acta(code="E", state=ActaState.AT_JEE, cast=None, valid=None)
    empty = pending(code="C", state=ActaState.NOT_INSTALLED)
    board.apply(
        [place(), fact("000001", acta()), fact("000002", pending()), fact("000003", at_jee), fact("000004", empty)]
    )
    sums = board.sums.of("nation")
    assert (sums.counted, sums.at_jee, sums.pending, sums.total) == (2, 1, 1, 4)
    assert (sums.votes, sums.registered, sums.registered_counted) == ((60, 40), 1200, 600)


def test_an_annulled_acta_adds_its_null_votes_and_nothing_to_the_lists() -> None:
    board = Board(2)
    annulled = acta((0, 0), state=ActaState.ANNULLED, blank=0, challenged=0, null=170, cast=170)
    board.apply([place(), fact("000001", acta()), fact("000002", annulled)])
    sums = board.sums.of("nation")
    assert (sums.counted, sums.total, sums.votes, sums.valid) == (2, 2, (60, 40), 100)
    assert (sums.null, sums.cast, sums.registered_counted) == (172, 276, 600)


def test_an_annulled_acta_that_is_counted_after_all_is_a_correction() -> None:
    board = Board(2)
    # Mesa 026140 in June 2021: annulled one evening, 74 and 175 votes later.
    annulled = acta((0, 0), state=ActaState.ANNULLED, blank=0, challenged=0, null=260, cast=260)
    reinstated = acta((74, 175), blank=1, challenged=0, null=10, cast=260)
    board.apply([place(), fact("026140", annulled)])
    assert kinds(board.apply([fact("026140", reinstated)]))["mesa/026140"] is Kind.CORRECTION
    assert (board.sums.of("nation").votes, board.sums.of("nation").null) == ((74, 175), 10)


def test_an_acta_that_leaves_the_count_is_a_correction_all_the_way_up() -> None:
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    changes = board.apply([fact("000001", acta(code="E", state=ActaState.AT_JEE, cast=None, valid=None))])
    assert kinds(changes) == dict.fromkeys([*ABOVE, "mesa/000001"], Kind.CORRECTION)
    assert data(changes, "nation")["computed"]["votes"] == [0, 0]


def test_votes_that_move_from_one_list_to_the_other_are_a_correction() -> None:
    board = Board(2)
    board.apply([place(), fact("000001", acta((60, 40)))])
    assert set(kinds(board.apply([fact("000001", acta((61, 39)))])).values()) == {Kind.CORRECTION}


def test_a_published_total_that_went_down_is_a_correction_and_replaces_the_old() -> None:
    board = Board(2)
    board.apply([Fact("nation", count((60, 40)))])
    changes = board.apply([Fact("nation", count((59, 42)), "sha256:bb")])
    assert kinds(changes) == {"nation": Kind.CORRECTION}
    assert (data(changes, "nation")["published"]["votes"], changes[0].src) == ([59, 42], "sha256:bb")


def test_an_impossible_acta_is_held_and_the_last_good_one_stays_in_the_sums() -> None:
    board = Board(2)
    board.apply([place(), fact("000001", acta((60, 40)))])
    changes = board.apply([fact("000001", acta((600, 400)))])
    assert kinds(changes) == {"mesa/000001": Kind.HOLD}
    shown = data(changes, "mesa/000001")
    assert shown["votes"] == [60, 40]
    assert shown["held"] == [{"figures": {"cast": 1006, "registered": 300}, "rule": "over_roll"}]
    assert board.sums.of("nation").votes == (60, 40)


def test_a_mesa_whose_first_acta_is_impossible_is_shown_without_figures() -> None:
    board = Board(2)
    changes = board.apply([place(), fact("000001", acta((60, 40), valid=99))])
    shown = data(changes, "mesa/000001")
    assert (shown["state"], shown["votes"], shown["cast"]) == ("pending", None, None)
    assert board.sums.of("nation").pending == 1


def test_a_good_value_ends_a_hold() -> None:
    board = Board(2)
    board.apply([Fact("department/14", count()), place(), fact("000001", acta())])
    board.apply([Fact("department/14", count(total=99)), fact("000001", acta((600, 400)))])
    changes = board.apply([Fact("department/14", count()), fact("000001", acta())])
    assert kinds(changes) == {"department/14": Kind.RELEASE, "mesa/000001": Kind.RELEASE}
    assert "held" not in data(changes, "department/14")


def test_a_hold_that_goes_on_is_said_once() -> None:
    board = Board(2)
    board.apply([Fact("department/14", count())])
    assert kinds(board.apply([Fact("department/14", count(total=99))])) == {"department/14": Kind.HOLD}
    assert board.apply([Fact("department/14", count(total=99))]) == []


def test_the_nations_figures_in_a_department_are_held() -> None:
    board = Board(2)
    board.apply([Fact("nation", count())])
    changes = board.apply([Fact("department/14", count())])
    assert data(changes, "department/14")["published"] is None
    assert data(changes, "department/14")["held"][0]["rule"] == "scope_echo"


def test_the_only_area_that_the_source_names_within_a_contest_has_its_figures_and_is_no_echo() -> None:
    board = Board(2, scope="01")
    board.apply([Fact(key, "BAGUA") for key in ("nation", "department/01", "province/0102", "district/010201")])
    board.apply([Fact("nation", count()), Fact("department/01", count())])
    changes = board.apply([Fact("province/0102", count()), Fact("district/010201", count())])
    assert kinds(changes) == {"province/0102": Kind.UPDATE, "district/010201": Kind.UPDATE}


def test_the_whole_contests_figures_in_one_of_two_areas_are_held() -> None:
    board = Board(2, scope="01")
    board.apply([Fact(key, "BAGUA") for key in ("nation", "province/0102", "district/010201", "district/010202")])
    board.apply([Fact("nation", count())])
    changes = board.apply([Fact("province/0102", count()), Fact("district/010201", count())])
    assert kinds(changes) == {"province/0102": Kind.UPDATE, "district/010201": Kind.HOLD}


def test_a_mesa_that_moves_to_another_district_takes_its_votes_along() -> None:
    board = Board(2)
    board.apply([place(), place("0002", "150101"), fact("000001", acta()), fact("000002", acta((7, 8)))])
    board.apply([fact("000001", acta(ubigeo="150101", place="0002"))])
    assert board.sums.of("district/140101").votes == (7, 8)
    assert board.sums.of("department/15").votes == (60, 40)
    assert board.sums.of("place/0002").votes == (60, 40)
    board.sums.cross_check()


def test_abroad_is_a_scope_of_its_own() -> None:
    board = Board(2)
    board.apply([place("9001", "920101"), fact("088000", acta(ubigeo="920101", place="9001"))])
    assert board.sums.of("scope/abroad").votes == (60, 40)
    assert board.sums.of("department/92").votes == (60, 40)
    assert "scope/domestic" not in board.tree.nodes


def test_a_mesa_without_a_polling_place_counts_in_its_district() -> None:
    board = Board(2)
    board.apply([fact("000001", acta(place=None))])
    assert board.sums.of("district/140101").votes == (60, 40)
    board.sums.cross_check()


def test_the_cross_check_notices_a_sum_that_drifted() -> None:
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    board.sums.cross_check()
    board.sums._sums[board.tree.nodes["province/1401"], -1] += 1
    with pytest.raises(CountInconsistent, match=r"1 areas differ.*province/1401"):
        board.sums.cross_check()


@pytest.mark.parametrize("lists", [2, 18, 38])
def test_any_number_of_lists_adds_up(lists: int) -> None:
    board = Board(lists)
    board.apply(
        [place(), fact("000001", acta(tuple(range(lists)), registered=1000)), fact("000002", acta((1,) * lists))]
    )
    assert board.sums.of("nation").votes == tuple(n + 1 for n in range(lists))


def test_a_board_restored_from_its_log_is_the_same_board() -> None:
    board, log = Board(2), []
    facts = [
        [Fact("nation", "TODOS"), Fact("nation", count()), Fact("department/14", count(total=99))],
        [place(), fact("000001", acta()), fact("000002", pending())],
        [fact("000002", acta((1, 2))), fact("000001", acta((600, 400)))],
    ]
    for seq, batch in enumerate(facts, start=1):
        log.append(ChangeSet(seq, "2026-06-08T00:00:00Z", tuple(board.apply(batch))))
    again = Board(2)
    again.restore((key, entry.change.data) for key, entry in fold(log).items())
    for key in board.tree.nodes:
        assert encode(again.state(key)) == encode(board.state(key))
    assert again.actas == board.actas
    assert [again.apply(batch) for batch in facts[2:]] == [[]]


actas = st.builds(
    lambda votes, state, ubigeo: (
        acta(votes, ubigeo=ubigeo, place=f"p{ubigeo}")
        if state == "C"
        else pending(ubigeo=ubigeo, place=f"p{ubigeo}", code=state, state={"P": "pending", "E": "at_jee"}[state])
    ),
    st.tuples(st.integers(0, 140), st.integers(0, 140)),
    st.sampled_from("CCPE"),
    st.sampled_from(["140101", "140102", "140201", "150101", "920101"]),
)


@given(st.lists(st.lists(st.tuples(st.integers(1, 9), actas), max_size=6), max_size=6))
def test_rolling_up_preserves_sums_whatever_happened(batches: list[list[tuple[int, Acta]]]) -> None:
    board, log = Board(2), []
    for seq, batch in enumerate(batches, start=1):
        log.append(ChangeSet(seq, "", tuple(board.apply([fact(f"{mesa:06}", value) for mesa, value in batch]))))
    latest = {mesa: value for batch in batches for mesa, value in batch}
    counted = [value for value in latest.values() if value.state is ActaState.COUNTED]
    nation = board.sums.of("nation")
    assert nation.total == len(latest)
    assert nation.votes == tuple(sum(value.votes[n] for value in counted) for n in (0, 1))
    board.sums.cross_check()
    for level in ("department/", "district/"):
        parts = [board.sums.of(key) for key in board.tree.nodes if key.startswith(level)]
        assert sum(part.cast for part in parts) == nation.cast
    state = fold(log)
    assert all(
        state[key].change.data == encode(board.state(key)) for key in state if not key.startswith(("mesa", "place"))
    )


def test_a_big_count_agrees_with_a_plain_sum() -> None:
    seed = random.Random(7)
    board = Board(3)
    values = {
        f"{n:06}": acta(
            tuple(seed.randrange(90) for _ in range(3)), ubigeo=f"{seed.randrange(1, 26):02}0101", place=None
        )
        for n in range(5000)
    }
    board.apply([fact(mesa, value) for mesa, value in values.items()])
    plain = np.sum([value.votes for value in values.values()], axis=0)
    assert board.sums.of("nation").votes == tuple(int(votes) for votes in plain)


def test_published_and_computed_are_compared_figure_by_figure() -> None:
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    same = count(at_jee=0, pending=0, total=1)
    assert compare(same, board.sums.of("nation")) == {}
    other = msgspec.structs.replace(same, votes=(61, 39), blank=None)
    assert compare(other, board.sums.of("nation")) == {"votes": ((61, 39), (60, 40))}


def test_published_fields_stand_in_alphabetical_order_because_the_hash_depends_on_it() -> None:
    for kind in (Acta, AreaCount, Sums, AreaState, PlaceState, PollingPlace, Issue):
        assert list(kind.__struct_fields__) == sorted(kind.__struct_fields__)


def test_an_acta_of_a_district_that_the_catalogue_does_not_have_is_not_shown() -> None:
    board = Board(2)
    board.apply([Fact("district/140101", "LIMA"), place(), fact("000001", acta())])
    for ubigeo in ("140100", "999999"):
        assert board.apply([fact("000002", acta(ubigeo=ubigeo))]) == []
    held = board.apply([fact("000001", acta(ubigeo="999999"))])
    assert kinds(held) == {"mesa/000001": Kind.HOLD}
    assert data(held, "mesa/000001")["held"][0]["rule"] == "unknown_area"
    board.sums.cross_check()
