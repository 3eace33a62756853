"""Which row of the index a question means: ONPE's geographic filters, whose names differ by endpoint.

A name the endpoint does not know is ignored in silence, and the answer is then about the nation.
"""

from collections.abc import Iterator

from ingest.rehearsal.answers import Question
from ingest.rehearsal.areas import NATION_ROW, SCOPE_ROWS, AreaIndex, ambit
from ingest.rehearsal.ubigeos import area_at
from tally.keys import UBIGEO_LEVELS, Level, is_digits

TOTALS_NAMES = ("idUbigeoDepartamento", "idUbigeoProvincia", "idUbigeoDistrito")
PRESIDENT_NAMES = ("ubigeoNivel1", "ubigeoNivel2", "ubigeoNivel3")
HEAT_NAMES = ("ubigeoNivel01", "ubigeoNivel02", "ubigeoNivel03")
LEVELS = {"ubigeo_nivel_01": 1, "ubigeo_nivel_02": 2, "ubigeo_nivel_03": 3}

# tipoFiltro names the level of the parent.
_BELOW = {
    "ambito_geografico": Level.DEPARTMENT,
    "ubigeo_nivel_01": Level.PROVINCE,
    "ubigeo_nivel_02": Level.DISTRICT,
    "ubigeo_nivel_03": Level.DISTRICT,
}
_NATIONAL = ("eleccion", "total")


class NothingThere(Exception):
    """The source answers 204: nothing for that combination."""


class BadCombination(Exception):
    """The source answers 500: levels that do not fit together."""


def ubigeo_of(question: Question, name: str) -> int | None:
    """A ubigeo parameter, with or without leading zeros; None where it is not given."""
    text = question.get(name, "")
    if not text:
        return None
    if not is_digits(text):
        raise BadCombination
    return int(text)


def ambit_of(question: Question) -> int | None:
    """idAmbitoGeografico, None where it is not given."""
    text = question.get("idAmbitoGeografico", "")
    if text in ("", "1", "2"):
        return int(text) if text else None
    raise NothingThere


def find_row(index: AreaIndex, question: Question, names: tuple[str, str, str]) -> tuple[int, int]:
    """Returns: row of the area that was asked for, and its ubigeo (0: nation, scope or electoral district)."""
    kind = question.get("tipoFiltro", "")
    if kind in _NATIONAL:
        return NATION_ROW, 0
    if kind == "ambito_geografico":
        scope = ambit_of(question)
        return (NATION_ROW if scope is None else SCOPE_ROWS[scope]), 0
    if kind == "distrito_electoral":
        code = ubigeo_of(question, "idDistritoElectoral")
        row = NATION_ROW if code is None else index.electoral_row(code)
        if row is None:
            raise NothingThere
        return row, 0
    if kind not in LEVELS:
        raise NothingThere
    return _leaf_row(index, question, names[: LEVELS[kind]])


def _leaf_row(index: AreaIndex, question: Question, names: tuple[str, ...]) -> tuple[int, int]:
    given = [ubigeo_of(question, name) for name in names]
    if not any(given):
        return NATION_ROW, 0
    leaf = given[-1]
    if leaf is None:
        raise BadCombination
    for level, parent in zip(UBIGEO_LEVELS, given, strict=False):
        if parent is not None and area_at(leaf, level) != area_at(parent, level):
            raise BadCombination
    scope = ambit_of(question)
    if scope is not None and scope != ambit(leaf):
        raise NothingThere
    row = index.row_of.get(leaf)
    if row is None:
        raise NothingThere
    return row, leaf


def areas_below(index: AreaIndex, question: Question) -> Iterator[int]:
    """Ubigeos of the areas one level below the one asked for; of a district, itself."""
    kind, scope = question.get("tipoFiltro", ""), ambit_of(question)
    if kind not in _BELOW:
        raise NothingThere
    given = [ubigeo_of(question, name) for name in HEAT_NAMES]
    parent = next((ubigeo for ubigeo in reversed(given[:2]) if ubigeo), 0)
    for ubigeo in index.below(_BELOW[kind], 0 if kind == "ambito_geografico" else parent):
        if scope in (None, ambit(ubigeo)) and (kind != "ubigeo_nivel_03" or given[2] in (None, ubigeo)):
            yield ubigeo


def echo(ubigeo: int) -> tuple[int | None, int | None, int | None]:
    """Department, province and district ids that a sub-national answer repeats; unused levels are null."""
    if not ubigeo:
        return None, None, None
    department, province, district = (area_at(ubigeo, level) for level in UBIGEO_LEVELS)
    return department, province if province != department else None, district if district != province else None
