"""Answers about mesas: places of a district, mesas of a place, and one acta with everything that became of it."""

from ingest.rehearsal.areas import electoral_district
from ingest.rehearsal.feed import Feed
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import DistrictRows, Place
from ingest.rehearsal.onpe2021.area_answers import JeeQueue
from ingest.rehearsal.onpe2021.payloads import Payload, percent
from ingest.rehearsal.ubigeos import text_of
from tally.keys import Level, prefix_of

_PENDING = ("ACTA ELECTORAL PENDIENTE", "ACTA ELECTORAL PENDIENTE")
_NORMAL = ("ACTA ELECTORAL NORMAL", "CONTABILIZADAS NORMALES")
_RESOLVED = ("ACTA ELECTORAL RESUELTA", "CONTABILIZADAS NORMALES")
_ANNULLED = ("ACTA ELECTORAL RESUELTA", "ACTA ELECTORAL ANULADA")
_ABSENT = ("MESA NO INSTALADA", "MESA NO INSTALADA")
_AT_JEE = "ACTA ELECTORAL PARA ENVÍO AL JEE"
_COPIES = "ABCDEFGHIKLMNOPRSTUVXYZ"


class MesaAnswers:
    """Places, mesas and actas of a count of mesas. `count` None: a replay without mesas, which has none."""

    def __init__(self, feed: Feed, count: MesaCount | None, queue: JeeQueue | None) -> None:
        self._feed, self._count, self._queue = feed, count, queue
        self._rows = DistrictRows(count.table) if count else None
        self._places: dict[int, list[Place]] = {}
        for place in count.table.places if count else ():
            self._places.setdefault(place.ubigeo, []).append(place)

    def places(self, ubigeo: str) -> Payload:
        """mesas/locales/{ubigeo}"""
        return {
            "locales": [
                {
                    "CCODI_LOCAL": place.code,
                    "CCODI_UBIGEO": ubigeo,
                    "TDIRE_LOCAL": place.address,
                    "TNOMB_LOCAL": place.name,
                }
                for place in self._places.get(int(ubigeo), ())
            ]
        }

    def mesas(self, ubigeo: str, code: str) -> Payload:
        """mesas/actas/11/{ubigeo}/{codLocal}; PROCESADO 1 is all that was captured."""
        rows = self._rows.rows(int(ubigeo)).tolist() if self._rows else []
        table = self._count.table if self._count else None
        return {
            "mesasVotacion": [
                {"IMAGEN": "0", "NUMMESA": f"{int(table.mesa[row]):06d}", "PROCESADO": 1}
                for row in rows
                if table is not None and table.places[table.place[row]].code == code
            ]
        }

    def acta(self, mesa: str) -> Payload | None:
        """mesas/detalle/{mesa}, None for a mesa that does not exist."""
        count, queue = self._count, self._queue
        row = None if count is None else count.table.row(int(mesa))
        if count is None or queue is None or row is None:
            return None
        state = _state(count, queue, row, self._feed.cut().at_ms)
        president = {
            "presidencial": self._head(count, row, state),
            "resoluciones": [_resolution(mesa)] if state in (_RESOLVED, _ANNULLED) else [],
            "votos": self._lines(count, row, shows_votes=state not in (_PENDING, _ABSENT)),
        }
        return {"procesos": {"asistioNoVoto": "0", "generalPre": president, "realImages": "1"}}

    def _head(self, count: MesaCount, row: int, state: tuple[str, str]) -> Payload:
        table, catalogue = count.table, self._feed.catalogue
        number, place = int(table.mesa[row]), table.places[table.place[row]]
        ubigeo = text_of(int(table.ubigeo[row]))
        shown = state not in (_PENDING, _ABSENT)
        return {
            "CCENT_COMPU": f"C45{electoral_district(int(ubigeo)):03d}",
            "CCODI_UBIGEO": ubigeo,
            "CCOPIA_ACTA": f"{91 + number % 7}{_COPIES[number % len(_COPIES)]}",
            "DEPARTAMENTO": catalogue.name(prefix_of(ubigeo, Level.DEPARTMENT)) or "",
            "PROVINCIA": catalogue.name(prefix_of(ubigeo, Level.PROVINCE)) or "",
            "DISTRITO": catalogue.name(ubigeo) or "",
            "TNOMB_LOCAL": place.name,
            "TDIRE_LOCAL": place.address,
            "NNUME_HABILM": int(table.registered[row]),
            "TOT_CIUDADANOS_VOTARON": int(table.cast[row]) if shown else 0,
            "N_CANDIDATOS": 0,
            "OBSERVACION": state[1],
            "OBSERVACION_TXT": state[0],
        }

    def _lines(self, count: MesaCount, row: int, *, shows_votes: bool) -> list[Payload]:
        """Lists, then the five sums, of which three share code 80; zeros where nothing is known."""
        table, lists = count.table, self._feed.contest.lists
        votes = table.votes[row].tolist()
        valid, cast = sum(votes), int(table.cast[row])
        figures = [*votes, valid, int(table.blank[row]), int(table.null[row]), int(table.challenged[row]), cast]
        if not shows_votes:
            valid, cast, figures = 0, 0, [0] * len(figures)
        heads: list[tuple[str, str | None, int | None]] = [
            *((entry.name, entry.code, position) for position, entry in enumerate(lists, start=1)),
            ("TOTAL VOTOS VALIDOS", None, None),
            ("VOTOS EN BLANCO", "80", None),
            ("VOTOS NULOS", "80", None),
            ("VOTOS IMPUGNADOS", "80", None),
            ("TOTAL VOTOS EMITIDOS", None, None),
        ]
        withdrawn = {entry.code for entry in lists if entry.is_withdrawn}
        return [
            {
                "AUTORIDAD": name,
                "CCODI_AUTO": code,
                "CON_EMITIDOS": percent(figure, cast) if cast else "0",
                "CON_VALIDOS": None if code == "80" else percent(figure, valid) if valid else "0",
                **({} if position is None else {"NLISTA": str(position)}),
                "congresal": str(figure),
            }
            for (name, code, position), figure in zip(heads, figures, strict=True)
            if code not in withdrawn
        ]


def _state(count: MesaCount, queue: JeeQueue, row: int, at_ms: int) -> tuple[str, str]:
    """OBSERVACION_TXT and OBSERVACION of an acta at a moment."""
    table, received, counted = count.table, int(count.arrivals.received[row]), int(count.arrivals.counted[row])
    if counted > at_ms:
        return (_AT_JEE, queue.reason(row)) if received <= at_ms else _PENDING
    if not table.installed[row]:
        return _ABSENT
    if table.annulled is not None and table.annulled[row]:
        return _ANNULLED
    return _RESOLVED if received < counted else _NORMAL


def _resolution(mesa: str) -> Payload:
    return {
        "CCENT_COMPU": None,
        "CESTADO_RESOL": "P",
        "CNUME_ACTA": mesa,
        "CNUME_RESOL": None,
        "CNUME_RESOL_JNE": None,
        "CPROCED_RESOL": "JE",
    }
