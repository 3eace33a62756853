"""ONPE's contract of 2026 with its quirks, as a client meets it."""

from typing import Any

import pytest

from ingest.rehearsal.server import FeedApp
from tally.election import Election
from tests.ingest.rehearsal.conftest import ask, at

_CANDIDATES = "eleccion-presidencial/participantes-ubicacion-geografica-nombre"
_LIMA = {"idEleccion": 10, "tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": 1}
_ECHO = ("idUbigeoDepartamento", "idUbigeoProvincia", "idUbigeoDistrito", "idUbigeoDistritoElectoral")


def _totals(app: FeedApp, **question: object) -> Any:
    return ask(app, "resumen-general/totales", idEleccion=10, **question).data


def test_the_end_of_a_rehearsal_is_the_official_final(rehearsal: FeedApp) -> None:
    totals = _totals(rehearsal, tipoFiltro="eleccion")
    # ONPE, official final of the run-off of 2026.
    assert (totals["contabilizadas"], totals["enviadasJee"], totals["pendientesJee"]) == (92_766, 0, 0)
    assert (totals["totalVotosEmitidos"], totals["totalVotosValidos"]) == (19_683_383, 18_397_151)
    assert totals["participacionCiudadana"] == 72.033
    rows = ask(rehearsal, "resumen-general/participantes", idEleccion=10, tipoFiltro="eleccion").data
    assert [(row["codigoAgrupacionPolitica"], row["totalVotosValidos"]) for row in rows] == [
        (10, 9_173_755),
        (8, 9_223_396),
    ]
    rows = ask(rehearsal, _CANDIDATES, idEleccion=10, tipoFiltro="eleccion").data
    assert [(row["codigoAgrupacionPolitica"], row["totalVotosValidos"]) for row in rows] == [
        ("8", 9_223_396),
        ("10", 9_173_755),
        ("81", 1_167_836),
        ("80", 118_396),
    ]
    assert ["porcentajeVotosValidos" in row for row in rows] == [True, True, False, False]
    mesas = ask(rehearsal, "mesa/totales", tipoFiltro="eleccion").data
    assert mesas == {"mesasInstaladas": 92_729, "mesasNoInstaladas": 37, "mesasPendientes": 0}


def test_departments_answer_their_official_result(rehearsal: FeedApp, runoff: Election) -> None:
    assert runoff.official is not None
    for area in runoff.official.areas:
        ubigeo, ambit = int(area.ubigeo), 2 if area.ubigeo > "91" else 1
        totals = _totals(
            rehearsal, tipoFiltro="ubigeo_nivel_01", idAmbitoGeografico=ambit, idUbigeoDepartamento=area.ubigeo
        )
        assert (totals["totalActas"], totals["totalVotosEmitidos"]) == (area.mesas, area.cast)
        assert [totals[name] for name in _ECHO] == [ubigeo, None, None, None]
        rows = ask(rehearsal, _CANDIDATES, idEleccion=10, tipoFiltro="ubigeo_nivel_01", ubigeoNivel1=ubigeo).data
        votes = {row["codigoAgrupacionPolitica"]: row["totalVotosValidos"] for row in rows}
        assert votes == {"8": area.votes[0], "10": area.votes[1], "80": area.blank, "81": area.null}


def test_the_national_answer_echoes_junk_ids(rehearsal: FeedApp) -> None:
    totals = _totals(rehearsal, tipoFiltro="eleccion")
    assert [totals[name] for name in _ECHO] == [140000, 140100, 140101, 15]


@pytest.mark.parametrize("lima", ["140000", 140000])
def test_a_wrong_parameter_name_is_ignored_and_gives_the_nation(rehearsal: FeedApp, lima: object) -> None:
    right = ask(rehearsal, "resumen-general/totales", **_LIMA, idUbigeoDepartamento=lima).data
    wrong = ask(rehearsal, "resumen-general/totales", **_LIMA, ubigeoNivel1=lima).data
    assert (right["totalActas"], wrong["totalActas"]) == (29_247, 92_766)
    rows = ask(rehearsal, _CANDIDATES, **_LIMA, idUbigeoDepartamento=lima).data
    assert rows[0]["totalVotosValidos"] == 9_223_396


def test_codes_may_lack_their_leading_zero(rehearsal: FeedApp) -> None:
    answers = [
        _totals(rehearsal, tipoFiltro="ubigeo_nivel_01", idUbigeoDepartamento=code) for code in ("010000", 10000)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["totalActas"] == 1278


@pytest.mark.parametrize(
    "question",
    [
        {"idEleccion": 10, "tipoFiltro": "nacional"},
        {"idEleccion": 11, "tipoFiltro": "eleccion"},
        {"idEleccion": 10},
        {"idEleccion": 10, "tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": 1, "idUbigeoDepartamento": 920000},
        {"idEleccion": 10, "tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": 2, "idUbigeoDepartamento": 140000},
        {"idEleccion": 10, "tipoFiltro": "ubigeo_nivel_01", "idUbigeoDepartamento": 990000},
        {"idEleccion": 10, "tipoFiltro": "distrito_electoral", "idDistritoElectoral": 28},
    ],
)
def test_a_combination_without_data_is_204(rehearsal: FeedApp, question: dict[str, Any]) -> None:
    reply = ask(rehearsal, "resumen-general/totales", **question)
    assert (reply.status, reply.body) == (204, b"")


@pytest.mark.parametrize(
    "question",
    [
        {"tipoFiltro": "ubigeo_nivel_02", "idUbigeoDepartamento": "140000"},
        {"tipoFiltro": "ubigeo_nivel_02", "idUbigeoDepartamento": "140000", "idUbigeoProvincia": "240100"},
        {"tipoFiltro": "ubigeo_nivel_03", "idUbigeoProvincia": "140100", "idUbigeoDistrito": "140201"},
        {"tipoFiltro": "ubigeo_nivel_01", "idUbigeoDepartamento": "LIMA"},
    ],
)
def test_levels_that_do_not_fit_together_are_500(rehearsal: FeedApp, question: dict[str, Any]) -> None:
    reply = ask(rehearsal, "resumen-general/totales", idEleccion=10, **question)
    assert reply.status == 500
    assert b'"success":false' in reply.body


def test_levels_below_a_department_echo_their_ids(rehearsal: FeedApp) -> None:
    levels = {"idUbigeoDepartamento": "140000", "idUbigeoProvincia": "140100", "idUbigeoDistrito": "140102"}
    province = _totals(rehearsal, tipoFiltro="ubigeo_nivel_02", **dict(list(levels.items())[:2]))
    district = _totals(rehearsal, tipoFiltro="ubigeo_nivel_03", **levels)
    assert [province[name] for name in _ECHO] == [140000, 140100, None, None]
    assert [district[name] for name in _ECHO] == [140000, 140100, 140102, None]
    assert 29_247 > province["totalActas"] > district["totalActas"] > 0


def test_scopes_and_electoral_districts_add_up_to_the_nation(rehearsal: FeedApp) -> None:
    scopes = [_totals(rehearsal, tipoFiltro="ambito_geografico", idAmbitoGeografico=scope) for scope in (1, 2)]
    assert [scope["totalActas"] for scope in scopes] == [90_223, 2_543]
    electoral = [_totals(rehearsal, tipoFiltro="distrito_electoral", idDistritoElectoral=code) for code in range(1, 28)]
    assert sum(district["totalActas"] for district in electoral) == 92_766
    assert electoral[6]["totalActas"] == 2_898  # Callao
    assert electoral[14]["totalActas"] + electoral[15]["totalActas"] == 29_247  # Lima, city and provinces
    assert electoral[26]["totalActas"] == 2_543  # abroad


def test_the_heat_map_has_no_rows_for_areas_without_counted_actas(toy: FeedApp) -> None:
    def heat(kind: str, **question: object) -> list[tuple[object, ...]]:
        rows = ask(toy, "resumen-general/mapa-calor", idEleccion=10, tipoFiltro=kind, **question).data
        return [
            (row["ubigeoNivel01"], row["ubigeoNivel02"], row["ubigeoNivel03"], row["actasContabilizadas"])
            for row in rows
        ]

    toy.step_to(at("06-08 01:30:00"))
    assert heat("total") == [(None, None, None, 2)]
    assert heat("ambito_geografico", idAmbitoGeografico=1) == [(140000, None, None, 2)]
    assert heat("ubigeo_nivel_01") == [(140000, 140100, None, 2)]
    assert heat("ubigeo_nivel_02", ubigeoNivel01="140000") == [(140000, 140100, 140101, 2)]
    assert heat("ubigeo_nivel_02", ubigeoNivel01="010000") == []
    assert heat("ubigeo_nivel_03", ubigeoNivel03="140101") == [(140000, 140100, 140101, 2)]
    toy.step_to(at("06-08 13:00:00"))
    assert heat("ubigeo_nivel_02", idAmbitoGeografico=1) == [(10000, 10100, 10101, 1), (140000, 140100, 140101, 2)]
    rows = ask(toy, "resumen-general/mapa-calor", idEleccion=10, tipoFiltro="distrito_electoral").data
    assert [(row["distritoElectoral"], row["actasContabilizadas"]) for row in rows] == [(1, 1), (15, 2)]
    rows = ask(
        toy, "resumen-general/mapa-calor", idEleccion=10, tipoFiltro="ambito_geografico", codigoAgrupacionPolitica=8
    ).data
    assert [row["participante"]["totalVotosValidos"] for row in rows] == [20, 210]


def test_places_are_found_from_department_to_polling_place(toy: FeedApp) -> None:
    departments = ask(toy, "ubigeos/departamentos", idEleccion=10, idAmbitoGeografico=1).data
    assert departments == [
        {"ubigeo": "010000", "nombre": "AMAZONAS"},
        {"ubigeo": "140000", "nombre": "LIMA"},
        {"ubigeo": "240000", "nombre": "CALLAO"},
    ]
    abroad = ask(toy, "ubigeos/departamentos", idEleccion=10, idAmbitoGeografico=2).data
    assert [row["ubigeo"] for row in abroad] == ["920000"]
    assert ask(toy, "ubigeos/provincias", idEleccion=10, idUbigeoDepartamento="140000").data == [
        {"ubigeo": "140100", "nombre": "PROVINCE 1401"}
    ]
    assert ask(toy, "ubigeos/distritos", idEleccion=10, idUbigeoProvincia=140100).data == [
        {"ubigeo": "140101", "nombre": "DISTRICT 140101"}
    ]
    assert ask(toy, "ubigeos/provincias", idEleccion=10).status == 204
    leaves = ask(toy, "ubigeos/dep-prov-distritos", idEleccion=10).data
    assert leaves[1] == {"ubigeo": "140101", "nombre": "LIMA \\ PROVINCE 1401 \\ DISTRICT 140101"}
    assert ask(toy, "ubigeos/locales", idUbigeo="140101").data == [
        {"codigoLocalVotacion": "2674", "nombreLocalVotacion": "IE 1"}
    ]
    electoral = ask(toy, "distrito-electoral/distritos").data
    assert [electoral[6], len(electoral)] == [{"codigo": 7, "nombre": "CALLAO"}, 27]


def test_the_process_has_a_date_and_a_last_load(toy: FeedApp) -> None:
    toy.step_to(at("06-08 01:30:00"))
    process = ask(toy, "proceso/proceso-electoral-activo").data
    assert (process["id"], process["idEleccionPrincipal"]) == (3, 10)
    assert process["fechaProceso"] == at("06-07 05:00:00").timestamp() * 1000
    assert ask(toy, "fecha/listarFecha").data["fechaProceso"] == at("06-08 01:26:02").timestamp() * 1000
    assert ask(toy, "proceso/2/elecciones").status == 403


def test_anything_but_a_known_get_gets_the_page(toy: FeedApp) -> None:
    for path, method in (
        ("no/such/path", "GET"),
        ("/", "GET"),
        ("actas/abc", "GET"),
        ("resumen-general/totales", "POST"),
    ):
        reply = ask(toy, path, method, idEleccion=10, tipoFiltro="eleccion")
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b"<app-root>" in reply.body


def test_stamps_repeat_between_cuts_and_numbers_move_at_them(toy: FeedApp) -> None:
    seen = []
    for moment in ("06-07 23:29:00", "06-07 23:31:59", "06-07 23:32:02", "06-07 23:35:00", "06-07 23:36:02"):
        toy.step_to(at(moment))
        totals = _totals(toy, tipoFiltro="eleccion")
        seen.append((totals["fechaActualizacion"], totals["contabilizadas"]))
    cuts = [at(moment).timestamp() * 1000 for moment in ("06-07 23:26:02", "06-07 23:32:02", "06-07 23:36:02")]
    assert seen == [(cuts[0], 0), (cuts[0], 0), (cuts[1], 1), (cuts[1], 1), (cuts[2], 1)]


def test_before_the_first_acta_everything_is_pending(toy: FeedApp) -> None:
    toy.step_to(at("06-07 22:00:00"))
    totals = _totals(toy, tipoFiltro="eleccion")
    assert (totals["totalActas"], totals["pendientesJee"], totals["totalVotosEmitidos"]) == (5, 5, 0)
    assert (totals["actasContabilizadas"], totals["actasPendientesJee"]) == (0.0, 100.0)


def test_an_acta_at_the_jury_is_in_no_sum_until_it_comes_back(toy: FeedApp) -> None:
    toy.step_to(at("06-08 03:00:00"))
    totals = _totals(toy, tipoFiltro="eleccion")
    assert (totals["contabilizadas"], totals["enviadasJee"], totals["pendientesJee"]) == (2, 1, 2)
    assert totals["totalVotosValidos"] == 390
    toy.step_to(at("07-15 00:00:00"))
    totals = _totals(toy, tipoFiltro="eleccion")
    assert (totals["contabilizadas"], totals["enviadasJee"], totals["totalVotosValidos"]) == (5, 0, 725)


def test_time_may_go_back(toy: FeedApp) -> None:
    toy.step_to(at("06-08 01:30:00"))
    before = _totals(toy, tipoFiltro="eleccion")
    toy.step_to(at("06-09 00:00:00"))
    assert _totals(toy, tipoFiltro="eleccion") != before
    toy.step_to(at("06-08 01:30:00"))
    assert _totals(toy, tipoFiltro="eleccion") == before
