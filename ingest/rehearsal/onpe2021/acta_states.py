"""What has become of each acta by a moment, in ONPE's words of 2021: one by one, and counted by area."""

import numpy as np

from ingest.rehearsal.areas import ABROAD_CODE, DOMESTIC_CODE, NATION_CODE
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import Booleans, Integers
from ingest.rehearsal.observations import REASONS, choose_reasons
from ingest.rehearsal.ubigeos import ABROAD_FROM, area_at, level_at

State = tuple[str, str]
"""OBSERVACION_TXT and OBSERVACION of an acta."""

PENDING = ("ACTA ELECTORAL PENDIENTE", "ACTA ELECTORAL PENDIENTE")
TYPED = ("ACTA ELECTORAL PENDIENTE", "EN PROCESO DE DIGITACION")
NORMAL = ("ACTA ELECTORAL NORMAL", "CONTABILIZADAS NORMALES")
RESOLVED = ("ACTA ELECTORAL RESUELTA", "CONTABILIZADAS NORMALES")
ANNULLED = ("ACTA ELECTORAL RESUELTA", "ACTA ELECTORAL ANULADA")
ABSENT = ("MESA NO INSTALADA", "MESA NO INSTALADA")
AT_JEE = "ACTA ELECTORAL PARA ENVÍO AL JEE"

# On 7 June 2021 actas stood this long between the computing centre's door and the count: 487 of 137 a minute at first.
_TYPING_MS = 3 * 60_000


class ActaStates:
    """The actas of a count; those at the JEE and those that are being typed are looked for once a cut."""

    def __init__(self, count: MesaCount) -> None:
        self._count = count
        self._reasons = choose_reasons(count.table.mesa, count.table.observation)
        self._at_ms = -1
        self._at_jee: Integers = np.zeros(0, dtype=np.int64)
        self._typed = self._at_jee

    def of(self, row: int, at_ms: int) -> State:
        """The state of the acta of that row."""
        table = self._count.table
        received, counted = int(self._count.arrivals.received[row]), int(self._count.arrivals.counted[row])
        if received > at_ms:
            return TYPED if received - _TYPING_MS <= at_ms else PENDING
        if counted > at_ms:
            return AT_JEE, REASONS[int(self._reasons[row])]
        if not table.installed[row]:
            return ABSENT
        if table.annulled is not None and table.annulled[row]:
            return ANNULLED
        return RESOLVED if received < counted else NORMAL

    def causes(self, ubigeo: int, at_ms: int) -> list[int]:
        """Actas of an area at the JEE, by reason."""
        self._look(at_ms)
        reasons = self._reasons[self._inside(self._at_jee, ubigeo)]
        counts: list[int] = np.bincount(reasons, minlength=len(REASONS)).tolist()
        return counts

    def typed(self, ubigeo: int, at_ms: int) -> int:
        """Actas of an area that are being typed."""
        self._look(at_ms)
        return len(self._inside(self._typed, ubigeo))

    def _look(self, at_ms: int) -> None:
        if at_ms != self._at_ms:
            received, counted = self._count.arrivals.received, self._count.arrivals.counted
            self._at_jee = np.flatnonzero((received <= at_ms) & (counted > at_ms))
            self._typed = np.flatnonzero((received > at_ms) & (received - _TYPING_MS <= at_ms))
            self._at_ms = at_ms

    def _inside(self, rows: Integers, ubigeo: int) -> Integers:
        return rows[_lies_in(self._count.table.ubigeo[rows], ubigeo)]


def _lies_in(ubigeos: Integers, area: int) -> Booleans:
    if area == NATION_CODE:
        inside: Booleans = np.ones(len(ubigeos), dtype=bool)
    elif area in (DOMESTIC_CODE, ABROAD_CODE):
        inside = (ubigeos >= ABROAD_FROM) == (area == ABROAD_CODE)
    else:
        inside = area_at(ubigeos, level_at(area)) == area
    return inside
