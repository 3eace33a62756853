"""A source in the forms recorded on the night of 4 October 2026: areas only, four races, actas challenged.

Three departments. Race 1 is a department's (Lima's without its metropolis), 3 a province's, 4 a district's but for the
capitals, which elect none; 3 asked of a district is its province's race there.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.waiting import PATIENCE_S

AREAS = {
    "010101": "AMAZONAS \\ CHACHAPOYAS \\ CHACHAPOYAS",
    "010102": "AMAZONAS \\ CHACHAPOYAS \\ ASUNCION",
    "010201": "AMAZONAS \\ BAGUA \\ LA PECA",
    "020101": "ANCASH \\ HUARAZ \\ HUARAZ",
    "020102": "ANCASH \\ HUARAZ \\ INDEPENDENCIA",
    "140101": "LIMA \\ LIMA \\ LIMA",
    "140201": "LIMA \\ CAJATAMBO \\ CAJATAMBO",
    "140202": "LIMA \\ CAJATAMBO \\ COPA",
}
NAMES = {93: "ACCIÓN POPULAR", 94: "PARTIDO DEMOCRÁTICO SOMOS PERÚ", 139: "MOVIMIENTO REGIONAL AMAZONENSE"}
_LEVEL = {1: 2, 3: 4, 4: 6}  # race to the digits of its areas
_BASE = "/presentacion-backend"
_ACTAS = 10  # of each district
_VOTES = 100  # of each counted acta
_SUMMARY = ("idUbigeoDepartamento", "idUbigeoProvincia", "idUbigeoDistrito")
_HEAT_DIGITS = {"ambito_geografico": 2, "ubigeo_nivel_01": 4, "ubigeo_nivel_02": 6}


class Regional:
    """The source; `counted` actas of each district are in."""

    def __init__(self, counted: int = 4) -> None:
        self.counted, self.asked, self.agents = counted, list[str](), set[str]()
        self.process = dict[str, Any]()  # what it says otherwise of the process
        self.lets_through, self.listed = False, set[str]()  # whether actas are, and the districts whose list was given

    def districts(self, race: int, prefix: str) -> list[str]:
        """Districts below that vote in the race."""
        none = {1: ("1401",), 3: (), 4: ("010101", "010201", "020101", "140101", "140201")}[race]
        return [one for one in AREAS if one.startswith(prefix) and not one.startswith(none or ("x",))]

    def votes(self, race: int, district: str) -> dict[int, int]:
        """Votes by code there, all of the counted actas'."""
        codes = (93, 94, 139) if district.startswith("01") else (93, 94)
        cast = self.counted * _VOTES
        rest = {code: cast // 10 + int(district) % 7 + race for code in codes[1:]}
        return {codes[0]: cast - sum(rest.values()), **rest}

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a GET."""
        self.asked.append(path)
        name = path.removeprefix(f"{_BASE}/")
        if name.startswith("actas") and not self.lets_through:
            return 202, {"x-amzn-waf-action": "challenge"}, b""
        data = self._data(name, query)
        if data is None:
            return 204, {}, b""
        return 200, {}, json.dumps({"data": data, "message": "", "success": True}).encode()

    def _data(self, name: str, query: Mapping[str, str]) -> Any:
        race = int(query.get("idEleccion", 0))
        if name == "proceso/proceso-electoral-activo":
            return {
                "id": 4, "nombre": "ELECCIONES REGIONALES Y MUNICIPALES 2026", "acronimo": "ERM2026",
                "fechaProceso": 1791090000000, "idEleccionPrincipal": 1, "activoFechaProceso": True, **self.process,
            }  # fmt: skip
        if name == "proceso/4/elecciones":
            return [{"idEleccion": 1, "nombre": "Gobernador"}, {"idEleccion": 3, "nombre": "Alcalde Provincial"}]
        if race not in _LEVEL:
            return None
        if name == "actas":  # nothing is on them yet
            self.listed.add(query["idUbigeo"])
            return None if query["idUbigeo"] == "010101" else {
                "content": [], "paginaActual": 0, "totalPaginas": 0, "totalRegistros": 0,
            }  # fmt: skip
        if name == "ubigeos/dep-prov-distritos":
            return [{"ubigeo": code, "nombre": full} for code, full in AREAS.items()]
        if name == "resumen-general/mapa-calor":
            return self._heat(race, query)
        prefix = _asked(query)
        districts = self.districts(race, prefix)
        if name == "resumen-general/totales":
            return self._totals(race, prefix, districts) if districts else None
        if name == "resumen-general/participantes":
            # Above its own areas a race has no lists.
            return [] if len(prefix) < _LEVEL[race] else self._lists(race, prefix, districts) or None
        return None

    def _totals(self, race: int, prefix: str, districts: list[str]) -> dict[str, Any]:
        total, counted = _ACTAS * len(districts), self.counted * len(districts)
        valid = sum(sum(self.votes(race, one).values()) for one in districts)
        levels = {name: int(prefix[:end].ljust(6, "0")) for name, end in zip(_SUMMARY, (2, 4, 6), strict=True)}
        asked = {name: code if len(prefix) >= 2 * n else None for n, (name, code) in enumerate(levels.items(), 1)}
        return {
            "actasContabilizadas": round(100 * counted / total, 3), "contabilizadas": counted, "totalActas": total,
            "participacionCiudadana": 50.0, "actasEnviadasJee": 0.0, "enviadasJee": 0,
            "actasPendientesJee": round(100 - 100 * counted / total, 3), "pendientesJee": total - counted,
            "fechaActualizacion": f"2026-10-05T0{self.counted}:16:01.569Z", **asked, "idUbigeoDistritoElectoral": None,
            "totalVotosEmitidos": valid + 7 * len(districts), "totalVotosValidos": valid,
            "porcentajeVotosEmitidos": 100, "porcentajeVotosValidos": 100,
        }  # fmt: skip

    def _lists(self, race: int, prefix: str, districts: list[str]) -> list[dict[str, Any]]:
        sums: dict[int, int] = {}
        for one in districts:
            for code, votes in self.votes(race, one).items():
                sums[code] = sums.get(code, 0) + votes
        whole, valid = prefix[: _LEVEL[race]], sum(sums.values())
        rows = [
            {
                "nombreAgrupacionPolitica": NAMES[code], "codigoAgrupacionPolitica": code,
                "nombreCandidato": "" if (race, code, whole) == (3, 94, "0102") else f"ANA {whole} QUISPE RAMOS",
                "dniCandidato": "00000000", "totalVotosValidos": votes,
                "porcentajeVotosValidos": round(100 * votes / valid, 3), "porcentajeVotosEmitidos": 1.0,
            }
            for code, votes in sums.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: int(row["totalVotosValidos"]))

    def _heat(self, race: int, query: Mapping[str, str]) -> list[dict[str, Any]] | None:
        digits = _HEAT_DIGITS.get(query.get("tipoFiltro", ""))
        if digits is None or query.get("idAmbitoGeografico") != "1":
            return None
        rows = []
        for prefix in sorted({one[:digits] for one in self.districts(race, "")}):
            levels = [int(prefix[:end].ljust(6, "0")) if end <= digits else None for end in (2, 4, 6)]
            counted = self.counted * len(self.districts(race, prefix))
            rows.append({"actasContabilizadas": counted} | {f"ubigeoNivel0{n}": one for n, one in enumerate(levels, 1)})
        return rows

    def transport(self) -> httpx.MockTransport:
        """The source without a socket."""

        def handle(request: httpx.Request) -> httpx.Response:
            self.agents.add(request.headers["user-agent"])
            status, headers, body = self.answer(request.url.path, dict(request.url.params))
            return httpx.Response(status, headers=headers, content=body)

        return httpx.MockTransport(handle)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Its address, as long as it is served."""
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                source.agents.add(self.headers["user-agent"])
                status, headers, body = source.answer(parts.path, dict(parse_qsl(parts.query)))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        # Not the HTTP server over it, which looks up the name of its own address.
        server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(PATIENCE_S)


def _asked(query: Mapping[str, str]) -> str:
    """The prefix of the area that is asked about, "" for all of it."""
    code = next((query[name] for name in reversed(_SUMMARY) if name in query), "")
    while code.endswith("00"):
        code = code[:-2]
    return code
