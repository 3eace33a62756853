"""Actas in lists, by mesa and by id: states, ids, paging, and what each state keeps to itself."""

from typing import Any

import pytest

from ingest.rehearsal.onpe2026.events import events, reason
from ingest.rehearsal.server import FeedApp
from tests.ingest.rehearsal.conftest import ask, at

_HEAD = ("totalVotosEmitidos", "totalVotosValidos", "totalAsistentes", "porcentajeParticipacionCiudadana")


def _found(app: FeedApp, mesa: str) -> Any:
    return ask(app, "actas/buscar/mesa", codigoMesa=mesa).data[0]


def _votes(acta: Any) -> dict[int, int]:
    return {line["adAgrupacionPolitica"]: line["adVotos"] for line in acta["detalle"]}


def test_a_pending_acta_shows_nothing(toy: FeedApp) -> None:
    toy.step_to(at("06-07 23:00:00"))
    acta = _found(toy, "078001")
    assert (acta["codigoEstadoActa"], acta["descripcionEstadoActa"]) == ("P", "Pendiente")
    assert (acta["detalle"], acta["lineaTiempo"]) == ([], [])
    assert [acta[name] for name in _HEAD] == [None] * 4
    assert acta["totalElectoresHabiles"] == 300


def test_an_acta_at_the_jury_shows_votes_but_no_totals(toy: FeedApp) -> None:
    toy.step_to(at("06-08 03:00:00"))
    acta = _found(toy, "078001")
    assert (acta["codigoEstadoActa"], acta["descripcionEstadoActa"]) == ("E", "Para envío al JEE")
    assert _votes(acta) == {8: 150, 10: 90, 80: 2, 81: 7, 82: 1}
    assert [acta[name] for name in _HEAD] == [None] * 4
    assert [event["codigoEstadoActa"] for event in acta["lineaTiempo"]] == ["E", "H", "D", "T"]
    assert acta["lineaTiempo"][0]["descripcionEstadoActaResolucion"]


def test_a_counted_acta_shows_everything(toy: FeedApp) -> None:
    toy.step_to(at("07-15 00:00:00"))
    acta = _found(toy, "078001")
    assert (acta["codigoEstadoActa"], acta["estadoActa"]) == ("C", "D")
    assert [acta[name] for name in _HEAD] == [250, 240, 250, 83.333]
    codes = [event["codigoEstadoActa"] for event in acta["lineaTiempo"]]
    assert (codes[0], set(codes)) == ("C", set("TDHEJKC"))


def test_a_mesa_that_never_opened_is_counted_without_lines(toy: FeedApp) -> None:
    acta = _found(toy, "088000")
    assert (acta["codigoEstadoActa"], acta["estadoActa"], acta["detalle"]) == ("C", "N", [])
    assert acta["totalVotosEmitidos"] == 0
    assert acta["idAmbitoGeografico"] == 2


def test_an_acta_is_named_by_mesa_ubigeo_and_election(toy: FeedApp) -> None:
    acta = _found(toy, "040001")
    assert acta["id"] == 40001 * 10**8 + 140101 * 100 + 10
    sheet = ask(toy, f"actas/{acta['id']}").data
    assert (sheet["codigoMesa"], sheet["idMesa"], sheet["ubigeoNivel01"]) == ("040001", None, "LIMA")
    assert {line["nagrupacionPolitica"]: line["nvotos"] for line in sheet["detalle"]} == _votes(acta)
    assert [(file["tipo"], len(file["id"])) for file in sheet["archivos"]] == [(1, 24), (2, 24)]


def test_an_id_that_does_not_exist_answers_nulls(toy: FeedApp) -> None:
    known = ask(toy, f"actas/{40001 * 10**8 + 140101 * 100 + 10}").data
    for acta_id in (40001 * 10**8 + 140102 * 100 + 10, 1, 10**17):
        reply = ask(toy, f"actas/{acta_id}")
        assert reply.status == 200
        assert set(reply.data) == set(known)
        assert set(reply.data.values()) == {None}


@pytest.mark.parametrize("mesa", ["000009", "40001", "04000A", ""])
def test_an_unknown_mesa_is_204(toy: FeedApp, mesa: str) -> None:
    assert ask(toy, "actas/buscar/mesa", codigoMesa=mesa).status == 204


def test_a_list_has_neither_lines_nor_events(toy: FeedApp) -> None:
    page = ask(toy, "actas", pagina=0, tamanio=10, idAmbitoGeografico=1, idUbigeo=140101).data
    assert [page["totalRegistros"], page["totalPaginas"], page["paginaActual"]] == [2, 1, 0]
    for row in page["content"]:
        found = _found(toy, row["codigoMesa"])
        assert row == {**found, "detalle": None, "lineaTiempo": None}


def test_every_mesa_of_a_district_is_on_exactly_one_page(rehearsal: FeedApp) -> None:
    district = {"idAmbitoGeografico": 1, "idUbigeo": "140101", "idEleccion": 10}
    total = ask(
        rehearsal,
        "resumen-general/totales",
        idEleccion=10,
        tipoFiltro="ubigeo_nivel_03",
        idUbigeoProvincia="140100",
        idUbigeoDistrito="140101",
    ).data["totalActas"]
    first = ask(rehearsal, "actas", pagina=0, tamanio=100, **district).data
    assert first["totalRegistros"] == total > 1000
    mesas = []
    for page in range(first["totalPaginas"]):
        mesas += [
            row["idMesa"] for row in ask(rehearsal, "actas", pagina=page, tamanio=100, **district).data["content"]
        ]
    assert len(mesas) == total
    assert mesas == sorted(set(mesas))
    assert ask(rehearsal, "actas", pagina=first["totalPaginas"], tamanio=100, **district).data["content"] == []


def test_a_place_lists_its_own_mesas(rehearsal: FeedApp) -> None:
    district = {"idAmbitoGeografico": 1, "idUbigeo": "240101", "tamanio": 100}
    places = ask(rehearsal, "ubigeos/locales", idUbigeo="240101").data
    total = 0
    for place in places:
        page = ask(rehearsal, "actas", idLocalVotacion=place["codigoLocalVotacion"], **district).data
        assert {row["nombreLocalVotacion"] for row in page["content"]} == {place["nombreLocalVotacion"]}
        total += page["totalRegistros"]
    assert total == ask(rehearsal, "actas", **district).data["totalRegistros"]


@pytest.mark.parametrize("tamanio", ["101", "0", "x"])
def test_a_page_of_more_than_a_hundred_is_refused(toy: FeedApp, tamanio: str) -> None:
    assert ask(toy, "actas", pagina=0, tamanio=tamanio, idAmbitoGeografico=1, idUbigeo=140101).status == 400


def test_a_question_without_district_has_no_rows(toy: FeedApp) -> None:
    for question in ({}, {"idUbigeo": 140000}, {"idUbigeo": 140101, "idAmbitoGeografico": 2}):
        page = ask(toy, "actas", pagina=0, tamanio=10, **question).data
        assert (page["content"], page["totalRegistros"]) == ([], 0)


def test_events_never_lie_after_the_moment_they_are_asked_for() -> None:
    hour = 3_600_000
    for mesa in range(1, 500):
        assert events(mesa, 10 * hour, 10 * hour, 9 * hour) == []
        plain, jury = events(mesa, 10 * hour, 10 * hour, 11 * hour), events(mesa, 10 * hour, 90 * hour, 50 * hour)
        assert max(event.at_ms for event in plain) == 10 * hour
        assert max(event.at_ms for event in jury) == 10 * hour
        assert "C" not in {event.code for event in jury}
    stories = {"".join(event.code for event in events(mesa, hour, hour, hour)) for mesa in range(1, 500)}
    assert stories == {"C", "CDT", "CDDTT"}
    assert len({reason(mesa) for mesa in range(1, 2000)}) > 5


def test_every_scan_that_an_acta_lists_can_be_asked_for_and_no_other(toy: FeedApp) -> None:
    for moment, kinds in (("06-08 01:00:00", []), ("06-08 03:00:00", [1, 2]), ("07-15 00:00:00", [1, 2, 5])):
        toy.step_to(at(moment))
        files = ask(toy, f"actas/{78001 * 10**8 + 240101 * 100 + 10}").data["archivos"]
        assert [file["tipo"] for file in files] == kinds
        for file in files:
            url = ask(toy, "actas/file", id=file["id"]).data
            assert file["nombre"] in url
            assert url.startswith("https://actas.rehearsal.invalid/")
            assert "X-Amz-Expires=660" in url
    for unknown in ("", "x", f"{40001 * 16 + 5:024x}", f"{999_999 * 16 + 1:024x}", "f" * 24):
        assert ask(toy, "actas/file", id=unknown).status == 204


def test_observed_actas_are_those_that_were_ever_sent_to_the_juries(rehearsal: FeedApp) -> None:
    scope, district = {"idAmbitoGeografico": 1, "tamanio": 100}, {"idAmbitoGeografico": 1, "idUbigeo": 140101}
    rehearsal.step_to(at("06-10 00:00:00"))
    try:
        both, open_, done = (
            ask(rehearsal, "actas/observadas", **scope, **more).data["totalRegistros"]
            for more in ({}, {"resueltas": "false"}, {"resueltas": "true"})
        )
        totals = ask(rehearsal, "resumen-general/totales", idEleccion=10, tipoFiltro="ambito_geografico", **scope).data
        assert both == open_ + done
        assert open_ == totals["enviadasJee"] > 500
        rows = ask(rehearsal, "actas/observadas", **district, tamanio=100).data["content"]
        assert rows
        for row in rows:
            found = _found(rehearsal, row["codigoMesa"])
            assert row == {**found, "detalle": None, "lineaTiempo": None}
            assert "E" in {event["codigoEstadoActa"] for event in found["lineaTiempo"]}
        place = {**district, "idLocalVotacion": rows[0]["codigoLocalVotacion"]}
        assert {row["codigoLocalVotacion"] for row in ask(rehearsal, "actas/observadas", **place).data["content"]} == {
            rows[0]["codigoLocalVotacion"]
        }
    finally:
        rehearsal.step_to(rehearsal.feed.clock.until)


def test_a_recording_without_mesas_has_no_observed_actas_and_no_scans(totals_only: FeedApp) -> None:
    assert ask(totals_only, "actas/observadas").data["content"] == []
    assert ask(totals_only, "actas/file", id=f"{17:024x}").status == 204


def test_the_catalogue_of_races_is_the_part_of_the_menu_that_has_one(toy: FeedApp) -> None:
    menu = ask(toy, "proceso/3/elecciones").data
    races = ask(toy, "proceso/elecciones").data
    assert [race["idEleccion"] for race in races] == [10]
    assert races == [entry for entry in menu if entry["idEleccion"]]
