"""Two elections of one small country: in between a district was divided, one renamed, a city got another code."""

from datetime import date

from msgspec import structs

from tally.board import Board, Fact
from tally.election import Election
from tally.keys import area_key, mesa_key, place_key
from tally.model import Acta, ActaState, PollingPlace
from tally.previous.declaration import ComparedLists, PlaceNames, Predecessor, Regrouped, Renamed
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.country import ELECTION, minute

BEFORE = structs.replace(ELECTION, id="2026-01-06-mayor", date=date(2026, 1, 6))
DECLARED = Predecessor(
    election=BEFORE.id,
    lists=(ComparedLists("red", "red", {"es": "El mismo partido", "en": "The same party"}),),
    source={"es": "Prueba", "en": "Test"},
    places=PlaceNames(("ie",), 4),
    renamed=(Renamed("140201", "SAN VICENTE"), Renamed("920102", "ROSARIO", "920109")),
    regrouped=(Regrouped(("140102",), ("140102", "140103"), {"es": "Se dividió", "en": "It was divided"}),),
)
AFTER = structs.replace(ELECTION, predecessor=DECLARED)
ELECTIONS = {one.id: one for one in (BEFORE, AFTER)}
_ABOVE = {
    "nation": "PERÚ",
    "scope/domestic": "PERÚ (NACIONAL)",
    "scope/abroad": "EXTRANJERO",
    "department/14": "LIMA",
    "province/1401": "LIMA",
    "province/1402": "CAÑETE",
    "department/92": "AMÉRICA",
    "province/9201": "ARGENTINA",
}
# District: its name, then its polling places, each with roll, votes of red and of blue. 10 blank votes each.
District = tuple[str, dict[str, tuple[int, int, int]]]
THEN: dict[str, District] = {
    "140101": ("LIMA", {"IE 1001": (200, 60, 40), "COLEGIO ANTIGUO": (100, 20, 30)}),
    "140102": ("ANCÓN", {"IE 1002 DEL NORTE": (300, 90, 60)}),
    "140201": ("SAN VICENTE", {"Escuela Única": (200, 50, 50)}),
    "920101": ("BUENOS AIRES", {"CLUB": (100, 30, 20)}),
    "920109": ("ROSARIO", {"CASA": (50, 10, 10)}),
    "920110": ("CÓRDOBA", {"SALA": (50, 5, 15)}),
}
NOW: dict[str, District] = {
    "140101": ("LIMA", {"1001 SANTA ROSA": (220, 88, 22), "IE NUEVA": (100, 20, 30)}),
    "140102": ("ANCÓN", {"IE CENTRAL": (200, 50, 50)}),
    "140103": ("ANCÓN NORTE", {"IE 1002 DEL NORTE": (160, 40, 40)}),
    "140201": ("SAN VICENTE DE CAÑETE", {"escuela única": (200, 75, 25)}),
    "920101": ("BUENOS AIRES CIUDAD", {"CLUB": (100, 30, 20)}),
    "920102": ("ROSARIO", {"CASA": (60, 15, 15)}),
}


class Count:
    """A count of one of them; nothing is counted until `count`. Places are numbered, and each has one mesa."""

    def __init__(
        self, store: Store, election: Election, districts: dict[str, District], *, is_test: bool = False
    ) -> None:
        self.writer = Writer.acquire(store, election.id, "mayor", is_test=is_test, at=minute(0))
        self.writer.lease_s = 1e6
        self.board = Board(2)
        names = _ABOVE | {area_key(ubigeo): name for ubigeo, (name, _) in districts.items()}
        rows = [(ubigeo, name, figures) for ubigeo, (_, own) in districts.items() for name, figures in own.items()]
        self._rows = [(f"{n:04}", ubigeo, name, figures) for n, (ubigeo, name, figures) in enumerate(rows, 1)]
        self.codes = {(ubigeo, name): code for code, ubigeo, name, _ in self._rows}
        facts = [Fact(key, name) for key, name in names.items()]
        places = [PollingPlace(code=code, name=name, ubigeo=ubigeo) for code, ubigeo, name, _ in self._rows]
        self._tell([*facts, *(Fact(place_key(place.code), place) for place in places), *self._actas(False)], minute(0))

    def count(self, at: str = minute(1)) -> None:
        """Every acta is counted."""
        self._tell(self._actas(True), at)

    def _tell(self, facts: list[Fact], at: str) -> None:
        self.writer.append(self.board.apply(facts), at)

    def _actas(self, is_counted: bool) -> list[Fact]:
        return [
            Fact(mesa_key(f"00{code}"), _acta(code, ubigeo, figures, is_counted))
            for code, ubigeo, _, figures in self._rows
        ]


def _acta(code: str, ubigeo: str, figures: tuple[int, int, int], is_counted: bool) -> Acta:
    roll, red, blue = figures
    if not is_counted:
        return Acta(code="P", place=code, registered=roll, state=ActaState.PENDING, ubigeo=ubigeo)
    return Acta(
        blank=10, cast=red + blue + 10, challenged=0, code="C", null=0, place=code, registered=roll,
        state=ActaState.COUNTED, ubigeo=ubigeo, valid=red + blue, votes=(red, blue),
    )  # fmt: skip
