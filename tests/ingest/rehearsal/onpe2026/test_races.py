"""The feed of an election of many contests: each question finds the contests that it is about."""

from typing import Any

import msgspec
import pytest

from bench.soaks.races import ELECTION, small_country
from ingest.registry import known_elections
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.order import read_order
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.runoff import runoff_of
from ingest.rehearsal.server import FeedApp, build_feed
from tally.outcome.rule import RuleKind
from tests.ingest.rehearsal.conftest import ask

GOVERNOR = known_elections()[ELECTION]
RACE = {"idEleccion": 1}


@pytest.fixture(scope="module")
def feed() -> FeedApp:
    election, catalogue = small_country(GOVERNOR, districts=2, mesas=2)
    return build_feed(election, catalogue, FeedPlan())


def said(app: Any, path: str, **question: object) -> Any:
    """The data of an answer."""
    return msgspec.json.decode(ask(app, path, **question).body)["data"]


def department(code: str) -> dict[str, object]:
    return {**RACE, "tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": 1, "idUbigeoDepartamento": code}


def test_each_department_is_answered_with_its_own_lists_and_figures(feed: FeedApp) -> None:
    official = feed.feed.election.official
    assert official is not None
    for contest, area in zip(GOVERNOR.contests, official.areas, strict=True):
        totals = said(feed, "resumen-general/totales", **department(area.ubigeo))
        lists = said(feed, "resumen-general/participantes", **department(area.ubigeo))
        assert (totals["totalVotosEmitidos"], totals["totalVotosValidos"]) == (area.cast, sum(area.votes))
        assert (totals["totalActas"], totals["enviadasJee"]) == (area.mesas, area.at_jee)
        assert {row["codigoAgrupacionPolitica"]: row["totalVotosValidos"] for row in lists} == {
            int(entry.code): votes for entry, votes in zip(contest.lists, area.votes, strict=True)
        }


def test_answers_have_the_forms_of_october_2026(feed: FeedApp) -> None:
    totals = said(feed, "resumen-general/totales", **department("100000"))
    assert totals["fechaActualizacion"].endswith("Z")
    assert (totals["idUbigeoDepartamento"], totals["idUbigeoProvincia"], totals["idUbigeoDistrito"]) == (
        100000, None, None,
    )  # fmt: skip
    assert ask(feed, "eleccion-presidencial/participantes-ubicacion-geografica-nombre", **RACE).body[:1] == b"<"
    assert [row["idEleccion"] for row in said(feed, "proceso/4/elecciones") if row["idEleccion"]] == [1]


def test_the_nation_of_a_race_has_totals_and_no_list(feed: FeedApp) -> None:
    whole = {**RACE, "tipoFiltro": "eleccion"}
    official = feed.feed.election.official
    assert official is not None
    assert said(feed, "resumen-general/totales", **whole)["totalActas"] == sum(area.mesas for area in official.areas)
    assert said(feed, "resumen-general/participantes", **whole) == []
    assert ask(feed, "resumen-general/totales", idEleccion=3, tipoFiltro="eleccion").status == 204


def test_maps_and_catalogue_are_those_of_all_contests_together(feed: FeedApp) -> None:
    level = {**RACE, "idAmbitoGeografico": 1}
    departments = said(feed, "resumen-general/mapa-calor", tipoFiltro="ambito_geografico", **level)
    assert len(departments) == len(GOVERNOR.contests)
    districts = said(feed, "resumen-general/mapa-calor", tipoFiltro="ubigeo_nivel_02", **level)
    leaves = said(feed, "ubigeos/dep-prov-distritos", **RACE)
    assert len(leaves) == 2 * len(GOVERNOR.contests)
    assert {row["ubigeoNivel03"] for row in districts} <= {int(leaf["ubigeo"]) for leaf in leaves}
    whole = said(feed, "resumen-general/totales", **RACE, tipoFiltro="eleccion")
    for rows in (departments, districts):
        assert sum(row["actasContabilizadas"] for row in rows) == whole["contabilizadas"]
    assert not any(leaf["ubigeo"].startswith("1401") for leaf in leaves)  # Lima Metropolitana elects no governor


def test_an_acta_is_found_by_its_district_by_its_mesa_and_by_its_id(feed: FeedApp) -> None:
    for leaf in said(feed, "ubigeos/dep-prov-distritos", **RACE)[::7]:
        where = {"idAmbitoGeografico": 1, "idUbigeo": leaf["ubigeo"], "pagina": 0, "tamanio": 100}
        first = said(feed, "actas", **RACE, **where)["content"][0]
        [found] = said(feed, "actas/buscar/mesa", codigoMesa=first["codigoMesa"])
        assert (found["id"], found["idUbigeo"]) == (first["id"], int(leaf["ubigeo"]))
        assert said(feed, f"actas/{first['id']}")["codigoMesa"] == first["codigoMesa"]


def test_the_actas_of_a_partial_cut_that_were_open_stay_at_the_jury(feed: FeedApp) -> None:
    for race in feed.feed.races:
        assert race.mesas is not None
        at_jee = race.mesas.table.at_jee_forever
        assert at_jee is not None
        assert at_jee.sum() == 1
        assert (race.mesas.table.cast[at_jee] > 0).all()


def test_actas_are_challenged_from_the_first_call_and_areas_are_not(feed: FeedApp) -> None:
    seconds = [0.0]
    faulty = FaultyFeed(feed, [read_order("acta-challenge:60s")], now=lambda: seconds[0])
    where = {"idAmbitoGeografico": 1, "idUbigeo": "010101", "pagina": 0, "tamanio": 100}
    reply = ask(faulty, "actas", **RACE, **where)
    assert (reply.status, reply.headers["x-amzn-waf-action"], reply.body) == (202, "challenge", b"")
    assert ask(faulty, "actas/buscar/mesa", codigoMesa="000001").status == 202
    assert ask(faulty, "resumen-general/totales", **department("010000")).status == 200
    seconds[0] = 61.0
    assert ask(faulty, "actas", **RACE, **where).status == 200


def test_the_run_off_is_between_the_first_two_of_each_region_that_nobody_has_won() -> None:
    runoff = runoff_of(GOVERNOR)
    assert len(runoff.contests) == 15
    assert {contest.rule.kind for contest in runoff.contests} == {RuleKind.FINAL_ROUND}
    assert not {"cusco", "callao"} & {contest.id for contest in runoff.contests}
    cajamarca = runoff.contest("cajamarca")
    assert GOVERNOR.official is not None
    [area] = [area for area in GOVERNOR.official.areas if area.ubigeo == "060000"]
    votes = dict(zip((entry.id for entry in GOVERNOR.contest("cajamarca").lists), area.votes, strict=True))
    first, second = sorted(votes, key=lambda one: -votes[one])[:2]
    assert {entry.id for entry in cajamarca.lists} == {first, second}
    assert runoff.official is not None
    for contest, result in zip(runoff.contests, runoff.official.areas, strict=True):
        assert runoff.contest_of(result.ubigeo) == contest
        assert len(result.votes) == 2
        assert sum(result.votes) <= result.cast
