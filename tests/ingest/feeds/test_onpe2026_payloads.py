"""The 2026 parser against payloads that ONPE really served."""

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.feeds.onpe2026.actas import parse_acta_search
from ingest.feeds.onpe2026.parse import (
    join,
    parse_heat,
    parse_identity,
    parse_participants,
    parse_totals,
)
from ingest.registry import known_elections
from tally.errors import FeedEmpty, FeedMalformed, WrongElection
from tally.model import Acta, ActaState
from tally.rules.checks import check_acta, check_area

pytestmark = pytest.mark.reference_data

ELECTIONS = known_elections()
FIRST_ROUND = ELECTIONS["2026-04-12-president"]
RUNOFF = ELECTIONS["2026-06-07-president-runoff"]
CUTS = ("2026-04-13T02-46-46Z", "2026-04-13T22-30-15Z", "2026-04-14T15-10-24Z", "2026-04-15T07-55-13Z")


@pytest.fixture(scope="module")
def samples(reference: Path) -> Path:
    return reference / "feeds" / "samples" / "2026"


def test_the_active_process_of_april_is_the_first_round_and_not_the_runoff(samples: Path) -> None:
    body = (samples / "eg2026_r1_proceso_electoral_activo_FROM_DOC.json").read_bytes()
    parse_identity(body, FIRST_ROUND)
    with pytest.raises(WrongElection, match=r"about process 2 \(EG2026\), not about 2026-06-07"):
        parse_identity(body, RUNOFF)


@pytest.mark.parametrize("cut", CUTS)
def test_a_captured_national_cut_obeys_the_arithmetic(samples: Path, cut: str) -> None:
    totals = parse_totals((samples / f"eg2026_r1_totales_nacional_{cut}.json").read_bytes())
    votes = parse_participants(
        (samples / f"eg2026_r1_participantes_nacional_{cut}.json").read_bytes(), FIRST_ROUND.contest()
    )
    count = join(totals, votes)
    assert check_area(count, 38) == ()
    assert (count.blank, count.null, count.challenged) == (None, None, None)


def test_every_captured_national_poll_of_april_is_read(samples: Path) -> None:
    lines = (samples / "eg2026_r1_totales_nacional_timeseries.jsonl").read_text().splitlines()
    cuts = [parse_totals(json.dumps(json.loads(line)["payload"]).encode()) for line in lines]
    assert len(cuts) == 601
    assert all(cut.counted + cut.at_jee + cut.pending == cut.total == 92766 for cut in cuts)
    assert [cut.source_at for cut in cuts] == sorted(cut.source_at for cut in cuts if cut.source_at)


def test_the_example_cut_has_its_figures_and_its_stamp(samples: Path) -> None:
    totals = parse_totals((samples / "eg2026_r1_totales_nacional_2026-04-13T02-46-46Z.json").read_bytes())
    assert (totals.counted, totals.pending, totals.cast, totals.valid) == (15285, 77481, 3611650, 3214327)
    assert totals.source_at == "2026-04-13T02:41:46.830Z"


def test_the_presidential_form_tells_blank_and_null_votes(samples: Path) -> None:
    body = (samples / "eg2026_r1_presidencial_participantes_nombre_EXCERPT_2026-04-19T22-03-57Z.json").read_bytes()
    with pytest.raises(FeedMalformed, match="is missing among the participants"):  # the capture is an excerpt
        parse_participants(body, FIRST_ROUND.contest())
    rows = json.loads(body)["data"]
    full = _complete(rows)
    votes = parse_participants(json.dumps({"success": True, "data": full}).encode(), FIRST_ROUND.contest())
    assert votes.blank == 2200565


def _complete(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    have = {str(row["codigoAgrupacionPolitica"]) for row in rows}
    lists = [entry for entry in FIRST_ROUND.contest().lists if not entry.is_withdrawn and entry.code not in have]
    # The capture's percentages are of all lists, of which it is an excerpt.
    bare = [{name: row[name] for name in row if name != "porcentajeVotosValidos"} for row in rows]
    return bare + [{"codigoAgrupacionPolitica": entry.code, "totalVotosValidos": 0} for entry in lists]


def test_the_heat_map_of_the_whole_country_names_no_area(samples: Path) -> None:
    assert parse_heat((samples / "eg2026_r1_mapa_calor_tipoFiltro_total_2026-04-19T22-03-57Z.json").read_bytes()) == {}


def test_a_captured_acta_is_read_and_obeys_the_arithmetic(samples: Path) -> None:
    body = (samples / "eg2026_r1_actas_buscar_mesa_000001.json").read_bytes()
    fact = parse_acta_search(body, FIRST_ROUND.contest(), "000001", "sha256:x")
    acta = fact.value
    assert isinstance(acta, Acta)
    assert (acta.state, acta.ubigeo, acta.place, acta.registered) == (ActaState.COUNTED, "010101", "0001", 230)
    assert (acta.cast, acta.valid, acta.source_at) == (180, 134, "2026-04-13T07:29:06Z")
    assert check_acta(acta, 38) == ()


def test_an_acta_of_another_mesa_is_refused(samples: Path) -> None:
    body = (samples / "eg2026_r1_actas_buscar_mesa_000001.json").read_bytes()
    with pytest.raises(FeedMalformed, match="asked for mesa 000002"):
        parse_acta_search(body, FIRST_ROUND.contest(), "000002", "sha256:x")


def test_a_contest_that_the_mesa_does_not_have_is_empty(samples: Path) -> None:
    body = (samples / "eg2026_r1_actas_buscar_mesa_000001.json").read_bytes()
    other = msgspec.structs.replace(FIRST_ROUND.contest(), source_id=99)
    with pytest.raises(FeedEmpty):
        parse_acta_search(body, other, "000001", "sha256:x")


def test_the_application_page_is_not_data(samples: Path) -> None:
    with pytest.raises(FeedMalformed, match="HTML page"):
        parse_totals((samples / "html_fallback_spa_shell_200.html").read_bytes())


def test_every_captured_list_of_participants_is_read(samples: Path) -> None:
    with gzip.open(samples / "eg2026_r1_participantes_nacional_timeseries.jsonl.gz", "rt") as stream:
        polls = [json.loads(line)["payload"] for line in stream]
    votes = [parse_participants(json.dumps(poll).encode(), FIRST_ROUND.contest()) for poll in polls]
    assert len(votes) > 100
    assert all(sum(one.votes) > 0 for one in votes)


@pytest.mark.parametrize("name", ["mesa_totales", "resumen_elecciones", "proceso_2_elecciones"])
def test_a_captured_answer_to_another_question_is_refused(samples: Path, name: str) -> None:
    body = (samples / f"eg2026_r1_{name}_2026-04-19T22-03-57Z.json").read_bytes()
    for parse in (parse_totals, lambda body: parse_participants(body, FIRST_ROUND.contest())):
        with pytest.raises(FeedMalformed):
            parse(body)
    with pytest.raises((FeedMalformed, WrongElection)):
        parse_identity(body, FIRST_ROUND)
