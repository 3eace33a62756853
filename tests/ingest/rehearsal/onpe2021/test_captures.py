"""Our answers beside ONPE's of 2021: the same keys and types to the same question, and the same invariants.

The invariants are first shown to hold in every capture, then asked of our own answers, in the middle of a count too.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from geo.ubigeo import load_catalogue
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.server import FeedApp, build_feed
from tally.election import Election
from tests.ingest.rehearsal.conftest import ask
from tests.ingest.rehearsal.onpe2021.invariants import ACTAS, RESULTS, VOTES, Payload
from tests.ingest.rehearsal.shape import shape, unordered

pytestmark = pytest.mark.reference_data

RUNOFF = "2021-06-06-president-runoff"
# Which question each capture answers; what is left was derived by others, and the time series is taken line by line.
_DERIVED = {"mesas_sep_midcount_20210608_86488.csv.gz", *(
    f"timeseries_sep_general_{name}.csv" for name in ("participacion", "resultados", "resumen", "totales")
)}  # fmt: skip
_SERIES = "timeseries_sep_results_10_raw.jsonl"
_QUESTIONS = (
    (r"results_10_(\d{6})__.*\.json", r"/results/10/\1"),
    (r"mesas_detalle_(\d{6})__.*\.json", r"/mesas/detalle/\1"),
    (r"mesas_locales_(\d{6})__.*\.json", r"/mesas/locales/\1"),
    (r"mesas_actas_11_(\d{6})_(\w{4})__.*\.json", r"/mesas/actas/11/\1/\2"),
    (r"ecp_ubigeos_([PE])__.*\.json", r"/ecp/ubigeos/\1"),
)
# Only the source knows them: which centre counted, which copy was scanned, the numbers of its files and rulings.
_OWN = ("CCENT_COMPU", "CCOPIA_ACTA", "imageActa", "IMAGEN", "CNUME_RESOL", "CNUME_RESOL_JNE")
_STATES = {"normal": "CONTABILIZADA", "resuelta": "COMPUTADA RESUELTA", "anulada": "ANULADA", "absent": "SIN INSTALAR"}
_HOURS = (2, 5, 12, 30, 24 * 6)
_AREAS = ("000000", "800000", "900000", "140000", "140100", "240101", "920000", "160101")


@pytest.fixture(scope="module")
def samples(reference: Path) -> Path:
    return reference / "feeds" / "samples" / "2021"


@pytest.fixture(scope="module")
def replay(samples: Path, elections: dict[str, Election], tmp_path_factory: pytest.TempPathFactory) -> FeedApp:
    """The captured actas as a file of mesas, and the places of one district with the mesas of one."""
    path = tmp_path_factory.mktemp("captured") / "mesas.csv"
    with path.open("w", newline="") as stream:
        rows = list(captured_mesas(samples))
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return build_feed(elections[RUNOFF], load_catalogue(2021), FeedPlan(mesas=path))


@pytest.fixture(scope="module")
def night(elections: dict[str, Election]) -> FeedApp:
    """The whole run-off drawn from a seed."""
    return build_feed(elections[RUNOFF], load_catalogue(2021), FeedPlan(seed=5))


def captured_mesas(samples: Path) -> Iterator[dict[str, Any]]:
    found = {}
    for path in sorted((samples / "pablodz_votos_colform").glob("*.json")):
        votes = columns(path)
        state = "absent" if not int(votes[-1]["congresal"]) else "anulada" if votes[0]["congresal"] == "0" else "normal"
        found[path.stem] = mesa(path.stem, "010101", ("IE 1", "", "X001"), 306, state, votes)
    for path in sorted(samples.glob("mesas_detalle_*.json")):
        acta, number, state = load(path)["procesos"]["generalPre"], path.name[14:20], path.stem.rpartition("_")[2]
        head = acta["presidencial"]
        place = (head["TNOMB_LOCAL"], head["TDIRE_LOCAL"], f"X{number[-3:]}")
        found[number] = mesa(number, head["CCODI_UBIGEO"], place, head["NNUME_HABILM"], state, acta["votos"])
    yield from found.values()
    votes = next(iter(found.values()))
    for n, place in enumerate(load(samples / "mesas_locales_010101__sep.json")["locales"]):
        yield {**votes, "mesa": f"{700_000 + n:06d}", "ubigeo_onpe": "010101", "local": place["TNOMB_LOCAL"]} | {
            "direccion": place["TDIRE_LOCAL"], "cod_local": place["CCODI_LOCAL"],
        }  # fmt: skip


def mesa(
    number: str, ubigeo: str, place: tuple[str, str, str], roll: int, state: str, lines: list[Payload]
) -> dict[str, Any]:
    names = ("peru_libre", "fuerza_popular", "", "blancos", "nulos", "impugnados", "emitidos")
    votes = {name: line["congresal"] for name, line in zip(names, lines, strict=True) if name}
    where = dict(zip(("local", "direccion", "cod_local"), place, strict=True))
    return {"mesa": number, "ubigeo_onpe": ubigeo, "electores": roll, "estado_acta": _STATES[state], **where, **votes}


def columns(path: Path) -> list[Payload]:
    """The lines of an acta from the column form in which somebody kept them."""
    table = load(path)
    return [
        {name: column[row] for name, column in table.items() if name != "NLISTA" or column[row] is not None}
        for row in table["AUTORIDAD"]
    ]


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def get(app: FeedApp, path: str) -> Any:
    reply = ask(app, path)
    assert reply.status == 200
    return json.loads(reply.body)


def question(name: str) -> str | None:
    found = ((re.fullmatch(pattern, name), path) for pattern, path in _QUESTIONS)
    return next((match.expand(path) for match, path in found if match), None)


def test_every_capture_is_compared(samples: Path) -> None:
    files = {path.name for path in samples.iterdir() if path.is_file()}
    assert {name for name in files if question(name) is None} == _DERIVED | {_SERIES}


def test_an_answer_has_the_keys_and_types_of_every_captured_one(
    samples: Path, replay: FeedApp, night: FeedApp, elections: dict[str, Election], tmp_path: Path
) -> None:
    silent = silent_about_the_roll(elections[RUNOFF], tmp_path)
    night.step_to(closing(elections[RUNOFF]) + timedelta(hours=12))
    for path in samples.glob("*.json"):
        asked = question(path.name) or ""
        if asked.startswith("/results"):
            theirs = load(path)
            ours = get(night if theirs["generals"]["generalData"] else silent, asked)
            if theirs["generals"]["generalData"] is None:
                ours["summary"], theirs["summary"] = {}, {}  # a recording that knows no roll has none here either
                theirs["results"] = [row for row in theirs["results"] if row["C_CODI_AGRUPOL"] not in ("80", "81")]
            assert shape(ours) == shape(theirs), path.name
        else:
            app = night if asked.startswith("/ecp") else replay
            assert unordered(get(app, asked)) == unordered(load(path)), path.name


def silent_about_the_roll(election: Election, folder: Path) -> FeedApp:
    path = folder / "timeline.csv"
    path.write_text(
        "at_utc,ubigeo,counted,at_jee,pending,total,cast,peru_libre,fuerza_popular\n"
        "2021-06-07T05:00:00Z,000000,10,2,3,15,2000,900,800\n"
    )
    return build_feed(election, load_catalogue(2021), FeedPlan(timeline=path))


def test_every_line_of_the_series_has_the_same_shape(samples: Path, night: FeedApp) -> None:
    ours = shape(get(night, "/results/10/000000"))
    shapes = {shape(payload) for payload in series(samples) if payload["generals"]["generalData"]}
    assert shapes == {ours}


def series(samples: Path) -> Iterator[Payload]:
    for line in (samples / _SERIES).read_text(encoding="utf-8").splitlines():
        payload = json.loads(line)["payload"]
        if payload is not None:
            yield payload


@pytest.mark.parametrize("name", ["000081__sep_normal", "000043__sep_resuelta", "002336__sep_anulada"])
def test_a_captured_acta_is_answered_again_as_it_was(samples: Path, replay: FeedApp, name: str) -> None:
    theirs = load(samples / f"mesas_detalle_{name}.json")
    ours = get(replay, f"/mesas/detalle/{name[:6]}")
    assert without(ours, _OWN) == without(theirs, _OWN)


def without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: "" if key in names else without(inner, names) for key, inner in value.items()}
    return [without(row, names) for row in value] if isinstance(value, list) else value


def test_the_cast_total_has_the_share_that_is_valid(replay: FeedApp) -> None:
    acta = get(replay, "/mesas/detalle/000081")["procesos"]["generalPre"]
    assert acta["votos"][-1]["CON_VALIDOS"] == "92.035"  # 104 of 113, ONPE's own figure


@pytest.mark.parametrize("mesa", ["000001", "000043", "002336", "012779", "027305", "028956", "082330", "903108"])
def test_recorded_lines_of_an_acta_are_answered_again_as_they_were(samples: Path, replay: FeedApp, mesa: str) -> None:
    theirs = columns(samples / "pablodz_votos_colform" / f"{mesa}.json")
    if mesa == "000043":  # two moments of one acta: the whole capture of it is the later one
        theirs = load(samples / "mesas_detalle_000043__sep_resuelta.json")["procesos"]["generalPre"]["votos"]
    assert get(replay, f"/mesas/detalle/{mesa}")["procesos"]["generalPre"]["votos"] == theirs


def test_the_captured_places_and_mesas_are_answered_again(samples: Path, replay: FeedApp) -> None:
    theirs = load(samples / "mesas_locales_010101__sep.json")["locales"]
    ours = get(replay, "/mesas/locales/010101")["locales"]
    assert [row for row in theirs if row not in ours] == []
    for place in ours:
        assert re.fullmatch(r"[0-9A-Z]{4}", place["CCODI_LOCAL"])
        assert get(replay, f"/mesas/actas/11/010101/{place['CCODI_LOCAL']}")["mesasVotacion"]


def test_the_captured_names_abroad_stand_in_our_tree(samples: Path, night: FeedApp) -> None:
    theirs, ours = load(samples / "ecp_ubigeos_E__sep_EXCERPT.json")["ubigeos"], get(night, "/ecp/ubigeos/E")["ubigeos"]
    for level, rows in theirs.items():
        assert [row for row in rows if row not in ours[level]] == [], level


# Invariants.


@pytest.mark.parametrize("name", RESULTS)
def test_an_invariant_of_results_holds_in_every_capture(samples: Path, name: str) -> None:
    captured = [load(path) for path in samples.glob("results_10_*.json")] + list(series(samples))
    assert len(captured) == 9 + 77
    assert all(map(RESULTS[name], captured))


@pytest.mark.parametrize("hours", [*_HOURS, 24 * 40])
def test_every_invariant_of_results_holds_in_ours(night: FeedApp, elections: dict[str, Election], hours: int) -> None:
    night.step_to(closing(elections[RUNOFF]) + timedelta(hours=hours))
    answers = [get(night, f"/results/10/{ubigeo}") for ubigeo in _AREAS]
    for name, holds in RESULTS.items():
        assert [answer["summary"]["CCODI_UBIGEO"] for answer in answers if not holds(answer)] == [], name
    assert len({answer["generals"]["actData"]["POR_AVANCE"] for answer in answers}) == 1


def test_progress_and_the_actas_that_are_typed_are_one_fact_for_all_areas(samples: Path) -> None:
    pair = [load(samples / f"results_10_{scope}__sep_20210607T0818{more}.json") for scope, more in _ONE_CUT]
    assert len({answer["generals"]["actData"]["POR_AVANCE"] for answer in pair}) == 1


_ONE_CUT = (("000000", "_ok"), ("800000", ""))


def test_what_stands_in_an_area_is_what_its_actas_say(night: FeedApp, elections: dict[str, Election]) -> None:
    """Districts add up to their province, and a district's buckets are its actas one by one, in the middle of it."""
    night.step_to(closing(elections[RUNOFF]) + timedelta(hours=4))
    districts = [row["CDGO_DIST"] for row in get(night, "/ecp/ubigeos/P")["ubigeos"]["districts"]]
    summaries = [get(night, f"/results/10/{ubigeo}")["summary"] for ubigeo in districts if ubigeo.startswith("2401")]
    province = get(night, "/results/10/240100")["summary"]
    for name in set(province) - {"CCODI_UBIGEO"}:
        assert sum(int(row[name].replace(",", "")) for row in summaries) == int(province[name].replace(",", "")), name
    actas = [acta for _, acta in actas_of(night, "240101")]
    states = [(acta["presidencial"]["OBSERVACION_TXT"], acta["presidencial"]["OBSERVACION"]) for acta in actas]
    summary = {name: value.replace(",", "") for name, value in get(night, "/results/10/240101")["summary"].items()}
    typed = states.count(("ACTA ELECTORAL PENDIENTE", "EN PROCESO DE DIGITACION"))
    assert typed == int(summary["POR_PROCESAR"]) - int(summary["PENDIENTE"]) > 0
    assert states.count(("ACTA ELECTORAL PENDIENTE",) * 2) == int(summary["PENDIENTE"])
    assert states.count(("ACTA ELECTORAL NORMAL", "CONTABILIZADAS NORMALES")) == int(summary["CONT_NORMAL"])


def actas_of(app: FeedApp, ubigeo: str) -> Iterator[tuple[str, Payload]]:
    for place in get(app, f"/mesas/locales/{ubigeo}")["locales"]:
        for row in get(app, f"/mesas/actas/11/{ubigeo}/{place['CCODI_LOCAL']}")["mesasVotacion"]:
            yield row["NUMMESA"], get(app, f"/mesas/detalle/{row['NUMMESA']}")["procesos"]["generalPre"]


@pytest.mark.parametrize("name", ACTAS)
def test_an_invariant_of_actas_holds_in_every_capture(samples: Path, name: str) -> None:
    captured = [load(path)["procesos"]["generalPre"] for path in samples.glob("mesas_detalle_*.json")]
    assert len(captured) == 3
    assert all(map(ACTAS[name], captured))
    if name in VOTES:
        lines = [{"votos": columns(path)} for path in (samples / "pablodz_votos_colform").glob("*.json")]
        assert len(lines) == 8
        assert all(map(ACTAS[name], lines))


@pytest.mark.parametrize("hours", [2, 12, 24 * 6])
def test_every_invariant_of_actas_holds_in_ours(
    night: FeedApp, replay: FeedApp, elections: dict[str, Election], hours: int
) -> None:
    for app in (night, replay):
        app.step_to(closing(elections[RUNOFF]) + timedelta(hours=hours))
    ours = [acta for ubigeo in ("160101", "240101") for acta in actas_of(night, ubigeo)]
    ours += [acta for ubigeo in ("010101", "010105", "021301") for acta in actas_of(replay, ubigeo)]
    assert len({acta["presidencial"]["OBSERVACION"] for _, acta in ours}) > 1
    for name, holds in ACTAS.items():
        assert [mesa for mesa, acta in ours if not holds(acta)] == [], name


def test_a_place_has_four_characters_that_no_other_of_its_district_has(
    reference: Path, elections: dict[str, Election], mesas_file: Callable[[str], Path]
) -> None:
    rows = [
        f"{n:06d},140101,{code},IE {n},300,0,0,0,0,0,0" for n, code in enumerate(("0001", "30860", "12345", "A345"))
    ]
    head = "mesa,ubigeo_onpe,cod_local,local,electores,emitidos,peru_libre,fuerza_popular,blancos,nulos,impugnados"
    app = build_feed(elections[RUNOFF], load_catalogue(2021), FeedPlan(mesas=mesas_file("\n".join([head, *rows]))))
    codes = {row["TNOMB_LOCAL"]: row["CCODI_LOCAL"] for row in get(app, "/mesas/locales/140101")["locales"]}
    # 30860 of 2026 was U860 in the capture of 2021.
    assert (codes["IE 0"], codes["IE 1"], codes["IE 3"]) == ("0001", "U860", "A345")
    assert len(set(codes.values())) == 4
    assert {len(code) for code in codes.values()} == {4}
