"""The 2021 parser against payloads that ONPE really served: each is read, or refused for the reason it should be."""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest.feeds import ActaHead
from ingest.feeds.onpe2021.actas import parse_acta, parse_mesas, parse_places
from ingest.feeds.onpe2021.parse import parse_identity, parse_results, parse_ubigeos_abroad
from ingest.registry import known_elections
from tally.errors import FeedEmpty, FeedMalformed, WrongElection
from tally.marks import mark_acta
from tally.model import Acta, ActaState, AreaCount, PollingPlace
from tally.rules.checks import check_acta, check_area

pytestmark = pytest.mark.reference_data

ELECTIONS = known_elections()
FIRST_ROUND, RUNOFF = ELECTIONS["2021-04-11-president"], ELECTIONS["2021-06-06-president-runoff"]
CONTEST = RUNOFF.contest()
LIMA = ZoneInfo("America/Lima")
FINAL = "results_10_000000__sep_final_20210709T1823.json"


@pytest.fixture(scope="module")
def samples(reference: Path) -> Path:
    return reference / "feeds" / "samples" / "2021"


def read_area(body: bytes, ubigeo: str) -> AreaCount:
    return parse_results(body, CONTEST, ubigeo, LIMA)


def read_acta(body: bytes, mesa: str, ubigeo: str, place: str | None = None) -> Acta:
    value = parse_acta(body, CONTEST, ActaHead(mesa, ubigeo, "1", None, None, None, (), place), "sha256:x").value
    assert isinstance(value, Acta)
    return value


@pytest.mark.parametrize(
    ("name", "counted", "at_jee", "pending", "source_at"),
    [
        ("000000__sep_20210607T0448", 75701, 1162, 9625, "2021-06-07T09:48:00Z"),
        ("000000__sep_20210607T0818_NULL_generalData", 78473, 1198, 6817, "2021-06-07T13:18:00Z"),
        ("000000__sep_20210607T0818_ok", 78473, 1198, 6817, "2021-06-07T13:18:00Z"),
        ("000000__sep_20210608T1449", 83311, 1390, 1787, "2021-06-08T19:49:00Z"),
        ("000000__sep_20210613T0705", 86432, 56, 0, "2021-06-13T12:05:00Z"),
        ("000000__sep_final_20210709T1823", 86488, 0, 0, "2021-07-09T23:23:00Z"),
        ("800000__sep_20210607T0818", 78110, 1170, 3768, "2021-06-07T13:18:00Z"),
        ("800000__sep_final", 83048, 0, 0, "2021-07-03T22:18:00Z"),
        ("900000__sep_final", 3440, 0, 0, "2021-07-03T22:18:00Z"),
    ],
)
def test_a_captured_count_is_read_and_obeys_the_arithmetic(
    samples: Path, name: str, counted: int, at_jee: int, pending: int, source_at: str
) -> None:
    count = read_area((samples / f"results_10_{name}.json").read_bytes(), name[:6])
    assert (count.counted, count.at_jee, count.pending, count.source_at) == (counted, at_jee, pending, source_at)
    assert check_area(count, 2) == ()


def test_every_captured_count_is_among_those_tested(samples: Path) -> None:
    assert len(list(samples.glob("results_10_*.json"))) == 9


def test_the_final_count_is_the_official_one(samples: Path, reference: Path) -> None:
    count = read_area((samples / FINAL).read_bytes(), "000000")
    # ONPE, 9 July 2021. The label of its valid votes arrives with a broken accent.
    assert (count.votes, count.blank, count.null, count.cast) == ((8836380, 8792117), 121489, 1106816, 18856802)
    assert (count.challenged, count.total) == (0, 86488)


def test_an_answer_without_general_data_says_the_same_as_the_one_minutes_later(samples: Path) -> None:
    broken = samples / "results_10_000000__sep_20210607T0818_NULL_generalData.json"
    whole = samples / "results_10_000000__sep_20210607T0818_ok.json"
    assert read_area(broken.read_bytes(), "000000") == read_area(whole.read_bytes(), "000000")


def test_an_answer_in_latin_1_is_read_like_the_one_in_utf_8(samples: Path) -> None:
    text = (samples / "results_10_000000__sep_20210607T0448.json").read_text(encoding="utf-8")
    assert "VÁLIDOS" in text
    assert read_area(text.encode("latin-1"), "000000") == read_area(text.encode(), "000000")


@pytest.mark.parametrize("asked", ["800000", "140000"])
def test_an_answer_about_another_area_is_refused(samples: Path, asked: str) -> None:
    with pytest.raises(FeedMalformed, match=f"asked for {asked}, but the source answered about 000000"):
        read_area((samples / FINAL).read_bytes(), asked)


def test_every_recorded_commit_of_the_series_is_read_but_the_empty_file(samples: Path) -> None:
    lines = (samples / "timeseries_sep_results_10_raw.jsonl").read_text(encoding="utf-8").splitlines()
    counts, empty, without_general_data = [], 0, 0
    for line in map(json.loads, lines):
        if line["payload"] is None:
            with pytest.raises(FeedEmpty):
                read_area(b"", "000000")
            empty += 1
            continue
        without_general_data += line["payload"]["generals"]["generalData"] is None
        ubigeo = line["payload"]["summary"]["CCODI_UBIGEO"]
        counts.append(read_area(json.dumps(line["payload"]).encode(), ubigeo))
    assert (len(lines), len(counts), empty, without_general_data) == (78, 77, 1, 1)
    assert all(check_area(count, 2) == () for count in counts)


def test_the_host_of_the_runoff_is_known_by_its_lists(samples: Path) -> None:
    body = (samples / FINAL).read_bytes()
    parse_identity(body, RUNOFF, CONTEST)
    with pytest.raises(WrongElection, match="its lists are 00000007, 00000014, not 00000001"):
        parse_identity(body, FIRST_ROUND, FIRST_ROUND.contest())


@pytest.mark.parametrize(
    ("name", "mesa", "ubigeo", "state", "figures", "code"),
    [
        ("normal", "000081", "010105", ActaState.COUNTED, ((59, 45), 0, 9, 113), "ACTA ELECTORAL NORMAL"),
        ("resuelta", "000043", "010101", ActaState.COUNTED, ((110, 100), 2, 19, 231), "ACTA ELECTORAL RESUELTA"),
        ("anulada", "002336", "021301", ActaState.ANNULLED, ((0, 0), 0, 170, 170), "ACTA ELECTORAL RESUELTA"),
    ],
)
def test_a_captured_acta_is_read_and_obeys_the_arithmetic(
    samples: Path, name: str, mesa: str, ubigeo: str, state: ActaState, figures: tuple[Any, ...], code: str
) -> None:
    body = (samples / f"mesas_detalle_{mesa}__sep_{name}.json").read_bytes()
    acta = read_acta(body, mesa, ubigeo, f"{ubigeo}-0001")
    assert (acta.state, (acta.votes, acta.blank, acta.null, acta.cast)) == (state, figures)
    assert (acta.place, acta.challenged, acta.source_at) == (f"{ubigeo}-0001", 0, None)
    assert acta.code.startswith(f"{code} / ")
    assert check_acta(acta, 2) == ()


def test_an_acta_of_another_district_or_mesa_is_refused(samples: Path) -> None:
    body = (samples / "mesas_detalle_000043__sep_resuelta.json").read_bytes()
    with pytest.raises(FeedMalformed, match="asked for mesa 000043 of 010102, but the source answered about 010101"):
        read_acta(body, "000043", "010102")
    with pytest.raises(FeedMalformed, match="asked for mesa 000044, but the source resolved mesa 000043"):
        read_acta(body, "000044", "010101")


def test_captured_places_have_codes_of_their_own_and_keep_their_names(samples: Path) -> None:
    facts = parse_places((samples / "mesas_locales_010101__sep.json").read_bytes(), "010101", "sha256:x")
    places = {fact.key: fact.value for fact in facts}
    assert len(places) == 11
    place = places["place/010101-CA01"]
    assert isinstance(place, PollingPlace)
    assert (place.code, place.name) == ("010101-CA01", "EBE MONSEÑOR OCTAVIO ORTIZ ARRIETA")
    with pytest.raises(FeedMalformed, match="asked for the places of 010102"):
        parse_places((samples / "mesas_locales_010101__sep.json").read_bytes(), "010102", "sha256:x")


def test_captured_mesas_of_a_place_do_not_tell_their_states(samples: Path) -> None:
    place = parse_places((samples / "mesas_locales_010101__sep.json").read_bytes(), "010101", "sha256:x")[4]
    heads = parse_mesas((samples / "mesas_actas_11_010101_0001__sep.json").read_bytes(), place, "010101")
    assert [head.mesa for head in heads] == [f"{n:06d}" for n in range(1, 16)]
    assert {(head.state, head.place, head.ubigeo) for head in heads} == {(None, "010101-0001", "010101")}


def test_the_captured_tree_abroad_names_all_its_levels(samples: Path) -> None:
    names = {fact.key: fact.value for fact in parse_ubigeos_abroad(_sample(samples, "ecp_ubigeos_E__sep_EXCERPT"), "s")}
    assert (names["department/92"], names["province/9409"], names["district/921317"]) == ("AMERICA", "ESPAÑA", "MIAMI")
    assert len(names) == 11


def _sample(samples: Path, name: str) -> bytes:
    return (samples / f"{name}.json").read_bytes()


@pytest.mark.parametrize("mesa", ["000001", "000043", "002336", "012779", "027305", "028956", "082330", "903108"])
def test_recorded_lines_of_an_acta_are_told_apart_by_their_names(samples: Path, mesa: str) -> None:
    columns = json.loads((samples / "pablodz_votos_colform" / f"{mesa}.json").read_bytes())
    lines = [{name: columns[name][row] for name in columns} for row in columns["AUTORIDAD"]]
    acta = read_acta(_detail("ACTA ELECTORAL NORMAL", "CONTABILIZADAS NORMALES", lines), mesa, "010101")
    assert check_acta(acta, 2) == ()
    # 082330 was never installed: under a counted acta's state its zeros are worth a look.
    marked = mark_acta(acta, None).flags or ()
    assert [issue.rule for issue in marked] == (["all_zero"] if mesa == "082330" else [])
    by_name = dict(zip(columns["AUTORIDAD"].values(), map(int, columns["congresal"].values()), strict=True))
    assert (acta.blank, acta.null) == (by_name["VOTOS EN BLANCO"], by_name["VOTOS NULOS"])


def test_every_state_of_8_june_2021_is_read(samples: Path) -> None:
    """Every mesa whose acta was not a normal one, as it stood; figures that nobody could read are missing."""
    states: Counter[ActaState] = Counter()
    illegible = 0
    with gzip.open(samples / "mesas_sep_midcount_20210608_86488.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["observacion_detalle"] == "ACTA ELECTORAL NORMAL":
                continue
            body = _detail(row["observacion_detalle"], row["observacion"], _lines(row), row["ubigeo"])
            acta = read_acta(body, row["num_mesa"].zfill(6), row["ubigeo"])
            states[acta.state] += 1
            illegible += None in (*(acta.votes or ()), acta.blank, acta.null, acta.challenged) and bool(acta.votes)
            if acta.state is ActaState.AT_JEE:
                assert acta.observation == row["observacion"]
            else:
                assert check_acta(acta, 2) == ()
    assert states == {
        ActaState.COUNTED: 130,
        ActaState.ANNULLED: 16,
        ActaState.AT_JEE: 1354,
        ActaState.PENDING: 1648,
        ActaState.NOT_INSTALLED: 3,
    }
    assert illegible == 80


def _lines(row: dict[str, str]) -> list[dict[str, str | None]]:
    """The lines of an acta from a row of the recorded table, where "NA" stands for what was "#"."""
    columns = ("perulibre", "fuerzapopular", "blanco", "nulos", "impugnados")
    figures = ["#" if row[f"votos_{name}"] == "NA" else row[f"votos_{name}"] for name in columns]
    cast = "#" if row["num_votos"] == "NA" else row["num_votos"]
    valid = str(sum(int(figure) for figure in figures[:2] if figure != "#"))
    heads = [("A", "00000014"), ("B", "00000007"), ("VOTOS EN BLANCO", "80"), ("VOTOS NULOS", "80")]
    heads += [("VOTOS IMPUGNADOS", "80"), ("TOTAL VOTOS VALIDOS", ""), ("TOTAL VOTOS EMITIDOS", "")]
    return [
        {"AUTORIDAD": name, "CCODI_AUTO": code or None, "congresal": figure}
        for (name, code), figure in zip(heads, [*figures, valid, cast], strict=True)
    ]


def _detail(state: str, observation: str, lines: list[dict[str, Any]], ubigeo: str = "010101") -> bytes:
    head = {
        "CCODI_UBIGEO": ubigeo,
        "NNUME_HABILM": 306,
        "OBSERVACION": observation,
        "OBSERVACION_TXT": state,
    }
    return json.dumps({"procesos": {"generalPre": {"presidencial": head, "votos": lines}}}).encode()
