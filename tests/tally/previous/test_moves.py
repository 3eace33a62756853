"""What became of polling places between two elections, and which mesas went elsewhere."""

import pytest

from tally.previous.comparison import Comparison
from tally.previous.declaration import PlaceNames, Predecessor, Regrouped
from tally.previous.former_count import Figures, FormerCount, FormerPlace, Places, plain_name
from tally.previous.moves import Move, PlaceMove, moves_of

NAMES = PlaceNames(("ie",), 4)
DECLARED = Predecessor(
    election="before",
    lists=(),
    source={"es": "Prueba"},
    places=NAMES,
    regrouped=(Regrouped(("140101",), ("140101", "140102"), {"es": "Se dividió"}),),
)
THEN = {
    "140101": ["IE SAN JUAN", "IE SANTA ROSA", "IE 1001 UNO"],
    "140201": ["IE DOS DE MAYO", "IE 2002", "COLEGIO VIEJO", "IE DOBLE", "DOBLE"],
    "140301": ["IE 3003 TRES"],
}
NOW = {
    "140101": ["SAN JUAN"],
    "140102": ["IE SANTA ROSA", "IE 1001"],
    "140201": ["DOS DE MAYO", "COLEGIO NUEVO", "DOBLE"],
    "140301": ["IE 2002 DOS", "IE SAN JUAN"],
}


def places_of(listed: dict[str, list[str]], prefix: str) -> Places:
    found: Places = {}
    for ubigeo, names in listed.items():
        for n, name in enumerate(names):
            place = FormerPlace(f"place/{prefix}{ubigeo}{n}", name, 1, Figures())
            found.setdefault(f"district/{ubigeo}", {}).setdefault(plain_name(NAMES, name), []).append(place)
    return found


def comparison(mesas: dict[str, str | None] | None = None) -> Comparison:
    areas = {f"district/{ubigeo}": (None, Figures()) for ubigeo in THEN}
    former = FormerCount("before", "e", 1, "2026-01-01T00:00:00Z", True, areas, places_of(THEN, "a"), None, mesas)
    return Comparison(DECLARED, former)


@pytest.fixture
def moves() -> list[PlaceMove]:
    return moves_of(comparison(), places_of(NOW, "b"))


def test_every_place_of_both_elections_is_told_once(moves: list[PlaceMove]) -> None:
    assert sorted(move.now.key for move in moves if move.now) == sorted(
        place.key for own in places_of(NOW, "b").values() for same in own.values() for place in same
    )
    assert sorted(move.then.key for move in moves if move.then) == sorted(
        place.key for own in places_of(THEN, "a").values() for same in own.values() for place in same
    )


def test_a_place_is_kept_moved_or_opened(moves: list[PlaceMove]) -> None:
    told = {(move.district, move.now.name): (move.move, move.then and move.then.name) for move in moves if move.now}
    assert told == {
        ("district/140101", "SAN JUAN"): (Move.KEPT, "IE SAN JUAN"),
        # In a divided district by its name, anywhere in the department by its school's number.
        ("district/140102", "IE SANTA ROSA"): (Move.MOVED, "IE SANTA ROSA"),
        ("district/140102", "IE 1001"): (Move.MOVED, "IE 1001 UNO"),
        ("district/140301", "IE 2002 DOS"): (Move.MOVED, "IE 2002"),
        ("district/140201", "DOS DE MAYO"): (Move.KEPT, "IE DOS DE MAYO"),
        ("district/140201", "COLEGIO NUEVO"): (Move.OPENED, None),
        # Two had that name then: which of them it is, nobody knows.
        ("district/140201", "DOBLE"): (Move.OPENED, None),
        # A name alone is no school: it is in many districts.
        ("district/140301", "IE SAN JUAN"): (Move.OPENED, None),
    }
    closed = sorted(move.then.name for move in moves if move.move is Move.CLOSED and move.then)
    assert closed == ["COLEGIO VIEJO", "DOBLE", "IE 3003 TRES", "IE DOBLE"]
    assert {move.arrived for move in moves} == {None}


def test_a_mesa_arrived_if_it_stood_at_another_place() -> None:
    was = {"mesa/000001": "place/a1402010", "mesa/000002": "place/a1403010", "mesa/000003": None}
    now = {"mesa/000001": "place/b1402010", "mesa/000002": "place/b1402010", "mesa/000004": "place/b1402010"}
    moves = {move.now.key: move.arrived for move in moves_of(comparison(was), places_of(NOW, "b"), now) if move.now}
    assert moves["place/b1402010"] == 1
    assert sum(arrived or 0 for arrived in moves.values()) == 1
