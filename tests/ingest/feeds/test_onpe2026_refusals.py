"""What the 2026 parser refuses: everything that is not the answer to the question that was asked."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds.onpe2026.actas import parse_acta_page, parse_acta_search
from ingest.feeds.onpe2026.parse import (
    parse_heat,
    parse_identity,
    parse_leaves,
    parse_participants,
    parse_places,
    parse_totals,
)
from ingest.registry import known_elections
from tally.errors import FeedEmpty, FeedMalformed
from tally.model import Acta, ActaState

RUNOFF = known_elections()["2026-06-07-president-runoff"]
CONTEST = RUNOFF.contest()
FIRST, SECOND = (entry.code for entry in CONTEST.lists)


def wrap(data: Any, **more: Any) -> bytes:
    return json.dumps({"success": True, "message": "", "data": data, **more}).encode()


def totals(**more: Any) -> dict[str, Any]:
    return {
        "contabilizadas": 10,
        "enviadasJee": 1,
        "pendientesJee": 2,
        "totalActas": 13,
        "totalVotosEmitidos": 100,
        "totalVotosValidos": 90,
        "fechaActualizacion": 1776048106830,
        "idUbigeoDepartamento": 140000,
        "idUbigeoProvincia": 140100,
        "idUbigeoDistrito": None,
        **more,
    }


def acta(**more: Any) -> dict[str, Any]:
    lines = [(FIRST, 84), (SECOND, 82), ("80", 2), ("81", 13), ("82", 0)]
    return {
        "idEleccion": CONTEST.source_id,
        "codigoMesa": "000001",
        "idUbigeo": 10101,
        "codigoLocalVotacion": "0001",
        "nombreLocalVotacion": "IE 1",
        "centroPoblado": "",
        "totalElectoresHabiles": 230,
        "totalVotosEmitidos": 181,
        "totalVotosValidos": 166,
        "codigoEstadoActa": "C",
        "estadoActa": "D",
        "detalle": [{"adAgrupacionPolitica": int(code), "adEstado": 1, "adVotos": votes} for code, votes in lines],
        "lineaTiempo": [],
        **more,
    }


def read(row: dict[str, Any]) -> Acta:
    value = parse_acta_search(wrap([row]), CONTEST, "000001", "sha256:x").value
    assert isinstance(value, Acta)
    return value


@pytest.mark.parametrize("body", [b"", b"   ", wrap(None)])
def test_no_body_and_no_data_are_empty(body: bytes) -> None:
    with pytest.raises(FeedEmpty):
        parse_totals(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><app-root></app-root>",
        b'{"success":true,"data":{"contabilizadas":1',
        b"[]",
        b"\xff\xfe{\x00}\x00",
        wrap({}),
        wrap(totals(contabilizadas="10")),
        wrap(totals(contabilizadas=None)),
        wrap(totals(contabilizadas=10.5)),
        wrap(totals(fechaActualizacion="yesterday")),
        wrap(totals(fechaActualizacion=10**30)),
    ],
)
def test_what_is_not_the_expected_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(FeedMalformed):
        parse_totals(body)


@pytest.mark.parametrize("turnout", ["1e306", "-0.5", "1e13"])
def test_a_share_that_no_roll_can_have_is_malformed(turnout: str) -> None:
    body = wrap(totals(participacionCiudadana=10.0)).replace(b'"participacionCiudadana": 10.0', b"%s")
    with pytest.raises(FeedMalformed, match="participacionCiudadana"):
        parse_totals(body % f'"participacionCiudadana": {turnout}'.encode())
    with pytest.raises(FeedMalformed, match="porcentajeParticipacionCiudadana"):
        read(acta(porcentajeParticipacionCiudadana=float(turnout)))


@pytest.mark.parametrize(
    "stamp",
    ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00Z", "9999-06-01T00:00:00Z"],
)
def test_a_stamp_at_the_ends_of_the_calendar_is_malformed(stamp: str) -> None:
    with pytest.raises(FeedMalformed, match="is not a moment"):
        parse_totals(wrap(totals(fechaActualizacion=stamp)))


@pytest.mark.parametrize("milliseconds", [-62135596800000, 253402300799000, 10**17])
def test_an_event_at_the_ends_of_the_calendar_is_malformed(milliseconds: int) -> None:
    with pytest.raises(FeedMalformed, match="is not a moment"):
        read(acta(lineaTiempo=[{"fechaRegistro": milliseconds}]))
    with pytest.raises(FeedMalformed, match="is not a moment"):
        parse_totals(wrap(totals(fechaActualizacion=milliseconds)))


def a_page(**more: Any) -> bytes:
    return wrap({"content": [acta(**more)], "paginaActual": 0, "totalPaginas": 1, "totalRegistros": 1})


@pytest.mark.parametrize("mesa", ["０００００１", "٠٠٠٠٠١", "00000²", "+00001", " 00001", "000001\u0000", "1", None])
def test_a_mesa_in_other_digits_is_no_second_mesa(mesa: str | None) -> None:
    with pytest.raises(FeedMalformed, match="not a six-digit number"):
        parse_acta_page(a_page(codigoMesa=mesa), CONTEST, "010101", "s")


@pytest.mark.parametrize("ubigeo", ["１４０１０１", "14010¹", "140100", "140000", "000101"])
def test_a_leaf_whose_code_is_not_a_districts_is_malformed(ubigeo: str) -> None:
    with pytest.raises(FeedMalformed):
        parse_leaves(wrap([{"ubigeo": ubigeo, "nombre": "LIMA \\ LIMA \\ CERCADO"}]), "s")


@pytest.mark.parametrize("text", ["IE\u0000 1", "IE\u0007", "IE \u009b2J", "IE" * 500])
def test_what_no_database_can_hold_or_no_page_can_show_is_refused_where_it_is_read(text: str) -> None:
    for name in ("nombreLocalVotacion", "centroPoblado"):
        with pytest.raises(FeedMalformed):
            parse_acta_page(a_page(**{name: text}), CONTEST, "010101", "s")
    with pytest.raises(FeedMalformed):
        read(acta(lineaTiempo=[{"descripcionEstadoActaResolucion": text}]))
    with pytest.raises(FeedMalformed):
        parse_leaves(wrap([{"ubigeo": "140101", "nombre": f"LIMA \\ LIMA \\ {text}"}]), "s")


@pytest.mark.parametrize("code", ["00\u00001", "１", "../x", "1/2", "1" * 41, "A B"])
def test_a_place_whose_code_could_be_no_key_is_refused(code: str) -> None:
    with pytest.raises(FeedMalformed, match="not a code of a polling place"):
        parse_acta_page(a_page(codigoLocalVotacion=code), CONTEST, "010101", "s")


def test_a_name_that_is_broken_over_two_lines_is_shown_in_one() -> None:
    [head] = parse_acta_page(a_page(nombreLocalVotacion=" IE 1,\r\nLIMA\t"), CONTEST, "010101", "s").heads
    assert head.facts[0].value.name == "IE 1,  LIMA"


def test_an_answer_behind_a_byte_order_mark_is_read_and_only_one_is_taken_away() -> None:
    mark = "\ufeff".encode()
    assert parse_totals(mark + wrap(totals())) == parse_totals(wrap(totals()))
    with pytest.raises(FeedMalformed):
        parse_totals(mark * 2 + wrap(totals()))
    with pytest.raises(FeedEmpty):
        parse_totals(mark)


def test_what_the_log_is_told_of_an_answer_is_short_and_without_control_characters() -> None:
    with pytest.raises(FeedMalformed) as caught:
        parse_totals(json.dumps({"success": False, "message": "\x1b[2J" + "x" * 10**6, "data": None}).encode())
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def test_a_failure_of_the_sources_own_is_passed_on_in_its_words() -> None:
    with pytest.raises(FeedMalformed, match="sin conexión"):
        parse_totals(json.dumps({"success": False, "message": "sin conexión", "data": None}).encode())


def test_both_forms_of_the_stamp_are_read_as_utc() -> None:
    assert parse_totals(wrap(totals())).source_at == "2026-04-13T02:41:46.830Z"
    iso = parse_totals(wrap(totals(fechaActualizacion="2026-10-06T16:16:01.569Z")))
    assert iso.source_at == "2026-10-06T16:16:01.569Z"
    assert parse_totals(wrap(totals(fechaActualizacion=None))).source_at is None


@pytest.mark.parametrize("asked", ["140000", "140100"])
def test_an_echo_of_what_was_asked_is_accepted(asked: str) -> None:
    assert parse_totals(wrap(totals()), asked).counted == 10


@pytest.mark.parametrize("asked", ["150000", "140200", "140101"])
def test_an_answer_about_another_area_is_refused(asked: str) -> None:
    with pytest.raises(FeedMalformed, match=f"asked for {asked}"):
        parse_totals(wrap(totals()), asked)


def test_the_nations_echo_ids_are_junk_and_not_looked_at() -> None:
    assert parse_totals(wrap(totals(idUbigeoDepartamento="x"))).counted == 10


def test_codes_are_read_as_numbers_and_as_strings() -> None:
    rows = [(int(FIRST), 5), (SECOND, 4), ("80", 3), ("81", 2)]
    body = wrap([{"codigoAgrupacionPolitica": code, "totalVotosValidos": votes} for code, votes in rows])
    votes = parse_participants(body, CONTEST)
    assert (votes.votes, votes.blank, votes.null) == ((5, 4), 3, 2)


@pytest.mark.parametrize(
    ("codes", "says"),
    [((FIRST,), "is missing"), ((FIRST, SECOND, "99"), "unknown list 99"), ((FIRST, FIRST, SECOND), "stands twice")],
)
def test_lists_that_do_not_fit_the_contest_are_refused(codes: tuple[str, ...], says: str) -> None:
    body = wrap([{"codigoAgrupacionPolitica": code, "totalVotosValidos": 1} for code in codes])
    with pytest.raises(FeedMalformed, match=says):
        parse_participants(body, CONTEST)


def test_a_withdrawn_list_with_votes_is_refused() -> None:
    first_round = known_elections()["2026-04-12-president"].contest()
    rows = [{"codigoAgrupacionPolitica": entry.code, "totalVotosValidos": 1} for entry in first_round.lists]
    with pytest.raises(FeedMalformed, match="is withdrawn but has votes"):
        parse_participants(wrap(rows), first_round)


def test_an_acta_at_the_jee_keeps_its_votes_and_has_no_totals() -> None:
    events = [
        {"codigoEstadoActa": code, "descripcionEstadoActaResolucion": reason, "fechaRegistro": at}
        for code, reason, at in (("H", "Error aritmético,Error aritmético", 2000), ("T", "Ilegible", 1000))
    ]
    read_acta = read(acta(codigoEstadoActa="E", totalVotosEmitidos=None, totalVotosValidos=None, lineaTiempo=events))
    assert (read_acta.state, read_acta.votes, read_acta.cast) == (ActaState.AT_JEE, (84, 82), None)
    assert read_acta.observation == "Error aritmético, Ilegible"
    assert read_acta.source_at == "1970-01-01T00:00:02Z"


def test_an_illegible_figure_is_missing_and_not_zero() -> None:
    row = acta(codigoEstadoActa="E")
    row["detalle"][0]["adVotos"] = None
    assert read(row).votes == (None, 82)


def test_a_pending_acta_has_no_figures_even_if_zeros_are_sent() -> None:
    pending = read(acta(codigoEstadoActa="P", detalle=[], totalVotosEmitidos=0, totalVotosValidos=0))
    assert (pending.state, pending.votes, pending.cast, pending.valid) == (ActaState.PENDING, None, None, None)


def test_a_mesa_that_was_not_installed_is_told_from_a_counted_one() -> None:
    assert read(acta(estadoActa="N", detalle=[])).state is ActaState.NOT_INSTALLED
    assert read(acta(estadoActa="N")).state is ActaState.COUNTED


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(FeedMalformed, match="unknown acta state 'Z'"):
        read(acta(codigoEstadoActa="Z"))


def test_an_unknown_list_on_an_acta_is_refused() -> None:
    row = acta()
    row["detalle"].append({"adAgrupacionPolitica": 99, "adVotos": 1})
    with pytest.raises(FeedMalformed, match="unknown list 99"):
        read(row)


def test_a_list_with_an_acta_of_another_district_is_refused() -> None:
    page = {"content": [acta()], "paginaActual": 0, "totalPaginas": 1, "totalRegistros": 1}
    assert parse_acta_page(wrap(page), CONTEST, "010101", "sha256:x").heads[0].mesa == "000001"
    with pytest.raises(FeedMalformed, match="asked for the actas of 010102"):
        parse_acta_page(wrap(page), CONTEST, "010102", "sha256:x")


def test_names_of_leaves_name_every_level() -> None:
    body = wrap([{"ubigeo": "140101", "nombre": "LIMA \\ LIMA \\ CERCADO"}])
    names = {fact.key: fact.value for fact in parse_leaves(body, "sha256:x")}
    assert names == {"department/14": "LIMA", "province/1401": "LIMA", "district/140101": "CERCADO"}
    with pytest.raises(FeedMalformed, match="not a leaf"):
        parse_leaves(wrap([{"ubigeo": "140101", "nombre": "LIMA"}]), "sha256:x")
    places = parse_places(wrap([{"codigoLocalVotacion": "0001", "nombreLocalVotacion": "IE 1"}]), "140101", "sha256:x")
    assert places[0].key == "place/0001"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()) | json_values.map(wrap))
def test_any_bytes_give_values_or_malformed(body: bytes) -> None:
    for parse in (
        lambda: parse_totals(body, "140000"),
        lambda: parse_participants(body, CONTEST),
        lambda: parse_heat(body),
        lambda: parse_leaves(body, "s"),
        lambda: parse_acta_page(body, CONTEST, "010101", "s"),
        lambda: parse_acta_search(body, CONTEST, "000001", "s"),
        lambda: parse_identity(body, RUNOFF),
    ):
        try:
            parse()
        except FeedMalformed:
            continue


@given(st.integers(min_value=0, max_value=len(wrap([acta()])) - 1))
def test_an_acta_cut_off_at_any_byte_is_malformed(length: int) -> None:
    with pytest.raises(FeedMalformed):
        parse_acta_search(wrap([acta()])[:length], CONTEST, "000001", "s")
