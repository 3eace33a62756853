"""Answers about mesas: places of a district, mesas of a place, and one acta with everything that became of it."""

from ingest.rehearsal.areas import electoral_district
from ingest.rehearsal.clock import moment
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import DistrictRows, MesaPlace
from ingest.rehearsal.onpe2021.acta_states import ABSENT, ANNULLED, NORMAL, PENDING, RESOLVED, TYPED, ActaStates, State
from ingest.rehearsal.onpe2021.payloads import Payload, percent, place_name
from ingest.rehearsal.onpe2021.place_codes import place_codes
from ingest.rehearsal.scans import signed_url
from ingest.rehearsal.ubigeos import text_of
from tally.keys import Level, prefix_of

_WITHOUT_FIGURES = (PENDING, TYPED, ABSENT)
_COPIES = "ABCDEFGHIKLMNOPRSTUVXYZ"
_SCAN_LIVES_S = 3600
_PADDED = 50  # the juries' two numbers stand in one text, the first filled up with blanks


class MesaAnswers:
    """Places, mesas and actas of a count of mesas. `count` None: a replay without mesas, which has none."""

    def __init__(self, feed: RehearsalFeed, count: MesaCount | None, states: ActaStates | None) -> None:
        self._feed, self._count, self._states = feed, count, states
        self._rows = DistrictRows(count.table) if count else None
        # "SEP" of "SEP2021"; in a general election lists are numbered by numbers, in its run-off by texts.
        self._process = (feed.election.process.acronym or "").rstrip("0123456789")
        by_district: dict[int, list[MesaPlace]] = {}
        for place in count.table.places if count else ():
            by_district.setdefault(place.ubigeo, []).append(place)
        self._places = {ubigeo: place_codes(places) for ubigeo, places in by_district.items()}

    def places(self, ubigeo: str) -> Payload:
        """mesas/locales/{ubigeo}"""
        return {
            "locales": [
                {
                    "CCODI_LOCAL": code,
                    "CCODI_UBIGEO": ubigeo,
                    "TDIRE_LOCAL": place.address,
                    "TNOMB_LOCAL": place.name,
                }
                for code, place in self._places.get(int(ubigeo), {}).items()
            ]
        }

    def mesas(self, ubigeo: str, code: str) -> Payload:
        """mesas/actas/11/{ubigeo}/{codLocal}; PROCESADO 1 is all that was captured."""
        rows = self._rows.rows(int(ubigeo)).tolist() if self._rows else []
        table, place = self._count.table if self._count else None, self._places.get(int(ubigeo), {}).get(code)
        return {
            "mesasVotacion": [
                {"IMAGEN": "0", "NUMMESA": f"{int(table.mesa[row]):06d}", "PROCESADO": 1}
                for row in rows
                if table is not None and table.places[table.place[row]] is place
            ]
        }

    def acta(self, mesa: str) -> Payload | None:
        """mesas/detalle/{mesa}, None for a mesa that does not exist."""
        count, states = self._count, self._states
        row = None if count is None else count.table.row(int(mesa))
        if count is None or states is None or row is None:
            return None
        state = states.of(row, self._feed.cut().at_ms)
        head = self._head(count, row, state)
        president = {
            **self._image(head, mesa, state),
            "presidencial": head,
            "resoluciones": [self._resolution(head, mesa)] if state in (RESOLVED, ANNULLED) else [],
            "votos": self._lines(count, row, shows_votes=state not in _WITHOUT_FIGURES),
        }
        return {"procesos": {"asistioNoVoto": "0", "generalPre": president, "realImages": "1"}}

    def _head(self, count: MesaCount, row: int, state: State) -> Payload:
        table, catalogue = count.table, self._feed.catalogue
        number, place = int(table.mesa[row]), table.places[table.place[row]]
        ubigeo = text_of(int(table.ubigeo[row]))
        return {
            "CCENT_COMPU": f"C45{electoral_district(int(ubigeo)):03d}",
            "CCODI_UBIGEO": ubigeo,
            "CCOPIA_ACTA": f"{91 + number % 7}{_COPIES[number % len(_COPIES)]}",
            "DEPARTAMENTO": place_name(catalogue, prefix_of(ubigeo, Level.DEPARTMENT)) or "",
            "DISTRITO": place_name(catalogue, ubigeo) or "",
            "NNUME_HABILM": int(table.registered[row]),
            "N_CANDIDATOS": 0,
            "OBSERVACION": state[1],
            "OBSERVACION_TXT": state[0],
            "PROVINCIA": place_name(catalogue, prefix_of(ubigeo, Level.PROVINCE)) or "",
            "TDIRE_LOCAL": place.address,
            "TNOMB_LOCAL": place.name,
            "TOT_CIUDADANOS_VOTARON": 0 if state in _WITHOUT_FIGURES else int(table.cast[row]),
        }

    def _lines(self, count: MesaCount, row: int, *, shows_votes: bool) -> list[Payload]:
        """Lists, then the five sums, of which three share code 80; zeros where nothing is known."""
        table, lists = count.table, self._feed.contest.lists
        votes = table.votes[row].tolist()
        valid, cast = sum(votes), int(table.cast[row])
        figures = [*votes, valid, int(table.blank[row]), int(table.null[row]), int(table.challenged[row]), cast]
        if not shows_votes:
            valid, cast, figures = 0, 0, [0] * len(figures)
        of_lists = (_share(figure, valid) for figure in figures[: len(lists)])
        shares = (*of_lists, _share(valid, valid), None, None, None, _share(valid, cast))
        number = int if self._process == "EG" else str
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
                "CON_EMITIDOS": _share(figure, cast),
                "CON_VALIDOS": share,
                **({} if position is None else {"NLISTA": number(position)}),
                "congresal": str(figure),
            }
            for (name, code, position), figure, share in zip(heads, figures, shares, strict=True)
            if code not in withdrawn
        ]

    def _image(self, head: Payload, mesa: str, state: State) -> Payload:
        """The scan of an acta: none of one that is not in or that the jury had changed, as in the captures."""
        if state in (*_WITHOUT_FIGURES, RESOLVED):
            return {}
        folder = "AC" if state == NORMAL else "AO"
        copy = head["CCOPIA_ACTA"][:2]
        return {"imageActa": self._scan(folder, head["CCENT_COMPU"], f"ACPRE{head['CCENT_COMPU']}{mesa}{copy}")}

    def _resolution(self, head: Payload, mesa: str) -> Payload:
        number, year = f"{head['CCENT_COMPU']}{mesa}", self._feed.election.date.year
        case = f"EXPEDIENTE N° {self._process}.{year}{mesa}"
        return {
            "CCENT_COMPU": head["CCENT_COMPU"],
            "CESTADO_RESOL": "P",
            "CNUME_ACTA": mesa,
            "CNUME_RESOL": number,
            "CNUME_RESOL_JNE": f"{case:{_PADDED}}RESOLUCION N.° {mesa}-{year}-JEE/JNE",
            "CPROCED_RESOL": "JE",
            "IMAGEN": self._scan("RE", head["CCENT_COMPU"], f"RE{self._process}{number}"),
        }

    def _scan(self, folder: str, centre: str, name: str) -> str:
        at = moment(self._feed.cut().at_ms)
        return signed_url(f"{folder}/{centre}/{self._process}/{name}.PDF", at, _SCAN_LIVES_S)


def _share(part: int, whole: int) -> str:
    """A share of an acta; of nothing it is "0", without decimals."""
    return percent(part, whole) if whole else "0"
