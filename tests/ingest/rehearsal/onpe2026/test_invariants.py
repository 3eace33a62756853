"""The invariants of ONPE's answers of 2026: shown in every capture, then asked of ours at six moments of a count."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from geo.ubigeo import load_catalogue
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.server import FeedApp, build_feed
from tally.election import Election
from tests.ingest.rehearsal.conftest import RUNOFF, ask
from tests.ingest.rehearsal.onpe2026.captures import (
    ACTA,
    CUTS,
    LATER,
    NATION,
    PRESIDENT,
    REGIONAL,
    SHEET,
    load,
    series,
)
from tests.ingest.rehearsal.onpe2026.invariants import BY_ANSWER, CUT

_HOURS = (1, 3, 6, 20, 24 * 5, 24 * 60)
_LEVELS = ("Departamento", "Provincia", "Distrito")
_AREAS = (
    ("140000",),
    ("920000",),
    ("140000", "140100"),
    ("240000", "240100", "240101"),
    ("160000", "160100", "160101"),
)
_DISTRICTS = ("160101", "240101", "920202")


@pytest.fixture(scope="session")
def captured(reference: Path) -> dict[str, list[Any]]:
    """Every capture by the invariants that it must obey."""

    def data(name: str) -> Any:
        return load(reference, f"{name}.json")["data"]

    def later(name: str) -> list[Any]:
        return [data(f"eg2026_r1_{name}_{LATER}")]

    national = [data(f"eg2026_r1_totales_nacional_{cut}") for cut in (*CUTS, LATER)]
    national += [poll["data"] for poll in series(reference, "totales")]
    lists = [data(f"eg2026_r1_participantes_nacional_{cut}") for cut in CUTS]
    return {
        "totals": national + [load(reference, name)["data"] for name in REGIONAL if "totales" in name],
        "national totals": national,
        "participants": lists + [poll["data"] for poll in series(reference, "participantes")],
        "candidates": later("presidencial_participantes_nombre_EXCERPT"),
        "heat": later("mapa_calor_tipoFiltro_total"),
        "mesas": later("mesa_totales"),
        "elections": later("resumen_elecciones"),
        "menu": later("proceso_2_elecciones"),
        "acta": load(reference, ACTA)["data"],
        "acta by id": [load(reference, SHEET)["data"]],
    }


@pytest.mark.reference_data
@pytest.mark.parametrize(("answer", "name"), [(answer, name) for answer, table in BY_ANSWER.items() for name in table])
def test_an_invariant_holds_in_every_capture(captured: dict[str, list[Any]], answer: str, name: str) -> None:
    assert captured[answer]
    assert all(map(BY_ANSWER[answer][name], captured[answer]))


@pytest.mark.reference_data
@pytest.mark.parametrize("name", CUT)
def test_an_invariant_of_one_cut_holds_in_every_captured_pair(reference: Path, name: str) -> None:
    pairs = [(f"totales_nacional_{cut}", f"participantes_nacional_{cut}") for cut in CUTS]
    pairs.append((f"totales_nacional_{LATER}", f"presidencial_participantes_nombre_EXCERPT_{LATER}"))
    for totals, rows in pairs:
        files = (f"eg2026_r1_{totals}.json", f"eg2026_r1_{rows}.json")
        assert CUT[name](*(load(reference, file)["data"] for file in files)), totals


@pytest.fixture(scope="module")
def night(elections: dict[str, Election]) -> FeedApp:
    """The whole run-off drawn from a seed."""
    return build_feed(elections[RUNOFF], load_catalogue(2026), FeedPlan(seed=5))


@pytest.fixture(params=_HOURS)
def mid_count(request: pytest.FixtureRequest, night: FeedApp, elections: dict[str, Election]) -> FeedApp:
    night.step_to(closing(elections[RUNOFF]) + timedelta(hours=request.param))
    return night


def filters(area: tuple[str, ...], name: str, first: int) -> dict[str, Any]:
    """The filters of one area in the words of one endpoint, every level above it named too."""
    scope = 2 if area[0] > "90" else 1
    level = {"idEleccion": 10, "tipoFiltro": f"ubigeo_nivel_0{len(area)}", "idAmbitoGeografico": scope}
    names = [f"idUbigeo{word}" for word in _LEVELS] if not first else [f"{name}{n}" for n in (1, 2, 3)]
    return {**level, **dict(zip(names, area, strict=False))}


def obeys(answer: str, data: Any) -> None:
    for name, holds in BY_ANSWER[answer].items():
        assert holds(data), name


def test_every_invariant_of_areas_holds_in_ours(mid_count: FeedApp) -> None:
    questions: list[tuple[dict[str, Any], dict[str, Any]]] = [(NATION, NATION)]
    questions += [({**NATION, "tipoFiltro": "ambito_geografico", "idAmbitoGeografico": scope},) * 2 for scope in (1, 2)]
    questions += [(filters(area, "", 0), filters(area, "ubigeoNivel", 1)) for area in _AREAS]
    for summary, president in questions:
        totals = ask(mid_count, "resumen-general/totales", **summary).data
        rows = ask(mid_count, "resumen-general/participantes", **summary).data
        candidates = ask(mid_count, PRESIDENT, **president).data
        obeys("totals", totals)
        obeys("participants", rows)
        obeys("candidates", candidates)
        for name, holds in CUT.items():
            assert holds(totals, rows), (name, summary)
            assert holds(totals, candidates), (name, president)
        blank_and_null = sum(row["totalVotosValidos"] for row in candidates)
        assert blank_and_null == totals["totalVotosEmitidos"]  # every challenged vote of this count was decided
        if summary is NATION:
            obeys("national totals", totals)


def test_every_invariant_of_the_rest_holds_in_ours(mid_count: FeedApp) -> None:
    for level in ("total", "ambito_geografico", "ubigeo_nivel_01", "ubigeo_nivel_02"):
        obeys("heat", ask(mid_count, "resumen-general/mapa-calor", idEleccion=10, tipoFiltro=level).data)
    obeys("mesas", ask(mid_count, "mesa/totales", tipoFiltro="eleccion").data)
    obeys("elections", ask(mid_count, "resumen-general/elecciones", activo=1, tipoFiltro="eleccion").data)
    obeys("menu", ask(mid_count, "proceso/3/elecciones").data)


def test_every_invariant_of_actas_holds_in_ours(mid_count: FeedApp) -> None:
    actas = list(actas_of(mid_count))
    assert len(actas) > 200
    for acta in actas:
        obeys("acta", acta)
        obeys("acta by id", ask(mid_count, f"actas/{acta['id']}").data)


def actas_of(app: FeedApp) -> Iterator[Any]:
    for ubigeo in _DISTRICTS:
        page = ask(app, "actas", pagina=0, tamanio=100, idAmbitoGeografico=2 if ubigeo > "90" else 1, idUbigeo=ubigeo)
        for row in page.data["content"]:
            yield ask(app, "actas/buscar/mesa", codigoMesa=row["codigoMesa"]).data[0]
