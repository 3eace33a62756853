"""The areas a feed answers about: one row each, from the nation to the district, and how districts add up to them."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ingest.rehearsal.ubigeos import ABROAD_FROM, SPANS, area_at, text_of
from tally.keys import ABROAD, Level, prefix_of, scope_of

NATION_ROW = 0
SCOPE_ROWS = {1: 1, 2: 2}
# ONPE's own codes of the three areas that have no ubigeo.
NATION_CODE, DOMESTIC_CODE, ABROAD_CODE = 0, 800_000, 900_000

Matrix = npt.NDArray[np.int64]

# ONPE's electoral districts in its own order: alphabetical with Callao as 7, Lima split in two, 27 abroad.
# Each by the prefix of its department; 1401 is the province of Lima.
ELECTORAL_DISTRICTS = (
    ("AMAZONAS", "01"),
    ("ÁNCASH", "02"),
    ("APURÍMAC", "03"),
    ("AREQUIPA", "04"),
    ("AYACUCHO", "05"),
    ("CAJAMARCA", "06"),
    ("CALLAO", "24"),
    ("CUSCO", "07"),
    ("HUANCAVELICA", "08"),
    ("HUÁNUCO", "09"),
    ("ICA", "10"),
    ("JUNÍN", "11"),
    ("LA LIBERTAD", "12"),
    ("LAMBAYEQUE", "13"),
    ("LIMA METROPOLITANA", "1401"),
    ("LIMA PROVINCIAS", "14"),
    ("LORETO", "15"),
    ("MADRE DE DIOS", "16"),
    ("MOQUEGUA", "17"),
    ("PASCO", "18"),
    ("PIURA", "19"),
    ("PUNO", "20"),
    ("SAN MARTÍN", "21"),
    ("TACNA", "22"),
    ("TUMBES", "23"),
    ("UCAYALI", "25"),
    ("RESIDENTES EN EL EXTRANJERO", ABROAD),
)
_ELECTORAL_CODE = {where: code for code, (_, where) in enumerate(ELECTORAL_DISTRICTS, start=1)}


def electoral_district(ubigeo: int) -> int:
    """Code 1–27 of the electoral district an ubigeo lies in, 0 if none."""
    text = text_of(ubigeo)
    around = (prefix_of(text, Level.PROVINCE), prefix_of(text, Level.DEPARTMENT), scope_of(text))
    return next((_ELECTORAL_CODE[where] for where in around if where in _ELECTORAL_CODE), 0)


class AreaIndex:
    """Rows of a matrix of areas: nation, domestic, abroad, departments, provinces, districts, electoral districts."""

    def __init__(self, districts: Iterable[int]) -> None:
        self.districts = np.array(sorted(set(districts)), dtype=np.int64)
        self.departments, self._department_starts = np.unique(
            area_at(self.districts, Level.DEPARTMENT), return_index=True
        )
        self.provinces, self._province_starts = np.unique(area_at(self.districts, Level.PROVINCE), return_index=True)
        self._abroad_start = int(np.searchsorted(self.districts, ABROAD_FROM))
        self._electoral = np.array([electoral_district(int(ubigeo)) for ubigeo in self.districts], dtype=np.int64)
        ubigeos = np.concatenate([self.departments, self.provinces, self.districts])
        self.row_of = {int(ubigeo): 3 + row for row, ubigeo in enumerate(ubigeos)}
        self._electoral_row = 3 + len(ubigeos)

    def roll_up(self, figures: Matrix) -> Matrix:
        """Returns: one row an area, from one row a district; the columns are sums of the districts below."""
        electoral = np.zeros((len(ELECTORAL_DISTRICTS) + 1, figures.shape[1]), dtype=figures.dtype)
        np.add.at(electoral, self._electoral, figures)
        return np.concatenate(
            [
                figures.sum(axis=0, keepdims=True),
                figures[: self._abroad_start].sum(axis=0, keepdims=True),
                figures[self._abroad_start :].sum(axis=0, keepdims=True),
                np.add.reduceat(figures, self._department_starts, axis=0),
                np.add.reduceat(figures, self._province_starts, axis=0),
                figures,
                electoral[1:],
            ]
        )

    def electoral_row(self, code: int) -> int | None:
        """Row of an electoral district, None if there is no such code."""
        return self._electoral_row + code - 1 if 1 <= code <= len(ELECTORAL_DISTRICTS) else None

    def below(self, level: Level, parent: int = 0) -> list[int]:
        """Ubigeos of the departments, provinces or districts that lie in `parent`, all if it is 0."""
        areas = {Level.DEPARTMENT: self.departments, Level.PROVINCE: self.provinces, Level.DISTRICT: self.districts}
        ubigeos = areas[level]
        if parent:
            around = Level.PROVINCE if parent % SPANS[Level.DEPARTMENT] else Level.DEPARTMENT
            ubigeos = ubigeos[area_at(ubigeos, around) == area_at(parent, around)]
        return [int(ubigeo) for ubigeo in ubigeos]


def ambit(ubigeo: int) -> int:
    """ONPE's idAmbitoGeografico of an ubigeo: 1 Peru, 2 abroad."""
    return 2 if ubigeo >= ABROAD_FROM else 1
