"""A file of mesas → a MesaTable: columns by the field's Spanish names, one column a list named by the list's id.

Columns that begin with "obs_" hold what the source said of each acta at some moment: of those that give a reason for
which actas are observed, the rightmost counts.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct

from ingest.rehearsal.columns import MISSING, Columns
from ingest.rehearsal.mesas import Booleans, Integers, MesaTable, Place
from ingest.rehearsal.observations import UNTOLD, reason_of
from ingest.rehearsal.ubigeos import text_of
from tally.election import Contest, slug
from tally.errors import InvalidInput

_REQUIRED = ("mesa", "ubigeo_onpe", "electores", "emitidos", "blancos", "nulos", "impugnados", "local")
_OBSERVATION = "obs_"
_OPTIONAL = ("cod_local", "direccion", "centro_poblado", "estado_acta", "tipo_llegada")

# estado_acta of the open data, without accents → what became of the acta.
_COUNTED, _RESOLVED, _ANNULLED, _AT_JEE, _PENDING, _ABSENT = range(6)
_STATES = {
    "contabilizada": _COUNTED,
    "acta_electoral_normal": _COUNTED,
    "computada_resuelta": _RESOLVED,
    "acta_electoral_resuelta": _RESOLVED,
    "anulada": _ANNULLED,
    "en_proceso": _AT_JEE,
    "para_envio_al_jee": _AT_JEE,
    "acta_electoral_para_envio_al_jee": _AT_JEE,
    "pendiente": _PENDING,
    "acta_electoral_pendiente": _PENDING,
    "sin_instalar": _ABSENT,
    "mesa_no_instalada": _ABSENT,
    "no_instalada": _ABSENT,
}
_JEE_ARRIVALS = ("enviada_jee", "con_paso_por_jee")


class _Tallies(Struct, frozen=True, eq=False):
    votes: Integers
    blank: Integers
    null: Integers
    challenged: Integers
    cast: Integers
    installed: Booleans
    known: Booleans


def read_mesas(path: Path, contest: Contest, arrivals: str | None, notice: Callable[[str], None]) -> MesaTable:
    """Read a file of mesas; `arrivals` names the column of arrival times, `notice` hears which columns are not used.

    The file is replayed as it stands: an acta that does not add up is served like that, for others to find.
    Raises: InvalidInput: the file lacks a column, or a value is not a count; line and column are named.
    """
    list_columns = tuple(name for entry in contest.lists for name in (entry.id, slug(entry.name)))
    timed = (arrivals,) if arrivals else ()
    columns = Columns(path, _REQUIRED + timed, _OPTIONAL + list_columns, (_OBSERVATION,))
    if columns.ignored:
        notice(f"{path.name}: columns not used: {', '.join(columns.ignored)}")
    mesa, ubigeo = columns.codes("mesa"), columns.codes("ubigeo_onpe")
    columns.reject("mesa", _repeats(mesa), "stands twice")
    states = _states(columns)
    tallies = _tallies(columns, contest, states)
    place, places = _places(columns, ubigeo)
    populated_places, populated_place = np.unique(np.array(columns.text("centro_poblado")), return_inverse=True)
    order = np.argsort(mesa, kind="stable")
    return MesaTable(
        mesa=mesa[order],
        ubigeo=ubigeo[order],
        place=place[order],
        places=places,
        populated_place=populated_place[order],
        populated_places=tuple(populated_places.tolist()),
        registered=columns.required("electores")[order],
        cast=tallies.cast[order],
        blank=tallies.blank[order],
        null=tallies.null[order],
        challenged=tallies.challenged[order],
        votes=tallies.votes[order],
        installed=tallies.installed[order],
        known=tallies.known[order],
        via_jee=_via_jee(columns, states, order),
        annulled=None if states is None else states[order] == _ANNULLED,
        at_jee_forever=None if states is None else states[order] == _AT_JEE,
        seen_ms=columns.moments(arrivals)[order] if arrivals else None,
        observation=_observations(columns, order),
    )


def _tallies(columns: Columns, contest: Contest, states: Integers | None) -> _Tallies:
    named = [_list_column(columns, entry.id, slug(entry.name), entry.is_withdrawn) for entry in contest.lists]
    parts = [columns.integers(name) if name else np.zeros(columns.rows, dtype=np.int64) for name in named]
    others = [columns.integers(name) for name in ("blancos", "nulos", "impugnados")]
    cast = columns.integers("emitidos")
    empty = np.all([part == MISSING for name, part in zip(named, parts, strict=True) if name], axis=0)
    for name, part in zip([*named, "blancos", "nulos", "impugnados"], [*parts, *others], strict=True):
        if name:
            columns.reject(name, ~empty & (part == MISSING), "is empty where other votes of the mesa are known")
    columns.reject("emitidos", ~empty & (cast == MISSING), "is empty where votes are known")
    votes = np.where(empty[:, None], 0, np.stack(parts, axis=1))
    blank, null, challenged = (np.where(empty, 0, part) for part in others)
    counted = np.where(empty, 0, cast)
    absent = empty & (cast == 0) if states is None else states == _ABSENT
    known = (~empty | absent) if states is None else (~empty | absent) & (states != _PENDING)
    return _Tallies(votes, blank, null, challenged, counted, ~absent, known)


def _list_column(columns: Columns, list_id: str, by_name: str, is_withdrawn: bool) -> str | None:
    present = [name for name in dict.fromkeys((list_id, by_name)) if name in columns]
    if len(present) > 1:
        raise InvalidInput(f"{columns.path.name} has two columns for the list {list_id}: {' and '.join(present)}")
    if not present and not is_withdrawn:
        raise InvalidInput(f"{columns.path.name} lacks the column {list_id}: the votes of that list")
    return present[0] if present else None


def _states(columns: Columns) -> Integers | None:
    if "estado_acta" not in columns:
        return None
    cells = columns.text("estado_acta")
    by_cell = {cell: _STATES.get(slug(cell), -1) for cell in set(cells)}
    states = np.array([by_cell[cell] for cell in cells], dtype=np.int64)
    columns.reject("estado_acta", states < 0, "is not a known state of an acta")
    return states


def _via_jee(columns: Columns, states: Integers | None, order: Integers) -> Booleans | None:
    if "tipo_llegada" in columns:
        return np.array([cell in _JEE_ARRIVALS for cell in columns.text("tipo_llegada")])[order]
    return None if states is None else np.isin(states[order], (_RESOLVED, _ANNULLED, _AT_JEE))


def _observations(columns: Columns, order: Integers) -> Integers | None:
    names = columns.beginning(_OBSERVATION)
    told = np.full(columns.rows, UNTOLD, dtype=np.int64)
    for name in names:
        cells = columns.text(name)
        reasons = {cell: reason_of(cell) for cell in set(cells)}
        here = np.array([reasons[cell] for cell in cells], dtype=np.int64)
        told = np.where(here == UNTOLD, told, here)
    return told[order] if names else None


def _places(columns: Columns, ubigeo: Integers) -> tuple[Integers, tuple[Place, ...]]:
    """Places by code; a mesa without code joins the place of its district with the same name and address, or gets a
    code of its own.

    The derived code is made of ubigeo, name and address, so it is the same in every run.
    """
    names, codes, addresses = columns.text("local"), columns.text("cod_local"), columns.text("direccion")
    slugs = {name: slug(name) for name in {*names, *addresses}}
    keys = [
        (int(district), slugs[name], slugs[address])
        for district, name, address in zip(ubigeo.tolist(), names, addresses, strict=True)
    ]
    known = {key: code for key, code in zip(keys, codes, strict=True) if code}
    places: dict[tuple[int, str], Place] = {}
    position = {}
    rows = np.empty(columns.rows, dtype=np.int64)
    for row, (key, code) in enumerate(zip(keys, codes, strict=True)):
        code = code or known.get(key) or _derived_code(key)
        at = (key[0], code)
        if at not in places:
            position[at] = len(places)
            places[at] = Place(code=code, name=names[row], ubigeo=key[0], address=addresses[row])
        rows[row] = position[at]
    return rows, tuple(places.values())


def _derived_code(key: tuple[int, str, str]) -> str:
    return "L" + hashlib.sha256(f"{text_of(key[0])} {key[1]} {key[2]}".strip().encode()).hexdigest()[:8].upper()


def _repeats(numbers: Integers) -> Booleans:
    first = np.unique(numbers, return_index=True)[1]
    repeats = np.ones(len(numbers), dtype=bool)
    repeats[first] = False
    return repeats
