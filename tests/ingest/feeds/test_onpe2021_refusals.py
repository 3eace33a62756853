"""What the 2021 parser refuses: everything that is not the answer to the question that was asked."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds import ActaHead
from ingest.feeds.onpe2021.actas import parse_acta, parse_mesas, parse_places, source_code
from ingest.feeds.onpe2021.parse import parse_identity, parse_results, parse_ubigeos, parse_ubigeos_abroad
from ingest.feeds.onpe2021.text import is_same
from ingest.registry import known_elections
from tally.board import Fact
from tally.errors import FeedEmpty, FeedMalformed, WrongElection
from tally.model import Acta, ActaState, AreaCount, PollingPlace
from tally.topics import check_topic

RUNOFF = known_elections()["2021-06-06-president-runoff"]
CONTEST = RUNOFF.contest()
FIRST, SECOND = CONTEST.lists
LIMA = ZoneInfo("America/Lima")
HEAD = ActaHead("000001", "010101", "1", None, None, None, (), "010101-0001")
PLACE = Fact("place/010101-0001", PollingPlace(code="010101-0001", name="IE 1", ubigeo="010101"), "s")
CAUSES = ("IMPUGNADA", "ERROR_MAT", "ILEGIBLE", "INCOMPLETA", "SOL_NULIDAD", "SIN_DATOS", "SIN_FIRMA", "OTRAS_OBS")


def row(name: str, votes: object, code: str | None = None, **more: object) -> dict[str, object]:
    return {"AGRUPACION": name, "TOTAL_VOTOS": votes, "C_CODI_AGRUPOL": code, **more}


def rows() -> list[dict[str, object]]:
    return [
        row(FIRST.name, "1,084", FIRST.code, NOMBREe_CANDIDATO=FIRST.candidate),
        row(SECOND.name, "1,082", SECOND.code, NOMBREe_CANDIDATO=SECOND.candidate),
        row("TOTAL DE VOTOS VÁLIDOS", "2,166"),
        row("VOTOS EN BLANCO", "2", "80"),
        row("VOTOS NULOS", "13", "81"),
        row("TOTAL DE VOTOS EMITIDOS", "2,181"),
    ]


def summary(**more: object) -> dict[str, object]:
    return {
        "CCODI_UBIGEO": "140000",
        "CONTABILIZA": "1,010",
        "CONT_NORMAL": "1,007",
        "CONT_ANULADA": "2",
        "MESAS_NO_INST": "1",
        "TOTAL_JEE": "3",
        "ACTAS_PROCESADAS": "1,013",
        "POR_PROCESAR": "4",
        "A_INSTALAR": "1,017",
        **dict.fromkeys((*CAUSES, "EXTRAVIADA", "SINIESTRADA"), "0"),
        "ERROR_MAT": "3",
        **more,
    }


def results(**more: Any) -> dict[str, Any]:
    stamp = {"FECHA": "07/06/2021", "HORA": "04:48 h", "POR_AVANCE": "  89.1899"}
    generals = {"generalData": None, "actData": stamp, "realImages": "1"}
    return {"generals": generals, "results": rows(), "summary": summary(), **more}


def read(payload: object, ubigeo: str = "140000") -> AreaCount:
    return parse_results(json.dumps(payload).encode(), CONTEST, ubigeo, LIMA)


def line(name: str, votes: object, code: str | None = "80") -> dict[str, object]:
    return {"AUTORIDAD": name, "CCODI_AUTO": code, "congresal": votes}


def lines() -> list[dict[str, object]]:
    return [
        line(FIRST.name, "84", FIRST.code),
        line(SECOND.name, "82", SECOND.code),
        line("TOTAL VOTOS VALIDOS", "166", None),
        line("VOTOS EN BLANCO", "2"),
        line("VOTOS NULOS", "13"),
        line("VOTOS IMPUGNADOS", "0"),
        line("TOTAL VOTOS EMITIDOS", "181", None),
    ]


def detail(
    state: str = "ACTA ELECTORAL NORMAL", why: str = "CONTABILIZADAS NORMALES", votos: object = None, **more: object
) -> dict[str, Any]:
    head = {"CCODI_UBIGEO": "010101", "NNUME_HABILM": 230, "OBSERVACION": why, "OBSERVACION_TXT": state, **more}
    return {"procesos": {"generalPre": {"presidencial": head, "votos": lines() if votos is None else votos}}}


def acta(payload: object) -> Acta:
    value = parse_acta(json.dumps(payload).encode(), CONTEST, HEAD, "s").value
    assert isinstance(value, Acta)
    return value


def test_a_count_is_read_with_its_stamp_in_utc() -> None:
    count = read(results())
    assert (count.votes, count.valid, count.blank, count.null, count.cast) == ((1084, 1082), 2166, 2, 13, 2181)
    assert (count.counted, count.at_jee, count.pending, count.total) == (1010, 3, 4, 1017)
    assert count.source_at == "2021-06-07T09:48:00Z"


@pytest.mark.parametrize("body", [b"", b"  ", b'{"statusCode":404,"message":"no"}', b'{"statusCode":"404"}'])
def test_no_body_and_an_object_with_a_status_are_empty(body: bytes) -> None:
    with pytest.raises(FeedEmpty, match="nothing for that question"):
        parse_results(body, CONTEST, "140000", LIMA)


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><app-root></app-root>",
        b"[]",
        b"{}",
        b"\xff\xfe{\x00}\x00",
        json.dumps(results(summary=None)).encode(),
        json.dumps(results(summary=summary(CONTABILIZA="1.010"))).encode(),
        json.dumps(results(summary=summary(CONTABILIZA="-1"))).encode(),
        json.dumps(results(summary=summary(CONTABILIZA="10,10"))).encode(),
        json.dumps(results(summary=summary(CONTABILIZA=1010.5))).encode(),
        json.dumps(results(generals={"actData": {"FECHA": "31/06/2021", "HORA": "04:48 h"}})).encode(),
        json.dumps(results(generals={"actData": {"FECHA": "2021-06-07", "HORA": "04:48 h"}})).encode(),
    ],
)
def test_what_is_not_the_expected_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(FeedMalformed):
        parse_results(body, CONTEST, "140000", LIMA)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"POR_PROCESAR": "5"}, r"ACTAS_PROCESADAS \+ POR_PROCESAR = 1018, but A_INSTALAR is 1017"),
        ({"TOTAL_JEE": "2"}, r"CONTABILIZA \+ TOTAL_JEE = 1012, but ACTAS_PROCESADAS is 1013"),
        ({"CONT_ANULADA": "3"}, "MESAS_NO_INST = 1011, but CONTABILIZA is 1010"),
        ({"ILEGIBLE": "1"}, "the causes of the JEE = 4, but TOTAL_JEE is 3"),
        ({"CCODI_UBIGEO": "150000"}, "asked for 140000, but the source answered about 150000"),
    ],
)
def test_buckets_that_contradict_each_other_and_echoes_are_refused(broken: dict[str, str], says: str) -> None:
    with pytest.raises(FeedMalformed, match=says):
        read(results(summary=summary(**broken)))


def test_a_stamp_that_is_not_there_yet_is_missing() -> None:
    assert read(results(generals={"actData": {"FECHA": None, "HORA": ""}})).source_at is None


@pytest.mark.parametrize("label", ["TOTAL DE VOTOS V�LIDOS", "Total de votos  validos", "TOTAL VOTOS V��LIDOS"])
def test_labels_are_known_without_their_accents(label: str) -> None:
    found = rows()
    found[2]["AGRUPACION"] = label
    assert read(results(results=found)).valid == 2166


def test_a_broken_letter_stands_for_one_letter_only() -> None:
    assert is_same("VOTOS V�LIDOS", "Votos Válidos")
    assert not is_same("VOTOS V�LIDOS", "VOTOS VALIIDOS")
    assert not is_same("�", "VOTOS NULOS")


def test_blank_and_null_votes_that_are_not_stated_are_missing() -> None:
    found = rows()
    count = read(results(results=[*found[:3], found[5]]))
    assert (count.blank, count.null, count.challenged, count.cast) == (None, None, None, 2181)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: found.pop(0), f"list {FIRST.code} .* is missing"),
        (lambda found: found.append(row("OTHER", "1", "00000099")), "unknown list 00000099"),
        (lambda found: found.append(row("VOTOS DE NADIE", "1")), "unknown row 'VOTOS DE NADIE'"),
        (lambda found: found.append(found[0]), "stands twice"),
        (lambda found: found.append(found[3]), "stands twice"),
        (lambda found: found.pop(2), "row of valid votes or of votes cast is missing"),
        (lambda found: found.pop(5), "row of valid votes or of votes cast is missing"),
    ],
)
def test_rows_that_do_not_fit_the_contest_are_refused(change: Callable[[list[Any]], object], says: str) -> None:
    found = rows()
    change(found)
    with pytest.raises(FeedMalformed, match=says):
        read(results(results=found))


def identify(payload: object, **election: Any) -> None:
    parse_identity(json.dumps(payload).encode(), msgspec.structs.replace(RUNOFF, **election), CONTEST)


def test_a_host_that_counts_other_lists_candidates_or_days_is_another_election() -> None:
    identify(results())
    found = rows()
    with pytest.raises(WrongElection, match=f"its lists are {FIRST.code}, not {SECOND.code}, {FIRST.code}"):
        identify(results(results=found[:1]))
    found[1]["NOMBREe_CANDIDATO"] = "NADIE"
    with pytest.raises(WrongElection, match=f"candidate of list {SECOND.code} is NADIE.*check --feed and --election"):
        identify(results(results=found))
    identify(results(), date=date(2021, 6, 7))
    with pytest.raises(WrongElection, match="its figures are of 07/06/2021, before election day"):
        identify(results(), date=date(2021, 6, 8))


def test_a_name_with_a_broken_letter_is_still_the_candidates() -> None:
    found = rows()
    found[0]["NOMBREe_CANDIDATO"] = FIRST.candidate.replace("E", "�")
    identify(results(results=found))


def test_an_observed_acta_shows_its_votes_and_why() -> None:
    observed = acta(detail("ACTA ELECTORAL PARA ENVÍO AL JEE", "ERROR MATERIAL"))
    assert (observed.state, observed.votes, observed.cast) == (ActaState.AT_JEE, (84, 82), 181)
    assert observed.observation == "ERROR MATERIAL"
    assert observed.code == "ACTA ELECTORAL PARA ENVÍO AL JEE / ERROR MATERIAL"


def test_an_illegible_figure_is_missing_and_not_zero() -> None:
    votos = lines()
    votos[1]["congresal"], votos[4]["congresal"] = "#", "#"
    read_acta = acta(detail("ACTA ELECTORAL PARA ENVIO AL JEE", "ILEGIBILIDAD", votos))
    assert (read_acta.votes, read_acta.null, read_acta.cast) == ((84, None), None, 181)


@pytest.mark.parametrize(
    ("state", "why", "expected"),
    [
        ("ACTA ELECTORAL PENDIENTE", "ACTA ELECTORAL PENDIENTE", ActaState.PENDING),
        ("ACTA ELECTORAL PENDIENTE", "EN PROCESO DE DIGITACION", ActaState.PENDING),
        ("MESA NO INSTALADA", "MESA NO INSTALADA", ActaState.NOT_INSTALLED),
    ],
)
def test_zeros_of_an_acta_without_votes_are_not_figures(state: str, why: str, expected: ActaState) -> None:
    zeros = [{**entry, "congresal": "0"} for entry in lines()]
    read_acta = acta(detail(state, why, zeros))
    figures = (read_acta.votes, read_acta.cast, read_acta.valid, read_acta.blank, read_acta.null, read_acta.challenged)
    assert (read_acta.state, figures) == (expected, (None,) * 6)
    assert read_acta.registered == 230


def test_a_resolved_acta_is_counted_or_annulled() -> None:
    assert acta(detail("ACTA ELECTORAL RESUELTA")).state is ActaState.COUNTED
    assert acta(detail("ACTA ELECTORAL RESUELTA", "ACTA ELECTORAL ANULADA")).state is ActaState.ANNULLED
    with pytest.raises(FeedMalformed, match="unknown outcome 'OTRA COSA'"):
        acta(detail("ACTA ELECTORAL RESUELTA", "OTRA COSA"))


def test_an_unknown_state_and_an_unknown_list_are_refused() -> None:
    with pytest.raises(FeedMalformed, match="unknown acta state 'PERDIDA'"):
        acta(detail("PERDIDA"))
    with pytest.raises(FeedMalformed, match="unknown list 00000099"):
        acta(detail(votos=[*lines(), line("OTHER", "1", "00000099")]))
    with pytest.raises(FeedMalformed, match="unknown list VOTOS DE NADIE"):
        acta(detail(votos=[*lines(), line("VOTOS DE NADIE", "1", None)]))
    with pytest.raises(FeedMalformed, match="stands twice on the acta"):
        acta(detail(votos=[*lines(), line("VOTOS NULOS", "1")]))


@pytest.mark.parametrize("body", [{"statusCode": 404}, {"procesos": {}}, {"procesos": {"generalPre": None}}])
def test_a_mesa_that_does_not_exist_is_empty(body: object) -> None:
    with pytest.raises(FeedEmpty):
        acta(body)


def test_the_code_of_a_place_is_unique_in_the_country_and_a_topic() -> None:
    rows = [place("CA01", "IE 1", "JR UNO 1"), place("0002", "IE 1", "JR DOS 2"), place("0003", "IE 3", "")]
    facts = parse_places(json.dumps({"locales": rows}).encode(), "010101", "s")
    assert [check_topic(fact.key) for fact in facts] == [f"place/010101-{code}" for code in ("CA01", "0002", "0003")]
    assert [_name(fact) for fact in facts] == ["IE 1 · JR UNO 1", "IE 1 · JR DOS 2", "IE 3"]
    assert source_code("010101-CA01") == "CA01"


def place(code: str, name: str, address: str, ubigeo: str = "010101") -> dict[str, str]:
    return {"CCODI_LOCAL": code, "CCODI_UBIGEO": ubigeo, "TNOMB_LOCAL": name, "TDIRE_LOCAL": address}


def _name(fact: Fact) -> str:
    assert isinstance(fact.value, PollingPlace)
    return fact.value.name


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([place("0001", "IE 1", "", "010102")], "place 0001 lies in 010102"),
        ([place("0001", "IE 1", ""), place("0001", "IE 2", "")], "stands twice"),
        ([place("../x", "IE 1", "")], "is not a code of a polling place"),
        ([place("", "IE 1", "")], "is not a code of a polling place"),
    ],
)
def test_places_that_do_not_fit_the_district_are_refused(rows: list[dict[str, str]], says: str) -> None:
    with pytest.raises(FeedMalformed, match=says):
        parse_places(json.dumps({"locales": rows}).encode(), "010101", "s")


@pytest.mark.parametrize(("mesas", "says"), [(["1"], "not a six-digit number"), (["000001", "000001"], "stands twice")])
def test_mesas_that_are_no_numbers_or_stand_twice_are_refused(mesas: list[str], says: str) -> None:
    body = json.dumps({"mesasVotacion": [{"NUMMESA": mesa, "PROCESADO": 1} for mesa in mesas]}).encode()
    with pytest.raises(FeedMalformed, match=says):
        parse_mesas(body, PLACE, "010101")


@pytest.mark.parametrize("text", ["IE\u0000 1", "IE\u0007", "IE" * 500])
def test_what_no_database_can_hold_or_no_page_can_show_is_refused_where_it_is_read(text: str) -> None:
    twice = [place("0001", "IE 1", text), place("0002", "IE 1", "")]
    for rows in ([place("0001", text, "")], twice):
        with pytest.raises(FeedMalformed):
            parse_places(json.dumps({"locales": rows}).encode(), "010101", "s")
    with pytest.raises(FeedMalformed):
        parse_ubigeos(tree(districts=[{"CDGO_DIST": "140101", "CDGO_PADRE": "140100", "DESC_DIST": text}]), "s")
    with pytest.raises(FeedMalformed):
        acta(detail(OBSERVACION_TXT=f"ACTA ELECTORAL{chr(0x1F)}NORMAL"))


@pytest.mark.parametrize("mesa", ["０００００１", "00000²"])
def test_a_mesa_in_other_digits_is_no_second_mesa(mesa: str) -> None:
    body = json.dumps({"mesasVotacion": [{"NUMMESA": mesa, "PROCESADO": 1}]}).encode()
    with pytest.raises(FeedMalformed, match="not a six-digit number"):
        parse_mesas(body, PLACE, "010101")


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999", "０７/06/2021"])
def test_a_stamp_at_the_ends_of_the_calendar_or_in_other_digits_is_malformed(day: str) -> None:
    body = json.dumps(results(generals={"actData": {"FECHA": day, "HORA": "04:48 h"}})).encode()
    with pytest.raises(FeedMalformed, match="stamp"):
        parse_results(body, CONTEST, "140000", LIMA)


def test_an_answer_behind_a_byte_order_mark_is_read() -> None:
    assert parse_ubigeos(b"\xef\xbb\xbf" + tree(), "s") == parse_ubigeos(tree(), "s")


def tree(**more: object) -> bytes:
    levels = {
        "departments": [{"CDGO_DEP": "140000", "CDGO_PADRE": "000000", "DESC_DEP": "LIMA"}],
        "provinces": [{"CDGO_PROV": "140100", "CDGO_PADRE": "140000", "DESC_PROV": "LIMA"}],
        "districts": [{"CDGO_DIST": "140101", "CDGO_PADRE": "140100", "DESC_DIST": "CERCADO "}],
        **more,
    }
    return json.dumps({"ubigeos": levels}).encode()


def test_names_of_the_tree_are_read_at_every_level() -> None:
    names = {fact.key: fact.value for fact in parse_ubigeos(tree(), "s")}
    assert names == {"department/14": "LIMA", "province/1401": "LIMA", "district/140101": "CERCADO"}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"provinces": [{"CDGO_PROV": "140100", "CDGO_PADRE": "150000", "DESC_PROV": "X"}]}, "cannot lie in 150000"),
        ({"provinces": [{"CDGO_PROV": "140101", "CDGO_PADRE": "140000", "DESC_PROV": "X"}]}, "not a code of its level"),
        ({"districts": [{"CDGO_DIST": "14010", "CDGO_PADRE": "140100", "DESC_DIST": "X"}]}, "not a code of its level"),
        ({"districts": []}, "names no district"),
    ],
)
def test_a_tree_whose_codes_do_not_fit_is_refused(more: dict[str, object], says: str) -> None:
    with pytest.raises(FeedMalformed, match=says):
        parse_ubigeos(tree(**more), "s")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
spoilt = st.builds(
    lambda payload, key, value: {**payload, key: value},
    st.sampled_from([results(), detail(), json.loads(tree()), summary(), {"locales": [place("1", "a", "b")]}]),
    st.sampled_from(["generals", "results", "summary", "procesos", "ubigeos", "locales"]),
    json_values,
)


@given(
    st.binary(max_size=60)
    | json_values.map(lambda value: json.dumps(value).encode())
    | spoilt.map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_give_values_or_malformed(body: bytes) -> None:
    for parse in (
        lambda: parse_results(body, CONTEST, "140000", LIMA),
        lambda: parse_identity(body, RUNOFF, CONTEST),
        lambda: parse_ubigeos(body, "s"),
        lambda: parse_ubigeos_abroad(body, "s"),
        lambda: parse_places(body, "010101", "s"),
        lambda: parse_mesas(body, PLACE, "010101"),
        lambda: parse_acta(body, CONTEST, HEAD, "s"),
    ):
        try:
            parse()
        except FeedMalformed:
            continue


@given(
    st.sampled_from(["NNUME_HABILM", "OBSERVACION", "OBSERVACION_TXT", "CCODI_UBIGEO", "votos"]),
    json_values | st.just("#"),
)
def test_any_value_in_any_field_of_an_acta_gives_an_acta_or_malformed(name: str, value: object) -> None:
    try:
        acta(detail(**{name: value}))
    except FeedMalformed:
        return


@given(st.integers(min_value=0, max_value=len(json.dumps(detail())) - 1))
def test_an_acta_cut_off_at_any_byte_is_malformed(length: int) -> None:
    with pytest.raises(FeedMalformed):
        parse_acta(json.dumps(detail()).encode()[:length], CONTEST, HEAD, "s")


@given(st.integers(min_value=0, max_value=len(json.dumps(results(), ensure_ascii=False).encode()) - 1))
def test_a_count_cut_off_at_any_byte_is_malformed(length: int) -> None:
    body = json.dumps(results(), ensure_ascii=False).encode()[:length]
    with pytest.raises(FeedMalformed):
        parse_results(body, CONTEST, "140000", LIMA)
