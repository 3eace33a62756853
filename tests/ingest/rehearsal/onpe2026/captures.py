"""The captures of 2026: which question each answers, and how they are read."""

import gzip
import json
from pathlib import Path
from typing import Any

NATION = {"idEleccion": 10, "tipoFiltro": "eleccion"}
ACTA_ID = 101010110
ACTA, SHEET = "eg2026_r1_actas_buscar_mesa_000001.json", "eg2026_r1_actas_id_6156514014310_TRIMMED.json"
PAGE = "html_fallback_spa_shell_200.html"
CUTS = ("2026-04-13T02-46-46Z", "2026-04-13T22-30-15Z", "2026-04-14T15-10-24Z", "2026-04-15T07-55-13Z")
LATER = "2026-04-19T22-03-57Z"
SERIES = ("eg2026_r1_totales_nacional_timeseries.jsonl", "eg2026_r1_participantes_nacional_timeseries.jsonl.gz")
PRESIDENT = "eleccion-presidencial/participantes-ubicacion-geografica-nombre"
Asked = tuple[str, dict[str, Any]]

# Which question a capture answers.
ANSWERED: dict[str, Asked] = {
    **{f"eg2026_r1_totales_nacional_{cut}.json": ("resumen-general/totales", NATION) for cut in (*CUTS, LATER)},
    **{f"eg2026_r1_participantes_nacional_{cut}.json": ("resumen-general/participantes", NATION) for cut in CUTS},
    f"eg2026_r1_presidencial_participantes_nombre_EXCERPT_{LATER}.json": (PRESIDENT, NATION),
    f"eg2026_r1_mapa_calor_tipoFiltro_total_{LATER}.json": (
        "resumen-general/mapa-calor",
        {"idEleccion": 10, "tipoFiltro": "total"},
    ),
    f"eg2026_r1_mesa_totales_{LATER}.json": ("mesa/totales", {"tipoFiltro": "eleccion"}),
    f"eg2026_r1_resumen_elecciones_{LATER}.json": (
        "resumen-general/elecciones",
        {"activo": 1, "idProceso": 2, "tipoFiltro": "eleccion"},
    ),
    f"eg2026_r1_proceso_2_elecciones_{LATER}.json": ("proceso/2/elecciones", {}),
    "eg2026_r1_proceso_electoral_activo_FROM_DOC.json": ("proceso/proceso-electoral-activo", {}),
}
_AMAZONAS = {"tipoFiltro": "ubigeo_nivel_01", "idUbigeoDepartamento": "010000"}
_CHACHAPOYAS = {**_AMAZONAS, "tipoFiltro": "ubigeo_nivel_02", "idUbigeoProvincia": "010100"}
# The captures of the regional elections are those of other races: only the form of an area's answer is compared.
REGIONAL: dict[str, Asked] = {
    "erm2026_e1_totales_dep_010000.json": ("resumen-general/totales", _AMAZONAS),
    "erm2026_e1_participantes_dep_010000.json": ("resumen-general/participantes", _AMAZONAS),
    "erm2026_e3_totales_prov_010100.json": ("resumen-general/totales", _CHACHAPOYAS),
    "erm2026_e3_participantes_prov_010100.json": ("resumen-general/participantes", _CHACHAPOYAS),
}


def folder(reference: Path) -> Path:
    return reference / "feeds" / "samples" / "2026"


def load(reference: Path, name: str) -> Any:
    """The body of one capture."""
    return json.loads((folder(reference) / name).read_text(encoding="utf-8"))


def series(reference: Path, name: str) -> list[Any]:
    """The bodies of every poll of April."""
    path = folder(reference) / next(file for file in SERIES if name in file)
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line)["payload"] for line in text.splitlines()]
