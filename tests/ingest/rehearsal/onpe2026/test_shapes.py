"""Our answers against ONPE's captured ones: the same keys in the same order, the same JSON types."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.catalogue import Catalogue
from tally.election import Election
from tests.ingest.rehearsal.conftest import ask

pytestmark = pytest.mark.reference_data

_NATION = {"idEleccion": 10, "tipoFiltro": "eleccion"}


@pytest.fixture(scope="module")
def first_round(
    elections: dict[str, Election], catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> FeedApp:
    """The 38 lists of the first round, counted in two mesas."""
    election = elections["2026-04-12-president"]
    lists = [entry for entry in election.contest().lists if not entry.is_withdrawn]
    names = ",".join(entry.id for entry in lists)
    votes = [str(3 * position % 11) for position in range(len(lists))]
    cast = sum(map(int, votes)) + 9
    head = f"mesa,ubigeo_onpe,cod_local,local,electores,emitidos,blancos,nulos,impugnados,{names}"
    rows = [f"{mesa},010101,0001,IE 1,300,{cast},4,5,0,{','.join(votes)}" for mesa in ("000001", "000002")]
    path = tmp_path_factory.mktemp("first") / "mesas.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return build_feed(election, catalogue, FeedPlan(mesas=path))


@pytest.fixture
def sample(reference: Path) -> Callable[[str], Any]:
    """The body of a captured answer."""
    return lambda name: json.loads((reference / "feeds" / "samples" / "2026" / name).read_text(encoding="utf-8"))


def _shape(value: Any) -> Any:
    """Keys in order and types; a list is the shapes of its different kinds of rows."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        kinds = {json.dumps(_shape(row), ensure_ascii=False) for row in value}
        return sorted(kinds)
    return type(value).__name__


def _assert_same_shape(ours: Any, theirs: Any) -> None:
    assert json.dumps(_shape(ours), ensure_ascii=False) == json.dumps(_shape(theirs), ensure_ascii=False)


@pytest.mark.parametrize(
    ("path", "question", "capture"),
    [
        ("resumen-general/totales", _NATION, "eg2026_r1_totales_nacional_2026-04-13T22-30-15Z.json"),
        ("resumen-general/totales", _NATION, "eg2026_r1_totales_nacional_2026-04-19T22-03-57Z.json"),
        ("resumen-general/participantes", _NATION, "eg2026_r1_participantes_nacional_2026-04-15T07-55-13Z.json"),
        (
            "eleccion-presidencial/participantes-ubicacion-geografica-nombre",
            _NATION,
            "eg2026_r1_presidencial_participantes_nombre_EXCERPT_2026-04-19T22-03-57Z.json",
        ),
        (
            "resumen-general/mapa-calor",
            {"idEleccion": 10, "tipoFiltro": "total"},
            "eg2026_r1_mapa_calor_tipoFiltro_total_2026-04-19T22-03-57Z.json",
        ),
        ("mesa/totales", {"tipoFiltro": "eleccion"}, "eg2026_r1_mesa_totales_2026-04-19T22-03-57Z.json"),
        (
            "resumen-general/elecciones",
            {"activo": 1, "idProceso": 2, "tipoFiltro": "eleccion"},
            "eg2026_r1_resumen_elecciones_2026-04-19T22-03-57Z.json",
        ),
        ("proceso/2/elecciones", {}, "eg2026_r1_proceso_2_elecciones_2026-04-19T22-03-57Z.json"),
        ("proceso/proceso-electoral-activo", {}, "eg2026_r1_proceso_electoral_activo_FROM_DOC.json"),
    ],
)
def test_an_answer_has_the_shape_of_the_captured_one(
    first_round: FeedApp, sample: Callable[[str], Any], path: str, question: dict[str, Any], capture: str
) -> None:
    reply = ask(first_round, path, **question)
    assert reply.status == 200
    theirs = sample(capture)
    _assert_same_shape(json.loads(reply.body), theirs)
    assert json.loads(reply.body)["message"] == theirs["message"]


def test_lists_come_as_in_the_captures(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    ours = ask(first_round, "resumen-general/participantes", **_NATION).data
    theirs = sample("eg2026_r1_participantes_nacional_2026-04-15T07-55-13Z.json")["data"]
    names = {row["codigoAgrupacionPolitica"]: (row["nombreAgrupacionPolitica"], row["nombreCandidato"]) for row in ours}
    assert names == {
        row["codigoAgrupacionPolitica"]: (row["nombreAgrupacionPolitica"], row["nombreCandidato"]) for row in theirs
    }
    votes = [row["totalVotosValidos"] for row in ours]
    assert votes == sorted(votes)


def test_the_process_is_the_captured_one(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    ours = ask(first_round, "proceso/proceso-electoral-activo").data
    assert ours == sample("eg2026_r1_proceso_electoral_activo_FROM_DOC.json")["data"]


def test_a_mesa_found_by_number_has_the_shape_of_the_captured_one(
    first_round: FeedApp, sample: Callable[[str], Any]
) -> None:
    ours = ask(first_round, "actas/buscar/mesa", codigoMesa="000001").data
    theirs = [acta for acta in sample("eg2026_r1_actas_buscar_mesa_000001.json")["data"] if acta["idEleccion"] == 10]
    _assert_same_shape(ours, theirs)
    assert ours[0]["id"] == theirs[0]["id"] == 101010110
    for acta in (ours[0], theirs[0]):
        for line in acta["detalle"]:
            line.update(adVotos=0, adPorcentajeVotosEmitidos=0.0)
            line.update(adPorcentajeVotosValidos=line["adPorcentajeVotosValidos"] and 0.0)
    ours_lines, theirs_lines = (
        sorted(acta["detalle"], key=lambda line: line["adPosicion"]) for acta in (ours[0], theirs[0])
    )
    assert ours_lines == theirs_lines


def test_a_sheet_by_id_has_the_captured_fields(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    theirs = sample("eg2026_r1_actas_id_6156514014310_TRIMMED.json")["data"]
    ours = ask(first_round, "actas/101010110").data
    assert set(theirs) <= set(ours)
    for key in set(theirs) - {"detalle"}:
        assert type(ours[key]) is type(theirs[key]), key
    lists = [line for line in ours["detalle"] if line["nagrupacionPolitica"] < 80 and line["estado"] == 1]
    _assert_same_shape(lists[0], theirs["detalle"][0])
    blank = next(line for line in ours["detalle"] if line["ccodigo"] == "80")
    _assert_same_shape(blank, next(line for line in theirs["detalle"] if line["ccodigo"] == "80"))


def test_the_page_for_unknown_paths_is_a_page_like_the_captured_one(first_round: FeedApp, reference: Path) -> None:
    theirs = (reference / "feeds" / "samples" / "2026" / "html_fallback_spa_shell_200.html").read_bytes()
    reply = ask(first_round, "no/such/path")
    assert (reply.status, reply.headers["content-type"].split(";")[0]) == (200, "text/html")
    for mark in (b"<!doctype html>", b"<app-root"):
        assert mark in theirs.lower()
        assert mark in reply.body.lower()
