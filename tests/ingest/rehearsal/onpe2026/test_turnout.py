"""participacion-ciudadana: attendance by area, in the names of the source's own code."""

from typing import Any

import pytest

from ingest.rehearsal.server import FeedApp
from tally.election import Election
from tests.ingest.rehearsal.conftest import ask, at

_LIMA = {"tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": 1, "ubigeoNivel01": "140000"}


def turnout(app: FeedApp, path: str, **question: object) -> Any:
    return ask(app, f"participacion-ciudadana/{path}", **question)


def test_who_came_who_did_not_and_who_is_not_counted_yet_are_the_roll(toy: FeedApp) -> None:
    toy.step_to(at("06-08 01:30:00"))
    nation = turnout(toy, "totales", tipoFiltro="total").data
    assert nation == {
        "totalElectoresHabiles": 300 + 280 + 300 + 120 + 487,
        "totalAsistentes": 210 + 200,
        "totalAusentes": 300 + 280 - 210 - 200,
        "porcentajeAsistentes": 27.572,
        "porcentajeAusentes": 11.432,
        "ubigeoNivel01": None,
        "ubigeoNivel02": None,
        "ubigeoNivel03": None,
        "idLocalVotacion": None,
    }
    summary = ask(toy, "resumen-general/totales", idEleccion=10, tipoFiltro="eleccion").data
    assert nation["porcentajeAsistentes"] == summary["participacionCiudadana"]
    assert turnout(toy, "totales", **_LIMA).data["totalElectoresHabiles"] == 580


@pytest.mark.parametrize(
    ("question", "areas"),
    [
        ({"tipoFiltro": "total"}, [(1, None, None, None), (2, None, None, None)]),
        ({"tipoFiltro": "ambito_geografico", "idAmbitoGeografico": 2}, [(2, 920000, None, None)]),
        (_LIMA, [(1, 140000, 140100, None)]),
        (
            {**_LIMA, "tipoFiltro": "ubigeo_nivel_02", "ubigeoNivel02": "140100"},
            [(1, 140000, 140100, 140101)],
        ),
    ],
)
def test_the_areas_below_have_their_shares(
    toy: FeedApp, question: dict[str, Any], areas: list[tuple[Any, ...]]
) -> None:
    rows = turnout(toy, "ubigeos-total", **question).data
    names = ("ambitoGeografico", "ubigeoNivel01", "ubigeoNivel02", "ubigeoNivel03")
    assert [tuple(row[name] for name in names) for row in rows] == areas
    heat = turnout(toy, "mapa-calor", **question).data
    assert [row["porcentajeAsistentes"] for row in heat] == [row["porcentajeAsistentes"] for row in rows]
    assert turnout(toy, "ubigeos", **question).data == {
        "ubigeos": rows,
        "totalRegistros": len(rows),
        "totalPaginas": 1,
        "paginaActual": 0,
    }


def test_the_areas_below_come_a_dozen_a_page(rehearsal: FeedApp) -> None:
    question = {"tipoFiltro": "ambito_geografico", "idAmbitoGeografico": 1}
    rows = turnout(rehearsal, "ubigeos-total", **question).data
    pages = [turnout(rehearsal, "ubigeos", pagina=page, **question).data for page in (0, 1, 2)]
    assert [len(page["ubigeos"]) for page in pages] == [12, 12, 1]
    assert [row for page in pages for row in page["ubigeos"]] == rows
    assert turnout(rehearsal, "ubigeos", tamanio=101, **question).status == 400


def test_rolls_are_listed_by_level(rehearsal: FeedApp, runoff: Election) -> None:
    assert runoff.official is not None
    rows = turnout(rehearsal, "departamentos", tipoFiltro="ubigeo_nivel_01").data
    rolls = {row["ubigeoNivel01"]: row["totalElectoresHabiles"] for row in rows}
    assert rolls == {int(area.ubigeo): area.registered for area in runoff.official.areas}
    assert turnout(rehearsal, "departamentos", tipoFiltro="total").status == 204


def test_polling_places_and_recordings_without_a_roll_have_no_turnout(toy: FeedApp, totals_only: FeedApp) -> None:
    district = {**_LIMA, "tipoFiltro": "ubigeo_nivel_03", "ubigeoNivel02": "140100", "ubigeoNivel03": "140101"}
    assert turnout(toy, "ubigeos-total", **district).status == 204
    assert turnout(totals_only, "totales", tipoFiltro="total").data["totalAusentes"] is None
    assert turnout(totals_only, "totales", **_LIMA).status == 204
