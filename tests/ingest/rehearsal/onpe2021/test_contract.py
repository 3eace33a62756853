"""The contract of 2021 as a client sees it: shapes, labels and states as captured, over the same mesas and clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from geo.ubigeo import load_catalogue
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.observations import REASONS
from ingest.rehearsal.server import FeedApp, build_feed
from tally.election import Election
from tally.errors import InvalidInput
from tests.ingest.rehearsal.conftest import ask

RUNOFF_2021 = "2021-06-06-president-runoff"
END = datetime(2021, 12, 31, tzinfo=UTC)
FIRST_HOUR = datetime(2021, 6, 7, 1, tzinfo=UTC)
# One mesa of every kind; two places of one name and no code, and columns that tell why actas were observed.
MESAS = """\
mesa,ubigeo_onpe,local,direccion,electores,emitidos,peru_libre,fuerza_popular,blancos,nulos,impugnados,estado_acta,\
obs_am,obs_pm,seen
000001,010101,IE 1,JR UNO,300,1214,1118,81,1,14,0,CONTABILIZADA,CONTABILIZADAS NORMALES,,2021-06-07T00:30:00Z
000002,010101,IE 1,JR DOS,300,170,0,0,0,170,0,ANULADA,INCOMPLETA,ACTA ELECTORAL ANULADA,2021-06-07T02:00:00Z
000003,140101,IE 3,,300,200,100,90,4,6,0,EN PROCESO,ERROR MATERIAL,ILEGIBILIDAD,2021-06-07T02:00:00Z
000004,140101,IE 3,,300,200,100,90,4,6,0,COMPUTADA RESUELTA,,,2021-06-07T02:00:00Z
000005,922830,B,,230,,,,,,,SIN INSTALAR,,,2021-06-08T02:00:00Z
000006,922830,B,,230,,,,,,,PENDIENTE,,,2021-06-08T02:00:00Z
"""


@pytest.fixture
def app(elections: dict[str, Election], mesas_file: Callable[[str], Path]) -> FeedApp:
    """A replay, standing long after everything arrived."""
    plan = FeedPlan(mesas=mesas_file(MESAS), arrivals="seen")
    app = build_feed(elections[RUNOFF_2021], load_catalogue(2021), plan)
    app.step_to(END)
    return app


def get(app: FeedApp, path: str) -> Any:
    reply = ask(app, path)
    assert reply.status == 200
    return msgspec.json.decode(reply.body)


def test_a_count_has_no_envelope_and_its_numbers_have_commas(app: FeedApp) -> None:
    count = get(app, "/results/10/000000")
    assert set(count) == {"generals", "results", "summary"}
    rows = {row["AGRUPACION"]: (row["C_CODI_AGRUPOL"], row["TOTAL_VOTOS"]) for row in count["results"]}
    assert rows == {
        "PARTIDO POLITICO NACIONAL PERU LIBRE": ("00000014", "1,218"),
        "FUERZA POPULAR": ("00000007", "171"),
        "TOTAL DE VOTOS VÁLIDOS": (None, "1,389"),
        "VOTOS EN BLANCO": ("80", "5"),
        "VOTOS NULOS": ("81", "190"),
        "TOTAL DE VOTOS EMITIDOS": (None, "1,584"),
    }
    assert [row.get("NOMBREe_CANDIDATO") for row in count["results"]][:3] == [
        "JOSE PEDRO CASTILLO TERRONES",
        "KEIKO SOFIA FUJIMORI HIGUCHI",
        None,
    ]


def test_the_buckets_add_up_and_the_causes_are_named(app: FeedApp) -> None:
    summary = get(app, "/results/10/000000")["summary"]
    n = {name: int(value.replace(",", "")) for name, value in summary.items() if name != "CCODI_UBIGEO"}
    assert (n["CONTABILIZA"], n["CONT_NORMAL"], n["CONT_ANULADA"], n["MESAS_NO_INST"]) == (4, 2, 1, 1)
    assert (n["TOTAL_JEE"], n["ILEGIBLE"], n["ACTAS_PROCESADAS"], n["POR_PROCESAR"]) == (1, 1, 5, 1)
    # The roll grows with the count: that of the counted actas, never the whole one.
    assert (n["A_INSTALAR"], n["ELECTORES_HABIL"]) == (6, 300 + 300 + 300 + 230)


def test_the_stamp_is_local_and_without_seconds(app: FeedApp) -> None:
    app.step_to(FIRST_HOUR)
    stamp = get(app, "/results/10/000000")["generals"]["actData"]
    assert (stamp["FECHA"], stamp["HORA"]) == ("06/06/2021", "19:48 h")
    assert stamp["POR_AVANCE"] == "  16.6667"


@pytest.mark.parametrize(
    ("ubigeo", "total"),
    [("800000", "4"), ("900000", "2"), ("010000", "2"), ("140100", "2"), ("922830", "2"), ("920000", "2")],
)
def test_every_area_is_asked_by_its_code_and_says_it_back(app: FeedApp, ubigeo: str, total: str) -> None:
    summary = get(app, f"/results/10/{ubigeo}")["summary"]
    assert (summary["CCODI_UBIGEO"], summary["A_INSTALAR"]) == (ubigeo, total)


@pytest.mark.parametrize("path", ["/results/10/020000", "/results/11/000000", "/mesas/detalle/999999"])
def test_what_does_not_exist_is_an_object_with_a_status(app: FeedApp, path: str) -> None:
    assert "statusCode" in get(app, path)


def test_an_unknown_path_gets_the_sites_page(app: FeedApp) -> None:
    assert b"<app-root>" in ask(app, "/presentacion-backend/resumen-general/totales").body


@pytest.mark.parametrize(
    ("mesa", "state", "observation", "figures"),
    [
        ("000001", "ACTA ELECTORAL NORMAL", "CONTABILIZADAS NORMALES", "1118 81 1199 1 14 0 1214"),
        ("000002", "ACTA ELECTORAL RESUELTA", "ACTA ELECTORAL ANULADA", "0 0 0 0 170 0 170"),
        ("000003", "ACTA ELECTORAL PARA ENVÍO AL JEE", "ILEGIBILIDAD", "100 90 190 4 6 0 200"),
        ("000004", "ACTA ELECTORAL RESUELTA", "CONTABILIZADAS NORMALES", "100 90 190 4 6 0 200"),
        ("000005", "MESA NO INSTALADA", "MESA NO INSTALADA", "0 0 0 0 0 0 0"),
        ("000006", "ACTA ELECTORAL PENDIENTE", "ACTA ELECTORAL PENDIENTE", "0 0 0 0 0 0 0"),
    ],
)
def test_an_acta_tells_what_became_of_it(app: FeedApp, mesa: str, state: str, observation: str, figures: str) -> None:
    president = get(app, f"/mesas/detalle/{mesa}")["procesos"]["generalPre"]
    head, votos = president["presidencial"], president["votos"]
    assert (head["OBSERVACION_TXT"], head["OBSERVACION"]) == (state, observation)
    assert [row["congresal"] for row in votos] == figures.split()
    assert [row["CCODI_AUTO"] for row in votos] == ["00000014", "00000007", None, "80", "80", "80", None]
    assert [row["CNUME_ACTA"] for row in president["resoluciones"]] == ([mesa] if "RESUELTA" in state else [])


def test_an_acta_is_pending_then_observed_for_a_documented_reason_then_resolved(app: FeedApp) -> None:
    def head(at: datetime) -> Any:
        app.step_to(at)
        return get(app, "/mesas/detalle/000004")["procesos"]["generalPre"]["presidencial"]

    assert head(FIRST_HOUR)["OBSERVACION_TXT"] == "ACTA ELECTORAL PENDIENTE"
    observed = head(datetime(2021, 6, 7, 3, tzinfo=UTC))
    assert observed["OBSERVACION_TXT"] == "ACTA ELECTORAL PARA ENVÍO AL JEE"
    assert observed["OBSERVACION"] in REASONS
    assert head(END)["OBSERVACION_TXT"] == "ACTA ELECTORAL RESUELTA"


def test_places_of_one_name_are_told_apart_by_their_addresses_and_have_their_mesas(app: FeedApp) -> None:
    places = get(app, "/mesas/locales/010101")["locales"]
    assert [(place["TNOMB_LOCAL"], place["TDIRE_LOCAL"]) for place in places] == [
        ("IE 1", "JR UNO"),
        ("IE 1", "JR DOS"),
    ]
    mesas = [get(app, f"/mesas/actas/11/010101/{place['CCODI_LOCAL']}")["mesasVotacion"] for place in places]
    assert [[row["NUMMESA"] for row in rows] for rows in mesas] == [["000001"], ["000002"]]
    assert get(app, "/mesas/actas/11/140101/nosuch")["mesasVotacion"] == []


def test_the_trees_name_every_level(app: FeedApp) -> None:
    assert get(app, "/ecp/ubigeos/P")["ubigeos"]["provinces"] == [
        {"CDGO_PROV": "010100", "CDGO_PADRE": "010000", "DESC_PROV": "CHACHAPOYAS"},
        {"CDGO_PROV": "140100", "CDGO_PADRE": "140000", "DESC_PROV": "LIMA"},
    ]
    abroad = get(app, "/ecp/ubigeos/E")["ubigeos"]
    assert [row["CDGO_DIST"] for row in abroad["states"]] == ["922830"]
    assert {len(abroad[level]) for level in ("continents", "countries", "states")} == {1}


def test_a_general_election_numbers_its_lists_with_numbers_and_a_run_off_with_texts(
    app: FeedApp, elections: dict[str, Election], mesas_file: Callable[[str], Path]
) -> None:
    election = elections["2021-04-11-president"]
    lists = [entry.id for entry in election.contest().lists]
    head = ",".join(["mesa,ubigeo_onpe,local,electores,emitidos,blancos,nulos,impugnados", *lists])
    path = mesas_file(f"{head}\n000001,010101,IE 1,300,{len(lists)},0,0,0,{','.join('1' for _ in lists)}")
    first = build_feed(election, load_catalogue(2021), FeedPlan(mesas=path))
    for served, kind in ((first, int), (app, str)):
        lines = get(served, "/mesas/detalle/000001")["procesos"]["generalPre"]["votos"]
        assert {type(line["NLISTA"]) for line in lines if "NLISTA" in line} == {kind}


def test_one_generation_can_be_served_in_the_contract_of_another(
    elections: dict[str, Election], mesas_file: Callable[[str], Path]
) -> None:
    plan = FeedPlan(mesas=mesas_file(MESAS), generation="onpe2026")
    app = build_feed(elections[RUNOFF_2021], load_catalogue(2021), plan)
    assert ask(app, "resumen-general/totales", idEleccion=10, tipoFiltro="eleccion").data["totalActas"] == 6
    with pytest.raises(InvalidInput, match="unknown generation 'onpe1990'"):
        build_feed(elections[RUNOFF_2021], load_catalogue(2021), msgspec.structs.replace(plan, generation="onpe1990"))


def test_a_recording_of_totals_is_served_without_what_it_does_not_know(
    elections: dict[str, Election], mesas_file: Callable[[str], Path]
) -> None:
    text = "at_utc,ubigeo,counted,at_jee,pending,total,cast,peru_libre,fuerza_popular\n2021-06-07T05:00:00Z,000000,"
    plan = FeedPlan(timeline=mesas_file(text + "10,2,3,15,2000,900,800\n"))
    count = get(build_feed(elections[RUNOFF_2021], load_catalogue(2021), plan), "/results/10/000000")
    assert count["generals"]["generalData"] is None
    assert [row["TOTAL_VOTOS"] for row in count["results"]] == ["900", "800", "1,700", "2,000"]
    assert (count["summary"]["TOTAL_JEE"], count["summary"]["ELECTORES_HABIL"]) == ("2", None)


@pytest.mark.reference_data
def test_the_real_run_off_of_2021_adds_up_to_the_open_data(reference: Path, elections: dict[str, Election]) -> None:
    plan = FeedPlan(mesas=reference / "data" / "eg2021_round2_tables.csv.gz")
    app = build_feed(elections[RUNOFF_2021], load_catalogue(2021), plan)
    count = get(app, "/results/10/000000")
    # ONPE's open data, without the 20 actas that still stood at the juries.
    assert [row["TOTAL_VOTOS"] for row in count["results"]] == [
        "8,834,440",
        "8,790,091",
        "17,624,531",
        "121,462",
        "1,106,523",
        "18,852,516",
    ]
    summary = count["summary"]
    names = ("CONTABILIZA", "CONT_NORMAL", "CONT_ANULADA", "MESAS_NO_INST", "TOTAL_JEE", "A_INSTALAR")
    assert [summary[name] for name in names] == ["86,468", "86,249", "213", "6", "20", "86,488"]
