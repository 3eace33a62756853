"""A polling place's code that turns up in a second ubigeo: told, and no mesa under a stranger's place."""

import itertools

import msgspec

from tally.board import Board, Fact
from tally.changes import ChangeSet, encode, fold
from tally.model import AreaState, PollingPlace
from tests.tally.makers import acta, fact, place

HERE, THERE = "140101", "150101"
TOLD = [{"figures": {"code": "0001", "ubigeo": HERE}, "rule": "place_code"}]


def both() -> list[Fact]:
    """Place 0001 of two districts, and a mesa in each."""
    return [
        place("0001", HERE, "IE 1"),
        place("0001", THERE, "IE UNO"),
        fact("000001", acta((60, 40), ubigeo=HERE)),
        fact("000002", acta((7, 8), ubigeo=THERE)),
    ]


def test_each_mesa_stands_under_the_place_of_its_own_district() -> None:
    board = Board(2)
    board.apply(both())
    assert board.sums.of("place/0001").votes == (60, 40)
    assert board.sums.of(f"place/{THERE}-0001").votes == (7, 8)
    assert board.actas["mesa/000002"].place == f"{THERE}-0001"
    names = {key: (known.name, known.ubigeo) for key, known in board.places.items()}
    assert names == {"place/0001": ("IE 1", HERE), f"place/{THERE}-0001": ("IE UNO", THERE)}
    board.sums.cross_check()


def test_the_second_district_is_told_of_it_and_the_first_is_not() -> None:
    board = Board(2)
    changes = {change.key: msgspec.json.decode(change.data) for change in board.apply(both())}
    assert changes[f"district/{THERE}"]["flags"] == TOLD
    assert "flags" not in changes[f"district/{HERE}"]


def test_saying_it_again_changes_nothing() -> None:
    board = Board(2)
    board.apply(both())
    assert board.apply(both()) == []
    assert board.apply([fact("000002", acta((7, 8), ubigeo=THERE))]) == []


def test_a_restart_knows_all_of_it_again() -> None:
    log = Board(2)
    made = log.apply([*both(), place("0002", THERE), place("0002", HERE), place("0003", HERE), place("0003", THERE)])
    state = fold([ChangeSet(1, "2026-06-08T00:00:00Z", tuple(made))])
    for order in (list(state), list(reversed(state))):
        again = Board(2)
        again.restore((key, state[key].change.data) for key in order)
        for key in ("district/140101", "district/150101"):
            assert encode(again.state(key)) == encode(log.state(key))
        assert again.apply(both()) == []


def test_in_whatever_order_they_come_nobody_is_under_a_stranger() -> None:
    for facts in itertools.permutations(both()):
        board = Board(2)
        for one in facts:
            board.apply([one])
        for mesa in board.actas.values():
            assert board.places[f"place/{mesa.place}"].ubigeo == mesa.ubigeo
        flagged = [key for key in ("district/140101", "district/150101") if _flags(board, key)]
        assert len(flagged) == 1
        board.sums.cross_check()


def _flags(board: Board, key: str) -> object:
    state = board.state(key)
    assert isinstance(state, AreaState)
    return state.flags or ()


def test_a_source_that_leads_its_codes_by_the_ubigeo_itself_is_told_of_nothing() -> None:
    board = Board(2)
    board.apply([place(f"{ubigeo}-0001", ubigeo) for ubigeo in (HERE, THERE)])
    assert not board.places.doubled
    assert [known.code for known in board.places.values() if isinstance(known, PollingPlace)] == [
        f"{HERE}-0001",
        f"{THERE}-0001",
    ]
