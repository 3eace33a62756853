"""Our answers beside ONPE's of 2026: the same keys in the same order and the same types, and the same invariants.

The invariants are first shown to hold in every capture, then asked of our own answers, in the middle of a count too.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.ubigeo import load_catalogue
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.election import Election
from tests.ingest.rehearsal.conftest import ask
from tests.ingest.rehearsal.onpe2026.captures import (
    ACTA,
    ACTA_ID,
    ANSWERED,
    NATION,
    PAGE,
    REGIONAL,
    SERIES,
    SHEET,
    folder,
    load,
    series,
)
from tests.ingest.rehearsal.shape import shape, unordered

pytestmark = pytest.mark.reference_data

_PARTS = ("apellidoPaterno", "apellidoMaterno", "nombres")


@pytest.fixture(scope="module")
def first_round(reference: Path, elections: dict[str, Election], tmp_path_factory: pytest.TempPathFactory) -> FeedApp:
    """The captured acta of mesa 000001 in a file of its own, and beside it one mesa of every other fate."""
    election = elections["2026-04-12-president"]
    captured = load(reference, ACTA)["data"][0]
    votes = {line["adAgrupacionPolitica"]: line["adVotos"] or 0 for line in captured["detalle"]}
    lists = [entry for entry in election.contest().lists if not entry.is_withdrawn]
    names = ",".join(entry.id for entry in lists)
    head = f"mesa,ubigeo_onpe,cod_local,local,electores,emitidos,blancos,nulos,impugnados,estado_acta,{names}"
    figures = ",".join(str(votes[int(entry.code)]) for entry in lists)
    sums = f"{votes[80]},{votes[81]},{votes[82]}"
    place, roll = f"0001,{captured['nombreLocalVotacion']}", captured["totalElectoresHabiles"]
    rows = [
        f"{mesa},{ubigeo},{place},{roll},{captured['totalVotosEmitidos']},{sums},{state},{figures}"
        for mesa, ubigeo, state in (
            ("000001", "010101", "CONTABILIZADA"),
            ("000002", "140101", "COMPUTADA RESUELTA"),
            ("000003", "140101", "EN PROCESO"),
        )
    ]
    nobody = "," * len(lists)
    rows += [
        f"000004,140101,{place},{roll},0,0,0,0,SIN INSTALAR{nobody}",
        f"000005,140101,{place},{roll},,,,,PENDIENTE{nobody}",
    ]
    path = tmp_path_factory.mktemp("first") / "mesas.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return build_feed(election, load_catalogue(2026), FeedPlan(mesas=path))


@pytest.fixture
def sample(reference: Path) -> Callable[[str], Any]:
    """The body of a captured answer."""
    return lambda name: load(reference, name)


@pytest.mark.parametrize("capture", ANSWERED)
def test_an_answer_has_the_shape_of_the_captured_one(
    first_round: FeedApp, sample: Callable[[str], Any], capture: str
) -> None:
    path, question = ANSWERED[capture]
    reply, theirs = ask(first_round, path, **question), sample(capture)
    assert reply.status == 200
    assert shape(json.loads(reply.body)) == shape(theirs)
    assert json.loads(reply.body)["message"] == theirs["message"]


def test_every_capture_is_compared(reference: Path) -> None:
    files = {path.name for path in folder(reference).iterdir()}
    derived = {name for name in files if name.startswith("sep2026_r2_")} | {"eg2026_r1_actas_jee_metadata.csv"}
    apart = {ACTA, SHEET, PAGE, *SERIES, *REGIONAL}
    assert files - derived == ANSWERED.keys() | apart


@pytest.mark.parametrize("name", ["totales", "participantes"])
def test_every_poll_of_the_series_has_the_same_shape(first_round: FeedApp, reference: Path, name: str) -> None:
    polls = series(reference, name)
    assert len(polls) == 601
    ours = shape(json.loads(ask(first_round, f"resumen-general/{name}", **NATION).body))
    assert {shape(poll) for poll in polls} == {ours}


@pytest.mark.parametrize("capture", REGIONAL)
def test_an_area_is_answered_in_the_shape_of_october_but_for_the_stamp(
    first_round: FeedApp, sample: Callable[[str], Any], capture: str
) -> None:
    path, question = REGIONAL[capture]
    ours, theirs = json.loads(ask(first_round, path, idEleccion=10, **question).body), sample(capture)
    for answer in (ours, theirs):
        if isinstance(answer["data"], dict):
            answer["data"]["fechaActualizacion"] = None  # a text in October, milliseconds in April
    assert unordered(ours) == unordered(theirs)


def test_our_menu_has_the_captured_entries_of_what_we_serve(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    theirs = sample("eg2026_r1_proceso_2_elecciones_2026-04-19T22-03-57Z.json")["data"]
    assert [entry for entry in ask(first_round, "proceso/2/elecciones").data if entry not in theirs] == []


def test_lists_come_as_in_the_captures(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    ours = ask(first_round, "resumen-general/participantes", **NATION).data
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


def test_a_captured_acta_is_answered_again_as_it_was(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    ours = ask(first_round, "actas/buscar/mesa", codigoMesa="000001").data
    theirs = [acta for acta in sample(ACTA)["data"] if acta["idEleccion"] == 10]
    assert shape(ours) == shape(theirs)
    for acta in (ours[0], theirs[0]):
        acta["detalle"].sort(key=lambda line: line["adPosicion"])
        acta["lineaTiempo"] = []  # its moments are drawn
    assert ours == theirs


def test_the_same_acta_by_id_says_the_same_in_its_other_words(first_round: FeedApp) -> None:
    found, sheet = (
        ask(first_round, "actas/buscar/mesa", codigoMesa="000001").data[0],
        ask(first_round, f"actas/{ACTA_ID}").data,
    )
    both = set(found) & set(sheet) - {"detalle", "lineaTiempo", "idMesa"}
    assert {name: found[name] for name in both} == {name: sheet[name] for name in both}
    votes = {line["adAgrupacionPolitica"]: line["adVotos"] or 0 for line in found["detalle"]}
    assert {line["nagrupacionPolitica"]: line["nvotos"] for line in sheet["detalle"]} == votes
    moments = [event["fechaRegistro"] for event in sheet["lineaTiempo"]]
    assert moments == sorted(event["fechaRegistro"] for event in found["lineaTiempo"])


def test_candidates_are_named_in_the_parts_of_the_captures(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    captured = {
        line["nagrupacionPolitica"]: line["candidato"][0]
        for line in sample(SHEET)["data"]["detalle"]
        if line["candidato"]
    }
    # ONPE's own parts of a name whose first surname has two words, as a public client of it kept them.
    captured[35] = {"apellidoPaterno": "LÓPEZ ALIAGA", "apellidoMaterno": "CAZORLA", "nombres": "RAFAEL BERNARDO"}
    ours = {
        line["nagrupacionPolitica"]: line["candidato"][0]
        for line in ask(first_round, f"actas/{ACTA_ID}").data["detalle"]
        if line["candidato"]
    }
    assert len(captured) == 3
    for code, person in captured.items():
        assert {name: ours[code][name] for name in _PARTS} == {name: person[name] for name in _PARTS}
    rows = ask(first_round, "resumen-general/participantes", **NATION).data
    for row in rows:
        person = ours[row["codigoAgrupacionPolitica"]]
        parts = (person["nombres"], person["apellidoPaterno"], person["apellidoMaterno"])
        assert " ".join(parts) == row["nombreCandidato"]
        assert person["cdocumentoIdentidad"] == row["dniCandidato"]


def test_no_invented_personal_number_is_one_of_the_captured_ones(
    first_round: FeedApp, sample: Callable[[str], Any]
) -> None:
    rows = ask(first_round, "resumen-general/participantes", **NATION).data
    real = {row["dniCandidato"] for row in sample("eg2026_r1_participantes_nacional_2026-04-15T07-55-13Z.json")["data"]}
    ours = {row["dniCandidato"] for row in rows}
    assert len(ours) == len(rows) == len(real) == 36
    assert not ours & real


def test_a_sheet_by_id_has_the_captured_fields(first_round: FeedApp, sample: Callable[[str], Any]) -> None:
    theirs = sample(SHEET)["data"]
    ours = ask(first_round, "actas/101010110").data
    assert set(theirs) <= set(ours)
    for key in set(theirs) - {"detalle"}:
        assert type(ours[key]) is type(theirs[key]), key
    lists = [line for line in ours["detalle"] if line["nagrupacionPolitica"] < 80 and line["estado"] == 1]
    assert shape(lists[0]) == shape(theirs["detalle"][0])
    blank = next(line for line in ours["detalle"] if line["ccodigo"] == "80")
    assert shape(blank) == shape(next(line for line in theirs["detalle"] if line["ccodigo"] == "80"))


def test_the_page_for_unknown_paths_is_a_page_like_the_captured_one(first_round: FeedApp, reference: Path) -> None:
    theirs = (folder(reference) / PAGE).read_bytes()
    reply = ask(first_round, "no/such/path")
    assert (reply.status, reply.headers["content-type"].split(";")[0]) == (200, "text/html")
    for mark in (b"<!doctype html>", b"<app-root"):
        assert mark in theirs.lower()
        assert mark in reply.body.lower()
