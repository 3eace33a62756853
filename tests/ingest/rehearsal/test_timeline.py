"""Recorded totals, replayed: the recorded figures at the recorded moments, and nothing invented about votes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally import moments
from tally.catalogue import Catalogue
from tally.election import Election
from tally.errors import InvalidInput
from tests.ingest.rehearsal.conftest import ask, at

_RECORDING = """\
at_utc,ubigeo,counted,at_jee,pending,total,fuerza_popular,juntos_por_el_peru,cast,valid,buckets
2026-06-08T02:00:00Z,000000,50,2,48,100,500,400,1000,900,known
2026-06-08T02:00:00Z,140000,20,1,19,40,200,100,330,300,known
2026-06-08T03:00:00Z,000000,60,20,20,100,600,500,1210,1100,known
2026-06-08T03:00:00Z,140000,30,,,40,300,200,,,unknown
2026-06-08T03:00:00Z,920000,1,,,10,7,3,,,unknown
"""


def _totals(app: FeedApp, **question: object) -> Any:
    return ask(app, "resumen-general/totales", idEleccion=10, **question).data


def _department(app: FeedApp, ubigeo: int) -> Any:
    return ask(app, "resumen-general/totales", idEleccion=10, tipoFiltro="ubigeo_nivel_01", idUbigeoDepartamento=ubigeo)


@pytest.fixture
def replay(runoff: Election, catalogue: Catalogue, mesas_file: Callable[[str], Path]) -> FeedApp:
    return build_feed(runoff, catalogue, FeedPlan(timeline=mesas_file(_RECORDING)))


def test_each_record_stands_until_the_next_with_its_own_stamp(replay: FeedApp) -> None:
    for moment, counted, stamp in (
        ("06-08 02:00:00", 50, "06-08 02:00:00"),
        ("06-08 02:59:59", 50, "06-08 02:00:00"),
        ("06-08 03:00:00", 60, "06-08 03:00:00"),
    ):
        replay.step_to(at(moment))
        totals = _totals(replay, tipoFiltro="eleccion")
        assert (totals["contabilizadas"], totals["fechaActualizacion"]) == (counted, at(stamp).timestamp() * 1000)


def test_what_a_record_does_not_say_follows_what_is_known(replay: FeedApp) -> None:
    replay.step_to(at("06-08 03:00:00"))
    lima = _department(replay, 140000).data
    # Cast to valid as in the last full record of the area (330 to 300); ten actas are left, split as in the nation.
    assert (lima["totalVotosValidos"], lima["totalVotosEmitidos"]) == (500, 550)
    assert (lima["contabilizadas"], lima["enviadasJee"], lima["pendientesJee"]) == (30, 5, 5)


def test_an_area_not_yet_recorded_has_everything_pending(replay: FeedApp) -> None:
    replay.step_to(at("06-08 02:30:00"))
    america = _department(replay, 920000).data
    assert (america["totalActas"], america["contabilizadas"], america["pendientesJee"]) == (10, 0, 10)
    assert america["totalVotosEmitidos"] == 0


def test_an_area_never_recorded_has_no_data(replay: FeedApp) -> None:
    assert _department(replay, 150000).status == 204
    reply = ask(replay, "resumen-general/totales", idEleccion=10, tipoFiltro="ubigeo_nivel_03", idUbigeoDistrito=140101)
    assert reply.status == 204


def test_scopes_are_the_sum_of_what_is_recorded_in_them(replay: FeedApp) -> None:
    for scope, counted in ((1, 30), (2, 1)):
        assert _totals(replay, tipoFiltro="ambito_geografico", idAmbitoGeografico=scope)["contabilizadas"] == counted


def test_a_replay_without_mesas_has_no_actas(replay: FeedApp) -> None:
    page = ask(replay, "actas", pagina=0, tamanio=10, idAmbitoGeografico=1, idUbigeo=140101).data
    assert (page["content"], page["totalRegistros"]) == ([], 0)
    assert ask(replay, "actas/buscar/mesa", codigoMesa="040001").status == 204
    assert ask(replay, "actas/101010110").data["codigoMesa"] is None
    assert ask(replay, "mesa/totales", tipoFiltro="eleccion").status == 204
    assert ask(replay, "ubigeos/locales", idUbigeo=140101).status == 204


def test_blank_and_null_votes_were_not_recorded_and_are_not_served(replay: FeedApp) -> None:
    rows = ask(
        replay,
        "eleccion-presidencial/participantes-ubicacion-geografica-nombre",
        idEleccion=10,
        tipoFiltro="eleccion",
    ).data
    assert [(row["codigoAgrupacionPolitica"], row["totalVotosValidos"]) for row in rows] == [("8", 600), ("10", 500)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2026-06-08T02:00:00Z", "yesterday", "line 2, column at_utc"),
        (",50,2,48", ",500,2,48", "line 2, column counted: '500' is more than there are actas"),
        (",50,2,48", ",50,99,48", "line 2, column at_jee"),
        (",500,400,", ",,400,", "line 2, column fuerza_popular: '' is empty"),
        ("fuerza_popular", "fuerza", "lacks the column fuerza_popular"),
    ],
)
def test_a_bad_record_is_named_by_line_and_column(
    runoff: Election, catalogue: Catalogue, mesas_file: Callable[[str], Path], old: str, new: str, message: str
) -> None:
    plan = FeedPlan(timeline=mesas_file(_RECORDING.replace(old, new, 1)))
    with pytest.raises(InvalidInput) as refusal:
        build_feed(runoff, catalogue, plan)
    assert message in str(refusal.value)


def test_a_recording_without_the_nation_is_refused(
    runoff: Election, catalogue: Catalogue, mesas_file: Callable[[str], Path]
) -> None:
    plan = FeedPlan(timeline=mesas_file(_RECORDING.replace(",000000,", ",150000,")))
    with pytest.raises(InvalidInput, match="no row of the nation"):
        build_feed(runoff, catalogue, plan)


@pytest.mark.reference_data
def test_the_real_count_frozen_on_13_june_says_what_was_on_screen(
    runoff: Election, catalogue: Catalogue, reference: Path
) -> None:
    until = moments.read("2026-06-13T19:05:18Z")
    plan = FeedPlan(timeline=reference / "data" / "timeline_2026_round2.csv", until=until)
    app = build_feed(runoff, catalogue, plan)
    totals = _totals(app, tipoFiltro="eleccion")
    # ONPE's site, 13 June 2026, 14:05 Lima.
    buckets = [totals[name] for name in ("contabilizadas", "enviadasJee", "pendientesJee", "totalActas")]
    assert buckets == [91_279, 1_487, 0, 92_766]
    assert totals["fechaActualizacion"] == until.timestamp() * 1000
    rows = ask(app, "resumen-general/participantes", idEleccion=10, tipoFiltro="eleccion").data
    assert [row["totalVotosValidos"] for row in rows] == [9_043_470, 9_052_039]
    assert [row["porcentajeVotosValidos"] for row in rows] == [49.976, 50.024]
    assert totals["participacionCiudadana"] == 70.852
    departments = ask(app, "resumen-general/mapa-calor", idEleccion=10, tipoFiltro="ambito_geografico").data
    assert len(departments) == 30
    for row in departments:
        area = _department(app, row["ubigeoNivel01"]).data
        assert area["contabilizadas"] + area["enviadasJee"] + area["pendientesJee"] == area["totalActas"]
        assert area["totalVotosEmitidos"] >= area["totalVotosValidos"]


@pytest.mark.reference_data
def test_the_real_count_falls_where_it_fell(runoff: Election, catalogue: Catalogue, reference: Path) -> None:
    app = build_feed(runoff, catalogue, FeedPlan(timeline=reference / "data" / "timeline_2026_round2.csv"))
    counted = []
    for moment in ("06-09 22:30:00", "06-09 22:36:00"):
        app.step_to(at(moment))
        counted.append(_totals(app, tipoFiltro="eleccion")["contabilizadas"])
    # 9 June 2026, 22:35 UTC: 89,309 → 89,308.
    assert counted == [89_309, 89_308]
